"""The widget HiddenUnits: what it computes against PyTorch, and what it refuses."""

import math
import random

import pytest
import torch
import traitlets
from torch import nn

from helpers.widgets import hidden_units
from helpers.widgets.hidden_units import ACTIVATIONS, TARGETS, HiddenUnits, example_targets
from helpers.widgets.network import initial_weights
from tests.javascript import Script, check_close, fresh_seed

SEED = fresh_seed()
GROUPS, ALIKE = 100, 12  # so many settings, each with so many sets of points and seeds: PyTorch does these at once
FLOAT = {"dtype": torch.float64}
MODULES = {"identity": nn.Identity(), "relu": nn.ReLU(), "leaky_relu": nn.LeakyReLU(0.25), "sigmoid": nn.Sigmoid(),
           "tanh": nn.Tanh(), "elu": nn.ELU(), "gelu": nn.GELU(), "silu": nn.SiLU()}
PARAMETERS = ["W1", "b1", "W2", "b2"]
# PyTorch multiplies and adds in one go, except on x86 processors from before 2013 (tests/test_random.py).
LAST_BIT = 0 if torch.backends.cpu.get_cpu_capability() != "DEFAULT" else 1e-15

RUN = """(states, counts) => states.map((s, i) => {
  const start = { ...s, ...initialNetwork(s.seed, 1, s.num_hiddens) }, first = derive(start, null);
  const grad = gradient(first.net, first.data.rows, first.data.y, first.activation, LOSSES.squared);
  const changes = stepped(start, first, counts[i]), end = { ...start, ...changes };
  const d = derive(end, null);
  return { start: [start.W1, start.b1, start.W2, start.b2], first: first.loss, last: d.loss, ...changes,
           grad: [grad.W1, grad.b1, grad.W2, grad.b2], line: d.line };
})"""
LOOK = """(states) => states.map((s) => {
  const d = derive({ ...s, ...initialNetwork(s.seed, 1, s.num_hiddens) }, null);
  return { ...d.curves, kinks: d.kinks, bends: d.bends, dead: d.dead };
})"""


@pytest.fixture(scope="module")
def script():
    return Script.of("hidden_units")


@pytest.fixture(params=[SEED], ids="seed={}".format)
def draw(request):
    return random.Random(request.param)


def state_of(widget, **changes):
    return {key: value for key, value in widget.get_state().items() if not key.startswith("_")} | changes


BASE = state_of(HiddenUnits())


def some_points(draw, n):
    width, height = 10 ** draw.uniform(-1, 0.7), 10 ** draw.uniform(-2, 1)
    return [draw.gauss(0, width) for _ in range(n)], [draw.gauss(0, height) for _ in range(n)]


def a_state(draw, n=None, **changes):
    """Random settings and points, as the traits of a widget."""
    X, y = some_points(draw, n) if n else draw.choice(list(BASE["targets"].values()))
    return BASE | {"X": X, "y": y, "num_hiddens": draw.randint(1, 12), "activation": draw.choice(ACTIVATIONS),
                   "learning_rate": 0.05, "seed": draw.randrange(2**32)} | changes


def alike(draw):
    """States that differ only in their points and seeds.

    The learning rate is not so large that the steps blow up the last bit, by which any two programs differ.
    """
    n = draw.choice([None, 1, 2, 3, 10, 30])
    first = a_state(draw, n)
    shared = {key: first[key] for key in ("num_hiddens", "activation")}
    states = [a_state(draw, n, **shared) for _ in range(ALIKE)]
    size = 1 + max(max(x * x for x in s["X"]) + max(abs(y) for y in s["y"]) for s in states)
    rate = max(1e-4, 10 ** draw.uniform(-3, 0) / (size * first["num_hiddens"]))  # (the units' gradients add up)
    return [state | {"learning_rate": rate} for state in states]


def network(state):
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(state["seed"])  # torch.manual_seed does this, and looks for GPUs
        hidden = nn.Linear(1, state["num_hiddens"], **FLOAT)
        return nn.Sequential(hidden, MODULES[state["activation"]], nn.Linear(state["num_hiddens"], 1, **FLOAT))


