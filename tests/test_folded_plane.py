"""The widget FoldedPlane: what it computes against PyTorch, what it draws, and what it refuses."""

import math
import random
import re

import pytest
import torch
import traitlets
from torch import nn
from torch.nn import functional as F

from helpers.widgets.folded_plane import ACTIVATIONS, MAKERS, FoldedPlane, example_sets
from helpers.widgets.network import initial_weights
from tests.javascript import Script, check_close, fresh_seed
from tests.widget_messages import messages_of

CONFIGURATIONS = 1200
SEED = fresh_seed()
SETS = example_sets()

# PyTorch multiplies and adds in one go, and rounds once, except on x86 processors from before 2013.
LAST_BIT = 0 if torch.backends.cpu.get_cpu_capability() != "DEFAULT" else 1e-15

TORCH = {"tanh": torch.tanh, "relu": torch.relu, "leaky_relu": lambda z: F.leaky_relu(z, 0.25),
         "sigmoid": torch.sigmoid, "elu": F.elu, "gelu": F.gelu, "silu": F.silu, "identity": lambda z: z}

RUN = """(datasets, states, counts) => states.map((own, i) => {
  const s = { ...own, datasets }, d = derive(s, null), { X, y } = d.data;
  const slopes = gradient(s, X, y, activationOf(s), LOSSES.logistic);
  const { loss, right, points } = d;
  return { ...stepped(s, d, counts[i]), gradient: slopes, loss, right, o: points.map(point => point.o) };
})"""


@pytest.fixture(scope="module")
def script():
    return Script.of("folded_plane")


@pytest.fixture(params=[SEED], ids="seed={}".format)
def draw(request):
    return random.Random(request.param)


def a_state(draw, fastest=0.5, **fixed):
    """A random network, data and settings, as the traits of a widget (but for the sets, which all share)."""
    seed, h, dataset = draw.randrange(2**32), draw.choice([2, 3]), draw.choice([*MAKERS, "own"])
    n, width = draw.choice([1, 2, 7, 40]), 10 ** draw.uniform(-1, 0.5)
    X, y = [[draw.gauss(0, width), draw.gauss(1, width)] for _ in range(n)], [draw.randint(0, 1) for _ in range(n)]
    X, y = (X, y) if dataset == "own" else ([], [])
    state = {"dataset": dataset, "X": X, "y": y, "activation": draw.choice(ACTIVATIONS), "num_hiddens": h, "seed": seed,
             "learning_rate": 10 ** draw.uniform(-3, fastest), "step": 0, "losses": [], "every": 1, "diverged_at": -1,
             "turn": draw.randint(0, 360), "show_sheet": draw.random() < 0.8, "show_folds": draw.random() < 0.8}
    state |= initial_weights(2, h, seed)
    if draw.random() < 0.5:  # also such as only training, or a reader, would come to
        size = 10 ** draw.uniform(-1, 0.7)
        W1a, W1b, b1, W2 = ([draw.gauss(0, size) for _ in range(h)] for _ in range(4))
        state |= {"W1": [W1a, W1b], "b1": b1, "W2": W2, "b2": draw.gauss(0, size)}
    return state | fixed


def points_of(state):
    X, y = (state["X"], state["y"]) if state["dataset"] == "own" else SETS[state["dataset"]]
    return torch.tensor(X, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)


def network(state):
    """The network of a state, made of PyTorch's own parts."""
    hidden, output = (nn.Linear(2, state["num_hiddens"], dtype=torch.float64),
                      nn.Linear(state["num_hiddens"], 1, dtype=torch.float64))
    weights = {name: torch.tensor(state[name], dtype=torch.float64) for name in ("W1", "b1", "W2", "b2")}
    with torch.no_grad():
        hidden.weight.copy_(weights["W1"].T)
        hidden.bias.copy_(weights["b1"])
        output.weight.copy_(weights["W2"])
        output.bias.copy_(weights["b2"])
    return hidden, output


def output_at(state, X):
    hidden, output = network(state)
    return output(TORCH[state["activation"]](hidden(X)))[:, 0]


def many(script, states, counts):
    lean = [{key: value for key, value in state.items() if key != "datasets"} for state in states]
    return script(RUN, SETS, lean, counts)


