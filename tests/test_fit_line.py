"""The widget FitLine: what it computes against PyTorch, what a hand does, and what it refuses."""

import random
from fractions import Fraction

import pytest
import torch
import traitlets

from helpers.losses import squared_loss
from helpers.widgets.fit_line import FitLine
from tests.javascript import Script, check_close, fresh_seed

CONFIGURATIONS = 1000
SEED = fresh_seed()
LINE = """(states) => states.map(s => {
  const { loss, best, before } = derive(s, null, null);
  return { loss, best, before };
})"""
SHOWN = """(s, code) => {
  const d = derive(s, null, null), t = wordsOf(widget.spec, code);
  return widget.still(s, code) + tableMarkup(table(s, d, t)) + told(s, d, t);
}"""
# A mouse at a place of a picture of 700 × 392 pixels.
HAND = """const at = (d, x, y, touch = false) => {
  const plot = new Plot({ width: 700, height: 392 }, { x: d.across, y: d.upwards });
  return { x, y, touch, pixelsTo: (u, v) => Math.hypot(plot.X(u) - plot.X(x), plot.Y(v) - plot.Y(y)) };
}; const words = wordsOf(widget.spec, "en");"""
DRAG = f"""(s, places, touch) => {{
  {HAND}
  const [first, ...others] = places;
  let d = derive(s, null, null), now = s, axes = [d.across, d.upwards], stayed = true;
  const held = widget.spec.drag.line.grab(s, d, at(d, ...first, touch));
  if (held === null) return null;
  for (const place of [first, ...others]) {{
    const next = {{ ...now, ...widget.spec.drag.line.move(now, d, held, at(d, ...place, touch)) }};
    d = derive(next, {{ s: now, d }}, held);
    stayed &&= jsonOf([d.across, d.upwards]) === jsonOf(axes);
    now = next;
  }}
  d = derive(now, {{ s: now, d }}, null);
  const {{ X, y, w, b, selected }} = now;
  return {{ X, y, w, b, selected, stayed, across: d.across, upwards: d.upwards, best: d.best }};
}}"""
ACT = """(s, name) => widget.spec.actions[name](s, derive(s, null, null), wordsOf(widget.spec, "en"))"""


@pytest.fixture(scope="module")
def script():
    return Script.of("fit_line")


@pytest.fixture(params=[SEED], ids="seed={}".format)
def draw(request):
    return random.Random(request.param)


def state(X, y, **others):
    """The traits of a widget."""
    traits = {"w": 0.0, "b": 0.0, "x_name": "x", "y_name": "y", "errors": "lines", "best": True, "tool": "line",
              "selected": -1, "given": [X, y], "language": "en"}
    return {"X": X, "y": y, **traits, **others}


def some_points(draw, n=None, far=3.0):
    n = n or draw.choice([2, 3, 5, 17, 60, 300])
    middle, width = draw.uniform(-far, far), 10 ** draw.uniform(-1, 1)
    X = [draw.gauss(middle, width) for _ in range(n)]
    w, noise = draw.uniform(-2, 2), 10 ** draw.uniform(-2, 1)
    return X, [w * x + draw.gauss(far, noise) for x in X]


def tensors(s):
    return (torch.tensor(s[name], dtype=torch.float64) for name in ("X", "y"))


def columns_of(X):
    return torch.stack([X, torch.ones_like(X)], dim=1)


# ---- what is computed ----

def test_loss_and_best_line_are_those_of_pytorch(script, draw):
    states = [state(*some_points(draw), w=draw.gauss(0, 3), b=draw.gauss(0, 3)) for _ in range(CONFIGURATIONS)]
    for s, found in zip(states, script(LINE, states), strict=True):
        X, y = tensors(s)
        check_close(found["loss"], squared_loss(s["w"] * X + s["b"], y).mean(), about=s)
        line = torch.linalg.lstsq(columns_of(X), y, driver="gelsd").solution
        smallest = squared_loss(columns_of(X) @ line, y).mean()
        # How well two points with almost one x tell a slope is a matter of the data, not of the method.
        condition = torch.linalg.cond(columns_of(X)).item()
        check_close([found["best"]["w"], found["best"]["b"]], line, 1e-9 * max(1, condition / 1e3), s)
        check_close(found["best"]["loss"], smallest, 1e-9, s)
        assert found["best"]["unique"] and found["best"]["loss"] <= found["loss"] * (1 + 1e-12) + 1e-24