def parameters(net):
    """Copies of the parameters, in the shapes of the page."""
    W1, b1, W2, b2 = (p.detach().clone() for p in net.parameters())
    return [W1.T, b1, W2[0], b2[0]]


def loss_of(net, state):
    X, y = (torch.tensor(state[name], **FLOAT) for name in "Xy")
    return nn.MSELoss()(net(X[:, None])[:, 0], y) / 2


def run_in_torch(state, count):
    """The network after so many steps, the losses before each of them, and at which step it leaves all bounds."""
    net = network(state)
    optimizer, losses = torch.optim.SGD(net.parameters(), lr=state["learning_rate"]), []
    for step in range(count):
        before = [p.detach().clone() for p in net.parameters()]
        optimizer.zero_grad()
        loss = loss_of(net, state)
        loss.backward()
        optimizer.step()
        if not loss.isfinite() or not all((p.abs() <= hidden_units.FARTHEST).all() for p in net.parameters()):
            with torch.no_grad():
                for p, value in zip(net.parameters(), before, strict=True):
                    p.copy_(value)
            return net, losses, step + 1
        losses.append(loss.item())
    return net, losses, -1


def runs_in_torch(states, count):
    """Runs that differ only in points and seed, all at once: parameters, losses, and the gradient of each step."""
    X, y = (torch.tensor([state[name] for state in states], **FLOAT) for name in "Xy")
    starts = [parameters(network(state)) for state in states]
    weights = [torch.stack(values).requires_grad_() for values in zip(*starts, strict=True)]
    optimizer, losses, path, gradients = torch.optim.SGD(weights, lr=states[0]["learning_rate"]), [], [], []
    for _ in range(count + 1):
        path.append([value.detach().clone() for value in weights])
        W1, b1, W2, b2 = weights
        h = MODULES[states[0]["activation"]](X[:, :, None] @ W1 + b1[:, None])
        o = (h @ W2[:, :, None])[:, :, 0] + b2[:, None]
        losses.append(nn.MSELoss(reduction="none")(o, y).mean(dim=1) / 2)
        optimizer.zero_grad()
        losses[-1].sum().backward()
        gradients.append([value.grad.clone() for value in weights])
        if len(gradients) == 1:
            sizes = sizes_of_terms(X, (o - y).detach().abs(), h.detach().abs(), W2.detach().abs())
        if len(losses) <= count:
            optimizer.step()
    return path, torch.stack(losses, dim=1).detach(), gradients[0], sizes


def sizes_of_terms(X, error, h, W2):
    """The mean size of what the gradient of the mean loss adds up, for each parameter.

    What a unit puts out, small as it may be, is itself a difference: PyTorch's GELU is exact to 1e-16.
    """
    h, back = h.clamp(min=1), error[:, :, None] * W2[:, None] * 1.2  # no derivative of an activation function is larger
    return [(back * X.abs()[:, :, None]).mean(dim=1)[:, None], back.mean(dim=1), (error[:, :, None] * h).mean(dim=1),
            error.mean(dim=1)]


def column(found, key, index=None):
    return [now[key] if index is None else now[key][index] for now in found]


def check_function(found, net, about):
    """The curves that are drawn are the network's: their sum, and each unit's part."""
    x, o = torch.tensor(found["sum"], **FLOAT).T
    W1, b1, W2, _ = parameters(net)
    with torch.no_grad():
        check_close(o.tolist(), net(x[:, None])[:, 0], about=about)
        for k, points in enumerate(found["units"]):
            x, value = torch.tensor(points, **FLOAT).T
            check_close(value.tolist(), net[1](x * W1[0, k] + b1[k]) * W2[k], about=about)