def check_parameters(found, hidden, output, about, tolerance=1e-9):
    check_close(found["W1"], hidden.weight.T, tolerance, about)
    check_close(found["b1"], hidden.bias, tolerance, about)
    check_close(found["W2"], output.weight[0], tolerance, about)
    check_close(found["b2"], output.bias[0], tolerance, about)


# ---- against PyTorch ----

def test_initial_weights_are_those_of_pytorch(script, draw):
    seeds = [0, 1, 2**31, 2**32 - 1, *(draw.randrange(2**32) for _ in range(500))]
    runs = [(seed, h) for seed in seeds for h in (2, 3)]
    found = script("runs => runs.map(([seed, h]) => initialNetwork(seed, 2, h))", runs)
    for (seed, h), now in zip(runs, found, strict=True):
        torch.manual_seed(seed)
        hidden, output = nn.Linear(2, h, dtype=torch.float64), nn.Linear(h, 1, dtype=torch.float64)
        check_parameters(now, hidden, output, (seed, h), LAST_BIT)
        check_parameters(initial_weights(2, h, seed), hidden, output, (seed, h), 0)


def test_training_is_that_of_pytorch(script, draw):
    states = [a_state(draw) for _ in range(CONFIGURATIONS)]
    counts = [draw.randint(1, 20) if i % 4 == 0 else draw.randint(0, 3) for i in range(CONFIGURATIONS)]
    mean_loss = nn.BCEWithLogitsLoss()
    for state, count, now in zip(states, counts, many(script, states, counts), strict=True):
        (hidden, output), (X, y), activation = network(state), points_of(state), TORCH[state["activation"]]
        parameters = [*hidden.parameters(), *output.parameters()]
        losses, diverged = [], -1
        for step in range(count + 1):
            z = hidden(X)
            h = activation(z)
            o = output(h)[:, 0]
            loss = mean_loss(o, y)
            gradients = torch.autograd.grad(loss, [*parameters, z, o])
            if step == 0:
                check_close(now["o"], o, about=state)
                check_close(now["loss"], loss, about=state)
                assert now["right"] == ((o > 0) == (y == 1)).sum(), state
                check_gradient(now["gradient"], gradients, X, h, state)
            if step == count:
                break
            rate = state["learning_rate"]
            following = [p.detach() - rate * slope for p, slope in zip(parameters, gradients, strict=False)]
            if max(p.abs().max() for p in following) > 1e6:
                diverged = step + 1
                break
            losses.append(loss.item())
            with torch.no_grad():
                for parameter, value in zip(parameters, following, strict=True):
                    parameter.copy_(value)
        assert (now["step"], now["diverged_at"], now["every"]) == (len(losses), diverged, 1), state
        check_close(now["losses"], torch.tensor(losses, dtype=torch.float64), about=state)
        check_parameters(now, hidden, output, state)


def check_gradient(found, gradients, X, h, about):
    """A gradient may be a small sum of large terms: it is as exact as they are on average."""
    W1, b1, W2, b2, by_z, by_o = gradients
    n, by_o = len(X), by_o[:, None]
    expected = {"W1": (W1.T, X[:, :, None] * by_z[:, None, :]), "b1": (b1, by_z),
                "W2": (W2[0], h * by_o), "b2": (b2[0], by_o[:, 0])}
    for name, (slope, terms) in expected.items():
        scale = (n * terms.detach().abs().mean(dim=0)).clamp(min=1)
        wrong = (torch.tensor(found[name], dtype=torch.float64) - slope).abs() > 1e-9 * scale
        assert not wrong.any(), f"{name}: {found[name]} instead of {slope.tolist()} in {about}"


def test_a_fast_step_is_still_that_of_pytorch(script, draw):
    states = [a_state(draw, fastest=2, learning_rate=10 ** draw.uniform(0.5, 2)) for _ in range(200)]
    mean_loss = nn.BCEWithLogitsLoss()
    for state, now in zip(states, many(script, states, [1] * len(states)), strict=True):
        (hidden, output), (X, y) = network(state), points_of(state)
        optimizer = torch.optim.SGD([*hidden.parameters(), *output.parameters()], lr=state["learning_rate"])
        mean_loss(output(TORCH[state["activation"]](hidden(X)))[:, 0], y).backward()
        optimizer.step()
        check_parameters(now, hidden, output, state)


