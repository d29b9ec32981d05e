"""The widgets under random states: what Python takes, what is drawn of it, and the sums in JavaScript.

Hypothesis makes them (tests/conftest.py says how many) and, where one fails, looks for the simplest that does.
"""

import functools
import inspect
import json
import math
import re
from fractions import Fraction

import pytest
import torch
import traitlets
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from helpers import LANGUAGES
from helpers.activations import activation
from helpers.widgets.base import _Choice, _Number, _Whole
from tests.javascript import Script
from tests.test_properties_of_helpers import TYPES, anything, tensors, values
from tests.test_widgets import NAMES, PICTURES, arguments_of, made, state_of, widget_class

EXTREME = [0.0, -0.0, 1.0, -1.0, 0.5, 5e-324, 1e-300, 1e-79, 1e-9, 2.0**31, 1e6, -1e6, 1e12, -1e12, 1e100, -1e100, 1e308, -1e308]
WHOLE = [0, 1, 2, 3, -1, 11, 12, 2000, 20_000, 2**31, 2**32 - 1, 2**53 + 1, 10**300, 10**400]
# What a message from a page can hold. (Python's json reads NaN and Infinity too.)
names = st.text("abxy_ <&\"'한²", max_size=4)
numbers = st.sampled_from(EXTREME) | st.sampled_from(EXTREME) | st.floats(-10, 10) | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | st.sampled_from(WHOLE) | numbers | st.sampled_from([math.nan, math.inf, -math.inf]) | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.sampled_from(["own", "sine"]), inner, max_size=2),
    max_leaves=6)


@functools.cache
def script(name):
    return Script.of(name)


def like(value, of):
    """A list of the shape of another one, filled anew."""
    if not isinstance(value, (list, tuple)):
        return of
    return st.tuples(*(like(part, of) for part in value)).map(list)


def value_for(widget, name):
    """A strategy for a value that a trait may well take."""
    trait, now = widget.traits()[name], getattr(widget, name)
    if isinstance(trait, _Whole):
        inside = [value for value in WHOLE if trait.lowest <= value <= trait.highest]
        return st.sampled_from(inside) | st.integers(int(trait.lowest), int(min(trait.highest, 40)))
    if isinstance(trait, _Number):
        low, high = max(trait.lowest, -1e308), min(trait.highest, 1e308)
        return numbers.map(lambda value: min(max(value, low), high))
    if isinstance(trait, (_Choice, traitlets.Enum)):
        return st.sampled_from(trait.values)
    if isinstance(trait, traitlets.Bool):
        return st.booleans()
    if isinstance(trait, traitlets.Unicode):
        return names
    if isinstance(now, list):
        sizes = st.sampled_from([1, 1e6, 1e12, 1e308])
        return sizes.flatmap(lambda top: like(now, up_to(top)) if now else st.lists(up_to(top), max_size=5))
    return json_values


def up_to(top):
    return numbers.map(lambda value: min(max(value, -top), top))


def columns(*sizes, of=numbers):
    """A table of so many rows and columns; a list, if there is one size."""
    size, *others = sizes
    return st.lists(columns(*others, of=of) if others else of, min_size=size, max_size=size)


@st.composite
def points(draw, widget):
    """New data, some of them in degenerate places."""
    n, of = draw(st.integers(1, 6)), up_to(draw(st.sampled_from([1, 1e6, 1e12, 1e308])))
    if "datasets" in widget.traits():
        return draw(columns(n, 2, of=of)), draw(columns(n, of=st.sampled_from([0, 1])))
    return draw(columns(n, of=of)), draw(columns(n, of=of))


@st.composite
def messages(draw, widget):
    """Traits that fit each other, as a page sends them."""
    of = up_to(draw(st.sampled_from([1, 1e3, 1e6] if "W1" in widget.traits() else [1, 1e12, 1e100, 1e308])))
    if "path" in widget.traits():
        steps = draw(st.integers(0, 4))
        return {"path": draw(columns(steps + 1, 2, of=of)), "rates": draw(columns(steps, of=of))}
    if "W1" in widget.traits():
        inputs, h = len(widget.W1), draw(st.integers(1, 12 if len(widget.W1) == 1 else 3))
        return {"num_hiddens": h, "W1": draw(columns(inputs, h, of=of)), "b1": draw(columns(h, of=of)),
                "W2": draw(columns(h, of=of)), "b2": draw(of), "losses": draw(st.lists(numbers, max_size=4)),
                **{name: draw(value_for(widget, name)) for name in ("activation", "step", "every", "diverged_at")}}
    return {}


