"""The widget SGDSteps: what it computes against PyTorch, and what it refuses."""

import random
import re

import numpy as np
import pytest
import torch
import traitlets

from helpers.losses import squared_loss
from helpers.minibatches import Minibatches
from helpers.sgd import SGD
from helpers.widgets.sgd_steps import SGDSteps
from tests.javascript import Script, check_close, fresh_seed
from tests.widget_messages import messages_of

CONFIGURATIONS = 1000
SEED = fresh_seed()

RUN = """(states, counts) => states.map((s, i) => {
  const first = derive(s, null), changes = stepped(s, first, counts[i]), d = derive({ ...s, ...changes }, { s, d: first });
  return { ...changes, losses: d.losses, rows: d.rows, gradient: d.gradient, full: d.fullGradient, next: d.next,
           best: d.bowl.best, lowest: d.bowl.loss, curvatures: [d.bowl.lowest, d.bowl.highest], limit: d.bowl.limit,
           steep: d.bowl.steep, diverged: d.divergedAt, epoch: d.epoch };
})"""


@pytest.fixture(scope="module")
def script():
    return Script.of("sgd_steps")


@pytest.fixture(params=[SEED], ids="seed={}".format)
def draw(request):
    return random.Random(request.param)


def a_state(draw):
    """Random data and settings, as the traits of a widget."""
    n = draw.choice([2, 3, 5, 17, 40])
    middle, width = draw.uniform(-3, 3), 10 ** draw.uniform(-1, 1)
    X = [draw.gauss(middle, width) for _ in range(n)]
    y = [draw.uniform(-2, 2) * x + draw.gauss(0, 10 ** draw.uniform(-2, 1)) for x in X]
    return {"X": X, "y": y, "standardised": draw.random() < 0.5, "learning_rate": 10 ** draw.uniform(-3, 0.3),
            "batch_size": draw.randint(1, n), "seed": draw.randrange(2**32), "start": [draw.gauss(0, 3), draw.gauss(0, 3)]}


def the_feature(state):
    X = torch.tensor(state["X"], dtype=torch.float64)[:, None]
    return (X - X.mean()) / X.std(correction=0) if state["standardised"] else X


def run_in_torch(state, count):
    """The same steps with the helpers of the book: path, losses, and the gradients of the step after."""
    X, y = the_feature(state), torch.tensor(state["y"], dtype=torch.float64)
    w, b = (torch.tensor([value], dtype=torch.float64, requires_grad=True) for value in state["start"])
    optimizer, batches = SGD([w, b], state["learning_rate"]), Minibatches(X, y, state["batch_size"], state["seed"])
    path, losses = [torch.cat([w, b]).detach().clone()], [squared_loss(X @ w + b, y).mean().item()]
    limit = 1000 * max(losses[0], y.var(correction=0).item() / 2)
    while True:
        for X_batch, y_batch in batches:
            optimizer.zero_grad()
            squared_loss(X_batch @ w + b, y_batch).mean().backward()
            gradient = torch.cat([w.grad, b.grad])
            if len(path) > count or losses[-1] > limit:
                return torch.stack(path), losses, gradient, X_batch, y_batch
            optimizer.step()
            path.append(torch.cat([w, b]).detach().clone())
            losses.append(squared_loss(X @ w + b, y).mean().item())


def test_steps_are_those_of_pytorch(script, draw):
    states = [a_state(draw) for _ in range(CONFIGURATIONS)]
    counts = [draw.randint(0, 12) for _ in states]
    found = script(RUN, [{**s, "path": [s["start"]], "rates": []} for s in states], counts)
    for state, count, now in zip(states, counts, found, strict=True):
        path, losses, gradient, X_batch, y_batch = run_in_torch(state, count)
        check_close(now["path"], path, about=state)
        check_close(now["losses"], torch.tensor(losses, dtype=torch.float64), about=state)
        assert (now["diverged"] >= 0) == (len(path) <= count) or losses[-1] > 1000 * losses[0], state
        assert now["rates"] == [state["learning_rate"]] * (len(path) - 1)
        # A gradient near the minimum is a small difference of large terms: it is as exact as they are.
        X, y = the_feature(state), torch.tensor(state["y"], dtype=torch.float64)
        check_close([state["y"][i] for i in now["rows"]], y_batch, 0, state)
        for slopes, (features, labels) in ((now["gradient"], (X_batch, y_batch)), (now["full"], (X, y))):
            error = features[:, 0] * path[-1, 0] + path[-1, 1] - labels
            terms = torch.stack([features[:, 0] * error, error], dim=1)
            scale = terms.abs().mean(dim=0).clamp(min=1)
            assert ((torch.tensor(slopes, dtype=torch.float64) - terms.mean(dim=0)).abs() <= 1e-9 * scale).all(), state
        check_close(now["next"], path[-1] - state["learning_rate"] * torch.tensor(now["gradient"], dtype=torch.float64), about=state)