def test_many_steps_are_the_same_as_one_by_one(script, draw):
    for state in [a_state(draw, fastest=0) for _ in range(20)]:
        count = draw.choice([5, 900])
        one_by_one = """(s, count) => {
            for (let k = 0; k < count; k++) s = { ...s, ...stepped(s, { data: dataOf(s) }, 1) };
            return s; }"""
        at_once = "(s, count) => ({ ...s, ...stepped(s, derive(s, null), count) })"
        full = {**state, "datasets": SETS}
        assert script(one_by_one, full, count) == script(at_once, full, count), state


# ---- what the page tells ----

def test_the_default_run_solves_xor(script):
    state = state_of(FoldedPlane())
    found = {count: script("(s, count) => derive({ ...s, ...stepped(s, derive(s, null), count) }, null)", state, count)
             for count in (0, 100, 200, 500)}
    assert {count: (round(d["loss"], 3), d["right"]) for count, d in found.items()} == DEFAULT_RUN


DEFAULT_RUN = {0: (0.711, 31), 100: (0.589, 60), 200: (0.17, 80), 500: (0.035, 80)}


@pytest.mark.parametrize("activation, solved", [("tanh", [1, 2, 3, 4, 6, 8, 9, 10, 12, 13, 14, 17]),
                                                ("relu", [2, 4, 7, 10, 12, 13, 16, 19])])
def test_some_seeds_get_stuck_with_two_units(script, activation, solved):
    state = state_of(FoldedPlane(activation=activation))
    found = script("""(s, seeds) => seeds.filter(seed => {
        const start = { ...s, ...initialNetwork(seed, 2, 2) };
        const end = { ...start, ...stepped(start, derive(start, null), 2000) };
        return derive(end, null).right === 80; })""", state, list(range(20)))
    assert found == solved


def test_the_sets():
    for name, (X, y) in SETS.items():
        assert len(X) == len(y) == 80 and sorted(y) == [0] * 40 + [1] * 40, name
        assert all(value == round(value, 3) for row in X for value in row), name
    assert FoldedPlane().datasets == SETS


# ---- what is drawn ----

def test_boundary_points_are_on_the_boundary(script, draw):
    code = """s => { const d = derive(s, null); return [d.data.sheet, d.pieces, Array.from(d.nodes.o), d.areas]; }"""
    for state in [a_state(draw) for _ in range(60)]:
        sheet, pieces, o, areas = script(code, {**state, "datasets": SETS})
        xs, ys = (torch.linspace(*side, 49, dtype=torch.float64) for side in sheet)
        nodes = torch.cartesian_prod(ys, xs).flip(1)
        expected = output_at(state, nodes)
        check_close(o, expected, about=state)
        grid = torch.tensor(o, dtype=torch.float64).reshape(49, 49)
        signs = grid > 0
        # A piece ends where an edge of the grid changes its sign, and nowhere else.
        across, upwards = signs[:, 1:] != signs[:, :-1], signs[1:] != signs[:-1]
        ends = 2 * (across.sum() + upwards.sum()) - across[[0, -1]].sum() - upwards[:, [0, -1]].sum()
        lines = [torch.tensor(piece, dtype=torch.float64).reshape(-1, 2) for piece in pieces]
        assert 2 * sum(len(line) - 1 for line in lines) == ends, state
        square = torch.stack([xs[1] - xs[0], ys[1] - ys[0]]) * (1 + 1e-9)
        assert all((line.diff(dim=0).abs() <= square).all() for line in lines), state  # from edge to edge of one square
        if lines:
            check_on_edges(state, torch.cat(lines), grid, xs, ys)
        # The shaded area and that of the network with the other sign make up the sheet.
        negated = {**state, "datasets": SETS, "W2": [-w for w in state["W2"]], "b2": -state["b2"]}
        other = script("s => derive(s, null).areas", negated)
        whole = (sheet[0][1] - sheet[0][0]) * (sheet[1][1] - sheet[1][0])
        a, b, c, d = signs[:-1, :-1], signs[:-1, 1:], signs[1:, 1:], signs[1:, :-1]
        saddles = (a == c) & (b == d) & (a != b)
        if (grid != 0).all() and not saddles.any():  # in a saddle both are joined across the middle
            assert abs(sum(map(area_of, areas + other)) / whole - 1) < 1e-9, state