def taken(change, *names):
    """Whether the widget takes a change; if not, it says so by the name of what it refuses."""
    try:
        change()
        return True
    except (TypeError, ValueError, traitlets.TraitError) as error:
        assert any(re.search(rf"\b{name}\b", str(error)) for name in names), f"{names}: {type(error).__name__}: {error}"
        return False


def check_state(widget):
    """Return the state as a page has it, in which nothing is infinite or NaN."""
    return json.loads(json.dumps(state_of(widget), allow_nan=False))


def set_at_random(data, widget):
    """Set what there is to set, in Python or by a message of the page: mostly to values that may well be taken."""
    if hasattr(widget, "set_data") and data.draw(st.booleans()):
        X, y = data.draw(points(widget))
        taken(lambda: widget.set_data(X, y), "X", "y")
    message = data.draw(messages(widget))
    taken(lambda: widget.set_state(message), *message)
    for name in data.draw(st.lists(st.sampled_from(traits_of(widget)), max_size=6)):
        value = data.draw(value_for(widget, name))
        by_page = data.draw(st.booleans())
        taken(lambda: widget.set_state({name: value}) if by_page else setattr(widget, name, value), name, "answer")


def traits_of(widget):
    return [name for name in sorted(state_of(widget)) if name != "language"]


# Everything that a view says and draws of a state, in one text.
SHOWN = """(s, code) => {
  const spec = widget.spec;
  if (!spec) return widget.still(s, code);
  const d = spec.derive ? spec.derive(s, null, null) : {}, t = wordsOf(spec, code);
  const sizes = [[340, 200], [700, 392]].map(([width, height]) => ({ width, height }));
  const pictures = sizes.flatMap(size => spec.panels.map(({ name }) => svgText(spec.draw[name](s, d, t, size).svg(spec.alt[name](s, d, t)))));
  const tables = spec.table ? [spec.table(s, d, t)].flat().map(tableMarkup) : [];
  return [widget.still(s, code), ...pictures, ...tables, spec.told ? spec.told(s, d, t) : "", settings(spec, s, d, t)].join("\\n");
}"""
# What a reader does with a control; part: where a slider is put, or which choice is taken, from 0 to 1.
DO = """(s, name, part) => {
  const spec = widget.spec, t = wordsOf(spec, "en"), d = spec.derive ? spec.derive(s, null, null) : {};
  const c = spec.controls.find(c => c.name === name);
  if ((c.shown && !c.shown(s, d)) || (c.enabled && !c.enabled(s, d)) || c.kind === "speed") return {};
  if (c.kind === "button") return spec.actions[name](s, d, t) ?? {};
  if (c.kind === "play") return spec.play.tick(s, d, t, 1 + Math.floor(part * 20)) ?? {};
  let value;
  if (c.kind === "switch") value = part > 0.5;
  else if (c.kind === "choice") {
    const all = c.options(s, d, t).map(([value]) => value);
    value = all[Math.min(all.length - 1, Math.floor(part * all.length))];
  } else {
    const [low, high] = c.kind === "slider" ? [0, 1000] : bounds(c, s, d);
    const place = low * (1 - part) + high * part;
    value = c.kind === "slider" ? admitted(c, valueAt(c, c.whole && !c.log ? bound(c, "min", s, d) * (1 - part) + bound(c, "max", s, d) * part : place, s, d), s, d)
      : admitted(c, place, s, d);
  }
  return (c.set ? c.set(s, d, value, t) : { [name]: value }) ?? {};
}"""


def check_drawing(name, state, language):
    shown = script(name)(SHOWN, state, language)
    found = re.search(r"NaN|Infinity|undefined|\bnull\b|\[object", shown)
    assert not found, shown[max(0, found.start() - 80):found.end() + 40]