def test_the_best_line_of_the_houses(script, houses_state):
    X, y = tensors(houses_state)
    line = torch.linalg.lstsq(columns_of(X), y, driver="gelsd").solution
    found = script(LINE, [houses_state])[0]
    check_close([found["best"]["w"], found["best"]["b"]], line, 1e-12)
    assert round(found["loss"], 1) == 480.3 and round(found["best"]["loss"], 1) == 265.2
    assert [round(found["best"][key], 2) for key in "wb"] == [29.24, 21.32]


@pytest.fixture
def houses_state():
    from helpers.houses import house_sales

    houses = house_sales("train")
    widget = FitLine(houses.X[:, :1], houses.y, x_name="x_1 (1000 ft²)", y_name="y (1000 $)")
    return {name: getattr(widget, name) for name in state([0], [0])}


def exact_line(X, y):
    """Slope, height above the mean of X, and loss of the best line without any rounding."""
    X, y = [Fraction(x) for x in X], [Fraction(v) for v in y]
    n, mx, my = len(X), sum(X) / len(X), sum(y) / len(y)
    w = sum((x - mx) * (v - my) for x, v in zip(X, y, strict=True)) / sum((x - mx) ** 2 for x in X)
    return w, mx, my, sum((v - my - w * (x - mx)) ** 2 for x, v in zip(X, y, strict=True)) / (2 * n)


def test_data_far_from_zero(script, draw):
    """Where the mean is large against the spread, the digits are kept that the data have."""
    states, conditions = [], []
    for _ in range(200):
        conditions.append(10 ** draw.uniform(2, 9))
        X, y = some_points(draw, draw.choice([3, 5, 17, 40]))
        states.append(state([x + conditions[-1] for x in X], [v - conditions[-1] for v in y]))
    for s, far, found in zip(states, conditions, script(LINE, states), strict=True):
        w, middle, height, loss = exact_line(s["X"], s["y"])
        best = found["best"]
        assert best["w"] == pytest.approx(float(w), rel=1e-11, abs=1e-11)
        assert best["loss"] == pytest.approx(float(loss), rel=1e-9, abs=1e-12)
        # The intercept is far away: it is as exact as the slope lets it be.
        off = Fraction(best["w"]) * middle + Fraction(best["b"]) - height
        assert abs(off) <= 2e-14 * (1 + abs(float(w))) * far
        if far > 1e5:
            continue  # gelsd itself has lost too many digits
        X, y = tensors(s)
        line = torch.linalg.lstsq(columns_of(X), y, driver="gelsd", rcond=1e-15).solution
        condition = torch.linalg.cond(columns_of(X)).item()
        assert abs(best["w"] - line[0].item()) <= 1e-14 * condition * far, s


def test_points_above_one_place_have_many_best_lines(script, draw):
    for _ in range(50):
        x, y = draw.choice([0.1, -3.7, 1e12, 0]), [draw.gauss(0, 5) for _ in range(draw.choice([2, 3, 7, 100]))]
        s = state([x] * len(y), y, w=draw.gauss(0, 1), b=draw.gauss(0, 1))
        best = script(LINE, [s])[0]["best"]
        target = torch.tensor(y, dtype=torch.float64)
        assert not best["unique"] and best["middle"] == x
        check_close(best["loss"], squared_loss(target.mean().expand(len(y)), target).mean())
        shown = script(SHOWN, s, "en")
        assert "All points have the same x. Every line through" in shown and "not just one" in shown
        assert "bw-dashed" not in shown


def test_points_on_one_line_have_a_best_loss_of_zero(script, draw):
    for _ in range(100):
        X, _ = some_points(draw)
        w, b = draw.uniform(-5, 5), draw.uniform(-50, 50)
        s = state(X, [w * x + b for x in X], w=w, b=b)
        found = script("s => { const d = derive(s, null, null), t = wordsOf(widget.spec, 'en');"
                       " return [d.best, d.exact, verdict(d, t), told(s, d, t)]; }", s)
        assert found[0]["exact"] and found[1] and found[2] == "Your line passes through every point.", s
        assert "the best possible is 0" in found[3]
        assert "There is a line through all the points" in script(SHOWN, {**s, "b": b + 1}, "en")