@pytest.mark.parametrize("values, pieces", [
    ([1, -1, 1, -1], [[0.5, 0, 1, 0.5], [0.5, 1, 0, 0.5]]), ([-1, 1, -1, 1], [[1, 0.5, 0.5, 1], [0, 0.5, 0.5, 0]])])
def test_a_saddle_is_joined_across_the_middle(script, values, pieces):
    found = script("values => cut([[0, 0], [1, 0], [1, 1], [0, 1]], values)", values)
    assert sorted(found["pieces"]) == sorted(pieces) and area_of(found["inside"]) == 0.75


def area_of(polygon):
    points = list(zip(polygon[::2], polygon[1::2], strict=True))
    return sum(x * v - u * y for (x, y), (u, v) in zip(points, points[1:] + points[:1], strict=True)) / 2


def check_on_edges(state, points, grid, xs, ys):
    """On an edge, o is as near to zero as it is to the straight line between its values at the ends."""
    (width, height), origin = ((xs[1] - xs[0]).item(), (ys[1] - ys[0]).item()), torch.stack([xs[0], ys[0]])
    places = (points - origin) / torch.tensor([width, height], dtype=torch.float64)
    level = (places[:, 1] - places[:, 1].round()).abs() < 1e-6
    assert (level | ((places[:, 0] - places[:, 0].round()).abs() < 1e-6)).all()
    low = torch.where(level[:, None], torch.stack([places[:, 0].floor(), places[:, 1].round()], 1),
                      torch.stack([places[:, 0].round(), places[:, 1].floor()], 1)).clamp(0, 48)
    step = torch.stack([level, ~level], dim=1).double()
    high = (low + step).clamp(max=48)
    start, end = (grid[corner[:, 1].long(), corner[:, 0].long()] for corner in (low, high))
    along = torch.linspace(0, 1, 65, dtype=torch.float64)[:, None]
    between = low[:, None] + along * (high - low)[:, None]
    size = torch.tensor([width, height], dtype=torch.float64)
    true = output_at(state, origin + between.reshape(-1, 2) * size).reshape(-1, 65)
    straight = start[:, None] + along[:, 0] * (end - start)[:, None]
    bound = 1.1 * (true - straight).abs().amax(dim=1) + 1e-6 * (1 + start.abs() + end.abs())
    assert (output_at(state, points).abs() <= bound).all(), state


def test_a_hidden_unit_folds_where_its_sum_is_zero(script, draw):
    for state in [a_state(draw) for _ in range(60)]:
        full = {**state, "datasets": SETS}
        sheet, folds, folded = script("""s => {
            const { data, folds, folded } = derive(s, null), list = found => found ?? [];
            return [data.sheet, folds.map(list), folded.map(list)]; }""", full)
        hidden, _ = network(state)
        corners = hidden(torch.cartesian_prod(*(torch.tensor(side, dtype=torch.float64) for side in sheet)))
        for k, (fold, bent) in enumerate(zip(folds, folded, strict=True)):
            assert bool(fold) == bool(corners[:, k].min() <= 0 < corners[:, k].max()), state
            if fold:
                ends = torch.tensor(fold, dtype=torch.float64).reshape(2, 2)
                assert (hidden(ends)[:, k].abs() < 1e-9 * (1 + corners[:, k].abs().max())).all(), state
                places = ends[0] + torch.linspace(0, 1, 33, dtype=torch.float64)[:, None] * (ends[1] - ends[0])
                check_close(bent, TORCH[state["activation"]](hidden(places)), 1e-8, state)