def test_runs_are_those_of_pytorch(script, draw):
    for _ in range(GROUPS):
        states, count = alike(draw), draw.randint(0, 20)
        found = script(RUN, states, [count] * ALIKE)
        about = {key: states[0][key] for key in ("num_hiddens", "activation", "learning_rate")} | {"count": count}
        path, losses, gradients, sizes = runs_in_torch(states, count)
        for i, name in enumerate(PARAMETERS):
            check_close(column(found, "start", i), path[0][i], LAST_BIT, about)
            check_close(column(found, name), path[-1][i], about=about)
            difference = torch.tensor(column(found, "grad", i), **FLOAT) - gradients[i]
            assert (difference.abs() <= 1e-9 * sizes[i].clamp(min=1e-9)).all(), f"gradient of {name}: {about}"
        check_close(column(found, "first"), losses[:, 0], about=about)
        check_close(column(found, "losses"), losses[:, :-1], about=about)
        check_close(column(found, "last"), losses[:, -1], about=about)
        W1, b1, W2, b2 = path[-1]
        check_close([now["line"]["W"] for now in found], (W1[:, 0] * W2).sum(dim=1), about=about)
        check_close([now["line"]["B"] for now in found], (b1 * W2).sum(dim=1) + b2, about=about)
        assert all(now["step"] == count and now["diverged_at"] == -1 for now in found), about


def test_the_curves_are_those_of_the_network(script, draw):
    states = [a_state(draw, draw.choice([None, 1, 5])) for _ in range(100)]
    for state, found in zip(states, script(LOOK, states), strict=True):
        check_function(found, network(state), state)


def test_divergence_is_that_of_pytorch(script, draw):
    states = [a_state(draw, activation=draw.choice(["relu", "identity", "gelu"]), learning_rate=draw.uniform(1, 10))
              for _ in range(300)]
    found = script("(states) => states.map((s) => stepped({ ...s, ...initialNetwork(s.seed, 1, s.num_hiddens) }, "
                   "derive({ ...s, ...initialNetwork(s.seed, 1, s.num_hiddens) }, null), 20))", states)
    diverged = 0
    for state, now in zip(states, found, strict=True):
        net, losses, at = run_in_torch(state, 20)
        assert (now["diverged_at"], now["step"]) == (at, len(losses)), state
        diverged += at >= 0
    assert diverged > 20  # or this would have tested little


def test_kinks_are_where_the_function_bends(script, draw):
    states = [a_state(draw) | {"activation": draw.choice(["relu", "leaky_relu"])} for _ in range(200)]
    for state, found in zip(states, script(LOOK, states), strict=True):
        net = network(state)
        W1, b1, W2, _ = parameters(net)
        check_close(found["kinks"], -b1 / W1[0], about=state)
        with torch.no_grad():
            inputs = net[0](torch.tensor(state["X"], **FLOAT)[:, None])
        dead = [k for k in range(state["num_hiddens"]) if state["activation"] == "relu" and (inputs[:, k] <= 0).all()]
        assert found["dead"] == dead
        left, right = found["sum"][0][0], found["sum"][-1][0]
        assert len(found["bends"]) == sum(left < kink < right for kink in (-b1 / W1[0]).tolist())
        # On both sides of a bend, close to it, the function has different slopes; between two it has one.
        edges = torch.tensor([left, *found["bends"], right], **FLOAT)
        for a, b in zip(edges, edges[1:]):
            x = torch.linspace(0.001, 0.999, 7, **FLOAT) * (b - a) + a
            with torch.no_grad():
                slopes = net(x[:, None])[:, 0].diff() / x.diff()
            check_close(slopes.tolist(), slopes[:1].expand(6), 1e-4, state)


def test_kinks_that_cancel_or_coincide_are_counted_once(script):
    def bends(W1, b1, W2, activation="relu"):
        state = BASE | {"activation": activation, "num_hiddens": len(b1), "W1": [W1], "b1": b1, "W2": W2, "b2": 0}
        return script("(s) => derive(s, null).bends", state)

    assert bends([1, 1], [0.5, 0.5], [1, 2]) == [-0.5]
    assert bends([1, 1], [0.5, 0.5], [1, -1]) == []
    assert bends([1, -1], [0.5, -0.5], [1, -1], "leaky_relu") == []
    assert bends([1, 2, 0], [-1, 8, 1], [1, 1, 1]) == [1]  # one is beyond the picture, one has no kink
    assert bends([1, 2], [-1, 0], [0, 1]) == [0]  # a unit that adds nothing
    assert bends([1, 2], [-1, 0], [1, 1], "tanh") == bends([1, 2], [-1, 0], [1, 1], "identity") == []