@st.composite
def examples(draw):
    """X and y that a widget may well take: of one feature or two, of any type, in tensors, arrays or lists."""
    n, types, of = draw(st.integers(0, 5)), st.sampled_from(TYPES), draw(st.sampled_from([values, up_to(1e6)]))
    shape = draw(st.sampled_from([(n,), (n, 1), (n, 2)]))
    X, y = draw(tensors(shape, [draw(types)], of)), draw(tensors((n,), [draw(types)], of | st.sampled_from([0.0, 1.0])))
    as_what = draw(st.sampled_from([lambda t: t, torch.Tensor.tolist, lambda t: t.double().numpy() if t.is_floating_point() else t.numpy()]))
    return as_what(X), as_what(y)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_a_widget_of_any_arguments_or_a_clear_error(name, data):
    make, needed = widget_class(name), arguments_of(name)
    arguments = inspect.signature(make).parameters
    given_ = dict(zip(arguments, needed))
    if {"X", "y"} <= set(arguments) and data.draw(st.booleans()):
        given_ |= dict(zip(("X", "y"), data.draw(examples())))
    for argument in data.draw(st.lists(st.sampled_from(list(arguments)), max_size=2, unique=True)):
        given_[argument] = data.draw(anything)
    found = []
    if taken(lambda: found.append(make(**given_)), *arguments):
        check_state(found[0])
        check_drawing(name, state_of(found[0]), data.draw(st.sampled_from(LANGUAGES)))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_a_trait_takes_a_value_whole_or_says_by_name_why_not(name, data):
    widget = made(name)
    set_at_random(data, widget)
    for _ in range(5):
        before = check_state(widget)
        chosen = data.draw(st.lists(st.sampled_from(traits_of(widget)), min_size=1, max_size=2, unique=True))
        message = {trait: data.draw(value_for(widget, trait) | json_values) for trait in chosen}
        if len(message) == 1 and data.draw(st.booleans()):
            (trait, value), = message.items()
            done = taken(lambda: setattr(widget, trait, value), trait, "answer")
        else:
            done = taken(lambda: widget.set_state(message), *message, "answer")
        after = check_state(widget)
        assert done or after == before, "what was refused has left traces"
        kept = [name for name, trait in widget.traits(sync=True).items() if trait.read_only and not trait.metadata.get("by_reader")]
        assert all(after[name] == before[name] for name in kept if name in after), "only Python sets these"


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_what_python_takes_is_drawn(name, data):
    widget = made(name)
    set_at_random(data, widget)
    check_drawing(name, state_of(widget), data.draw(st.sampled_from(LANGUAGES)))


@pytest.mark.parametrize("name", PICTURES)
@given(data=st.data())
def test_what_a_reader_does_with_it_python_takes_and_it_is_drawn(name, data):
    widget = made(name)
    set_at_random(data, widget)
    controls = script(name)("widget.spec.controls.map(c => c.name)")
    for _ in range(3):
        control = data.draw(st.sampled_from(controls))
        changes = script(name)(DO, state_of(widget), control, data.draw(st.sampled_from([0, 0.5, 1]) | st.floats(0, 1)))
        changes = {trait: value for trait, value in changes.items() if trait not in ("say", "tell")}
        widget.set_state(changes)
        state = check_state(widget)
        assert {trait: state[trait] for trait in changes} == changes
        check_drawing(name, state, "en")


# ---- the sums, against PyTorch in double precision ----

def near(found, expected, room, about=""):
    """Fail unless each number is as expected but for the roundings of a sum whose parts are of the size of room."""
    found, expected, room = (torch.as_tensor(part, dtype=torch.float64) for part in (found, expected, room))
    assert ((found - expected).abs() <= 1e-13 * room + 1e-300).all(), f"{about}: {found.tolist()} for {expected.tolist()}"