def test_the_cut_through_the_space_of_three_units(script, draw):
    code = """s => { const d = derive(s, null), corners = planeCorners(s, d.windows), turn = edgeOn(s);
                     const project = projection(d.windows, turn);
                     return [d.windows, corners, turn, corners.map(place => project(...place))]; }"""
    edge_on = 0
    for state in [a_state(draw, num_hiddens=3, **initial_weights(2, 3, draw.randrange(2**32))) for _ in range(100)]:
        windows, corners, turn, places = script(code, {**state, "datasets": SETS})
        assert 0 <= turn < 360 and turn == int(turn)
        if not corners:
            continue
        assert 3 <= len(corners) <= 6
        W2 = torch.tensor(state["W2"], dtype=torch.float64)
        corners, windows = torch.tensor(corners, dtype=torch.float64), torch.tensor(windows, dtype=torch.float64)
        size = (W2.abs() * windows.abs().amax(dim=1)).sum() + abs(state["b2"])
        assert ((corners @ W2 + state["b2"]).abs() < 1e-9 * size).all(), state
        assert (corners >= windows[:, 0] - 1e-9).all() and (corners <= windows[:, 1] + 1e-9).all(), state
        if abs(W2[2]) * math.tan(math.radians(24)) < W2[:2].norm():
            # Seen from the edge, all corners are on a line, but for the half degree to a whole one.
            flat = torch.tensor(places, dtype=torch.float64)[:, :2]
            assert torch.linalg.svdvals(flat - flat.mean(dim=0))[-1] < 0.06, state
            edge_on += 1
    assert edge_on > 10


def test_all_points_are_in_the_pictures(script, draw):
    for state in [a_state(draw) for _ in range(100)]:
        sheet, windows, H = script("""s => {
            const { data, windows, points } = derive(s, null);
            return [data.sheet, windows, points.map(point => point.h)]; }""", {**state, "datasets": SETS})
        for places, sides in ((points_of(state)[0], sheet), (torch.tensor(H, dtype=torch.float64), windows)):
            low, high = torch.tensor(sides, dtype=torch.float64).T
            assert ((places >= low) & (places <= high)).all() and (low < high).all(), state


# ---- never broken ----

FAR = 1e6
EXTREMES = [
    {"W1": [[0, 0], [0, 0]], "b1": [0, 0], "W2": [0, 0], "b2": 0},
    {"W1": [[FAR, -FAR], [-FAR, FAR]], "b1": [FAR, -FAR], "W2": [FAR, FAR], "b2": -FAR},
    {"W1": [[1e-300, 0], [0, 1e-300]], "b1": [0, 0], "W2": [1e-300, 1e-300], "b2": 0},
]
OWN = [
    {"X": [[0, 0]], "y": [0]}, {"X": [[FAR, -FAR]], "y": [1]}, {"X": [[3, 3]] * 5, "y": [0, 1, 0, 1, 1]},
    {"X": [[FAR, 0], [-FAR, 1e-9]], "y": [0, 1]}, {"X": [[1, k] for k in range(300)], "y": [1] * 300},
    {"X": [[FAR, 1], [FAR + 1e-9, 1]], "y": [0, 1]}, {"X": [[1e-300, 0], [0, 1e-300]], "y": [0, 1]},
]


def state_of(widget):
    return {key: value for key, value in widget.get_state().items()
            if not key.startswith("_") and key not in ("layout", "tooltip", "tabbable")}


@pytest.mark.parametrize("data", OWN, ids=range(len(OWN)))
def test_pictures_of_degenerate_points_and_extreme_weights(script, data):
    own = {**state_of(FoldedPlane(learning_rate=100)), "dataset": "own", **data}
    for weights in (*EXTREMES, initial_weights(2, 3, 0)):
        for activation in ACTIVATIONS:
            for count in (0, 3):
                state = {**own, **weights, "num_hiddens": len(weights["b1"]), "activation": activation}
                html = script("""(s, count) => {
                    const now = { ...s, ...stepped(s, derive(s, null), count) }, t = wordsOf(widget.spec, "en");
                    return widget.still(now, "en") + tableMarkup(table(now, derive(now, null), t)); }""", state, count)
                assert not re.search(r"NaN|Infinity|undefined|null|\[object", html), (data, weights, activation)