def test_the_bowl_is_that_of_linear_algebra(script, draw):
    states = [a_state(draw) for _ in range(CONFIGURATIONS)]
    found = script(RUN, [{**s, "path": [s["start"]], "rates": []} for s in states], [0] * len(states))
    for state, now in zip(states, found, strict=True):
        X, y = the_feature(state), torch.tensor(state["y"], dtype=torch.float64)
        columns = torch.cat([X, torch.ones_like(X)], dim=1)
        best = torch.linalg.lstsq(columns, y, driver="gelsd").solution
        check_close(now["best"], best, about=state)
        check_close(now["lowest"], squared_loss(columns @ best, y).mean(), about=state)
        second = columns.T @ columns / len(X)
        values, vectors = torch.linalg.eigh(second)
        assert torch.allclose(torch.tensor(now["curvatures"], dtype=torch.float64), values, rtol=1e-9, atol=1e-12 * values[1].item()), state
        assert abs(now["limit"] * values[1].item() - 2) < 1e-9
        if values[1] > 1.001 * values[0]:  # in a round bowl any direction is as good as another
            steep = torch.tensor(now["steep"], dtype=torch.float64)
            assert torch.allclose(second @ steep, values[1] * steep, rtol=1e-6, atol=1e-6), state


def test_contour_lines_have_the_loss_they_stand_for(script, draw):
    for state in [a_state(draw) for _ in range(50)]:
        bowl, points = script("""(s) => { const { bowl } = dataOf(s); return [bowl.loss, contour(bowl, 3)]; }""", state)
        X, y = the_feature(state), torch.tensor(state["y"], dtype=torch.float64)
        losses = [squared_loss(X[:, 0] * w + b, y).mean() for w, b in torch.tensor(points, dtype=torch.float64)]
        check_close(losses, torch.full((len(points),), bowl + 3, dtype=torch.float64), 1e-6, state)


def test_a_map_does_not_move_under_the_hand(script):
    drag = """(s, places) => {
      let d = derive(s, null, null), now = s;
      const first = d.region, drag = widget.spec.drag.surface;
      for (const [x, y] of places) {
        const next = { ...now, ...drag.move(now, d, "start", { x, y }) };
        d = derive(next, { s: now, d }, "start");
        now = next;
      }
      return { start: now.start, first, last: d.region };
    }"""
    state = a_state(random.Random(1))
    s = {**state, "path": [state["start"]], "rates": []}
    now = script(drag, s, [[1e9 * k, -1e9 * k] for k in range(1, 600)])
    assert now["first"] == now["last"]
    assert now["start"] == pytest.approx([now["first"]["x"][1], now["first"]["y"][0]], rel=1e-2)


@pytest.mark.parametrize("X, y, standardised", [
    ([-1e12, 1e12, 3], [1e12, -1e12, 0], False), ([0, 1e-79, 2e-79], [0, 1, 2], False), ([0, 1e-79, 2e-79], [0, 1, 2], True),
    ([1e12 - 2, 1e12 - 1, 1e12], [0, 1, 3], False), ([0, 1, 2], [0, 1e-79, 3e-79], True), ([1, 2, 3], [5, 5, 5], True),
])
def test_extreme_data_are_drawn(script, X, y, standardised):
    widget = SGDSteps(X, y, standardised=standardised, start=(1e12, -1e12), learning_rate=1e-30)
    state = {key: value for key, value in widget.get_state().items() if not key.startswith("_")}
    step = "s => { const d = derive(s, null); return { ...s, ...stepped(s, d, 3) }; }"
    for s in state, script(step, state), script(step, {**state, "learning_rate": 1e12}):
        html = script("s => widget.still(s, 'en')", s)
        assert not re.search("NaN|Infinity|undefined|null", html)