def test_how_many_times_the_best(script):
    s = state([0, 1, 2], [0, 3, 0], w=0, b=1)  # the best line is y = 1
    assert "as good as the best" in script(SHOWN, s, "en")
    s["b"] = 2
    assert "Your loss is 1.5 times the best possible." in script(SHOWN, s, "en")
    assert "Loss 1.5, 1.5 times the best." in script(SHOWN, s, "en")
    assert "손실 1.5, 가능한 최솟값의 1.5배." in script(SHOWN, s, "ko")


def test_the_best_line_before_points_were_moved(script):
    s = state([0, 1, 2], [0, 1, 5], given=[[0, 1, 2], [0, 1, 2]])
    assert script(LINE, [s])[0]["before"]["w"] == pytest.approx(1)
    assert script(LINE, [s])[0]["best"]["w"] == pytest.approx(2.5)
    assert "Best line, original points" in script(SHOWN, s, "en") and "bw-dotted" in script(SHOWN, s, "en")
    assert "Best line, original points" not in script(SHOWN, {**s, "y": [0, 1, 2]}, "en")


HARD = [
    ([0, 0], [0, 0]), ([1e12, 1e12], [-1e12, 1e12]), ([0, 1e-300], [0, 1e12]), ([5e-324, 0], [5e-324, 0]),
    ([0, 1e-79], [1e12, -1e12]), ([1e12, 1e12 + 1e-3], [1, 2]), ([1, 1, 1], [2, 2, 2]), ([0.1] * 3, [0.3, 0.1, 0.2]),
    ([-1e12, 1e12, 0], [0, 0, 1e12]), ([1, 2, 3], [1e-300, 2e-300, 5e-300]), ([1, 2], [7, 7]),
    (list(range(500)), [i % 7 for i in range(500)]),
]


@pytest.mark.parametrize("X, y", HARD, ids=lambda value: str(value)[:30])
def test_nothing_but_numbers_is_shown(script, X, y):
    ways = ({"errors": "lines"}, {"errors": "squares", "tool": "points", "selected": 1},
            {"errors": "none", "given": [[0, 1], [0, 1]]})
    for w, b in (0, 0), (1e100, -1e100), (-1e100, 0), (3, 1e30), (1e-300, 0):
        for others in ways:
            s = state(X, y, w=w, b=b, **others)
            for language in "en", "ko":
                shown = script(SHOWN, s, language)
                assert not any(word in shown for word in ("NaN", "Infinity", "undefined", "null")), s


def test_names_are_shown_as_names(script):
    shown = script(SHOWN, state([1, 2], [3, 4], x_name="x_1 (1000 ft²)", y_name="<img>&"), "en")
    assert "<i>x</i><sub>1</sub>" in shown and "&lt;img&gt;&amp;" in shown and "<img" not in shown
    for name, letter in [("t", "<i>t</i>"), ("area in ft²", "<i>x</i>"), ("", "<i>x</i>"), ("<", "<i>x</i>"),
                         ("u_max", "<i>u</i><sub>max</sub>")]:
        assert script("letterOf", name) == letter


# ---- what a hand does ----

def a_place(draw, s, script):
    (left, right), (bottom, top) = script("s => { const d = derive(s, null, null); return [d.across, d.upwards]; }", s)
    return [draw.uniform(left - 1, right + 1), draw.uniform(bottom - 1, top + 1)]


def test_a_handle_turns_the_line_about_the_other_one(script, draw):
    for _ in range(100):
        X, y = some_points(draw, far=10 ** draw.uniform(0, 5))
        s = state(X, y, w=0.0, b=sum(y) / len(y))
        handles = script("s => derive(s, null, null).handles", s)
        part = draw.randrange(2)
        end = a_place(draw, s, script)
        now = script(DRAG, s, [[handles[part], s["b"]], end], draw.random() < 0.5)
        bottom, top = now["upwards"]
        fine = (top - bottom) / 1000  # a third of a pixel
        assert now["w"] * handles[1 - part] + now["b"] == pytest.approx(s["b"], abs=fine), (s, end)
        assert now["w"] * handles[part] + now["b"] == pytest.approx(min(max(end[1], bottom), top), abs=fine), (s, end)
        assert now["X"] == X and now["stayed"]