def test_divergence_is_named_with_its_step(script):
    state = {**state_of(FoldedPlane(activation="relu", learning_rate=100)), "dataset": "own",
             "X": [[FAR, FAR], [-FAR, 1]], "y": [0, 1], "W1": [[1.0, 1.0], [1.0, 1.0]], "W2": [1.0, 1.0]}
    changes = script("s => stepped(s, derive(s, null), 50)", state)
    assert changes["diverged_at"] == changes["step"] + 1 <= 50
    state |= changes
    step = changes["diverged_at"]
    for language, words in ("en", f"step {step} would"), ("ko", f"{step}번째 걸음"):
        assert words in script("(s, code) => told(s, derive(s, null), wordsOf(widget.spec, code))", state, language)
    assert script("s => widget.spec.play.tick(s, derive(s, null), wordsOf(widget.spec, 'en'), 5) === null", state)
    # A smaller learning rate goes on from there.
    again = script("""s => { const control = widget.spec.controls.find(c => c.name === "learning_rate");
                             return control.set(s, derive(s, null), 1e-3); }""", state)
    assert again == {"learning_rate": 1e-3, "diverged_at": -1}


def test_a_run_ends_with_a_word(script):
    state = {**state_of(FoldedPlane()), "step": 19_998, "every": 64}
    changes = script("s => widget.spec.play.tick(s, derive(s, null), wordsOf(widget.spec, 'en'), 5)", state)
    assert changes["step"] == 20_000 and changes.pop("tell") == ""
    words = script("s => told(s, derive(s, null), wordsOf(widget.spec, 'en'))", {**state, **changes})
    assert "The run ends here, after 20000 steps." in words
    over = script("""s => ["step", "play"].map(name =>
        widget.spec.controls.find(c => c.name === name).enabled(s, derive(s, null)))""", {**state, **changes})
    assert over == [False, False]


SET = """(s, name, value) => {
  const control = widget.spec.controls.find(c => c.name === name);
  const { tell, ...changes } = control.set(s, derive(s, null), value, wordsOf(widget.spec, "en"));
  return changes;
}"""
PRESS = """(s, name) => {
  const { say, tell, ...changes } = widget.spec.actions[name](s, derive(s, null), wordsOf(widget.spec, "en"));
  return changes;
}"""
ANEW = {"step": 0, "losses": [], "every": 1, "diverged_at": -1}


def test_what_the_controls_change(script):
    trained = {**state_of(FoldedPlane()), "step": 3, "losses": [3, 2, 1], "W2": [5, 6]}
    assert script(SET, trained, "dataset", "moons") == {"dataset": "moons", **ANEW}
    assert script(SET, trained, "activation", "relu") == {"activation": "relu", **ANEW}
    assert script(SET, trained, "seed", 7) == {"seed": 7, **initial_weights(2, 2, 7), **ANEW}
    assert script(SET, trained, "num_hiddens", 3) == {"num_hiddens": 3, **initial_weights(2, 3, 1), **ANEW}
    assert script(SET, trained, "w21", 9) == {"W1": [trained["W1"][0], [9, trained["W1"][1][1]]], **ANEW}
    assert script(SET, trained, "w12", 9) == {"W1": [[trained["W1"][0][0], 9], trained["W1"][1]], **ANEW}
    assert script(SET, trained, "b2", 9) == {"b1": [trained["b1"][0], 9], **ANEW}
    assert script(SET, trained, "v1", 9) == {"W2": [9, 6], **ANEW}
    assert script(SET, trained, "c", 9) == {"b2": 9, **ANEW}
    assert script(PRESS, trained, "reset") == {**initial_weights(2, 2, 1), **ANEW}
    assert script(PRESS, trained, "new_seed") == {"seed": 2, **initial_weights(2, 2, 2), **ANEW}


def test_display_changes_nothing_else(script):
    for name in ("turn", "show_sheet", "show_folds"):
        assert script("name => widget.spec.controls.find(c => c.name === name).set === undefined", name)
    assert list(script(PRESS, state_of(FoldedPlane(num_hiddens=3)), "edge_on")) == ["turn"]


def test_nothing_folds_with_the_identity(script):
    state = state_of(FoldedPlane(activation="identity"))
    words = script("s => readout(s, derive(s, null), wordsOf(widget.spec, 'en'))", state)
    assert "nothing folds" in words


# ---- in Python ----