def test_the_picture_without_an_activation_function_is_a_line(script, draw):
    states = [a_state(draw) | {"activation": "identity"} for _ in range(50)]
    for state in states:
        (x0, o0), *between, (x1, o1) = script(LOOK, [state])[0]["sum"]
        for x, o in between:
            assert o == pytest.approx(o0 + (o1 - o0) * (x - x0) / (x1 - x0), abs=1e-9 * max(1, abs(o0), abs(o1)))
    html = script("(s) => widget.still(s, 'en')", BASE | {"activation": "identity", "num_hiddens": 2, "W1": [[2, 1]],
                                                          "b1": [1, -2], "W2": [1, -0.5], "b2": 0.25})
    assert "<i>o</i> = 1.5 · <i>x</i> + 2.25" in html


def test_a_moved_mark_moves_the_kink_and_starts_anew(script, draw):
    state = BASE | {"step": 7, "losses": [1.0] * 7, "diverged_at": 8}
    for _ in range(50):
        k, place = draw.randrange(4), draw.uniform(-3, 3)
        now = script("(s, k, place) => { const c = withKink(derive(s, null), k, place);"
                     " return { ...c, kinks: derive({ ...s, ...c }, null).kinks }; }", state, k, place)
        assert now["kinks"][k] == pytest.approx(place, abs=1e-12) and now["selected"] == k
        assert now["W1"] == state["W1"] and now["W2"] == state["W2"]
        assert (now["step"], now["losses"], now["every"], now["diverged_at"]) == (0, [], 1, -1)
    grabbed = "(s, far) => moveMark(s, derive(s, null), { k: 2, x: 0.5, from: 1 }, { x: 1 + far })"
    pick = "(s) => widget.spec.drag.sum.pick(s, derive(s, null), { k: 2 }, {}, (key) => key).selected"
    assert script(pick, state) == 2  # pressed, but not moved
    assert script("(s) => moveMark(s, derive(s, null), { k: 9, x: 0, from: 0 }, { x: 1 })", state) is None  # it has gone
    assert -script(grabbed, state, 0.25)["b1"][2] / state["W1"][0][2] == pytest.approx(0.75)


def test_extreme_weights_and_points_are_drawn(script, draw):
    hard = [0, -0.0, 1e-320, 1e-9, 1, -1, 1e6, -1e6]
    for _ in range(300):
        h, points = draw.randint(1, 12), draw.choice([[[1], [1]], [[0, 0], [2, 2]], [[1e6, -1e6, 0], [1e6, -1e6, 0]],
                                                      [[1e-300, 0], [0, 1e-300]], [[5, 5 + 1e-15], [1, 1]]])
        state = BASE | {"X": points[0], "y": points[1], "num_hiddens": h, "activation": draw.choice(ACTIVATIONS),
                        "W1": [draw.choices(hard, k=h)], "b1": draw.choices(hard, k=h), "W2": draw.choices(hard, k=h),
                        "b2": draw.choice(hard), "selected": draw.randrange(12),
                        "losses": draw.choices([0, 1e300, 1], k=3)}
        for language in ("en", "ko"):
            html = script("(s, l) => widget.still(s, l)", state, language)
            assert not any(word in html for word in ("NaN", "Infinity", "undefined", "null")), state
        script("(s) => { const t = () => ''; return widget.spec.table(s, derive(s, null), t); }", state)