@st.composite
def networks(draw):
    """A network of one hidden layer, points, and an activation function, of all sizes that a widget allows."""
    d, h, n = draw(st.integers(1, 2)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    of = up_to(draw(st.sampled_from([1, 10, 1e3, 1e6])))
    net = {"W1": draw(columns(d, h, of=of)), "b1": draw(columns(h, of=of)), "W2": draw(columns(h, of=of)), "b2": draw(of)}
    chosen = draw(st.sampled_from(["identity", "relu", "leaky_relu", "sigmoid", "tanh", "elu", "gelu", "silu"]))
    return net, draw(columns(n, d, of=of)), draw(columns(n, of=st.sampled_from([0.0, 1.0]))), chosen


GRADIENT = """(net, X, y, name, loss) => {
  const { f, df } = ACTIVATIONS[name];
  return gradient(net, X, y, { f: z => f(z, 0.25), df: z => df(z, 0.25) }, LOSSES[loss]);
}"""


@given(networks(), st.sampled_from(["squared", "logistic"]))
def test_the_gradient_of_a_network_is_that_of_pytorch(case, loss):
    net, X, y, name = case
    found = script("hidden_units")(GRADIENT, net, X, y, name, loss)
    params = {key: torch.tensor(value, dtype=torch.float64, requires_grad=True) for key, value in net.items()}
    X, y = torch.tensor(X, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)
    z = X @ params["W1"] + params["b1"]
    hidden = activation(name)(z)
    o = hidden @ params["W2"] + params["b2"]
    value = ((o - y) ** 2 / 2).mean() if loss == "squared" else F.binary_cross_entropy_with_logits(o, y)
    value.backward()
    # Where a sum cancels, what is left is the rounding of its parts, which the next layer makes larger.
    size = {key: param.detach().abs() for key, param in params.items()}
    sums = X.abs() @ size["W1"] + size["b1"]
    outputs = (sums + 1) @ size["W2"] + size["b2"] + 1
    slopes = outputs if loss == "squared" else torch.ones_like(outputs) + outputs * 1e-2
    room = 1e3 * (outputs ** 2).max() if loss == "squared" else 1e3 * outputs.max()
    near(found["loss"], value.detach(), room, "the loss")
    back = slopes[:, None] * (size["W2"] + 1) * (1 + sums)
    for key, grad in (("b2", slopes.max()), ("W2", (slopes[:, None] * (sums + 1)).max()), ("b1", back.max()),
                      ("W1", back.max() * (1 + X.abs().max()))):
        near(found[key], params[key].grad, 1e3 * (1 + sums.max()) * grad, key)


@given(st.integers(2, 6).flatmap(lambda n: st.tuples(*[columns(n, of=up_to(1e12))] * 2)), numbers, numbers)
def test_the_loss_of_a_line_is_that_without_rounding(pair, w, b):
    X, y = pair
    w, b = (min(max(value, -1e100), 1e100) for value in (w, b))
    found = script("fit_line")("({ w, b, X, y }) => lossOf({ w, b }, X, y)", {"w": w, "b": b, "X": X, "y": y})
    errors = [Fraction(w) * Fraction(x) + Fraction(b) - Fraction(v) for x, v in zip(X, y)]
    exact = sum(error ** 2 for error in errors) / (2 * len(X))
    room = max((abs(Fraction(w) * Fraction(x)) + abs(Fraction(b)) + abs(Fraction(v))) ** 2 for x, v in zip(X, y))
    assert abs(Fraction(found) - exact) <= room / 10**14 + Fraction(1, 10**300)


@given(numbers, st.integers(1, 15))
def test_a_number_is_written_as_it_is_but_for_its_last_digit(value, digits):
    text = script("hidden_units")("show", value, digits)
    power = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    mantissa, _, exponent = text.replace("−", "-").partition("·10")
    read = Fraction(mantissa) * Fraction(10) ** int(exponent.translate(power) or 0)
    assert abs(read - Fraction(value)) <= abs(Fraction(value)) * Fraction(51, 100) * Fraction(10) ** (1 - digits)
    assert len(re.sub(r"\D", "", mantissa).strip("0")) <= digits


@given(numbers, numbers, st.integers(2, 12))
def test_ticks_lie_on_the_axis_and_are_round(low, high, most):
    low, high = script("hidden_units")("extent", [low / 1e8, high / 1e8])
    places = script("hidden_units")("ticks", low, high, most)
    slack = 1e-6 * (high - low)
    assert all(low - slack <= place <= high + slack for place in places) and len(places) <= most + 1
    assert places == sorted(places) and len(set(places)) == len(places)
