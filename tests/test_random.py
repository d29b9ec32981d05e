"""The random numbers of the widgets against PyTorch's (helpers/widgets/shared/random.js)."""

import json
import random

import py_mini_racer
import pytest
import torch

from helpers.minibatches import Minibatches
from tests.javascript import Script, check_close, fresh_seed

SEED = fresh_seed()
EDGES = [0, 1, 2**31, 2**32 - 1]
RUNS = 1000

# PyTorch multiplies and adds in one go, and rounds once, except on x86 processors from before 2013.
LAST_BIT = 0 if torch.backends.cpu.get_cpu_capability() != "DEFAULT" else 1e-15


@pytest.fixture(scope="module")
def script():
    return Script("shared/random.js")


@pytest.fixture(params=[SEED], ids="seed={}".format)
def draw(request):
    return random.Random(request.param)


def seeds(draw, count=RUNS):
    """Seeds of generators: those at the edges, then any."""
    return EDGES + [draw.randrange(2**32) for _ in range(count - len(EDGES))]


def generator(seed):
    return torch.Generator().manual_seed(seed)


def test_whole_numbers(script, draw):
    # Over the full range of int64, random_ joins two draws of 32 bits into one of 64.
    runs = seeds(draw)
    found = script("(seeds) => seeds.map((seed) => {"
                   "  const g = new Generator(seed); return Array.from({ length: 1300 }, () => g.random()); })", runs)
    for seed, numbers in zip(runs, found, strict=True):
        joined = torch.empty(650, dtype=torch.int64).random_(-2**63, None, generator=generator(seed)).tolist()
        expected = [half for number in joined for half in divmod(number % 2**64, 2**32)]
        assert numbers == expected, seed


def test_the_ten_thousandth_number_is_that_of_the_standard_of_cpp(script):
    # ISO C++, [rand.predef], for std::mt19937 with its default seed.
    code = "() => { const g = new Generator(5489); for (let i = 1; i < 10000; i++) g.random(); return g.random(); }"
    assert script(code) == 4123659995


def test_permutations(script, draw):
    runs = [(seed, [draw.randrange(100) for _ in range(4)]) for seed in seeds(draw)]
    runs += [(3, [0, 1, 2]), (4, [70_000, 10])]
    found = script("(runs) => runs.map(([seed, sizes]) => {"
                   "  const g = new Generator(seed); return sizes.map((n) => g.randperm(n)); })", runs)
    for (seed, sizes), permutations in zip(runs, found, strict=True):
        g = generator(seed)
        assert permutations == [torch.randperm(n, generator=g).tolist() for n in sizes], (seed, sizes)


def test_uniform_numbers(script, draw):
    def ends():
        return sorted(draw.uniform(-1, 1) * 10 ** draw.uniform(-6, 6) for _ in range(2))

    runs = [(seed, *ends(), 40) for seed in seeds(draw)]
    runs += [(seed, low, high, 10_000) for seed in (5, 6) for low, high in [(0, 1), (-1, 1), (-1 / 3, 1 / 3), (2, 2)]]
    found = script("(runs) => runs.map(([seed, low, high, count]) => {"
                   "  const g = new Generator(seed);"
                   "  return Array.from({ length: count }, () => g.uniform(low, high)); })", runs)
    for run, numbers in zip(runs, found, strict=True):
        seed, low, high, count = run
        expected = torch.empty(count, dtype=torch.float64).uniform_(low, high, generator=generator(seed))
        check_close(numbers, expected, LAST_BIT * max(1, abs(low), abs(high)), run)


def test_unit_numbers(script, draw):
    runs = seeds(draw)
    found = script("(seeds) => seeds.map((seed) => {"
                   "  const g = new Generator(seed); return Array.from({ length: 50 }, () => g.unit()); })", runs)
    for seed, numbers in zip(runs, found, strict=True):
        check_close(numbers, torch.rand(50, generator=generator(seed), dtype=torch.float64), 0, seed)


def test_normal_numbers(script, draw):
    # Several draws from one generator: the second number of a pair waits for the next odd size.
    runs = [(seed, [draw.randrange(draw.choice([5, 20, 70])) for _ in range(8)]) for seed in seeds(draw)]
    runs += [(7, list(range(40))), (8, list(range(40, 0, -1))), (9, [100_003])]
    found = script("(runs) => runs.map(([seed, counts]) => {"
                   "  const g = new Generator(seed); return counts.map((count) => g.normal(count)); })", runs)
    for run, draws in zip(runs, found, strict=True):
        g = generator(run[0])
        for count, numbers in zip(run[1], draws, strict=True):
            check_close(numbers, torch.randn(count, generator=g, dtype=torch.float64), 1e-14, run)