def test_weights_and_own_points():
    w = FoldedPlane(X=torch.tensor([[1, 2], [3, 4]]), y=torch.tensor([True, False]), num_hiddens=3, seed=5)
    assert (w.dataset, w.X, w.y) == ("own", [[1, 2], [3, 4]], [1, 0])
    assert {name: getattr(w, name) for name in ("W1", "b1", "W2", "b2")} == initial_weights(2, 3, 5)
    X, y = w.examples
    assert (X.dtype, X.tolist(), y.dtype, y.tolist()) == (torch.float64, [[1, 2], [3, 4]], torch.float64, [1, 0])
    w.dataset = "moons"
    X, y = w.examples
    assert [X.tolist(), y.tolist()] == w.datasets["moons"] and X.shape == (len(y), 2)


def test_pytorch_goes_on_as_if_no_weights_had_been_drawn():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    FoldedPlane().seed = 9
    assert torch.equal(torch.rand(2), expected)


RAN = {"step": 2, "losses": [2.0, 1.0], "every": 2, "W2": [3.0, 4.0], "diverged_at": 3}


def ran():
    """A widget after a reader has run it."""
    w = FoldedPlane()
    w.set_state(RAN)
    assert (w.step, w.losses, w.W2) == (2, [2, 1], [3, 4])
    return w


@pytest.mark.parametrize("name, value", [("dataset", "rings"), ("activation", "relu"), ("b2", 1.0), ("W2", [1, 1]),
                                         ("W1", torch.ones(2, 2)), ("b1", (0, 0)), ("seed", 9), ("num_hiddens", 3)])
def test_what_makes_a_run_another_one_starts_it_anew(name, value):
    w = ran()
    setattr(w, name, value)
    assert (w.step, w.losses, w.every, w.diverged_at) == (0, [], 1, -1)
    if name in ("seed", "num_hiddens"):
        assert {name: getattr(w, name) for name in ("W1", "b1", "W2", "b2")} == initial_weights(2, w.num_hiddens, w.seed)
    elif name != "W2":
        assert w.W2 == [3, 4]


def test_a_learning_rate_can_change_on_the_way():
    w = ran()
    w.learning_rate = 0.01
    assert (w.step, w.diverged_at) == (2, -1)


def test_one_message_brings_a_whole_state():
    w = FoldedPlane()
    sent = messages_of(w)
    w.num_hiddens = 3
    assert any({"W1", "b1", "W2", "b2"} <= set(state) for state in sent)
    assert not any(("W1" in state) != ("b1" in state) for state in sent)
    sent.clear()
    w.set_data([[1, 2]], [1])
    assert any({"X", "y", "dataset"} <= set(state) for state in sent) and not any(("X" in state) != ("y" in state) for state in sent)


def test_what_does_not_fit_yet_is_not_shown(script):
    state = state_of(FoldedPlane())
    whole = "s => widget.spec.whole(s)"
    assert script(whole, state)
    for change in {"num_hiddens": 3}, {"W2": [1.0]}, {"dataset": "own"}, {"X": [[1, 2]]}:
        assert not script(whole, state | change)


def test_display_leaves_the_run_alone():
    w = ran()
    w.turn, w.show_sheet, w.show_folds = 90, False, False
    assert w.step == 2


def test_what_the_reader_did_is_not_undone():
    # one message may bring a new seed, its weights and the steps taken since
    w = FoldedPlane()
    w.set_state({"num_hiddens": 3, "seed": 2, **initial_weights(2, 3, 4), "step": 1, "losses": [0.7]})
    assert (w.step, w.losses, w.W2) == (1, [0.7], initial_weights(2, 3, 4)["W2"])


def test_another_number_of_units_comes_with_its_weights():
    w = FoldedPlane()
    before = w.get_state()
    for message in ({"num_hiddens": 3}, {"num_hiddens": 3, "b1": [0, 0, 0], "W2": [1, 1, 1]}):
        with pytest.raises(traitlets.TraitError, match="num_hiddens must come with W1 for as many units, got 3 and 2"):
            w.set_state(message)
        assert w.get_state() == before
    w.num_hiddens = 3  # in Python they are drawn
    assert len(w.W2) == 3