def test_the_line_between_them_shifts(script, draw):
    s = state([0, 10], [0, 10], w=0.5, b=2)
    now = script(DRAG, s, [[5, 4.5], [5, 7.5]], False)
    assert now["w"] == 0.5 and now["b"] == pytest.approx(5, abs=0.02)
    assert script(DRAG, s, [[5, 8]], False) is None  # far from it
    assert script(DRAG, s, [[-0.5, 1.75]], False) is None  # beyond the handles


def test_a_handle_out_of_sight_waits_at_the_edge(script):
    s = state([0, 10], [0, 10], w=100, b=0)
    handles, (_, top) = script("s => { const d = derive(s, null, null); return [d.handles, d.upwards]; }", s)
    now = script(DRAG, s, [[handles[1], top], [handles[1], 5]], True)
    assert now["w"] * handles[1] + now["b"] == pytest.approx(5, abs=0.6)


def test_a_point_is_dragged_and_the_axes_stay(script, draw):
    for _ in range(100):
        X, y = some_points(draw, draw.choice([2, 5, 17]))
        s = state([*X, 40.0], [*y, 500.0], tool="points", given=[X, y])  # one point has been put far outside
        end = a_place(draw, s, script)
        now = script(DRAG, s, [[40.0, 500.0], end], False)
        assert now["stayed"] and now["X"][:-1] == X and now["y"][:-1] == y and now["selected"] == len(X)
        places, heights = tensors(now)
        line = torch.linalg.lstsq(columns_of(places), heights, driver="gelsd").solution
        check_close([now["best"]["w"], now["best"]["b"]], line, 1e-7)
        (left, right), (bottom, top) = now["across"], now["upwards"]
        assert left <= now["X"][-1] <= right and bottom <= now["y"][-1] <= top


def test_a_tap_adds_a_point(script):
    tap = f"""(s, x, y) => {{
      {HAND}
      const d = derive(s, null, null);
      return widget.spec.drag.line.tap(s, d, at(d, x, y), words);
    }}"""
    s = state([0, 10], [0, 10], tool="points")
    changes = script(tap, s, 5, 8)
    assert changes["X"] == [0, 10, 5] and changes["y"] == [0, 10, 8] and changes["selected"] == 2
    assert changes["say"] == "Point 3 added at (5, 8)."
    assert script(tap, {**s, "tool": "line"}, 5, 8) is None
    assert script(tap, s, 50, 8) is None and script(DRAG, s, [[5, 8]], False) is None
    many = state([float(i) for i in range(500)], [0.0] * 500, tool="points")
    assert script(tap, many, 100, 0.05) == {"say": "There are 500 points, as many as this picture takes."}
    assert "There are 500 points" in script(SHOWN, many, "en")


def test_the_buttons(script):
    s = state([0, 10, 20], [0, 10, 2], selected=1, w=3)
    removed = script(ACT, s, "remove")
    assert removed == {"X": [0, 20], "y": [0, 2], "selected": -1, "say": "Point 2 removed; 2 are left."}
    two = {**s, **removed, "selected": 0}
    assert script(ACT, two, "remove") == {"say": "At least 2 points must stay."}
    assert script(ACT, two, "add")["X"][-1] == 10
    back = script(ACT, two, "original")
    assert (back["X"], back["y"], back["selected"]) == ([0, 10, 20], [0, 10, 2], -1)
    assert {key: script(ACT, s, "level")[key] for key in "wb"} == {"w": 0, "b": 4}