def test_what_a_reader_does_at_any_time_leaves_a_state_that_python_takes(script, draw):
    names = script("widget.spec.controls.map((c) => [c.kind, c.name])")
    state, widget = BASE, HiddenUnits()
    do = """(s, name, part) => {
      const t = (key) => key, d = derive(s, null), c = widget.spec.controls.find((c) => c.name === name);
      if ((c.shown && !c.shown(s, d)) || (c.enabled && !c.enabled(s, d)) || c.kind === "speed") return {};
      if (c.kind === "button") return widget.spec.actions[name](s, d, t);
      if (c.kind === "play") return widget.spec.play.tick(s, d, t, Math.floor(part * 300)) ?? {};
      const all = c.kind === "choice" ? c.options(s, d, t).map(([value]) => value) : null;
      const [low, high] = all ? [] : [bound(c, "min", s, d), bound(c, "max", s, d)];
      const value = all ? all[Math.floor(part * all.length)] : admitted(c, low + part * (high - low), s, d);
      return c.set ? c.set(s, d, value, t) : { [name]: value };
    }"""
    for _ in range(400):
        kind, name = draw.choice(names)
        changes = script(do, state, name, draw.choice([0, 0.5, 0.999, draw.random()]))
        changes = {key: value for key, value in changes.items() if key not in ("say", "tell")}
        state = state | changes
        widget.set_state(changes)
        assert {key: state[key] for key in script("widget.spec.traits")} == {
            key: value for key, value in state_of(widget).items() if key in state and key not in ("language", *OTHERS)}
        html = script("(s) => widget.still(s, 'en')", state)
        assert not any(word in html for word in ("NaN", "Infinity", "undefined"))


OTHERS = ("layout", "tooltip", "tabbable")


def test_the_run_ends_after_so_many_steps(script):
    assert script("[MOST_STEPS, FARTHEST, MOST_HIDDENS, LARGEST_SEED]") == [
        hidden_units.MOST_STEPS, hidden_units.FARTHEST, hidden_units.MOST_HIDDENS, hidden_units.LARGEST_SEED]
    assert script("MOST_EXAMPLES") == hidden_units.MOST_EXAMPLES
    assert script("Object.keys(TARGETS)") == [*TARGETS, "own"]
    assert sorted(script("[...Object.keys(NAMES), 'identity']")) == sorted(ACTIVATIONS)
    state = BASE | {"step": hidden_units.MOST_STEPS - 5}
    tick = "(s) => widget.spec.play.tick(s, derive(s, null), (key) => key, 50)"
    last = script(tick, state)
    assert last["step"] == hidden_units.MOST_STEPS and last.pop("tell") == ""
    assert "most_steps" in script("(s) => told(s, derive(s, null), (key) => key)", state | last)
    assert script(tick, state | {"step": hidden_units.MOST_STEPS}) is None


def test_defaults_learn_in_the_steps_that_the_page_names(script):
    end = script("(s) => { const d = derive(s, null); return [200, 1000, 2000].map((n) => {"
                 " const c = stepped(s, d, n); return derive({ ...s, ...c }, null).loss; }); }", BASE)
    net, losses, _ = run_in_torch(BASE, 2001)
    check_close(end, torch.tensor([losses[n] for n in (200, 1000, 2000)], **FLOAT), 1e-6)
    assert [f"{loss:.4g}" for loss in end] == ["0.1676", "0.02626", "0.004179"]


# ---- points by hand ----

POINTS = """
  const words = wordsOf(widget.spec, "en"), d = derive(s, null);
  const at = (x, y) => {
    const plot = drawSum(s, d, words, { width: 340, height: 289 });
    return { x, y, touch: false, pixelsTo: (u, v) => Math.hypot(plot.X(u) - plot.X(x), plot.Y(v) - plot.Y(y)) };
  };
  const drag = widget.spec.drag.sum;
"""


def test_a_point_changed_by_hand_is_ones_own(script, draw):
    move = f"""(s, from, to) => {{ {POINTS}
      const held = drag.grab(s, d, at(...from));
      return held && {{ ...s, ...drag.move(s, d, held, at(...to), words) }}; }}"""
    for name, (X, y) in BASE["targets"].items():
        s = BASE | {"target": name, "X": X, "y": y, "tool": "points", "step": 7, "losses": [1.0] * 7}
        i = draw.randrange(len(X))
        now = script(move, s, [X[i], y[i]], [0.5, 0.25])
        index = now["point"]  # (two points of the zigzag can be as near)
        assert abs(X[index] - X[i]) < 0.1 and now["X"][index] == pytest.approx(0.5, abs=0.1)
        assert now["X"][:index] == X[:index] and now["y"][index + 1:] == y[index + 1:]
        assert now["target"] == "own" and now["targets"]["own"] == [now["X"], now["y"]] and now["step"] == 0
        assert now["targets"][name] == [X, y] and now["W1"] == s["W1"]
    assert script(move, BASE, [X[5], y[5]], [0.5, 0.25]) is None  # while marks are moved, points stay