def test_a_stream_of_all_kinds(script, draw):
    kinds = {
        "random": lambda g, n: torch.empty(1, dtype=torch.int64).random_(0, 2**20, generator=g)[0],
        "randperm": lambda g, n: torch.randperm(n, generator=g),
        "uniform": lambda g, n: torch.empty(1, dtype=torch.float64).uniform_(-n, 1, generator=g)[0],
        "normal": lambda g, n: torch.randn(n, generator=g, dtype=torch.float64),
    }
    runs = [(seed, [(draw.choice(list(kinds)), draw.randrange(30)) for _ in range(10)]) for seed in seeds(draw)]
    found = script("(runs) => runs.map(([seed, calls]) => {"
                   "  const g = new Generator(seed);"
                   "  const call = { uniform: (n) => g.uniform(-n, 1), random: () => g.random() % 2 ** 20 };"
                   "  return calls.map(([kind, n]) => (call[kind] ? call[kind](n) : g[kind](n))); })", runs)
    for run, results in zip(runs, found, strict=True):
        g = generator(run[0])
        for (kind, n), result in zip(run[1], results, strict=True):
            check_close(result, kinds[kind](g, n), 1e-14, run)


def test_linear_layers(script, draw):
    runs = [(seed, draw.randint(1, 30), draw.randint(1, 8)) for seed in seeds(draw)] + [(11, 64, 256)]
    found = script("(runs) => runs.map(([seed, inputs, outputs]) => {"
                   "  const g = new Generator(seed);"
                   "  return [linearLayer(g, inputs, outputs), linearLayer(g, outputs, 1)]; })", runs)
    for run, layers in zip(runs, found, strict=True):
        seed, inputs, outputs = run
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            expected = [torch.nn.Linear(inputs, outputs, dtype=torch.float64),
                        torch.nn.Linear(outputs, 1, dtype=torch.float64)]
        for layer, linear in zip(layers, expected, strict=True):
            check_close(layer["weight"], linear.weight, LAST_BIT, run)
            check_close(layer["bias"], linear.bias, LAST_BIT, run)


BATCHES = """(n, batchSize, seed, steps) => {
  const batches = new Minibatches(n, batchSize, seed);
  return steps.map((t) => batches.batch(t));
}"""


def check_minibatches(script, n, batch_size, seed, epochs, draw):
    batches = Minibatches(torch.zeros(n, 1), torch.arange(float(n)), batch_size, seed)
    expected = [rows.int().tolist() for _ in range(epochs) for _, rows in batches]
    assert script(f"new Minibatches({n}, {batch_size}, {seed}).batchesPerEpoch") == len(batches)
    # In any order: a reader steps forwards and back.
    steps = draw.sample(range(len(expected)), len(expected))
    assert script(BATCHES, n, batch_size, seed, steps) == [expected[t] for t in steps], (n, batch_size, seed)


def test_minibatches(script, draw):
    for seed in seeds(draw):
        n = draw.randint(1, 50)
        check_minibatches(script, n, draw.randint(1, n + 3), seed, draw.randint(1, 5), draw)


@pytest.mark.parametrize("n, batch_size", [(1, 1), (1, 7), (10, 10), (10, 11), (10, 1), (10, 4), (700, 32)])
@pytest.mark.parametrize("seed", EDGES)
def test_minibatches_at_the_edges(script, draw, n, batch_size, seed):
    check_minibatches(script, n, batch_size, seed, 6, draw)


def test_the_harness_keeps_numbers_to_the_last_bit(script, draw):
    numbers = [draw.uniform(-1, 1) * 10 ** draw.uniform(-320, 308) for _ in range(RUNS)]
    numbers += [0.0, -0.0, 5e-324, 2.0**60, 1e21, 0.1]
    assert [number.hex() for number in map(float, script("(x) => x", numbers))] == [number.hex() for number in numbers]
    assert script("new Float64Array([0.5, 1])") == [0.5, 1] and script("null") is None


@pytest.mark.parametrize("code", ["0 / 0", "1 / 0", "[[1, -1 / 0]]", "({ loss: NaN })", "undefined", "[undefined]",
                                  "new Float64Array([NaN])", "() => {}", "() => () => 1", "nowhere"])
def test_the_harness_refuses_what_is_no_number(script, code):
    with pytest.raises(py_mini_racer.JSEvalException):
        script(code)


def test_the_harness_refuses_arguments_that_json_lacks(script):
    with pytest.raises(ValueError):
        script("(x) => x", float("nan"))


def test_the_harness_loads_a_widget(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.javascript.WIDGETS", tmp_path)
    (tmp_path / "shared.js").write_text("const TWO = 2;")
    (tmp_path / "widget.js").write_text("function render() { return TWO; }\nexport default { render };\n")
    script = Script("shared.js", "widget.js")
    assert script("widget.render") == script("widget.render()") == 2
    assert json.dumps(script("({ a: [TWO] })")) == '{"a": [2]}'