def test_a_field_moves_the_selected_point(script):
    typed = """(s, name, value) => {
      const control = widget.spec.controls.find(c => c.name === name), d = derive(s, null, null);
      return control.set(s, d, admitted(control, value, s, d));
    }"""
    s = state([0, 10, 20], [0, 10, 2], selected=1)
    assert script(typed, s, "point_x", 7) == {"X": [0, 7, 20]}
    assert script(typed, s, "point_y", 100) == {"y": [0, 100, 2]}
    _, top = script("s => derive(s, null, null).upwards", {**s, "y": [0, 100, 2]})
    assert top > 100  # the axis follows
    far = script(typed, s, "point_y", 1e6)["y"][1]
    assert 100 < far < 1000
    assert script(typed, {**s, "y": [0, far, 2]}, "point_y", 1e6)["y"][1] == far  # and no farther by many small steps
    assert script(typed, {**s, "y": [0, 5000, 2]}, "point_y", 1e6)["y"][1] == 5000  # (set in Python)
    large = state([0, 1e12], [0, -1e12], selected=1)
    assert script(typed, large, "point_y", -1e300) == {"y": [0, -1e12]}
    assert max(script(ACT, {**large, "X": [1e12, 1e12], "given": [[1e12] * 2, [1e12] * 2]}, "add")["X"]) == 1e12
    assert script(typed, s, "selected", 0) == {"selected": -1}


def test_sliders_reach_every_useful_line(script, draw):
    for _ in range(200):
        s = state(*some_points(draw, far=10 ** draw.uniform(0, 4)))
        d = script("s => { const { reach, best, across, upwards } = derive(s, null, null);"
                   " return { reach, best, across, upwards }; }", s)
        (left, right), (bottom, top) = d["across"], d["upwards"]
        steep = (top - bottom) / (right - left)
        for w, b in [(d["best"]["w"], d["best"]["b"]), (0, bottom), (0, top), (steep, bottom - steep * left),
                     (-steep, top + steep * left)]:
            assert d["reach"]["w"][0] <= w <= d["reach"]["w"][1]
            lowest, highest = d["reach"]["b"]
            assert lowest - 1e-9 * abs(b) <= b <= highest + 1e-9 * abs(b), s


def test_a_slider_stays_where_it_was_put_however_far_the_data_are(script, draw):
    moved = """(s, places) => { const d = derive(s, null, null); return widget.spec.controls.filter(c => c.kind === "slider" && !c.shown).map(c => {
        const values = places.map(place => valueAt(c, place, s, d));
        return { name: c.name, values, admitted: values.map(value => admitted(c, value, s, d)),
                 back: values.map(value => position(c, value, { ...s, [c.name]: value }, d)) };
    }); }"""
    places = list(range(0, 1001, 20))
    for _ in range(200):
        far, scale = draw.choice([-1, 1]) * 10 ** draw.uniform(0, 12), 10 ** draw.uniform(-6, 6)
        X, y = some_points(draw)
        found = script(moved, state([scale * x + far for x in X], [scale * v - far for v in y]), places)
        assert [slider["name"] for slider in found] == ["w", "b"]
        for slider in found:
            assert slider["values"] == sorted(slider["values"]) and len(set(slider["values"])) == len(places)
            assert slider["admitted"] == slider["values"] and slider["back"] == pytest.approx(places, abs=1)


def test_x_may_come_a_message_before_y(script):
    script(SHOWN, {**state([1, 2, 3], [1, 2]), "given": [[1, 2, 3], [1, 2, 3]], "selected": 2}, "en")


# ---- in Python ----

X, Y = torch.tensor([[1.0], [2.0], [6.0]]), torch.tensor([1.0, 3.0, 2.0])


def test_at_first_the_line_is_level():
    widget = FitLine(X, Y)
    assert (widget.w, widget.b, widget.X, widget.y) == (0, 2, [1, 2, 6], [1, 3, 2])
    assert widget.given == [widget.X, widget.y]
    assert FitLine(X, Y, w=2).b == 2 - 2 * 3  # through the middle of the points
    assert (FitLine(X, Y, b=1).w, FitLine([1, 2], [3, 4], w=5, b=6).b) == (0, 6)