def test_points_are_added_and_removed(script):
    tap = f"(s, x, y) => {{ {POINTS} return drag.tap(s, d, at(x, y), words); }}"
    act = f"(s, name) => {{ {POINTS} return widget.spec.actions[name](s, d, words); }}"
    s = BASE | {"tool": "points"}
    two = script(act, s, "clear")
    assert (two["X"], two["y"]) == ([-3, 3], [s["y"][0], s["y"][-1]]) and two["target"] == "own"
    s = s | two
    three = script(tap, s, 0.5, 0.5)
    assert three["X"] == [-3, 3, pytest.approx(0.5, abs=0.01)] and three["point"] == 2 and "Point 3 added" in three["say"]
    assert three["targets"]["own"] == [three["X"], three["y"]]
    assert script(tap, BASE, 0.5, 0.5) is None and script(tap, s, 50, 0.5) is None
    assert script(act, s | three, "remove")["X"] == [-3, 3]
    assert script(act, s | {"point": 0}, "remove") == {"say": "At least 2 points must stay."}
    many = s | {"X": [float(i) for i in range(200)], "y": [0.0] * 200}
    assert script(tap, many, 100, 0.1) == {"say": "There are 200 points, as many as this picture takes."}


def test_the_picture_stays_while_points_are_changed_in_it(script):
    window = """(s, changes) => {
      const last = { s, d: derive(s, null) }, d = derive({ ...s, ...changes }, last);
      return [last.d.across, last.d.upwards, d.across, d.upwards];
    }"""
    s = BASE | {"tool": "points"}
    fewer = {"X": [0, 1], "y": [0, 0.5], "target": "own"}
    before = script(window, s, fewer)
    assert before[:2] == before[2:]
    across, upwards = script(window, s, {"X": [0, 100], "y": [0, 50]})[2:]
    assert across[1] > 100 and upwards[1] > 50
    assert script(window, BASE, fewer)[2][1] < 2


# ---- in Python ----


def test_weights_are_those_of_nn_linear_and_nothing_else_is_drawn(draw):
    for _ in range(50):
        h, seed = draw.randint(1, 12), draw.randrange(2**32)
        before = torch.random.get_rng_state()
        widget = HiddenUnits(num_hiddens=h, seed=seed)
        assert torch.equal(torch.random.get_rng_state(), before)
        expected = parameters(network({"seed": seed, "num_hiddens": h, "activation": "relu"}))
        assert [getattr(widget, name) for name in PARAMETERS] == [value.tolist() for value in expected]


def test_targets_are_points_with_three_decimals():
    for name, (X, y) in example_targets().items():
        assert len(X) == len(y) == 41 and X[0] == -3 and X[20] == 0 and X[-1] == 3
        assert [round(value, 3) for value in X + y] == X + y and max(map(abs, y)) <= 1
        widget = HiddenUnits(target=name)
        assert (widget.target, widget.X, widget.y, list(widget.targets)) == (name, X, y, list(TARGETS))
    assert example_targets()["step"][1] == [-1.0] * 21 + [1.0] * 20


def played(**arguments):
    widget = HiddenUnits(**arguments)
    widget.set_state({"step": 5, "losses": [0.5] * 5, "diverged_at": 6})
    return widget