def test_a_step_back_is_a_step_undone(script, draw):
    for state in [{**a_state(draw), "rates": [], "y_name": "y", "x_name": "x"} for _ in range(20)]:
        state["path"] = [state["start"]]
        there = script("s => stepped(s, derive(s, null), 3)", state)
        back = script("""s => { const { tell, ...changes } = widget.spec.actions.back(s, derive(s, null), wordsOf(widget.spec, "en"));
                      return changes; }""", {**state, **there})
        assert back == {"path": there["path"][:-1], "rates": there["rates"][:-1]}


def test_other_units_are_the_same_line(script, draw):
    for state in [a_state(draw) for _ in range(50)]:
        w, b = state["start"]
        other = script("s => converted(s.start, scaled(s), !s.standardised)", state)
        y_hat = the_feature(state) * w + b
        check_close((the_feature({**state, "standardised": not state["standardised"]}) * other[0] + other[1]).tolist(), y_hat)


def test_divergence_is_named_with_its_step(script):
    state = {"X": [0, 1], "y": [0, 1], "standardised": False, "learning_rate": 3, "batch_size": 2, "seed": 0,
             "start": [5, 5], "path": [[5, 5]], "rates": [], "x_name": "x", "y_name": "y"}
    now = script(RUN, [state], [100])[0]
    assert len(now["path"]) == now["diverged"] + 1 < 20
    assert now["losses"][-1] > 1000 * now["losses"][0] >= now["losses"][-2]
    code = """s => { const d = derive(s, null), t = wordsOf(widget.spec, "en"); return [told(s, d, t), readout(s, d, t)]; }"""
    words, read = script(code, {**state, "path": now["path"], "rates": now["rates"]})
    assert f"at step {now['diverged']} " in words
    assert f"in epoch {now['diverged']}." in read  # (a step is an epoch here)


# ---- in Python ----

X, Y = torch.tensor([[1.0], [2.0], [4.0]]), torch.tensor([1.0, 3.0, 2.0])


def test_a_run_starts_at_the_start():
    w = SGDSteps(X, Y, batch_size=2, start=(3, 4))
    assert w.path == [[3, 4]] and w.rates == [] and w.X == [1, 2, 4] and w.y == [1, 3, 2]


@pytest.mark.parametrize("name, value", [("seed", 5), ("batch_size", 1), ("start", (1, 1)), ("standardised", False)])
def test_what_makes_a_run_another_one_starts_it_anew(name, value):
    w = SGDSteps(X, Y, batch_size=2)
    w.set_state({"path": [[0, 0], [1, 1]], "rates": [0.1]})
    setattr(w, name, value)
    assert w.path == [list(w.start)] and w.rates == []


def test_a_learning_rate_can_change_on_the_way():
    w = SGDSteps(X, Y, batch_size=2)
    w.set_state({"path": [[0, 0], [1, 1]], "rates": [0.1]})
    w.learning_rate = 0.5
    assert len(w.path) == 2


def test_what_the_reader_did_is_not_undone():
    # one message may bring a new seed and the steps taken since
    w = SGDSteps(X, Y, batch_size=2)
    w.set_state({"seed": 9, "path": [[0, 0], [1, 1]], "rates": [0.1]})
    assert w.seed == 9 and w.path == [[0, 0], [1, 1]]


def test_other_data_come_both_at_once():
    w = SGDSteps(X, Y, batch_size=3)
    w.set_data([1, 2], [3, 4])
    assert (w.X, w.y, w.batch_size) == ([1, 2], [3, 4], 2)
    with pytest.raises(traitlets.TraitError, match="equal length.*set_data"):
        w.X = [1, 2, 3]
    assert w.X == [1, 2]


def test_one_message_brings_a_whole_state():
    w = SGDSteps(X, Y, batch_size=3)
    sent = messages_of(w)
    w.set_data([1, 2], [3, 4])
    w.seed = 5
    assert {"X", "y", "batch_size"} <= set(sent[0])
    assert all(("path" in state) == ("rates" in state) for state in sent)