def test_other_points_come_both_at_once():
    widget = FitLine(X, Y, selected=2)
    widget.set_data([4, 5], torch.tensor([6, 7]))
    assert (widget.X, widget.y, widget.selected) == ([4, 5], [6, 7], -1)
    assert widget.given == [[4, 5], [6, 7]]
    with pytest.raises(ValueError, match="X and y must be of equal length, got 3 and 2 numbers"):
        widget.set_data([1, 2, 3], [1, 2])
    assert widget.X == [4, 5]
    widget.y = [9, 7]  # moves a point: what was given stays
    assert widget.given == [[4, 5], [6, 7]]
    assert widget.get_state()["given"] == widget.given


def test_the_reader_changes_both_in_one_message():
    widget = FitLine(X, Y)
    widget.set_state({"X": [1, 2, 6, 7], "y": [1, 3, 2, 0], "selected": 3})
    assert (widget.X, widget.y, widget.selected) == ([1, 2, 6, 7], [1, 3, 2, 0], 3)
    widget.set_state({"y": [1, 3], "X": [1, 2], "selected": -1})
    assert (widget.X, widget.y, widget.given) == ([1, 2], [1, 3], [[1, 2, 6], [1, 3, 2]])
    for message in [{"X": [1, 2, 3]}, {"X": [1, 2, 3], "y": [1, 2, "three"]},
                    {"X": [1, 2, 3], "y": [1, 2, 3], "selected": 3}]:
        with pytest.raises(traitlets.TraitError):
            widget.set_state(message)
        assert (widget.X, widget.y, widget.selected) == ([1, 2], [1, 3], -1)


@pytest.mark.parametrize("arguments, error, message", [
    ({"X": [1, float("nan"), 2]}, ValueError, "X must be finite, got nan"),
    ({"y": [1, 2]}, ValueError, "X and y must be of equal length, got 3 and 2 numbers"),
    ({"X": torch.ones(3, 2)}, ValueError,
     r"X must hold one number for each point, got shape \(3, 2\); choose one column, such as X\[:, 0\]"),
    ({"X": [1], "y": [1]}, ValueError, "X must hold at least 2 numbers, got 1"),
    ({"X": [1, 2, -2e12]}, ValueError, r"X must hold numbers from -1e\+12 to 1e\+12, got -2e\+12"),
    ({"X": "houses"}, TypeError, "X must be a list of numbers, got 'houses'"),
    ({"X": list(range(501)), "y": list(range(501))}, ValueError, "X must hold at most 500 examples, got 501"),
    ({"w": "steep"}, traitlets.TraitError, "w must be a finite number .* got 'steep'"),
    ({"w": 1e100, "b": None}, ValueError, "w must be so small .* got 1e\\+100 and the intercept"),
    ({"b": float("inf")}, traitlets.TraitError, "b must be a finite number .* got inf"),
    ({"errors": "circles"}, traitlets.TraitError, "errors must be one of 'lines', 'squares', 'none', got 'circles'"),
    ({"tool": "pen"}, traitlets.TraitError, "tool must be one of 'line', 'points', got 'pen'"),
    ({"selected": 3}, traitlets.TraitError, "selected must be the index of a point, 0 to 2, or -1 for none, got 3"),
    ({"selected": 0.5}, traitlets.TraitError, "selected must be a whole number of at least -1, got 0.5"),
    ({"x_name": 1}, traitlets.TraitError, "x_name"),
], ids=lambda value: str(value)[:40])
def test_bad_values_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        FitLine(**{"X": X, "y": Y, **arguments})


@pytest.mark.parametrize("name, value, message", [
    ("X", [1, 2], r"X and y must be of equal length, got 2 and 3 numbers; set_data\(X, y\) sets both at once"),
    ("y", [1, 2, 3, 4], "X and y must be of equal length, got 3 and 4 numbers"),
    ("X", "houses", "X must be a list of numbers, got 'houses'"),
    ("y", [1, 2, float("inf")], "y must be finite, got inf"),
    ("selected", 3, "selected must be the index of a point"),
    ("w", float("nan"), "w must be a finite number .* got nan"),
    ("given", [[1, 2], [3, 4]], "read-only"),
])
def test_bad_values_are_refused_later_too(name, value, message):
    widget = FitLine(X, Y)
    before = getattr(widget, name)
    with pytest.raises(traitlets.TraitError, match=message):
        setattr(widget, name, value)
    assert getattr(widget, name) == before