def test_setting_a_trait_starts_anew():
    for name, value in {"target": "bump", "num_hiddens": 3, "seed": 9, "activation": "tanh", "b1": [0, 0, 0, 1],
                        "W1": [[0, 0, 0, 1]], "W2": torch.ones(4), "b2": 3, "X": torch.arange(41.0)}.items():
        widget = played()
        weights = widget.W1
        setattr(widget, name, value)
        assert (widget.step, widget.losses, widget.every, widget.diverged_at) == (0, [], 1, -1), name
        assert (widget.W1 == weights) == (name not in ("num_hiddens", "seed", "W1")), name
        assert [widget.X, widget.y] == widget.targets[widget.target]
    assert widget.target == "own" and widget.X[40] == 40
    widget = played()
    widget.learning_rate = 0.1
    assert (widget.step, widget.diverged_at) == (5, -1)
    widget.reset()
    assert widget.step == 0
    widget = HiddenUnits(num_hiddens=12)
    widget.selected = 11
    widget.num_hiddens = 2
    assert widget.selected == 1 and len(widget.W1[0]) == len(widget.b1) == len(widget.W2) == 2


def test_what_a_program_answers_is_not_the_readers():
    widget = HiddenUnits()
    widget.observe(lambda change: setattr(widget, "num_hiddens", 6), names="activation")
    widget.set_state({"activation": "tanh", "step": 3})
    assert len(widget.b1) == len(widget.W2) == len(widget.W1[0]) == 6 and widget.step == 0


def test_what_the_reader_changes_is_not_answered_again():
    widget = HiddenUnits()
    weights = initial_weights(1, 7, 3)
    widget.set_state({"num_hiddens": 7, "seed": 3, "step": 12, "losses": [0.5] * 12, **weights})
    assert widget.step == 12 and len(widget.losses) == 12 and widget.W1 == weights["W1"]
    X, y = widget.targets["zigzag"]
    widget.set_state({"target": "zigzag", "X": X, "y": y, "step": 3})
    assert (widget.target, widget.step, widget.X) == ("zigzag", 3, X) and "own" not in widget.targets


def test_points_of_your_own():
    widget = HiddenUnits(X=torch.tensor([1.0, 2.0]), y=[3, 4.5])
    assert (widget.target, widget.X, widget.y, widget.targets["own"]) == ("own", [1, 2], [3, 4.5], [[1, 2], [3, 4.5]])
    widget.target = "sine"
    assert len(widget.X) == 41
    widget.set_data([0, 1, 2], [1, 1, 1])
    assert (widget.target, widget.X, widget.targets["own"]) == ("own", [0, 1, 2], [[0, 1, 2], [1, 1, 1]])
    widget.y = [2, 2, 3]
    assert widget.targets["own"] == [[0, 1, 2], [2, 2, 3]]
    assert HiddenUnits(X=[1], y=[1]).X == [1]
    widget.point = 2
    widget.target = "bump"
    assert widget.point == -1


def test_points_that_the_reader_changed_come_in_one_message():
    widget = HiddenUnits()
    own = [[0, 1, 2], [3, 4, 5]]
    widget.set_state({"X": own[0], "y": own[1], "point": 2, "targets": widget.targets | {"own": own}, "target": "own"})
    assert [widget.X, widget.y] == own and (widget.target, widget.point) == ("own", 2)