def test_other_points_come_both_at_once():
    w = FoldedPlane()
    w.set_data([[1, 2]], [1])
    assert (w.dataset, w.X, w.y) == ("own", [[1, 2]], [1])
    with pytest.raises(traitlets.TraitError, match=r"got 2 rows and 1 labels \(set both at once by set_data\(X, y\)\)"):
        w.X = [[1, 2], [3, 4]]
    assert w.X == [[1, 2]]
    with pytest.raises(traitlets.TraitError, match="X must hold at least one point, got none"):
        w.X = []
    assert w.X == [[1, 2]] and w.dataset == "own"


@pytest.mark.parametrize("name, value, message", [
    ("dataset", "own", r"dataset can be 'own' only with points of your own: use set_data\(X, y\)"),
    ("W1", [[1, 2, 3], [1, 2, 3]], r"W1 must have shape \(2, 2\), got \(2, 3\)"),
    ("b1", [1], r"b1 must have shape \(2,\), got \(1,\)"),
    ("W2", [], r"W2 must have shape \(2,\), got \(0,\)"),
    ("W2", [1, 2e6], r"W2 must hold numbers from -1e[+]06 to 1e[+]06, got \[1.0, 2000000.0\]"),
    ("b2", -2e6, r"b2 must be a finite number from -1e[+]06 to 1e[+]06, got -2000000.0"),
    ("step", -1, "step must be a whole number from 0 to 20000, got -1"),
    ("datasets", {}, "read-only"),
], ids=lambda value: str(value)[:30])
def test_what_is_refused_later(name, value, message):
    w = FoldedPlane()
    before = state_of(w)
    with pytest.raises(traitlets.TraitError, match=message):
        setattr(w, name, value)
    assert state_of(w) == before


POINTS = {"X": [[1, 2], [3, 4]], "y": [0, 1]}


@pytest.mark.parametrize("arguments, error, message", [
    ({"dataset": "circles"}, traitlets.TraitError, "dataset must be one of 'xor', .* 'own', got 'circles'"),
    ({"dataset": "own"}, traitlets.TraitError, "dataset can be 'own' only with points of your own"),
    ({"num_hiddens": 4}, traitlets.TraitError, "num_hiddens must be a whole number from 2 to 3, got 4"),
    ({"num_hiddens": 2.5}, traitlets.TraitError, "num_hiddens must be a whole number from 2 to 3, got 2.5"),
    ({"activation": "softmax"}, traitlets.TraitError, "activation must be one of 'tanh', .* got 'softmax'"),
    ({"learning_rate": 0}, traitlets.TraitError, "learning_rate must be a finite number from 0.001 to 100, got 0"),
    ({"seed": -1}, traitlets.TraitError, "seed must be a whole number from 0 to .* got -1"),
    ({"seed": "one"}, traitlets.TraitError, "seed must be a whole number from 0 to .* got 'one'"),
    ({"X": [[1, 2]]}, ValueError, "X and y must be given together, got no y"),
    ({"y": [1, 2]}, ValueError, "X and y must be given together, got no X"),
    ({**POINTS, "X": [[1, 2, 3], [4, 5, 6]]}, ValueError, r"X must have 2 columns, got 3 \(shape \(2, 3\)\)"),
    ({**POINTS, "X": [1, 2]}, ValueError, r"X must have 2 axes, got 1 \(shape \(2,\)\)"),
    ({**POINTS, "X": [[1, 2], [3, math.nan]]}, ValueError, r"X must be finite, got nan at position \[1, 1\]"),
    ({**POINTS, "X": [[1, 2], [3, -2e6]]}, ValueError, r"X must hold numbers from -1e[+]06 to 1e[+]06, got -2e[+]06"),
    ({**POINTS, "X": "clouds"}, TypeError, "X must be .*numbers.*, got 'clouds'"),
    ({**POINTS, "X": []}, ValueError, "X must hold at least one point, got none"),
    ({**POINTS, "y": []}, ValueError, "y must hold a class for each point, got none"),
    ({**POINTS, "y": [0, 2]}, ValueError, "y must hold the classes 0 and 1, got 2"),
    ({**POINTS, "y": [0]}, ValueError, "X and y must be of equal length, got 2 rows and 1 labels"),
    ({"X": [[1, 2]] * 301, "y": [0] * 301}, ValueError, "X must hold at most 300 examples, got 301"),
], ids=lambda value: str(value)[:30])
def test_what_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        FoldedPlane(**arguments)