@pytest.mark.parametrize("path, rates, message", [
    ([], [], r"path must hold 1 to 2001 pairs \(w, b\), got \[\]"),
    ([[1, 2, 3]], [], r"path must hold 1 to 2001 pairs"),
    ([[0, 0], [1, 1]], [], r"rates must hold one learning rate for each step of path, got 0 for 1"),
])
def test_a_path_has_its_rates(path, rates, message):
    w = SGDSteps(X, Y)
    with pytest.raises(traitlets.TraitError, match=message):
        w.set_state({"path": path, "rates": rates})
    assert (w.path, w.rates) == ([[0, 0]], [])


def test_numbers_of_numpy_are_numbers():
    w = SGDSteps(X, Y, batch_size=np.int64(2), learning_rate=np.float32(0.5))
    assert (w.batch_size, w.learning_rate) == (2, 0.5)


@pytest.mark.parametrize("arguments, error, message", [
    ({"X": [1, float("nan"), 2]}, ValueError, "X must be finite, got nan"),
    ({"y": [1, 2]}, ValueError, "X and y must be of equal length, got 3 rows and 2 labels"),
    ({"X": torch.ones(3, 2)}, ValueError, r"X must have a single feature, got 2 columns \(shape \(3, 2\)\)"),
    ({"X": [2, 2, 2]}, ValueError, r"X must hold at least two different values, got 3 example\(s\) at 2"),
    ({"X": "houses"}, TypeError, "X must be .*numbers.*, got 'houses'"),
    ({"X": list(range(501)), "y": list(range(501))}, ValueError, "X must hold at most 500 examples, got 501"),
    ({"batch_size": 4}, traitlets.TraitError, "batch_size must be at most n = 3, got 4"),
    ({"batch_size": 0}, traitlets.TraitError, "batch_size must be a whole number of at least 1, got 0"),
    ({"batch_size": 1.5}, traitlets.TraitError, "batch_size must be a whole number of at least 1, got 1.5"),
    ({"learning_rate": -1}, traitlets.TraitError, "learning_rate must be a finite number from 1e-30 to 1e[+]12, got -1"),
    ({"learning_rate": float("inf")}, traitlets.TraitError, "learning_rate must be a finite number .* got inf"),
    ({"learning_rate": "fast"}, traitlets.TraitError, "learning_rate must be a finite number .* got 'fast'"),
    ({"seed": -1}, traitlets.TraitError, "seed must be a whole number from 0 to .* got -1"),
    ({"start": (1, 2, 3)}, traitlets.TraitError, r"start must be a pair \(w, b\) .*, got \[1.0, 2.0, 3.0\]"),
    ({"start": (1e13, 0)}, traitlets.TraitError, r"start must be .* from -1e\+12 to 1e\+12, got"),
    ({"start": None}, TypeError, "start must be a list of numbers, got None"),
    ({"start": 5}, ValueError, "start must have 1 ax"),
    ({"seed": 10**400}, traitlets.TraitError, "seed must be a whole number"),
    ({"learning_rate": 10**400}, traitlets.TraitError, "learning_rate must be a finite number"),
    ({"X": [], "y": []}, ValueError, "X must hold at least two numbers, got none"),
    ({"X": [10**400, 1, 2]}, TypeError, "X must be .*numbers"),
    ({"X": torch.tensor([1j, 2, 3])}, TypeError, "X must be .*numbers"),
    ({"X": [1e200, 2e200, 0]}, ValueError, r"X must hold numbers from -1e\+12 to 1e\+12, got 2e\+200"),
    ({"X": [0, 1e-200, 2e-200]}, ValueError, "X must hold numbers that differ by at least 1e-80, or not at all"),
], ids=lambda value: str(value)[:40])
def test_what_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        SGDSteps(**{"X": X, "y": Y, "batch_size": 2, **arguments})


def test_a_start_far_out_stays_one_in_the_other_units(script):
    w = SGDSteps([0.5, 2.5], [0, 0], start=(1e12, 1e12), standardised=False)
    state = {name: getattr(w, name) for name in ("X", "y", "start", "standardised")}
    w.start = script("s => converted(s.start, scaled(s), true)", state)
    assert w.start == [1e12, 1e12]  # b + w · 1.5 would be more than Python takes


def test_a_path_begins_where_a_run_can_start():
    w = SGDSteps([0.5, 2.5], [0, 0])
    before = w.path
    with pytest.raises(traitlets.TraitError, match=r"path must begin with numbers from -1e\+12 to 1e\+12, got \[0.0, 1e\+308\]"):
        w.set_state({"path": [[0, 1e308]], "rates": []})
    assert w.path == before