@pytest.mark.parametrize("arguments, error, message", [
    ({"X": [1.0]}, ValueError, "X and y must be given together, got no y"),
    ({"y": [1.0]}, ValueError, "X and y must be given together, got no X"),
    ({"X": [], "y": []}, ValueError, "X must hold at least one number, got none"),
    ({"X": [1.0, 2.0], "y": [1.0]}, ValueError, "X and y must be of equal length, got 2 rows and 1 labels"),
    ({"X": [[1.0], [2.0]], "y": [1.0, 2.0]}, ValueError, "X must have 1 axes, got 2"),
    ({"X": [1.0, math.nan], "y": [1.0, 2.0]}, ValueError, "X must be finite, got nan at position [1]"),
    ({"X": [1.0, 2.0], "y": [1.0, -2e6]}, ValueError, "y must hold numbers from -1e+06 to 1e+06, got -2e+06"),
    ({"X": [0.0] * 201, "y": [0.0] * 201}, ValueError, "X must hold at most 200 examples, got 201"),
    ({"X": "abc", "y": [1.0]}, TypeError, "X must be a list of numbers, got 'abc'"),
    ({"target": "own"}, traitlets.TraitError, "target can be 'own' only with points of your own"),
    ({"X": [0, 1e-310], "y": [0, 1]}, ValueError, "X must hold numbers that differ by at least 1e-80"),
    ({"target": "bogus", "X": [0, 1], "y": [0, 1]}, traitlets.TraitError, "target must be one of"),
    ({"target": "line"}, traitlets.TraitError,
     "target must be one of 'sine', 'step', 'bump', 'zigzag', 'own', got 'line'"),
    ({"num_hiddens": 13}, traitlets.TraitError, "num_hiddens must be a whole number from 1 to 12, got 13"),
    ({"num_hiddens": 2.5}, traitlets.TraitError, "num_hiddens must be a whole number from 1 to 12, got 2.5"),
    ({"activation": "ReLU"}, traitlets.TraitError, "activation must be one of 'relu'"),
    ({"learning_rate": 0}, traitlets.TraitError, "learning_rate must be a finite number from 0.0001 to 10, got 0"),
    ({"seed": -1}, traitlets.TraitError, "seed must be a whole number from 0 to 4.29497e+09, got -1"),
    ({"seed": True}, traitlets.TraitError, "seed must be a whole number"),
])
def test_bad_arguments_are_refused(arguments, error, message):
    with pytest.raises(error) as caught:
        HiddenUnits(**arguments)
    assert message in str(caught.value)


@pytest.mark.parametrize("name, value, message", [
    ("X", [1.0, 2.0], "X and y must be of equal length, got 2 rows and 41 labels (set both at once by set_data(X, y))"),
    ("X", [], "X must hold at least one number, got none"),
    ("target", "own", "target can be 'own' only with points of your own"),
    ("W1", [1.0] * 4, "W1 must have 2 axes, got 1"),
    ("W1", [[1.0] * 3], "W1 must have shape (1, 4), got (1, 3)"),
    ("b1", [1.0] * 5, "b1 must have shape (4,), got (5,)"),
    ("W2", [], "W2 must have shape (4,), got (0,)"),
    ("W2", [0.0, 0.0, 0.0, 2e6], "W2 must hold numbers from -1e+06 to 1e+06"),
    ("b2", math.inf, "b2 must be a finite number from -1e+06 to 1e+06, got inf"),
    ("selected", 4, "selected must be below num_hiddens = 4, got 4"),
    ("point", 41, "point must be the index of a point, 0 to 40, or -1 for none, got 41"),
    ("tool", "line", "tool must be one of 'marks', 'points', got 'line'"),
    ("step", 20_001, "step must be a whole number from 0 to 20000, got 20001"),
    ("targets", {}, "targets"),
])
def test_bad_values_are_refused_later_too_and_change_nothing(name, value, message):
    widget = played()
    before = state_of(widget)
    with pytest.raises((traitlets.TraitError, ValueError)) as caught:
        setattr(widget, name, value)
    assert message in str(caught.value)
    assert state_of(widget) == before


def test_bad_data_are_refused_by_set_data_and_change_nothing():
    widget = played()
    before = state_of(widget)
    with pytest.raises(ValueError, match="X and y must be of equal length, got 2 rows and 3 labels"):
        widget.set_data([1, 2], [1, 2, 3])
    assert state_of(widget) == before


def test_another_number_of_units_comes_with_its_weights():
    w = HiddenUnits()
    w.num_hiddens, w.selected = 5, 4
    before = w.get_state()
    weights = initial_weights(1, 2, 0)
    for message, told in (({"num_hiddens": 2}, "W1 for as many units, got 2 and 5"), ({"num_hiddens": 2, **weights}, "selected below it, got 2 and 4")):
        with pytest.raises(traitlets.TraitError, match=f"num_hiddens must come with {told}"):
            w.set_state(message)
        assert w.get_state() == before
    w.set_state({"num_hiddens": 2, **weights, "selected": 1})
    assert (w.num_hiddens, w.selected, len(w.b1)) == (2, 1, 2)
