"""What a reader hands on of a widget: links that open it as it was, whatever stands in them, and cells that run."""

import contextlib
import functools
import io
import random
import re
from urllib.parse import parse_qsl, urlencode

import pytest
import torch
from torch import nn

from helpers import LANGUAGES
from helpers.widgets.draw_digit import DrawDigit, drawn_image
from tests.javascript import Script, check_close, fresh_seed
from tests.test_widgets import PICTURES, READERS, made, state_of, widget_class

SEED = fresh_seed()
LINKS, HOSTILE, CELLS = 40, 200, 25  # random states of each widget
OPEN = "(given, pairs) => openedBy(widget.spec, given, pairs, wordsOf(widget.spec, 'en'))"
LINK = """(given, s) => linkedBy(widget.spec, given, s, widget.spec.derive(s, null, null), wordsOf(widget.spec, "en"))"""
CELL = """(s, language) => torchCell(widget.spec, s, widget.spec.derive(s, null, null), wordsOf(widget.spec, language))"""
# What readers may set: for each setting its kind, what it is now, and its options or bounds.
SETTINGS = """s => {
  const d = widget.spec.derive(s, null, null);
  return widget.spec.settings.map(one => (one.name ? one : controlOf(widget.spec, one))).map(setting => ({
    name: setting.name, now: traitOf(setting, s, d),
    options: setting.options?.(s, d, wordsOf(widget.spec, "en")).map(([value]) => value) ?? [],
    bounds: setting.options || setting.pattern || typeof traitOf(setting, s, d) === "boolean" ? [0, 1] : bounds(setting, s, d),
    whole: Boolean(setting.whole) }));
}"""
NETS = nn.Linear(64, 10), nn.Sequential(nn.Linear(64, 8), nn.GELU(), nn.Linear(8, 10))
MODELS = state_of(DrawDigit(*NETS))["models"]
by_widget = pytest.mark.parametrize("name", PICTURES)
by_seed = pytest.mark.parametrize("draw", [SEED], ids="seed={}".format, indirect=True)
# Controls that a link says nothing of: points are data, and of hidden units all weights are in it.
UNSAID = {"fit_line": {"point_x", "point_y"}, "hidden_units": {"point_x", "point_y", "kink", "bias", "slope", "out"},
          "draw_digit": {"ink"},
          "folded_plane": {"w11", "w21", "v1", "w12", "w22", "v2", "w13", "w23", "b3", "v3", "c"}}


@pytest.fixture
def draw(request):
    torch.manual_seed(request.param)
    return random.Random(request.param)


@functools.cache
def script_of(name):
    return Script.of(name)


@functools.cache
def given_of(name):
    """The traits with which a page shows a widget."""
    return state_of(made(name))


def given_data(name, draw):
    """The same, of data or models of one's own if it takes them."""
    n = draw.choice([2, 5, 40])
    X, y = torch.randn(n, dtype=torch.float64), torch.randn(n)
    own = {"fit_line": lambda: (X, y), "sgd_steps": lambda: (X, y), "hidden_units": lambda: ("own", X, y),
           "folded_plane": lambda: ("own", torch.randn(n, 2), (y > 0).int()), "draw_digit": lambda: NETS}
    return state_of(widget_class(name)(*own[name]())) if name in own and draw.random() < 0.7 else given_of(name)


def opened(name, given_, query):
    return script_of(name)(OPEN, given_, parse_qsl(query, keep_blank_values=True, errors="replace"))


def text_for(draw, setting):
    """Something that a link could say of a setting."""
    if setting["options"]:
        return str(draw.choice(setting["options"]))
    if setting["name"] == "inks":
        return "".join(draw.choice("0123456789abcdefg") for _ in range(64))
    if setting["name"] == "lines":
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"
        return ".".join("".join(draw.choice("0123456789abc") + draw.choice(digits) + draw.choice(digits) for _ in range(draw.randint(1, 20)))
                        for _ in range(draw.randint(1, 4)))
    now = setting["now"]
    if isinstance(now, bool):
        return draw.choice(["true", "false"])
    low, high = setting["bounds"]

    def number():
        value = draw.choice([draw.uniform(low, high), draw.gauss(0, 1), draw.gauss(0, 1), 2 * high, low - 1])
        value = min(value, 30) if setting["name"] == "steps" else value
        return str(round(value) if setting["whole"] else value)

    count = len(torch.tensor(now, dtype=torch.float64).flatten())
    return ",".join(number() for _ in range(count))


def some_state(name, draw, s):
    """A state to which a reader could bring a widget, setting by setting."""
    script = script_of(name)
    for i in range(len(script(SETTINGS, s))):
        setting = script(SETTINGS, s)[i]  # what one sets changes what the next one can be
        if draw.random() < 0.5:
            s = opened(name, s, f"{setting['name']}={text_for(draw, setting)}".replace("+", ""))
    return s


def some_actions(name, s, draw):
    """The same after some steps of training, if the widget trains."""
    return script_of(name)("""(s, count) => {
        const t = wordsOf(widget.spec, "en");
        for (let k = 0; k < count && widget.spec.actions?.step; k++) {
            const d = widget.spec.derive(s, null, null);
            if (!d.over) s = { ...s, ...widget.spec.actions.step(s, d, t) };
        }
        const { say, tell, ...traits } = s;
        return traits;
    }""", s, draw.choice([0, 1, 7, 20]))


# ---- links ----

@by_widget
def test_a_link_says_something_of_every_control(name):
    said = {setting["name"] for setting in script_of(name)(SETTINGS, given_of(name))}
    controls = set(script_of(name)("widget.spec.controls.filter(c => !['button', 'play', 'speed'].includes(c.kind)).map(c => c.name)"))
    assert controls - said == UNSAID.get(name, set())


@by_widget
def test_a_link_to_what_the_page_shows_says_nothing(name):
    assert script_of(name)(LINK, given_of(name), given_of(name)) == ""


@by_seed
@by_widget
def test_a_link_opens_a_widget_as_it_was(name, draw):
    script, given_ = script_of(name), given_of(name)
    for _ in range(LINKS):
        s = some_state(name, draw, given_)
        link = script(LINK, given_, s)
        assert opened(name, given_, link) == s, link
        assert (link == "") == (s == given_) and len(link) < 4000, link


@by_seed
@pytest.mark.parametrize("name", ["folded_plane", "hidden_units"])
def test_a_link_leaves_out_what_training_has_made(name, draw):
    script, given_ = script_of(name), given_of(name)
    for _ in range(20):
        s = opened(name, given_, f"seed={draw.randrange(2**32)}&activation=tanh&num_hiddens=3")
        trained = s | script("(s) => widget.spec.actions.step(s, derive(s, null, null), wordsOf(widget.spec, 'en'))", s)
        trained.pop("tell")
        assert trained["W1"] != s["W1"] and opened(name, given_, script(LINK, given_, trained)) == s


def test_steps_of_sgd_are_taken_again_unless_the_learning_rate_changed():
    script, given_ = script_of("sgd_steps"), given_of("sgd_steps")
    s = opened("sgd_steps", given_, "steps=5")
    assert len(s["path"]) == 6 and script(LINK, given_, s) == "steps=5"
    assert script(LINK, given_, s | {"learning_rate": 0.2}) == "learning_rate=0.2"


@pytest.mark.parametrize("name, query, trait, wanted", [
    ("fit_line", "w=1e999&b=-7", "w", 1e100), ("fit_line", "w=NaN", "w", 0.0), ("fit_line", "w=", "w", 0.0),
    ("fit_line", "w=%00%ff%", "w", 0.0), ("fit_line", "w=1,2", "w", 0.0), ("fit_line", "errors=toString", "errors", "lines"),
    ("fit_line", "constructor=1&__proto__=2&X=5&given=1", "given", None), ("fit_line", "best=1", "best", False),
    ("fit_line", "w=3&w=4&w=5", "w", 5),
    ("sgd_steps", "batch_size=2.6", "batch_size", 3), ("sgd_steps", "batch_size=1e9", "batch_size", 4),
    ("sgd_steps", "seed=-1", "seed", 0), ("sgd_steps", "steps=1e300&learning_rate=1e300", "rates", None),
    ("folded_plane", "W2=1,2,3", "W2", None), ("folded_plane", "W2=1,x", "W2", None), ("folded_plane", "dataset=own", "dataset", "xor"),
    ("folded_plane", "W2=1e7,-1e7", "W2", [1e6, -1e6]), ("hidden_units", "selected=12", "selected", 0),
    ("hidden_units", "num_hiddens=0", "num_hiddens", 1), ("activation_explorer", "x=9", "x", 8),
    ("draw_digit", "lines=zzz", "strokes", None), ("draw_digit", "lines=00", "strokes", []),
    ("draw_digit", "lines=" + "000" * 601, "strokes", []), ("draw_digit", "inks=" + "h" * 64, "mends", []),
])
def test_what_a_link_says_is_held_to_what_can_be(name, query, trait, wanted):
    found = opened(name, given_of(name), query)
    if wanted is not None:
        assert found[trait] == wanted
    made(name).set_state({key: value for key, value in found.items() if value != given_of(name)[key]})


ODD = ["", " ", "own", "spiral", "gelu", "true", "-0", "0x10", "1e400", "-1e400", "5e-324", "NaN", "points", "000.zzz", "1,2,", "٣", "\0", "%", "0" * 64]


def odd_text(draw):
    some = [lambda: draw.choice(ODD), lambda: str(draw.gauss(0, 10 ** draw.randint(-300, 300))), lambda: str(draw.randint(-3, 99)),
            lambda: ",".join(str(draw.gauss(0, 1e3)) for _ in range(draw.randint(1, 13))),
            lambda: "".join(chr(draw.randrange(0xD800)) for _ in range(draw.randint(1, 20)))]
    return draw.choice(some)()


@by_seed
@by_widget
def test_no_link_breaks_a_widget(name, draw):
    script, widget, given_ = script_of(name), made(name), given_of(name)
    names = [setting["name"] for setting in script(SETTINGS, given_)] + [*widget.traits(), "toString"]
    for _ in range(HOSTILE):
        query = urlencode([(draw.choice(names), odd_text(draw)) for _ in range(draw.randint(1, 12))])
        s = opened(name, given_, query)  # raises if anything in it is no number
        widget.set_state({key: value for key, value in s.items() if value != given_[key]})  # Python takes it, too
        assert not re.search("NaN|Infinity|undefined", script("(s) => widget.still(s, 'en')", s)), query
        widget.set_state({key: value for key, value in given_.items() if not widget.traits()[key].read_only})


# ---- cells ----

def run(cell, **names):
    """What a cell defines, when it runs in a notebook with some names."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(cell, "<cell>", "exec"), names)
    assert printed.getvalue().strip()
    return names


def derived(name, s, code):
    return script_of(name)(f"s => {{ const d = widget.spec.derive(s, null, null); return ({code}); }}", s)


def check_fit_line(s, found):
    check_close(derived("fit_line", s, "d.loss"), found["loss"])
    X, y = torch.tensor(s["X"], dtype=torch.float64), torch.tensor(s["y"], dtype=torch.float64)
    errors = s["w"] * X + s["b"] - y
    check_close((errors * X).mean().item(), found["w"].grad)
    check_close(errors.mean().item(), found["b"].grad)


def check_sgd_steps(s, found):
    # Where the steps grow, b is rounded as w is: what it is made from is as large.
    largest = max(1, *(abs(value) for point in s["path"] for value in point))
    check_close([value / largest for value in s["path"][-1]], torch.stack([found["w"], found["b"]]) / largest)
    check_close(derived("sgd_steps", s, "d.losses[d.step]"), found["loss"])


def check_folded_plane(s, found):
    check_close(derived("folded_plane", s, "d.points.map(point => point.o)"), found["o"])
    check_close(derived("folded_plane", s, "d.loss"), found["loss"])


def check_hidden_units(s, found):
    check_close(derived("hidden_units", s, "d.data.rows.map(x => forward(d.net, x, d.activation).o)"), found["o"])
    check_close(derived("hidden_units", s, "d.loss"), found["loss"])


def check_activation_explorer(s, found):
    last = derived("activation_explorer", s, "d.readings.at(-1)")
    check_close([last["value"], last["slope"]], torch.stack([found["y"], found["slope"]]))


def check_draw_digit(s, found):
    for model in ("linear", "mlp"):
        check_close(derived("draw_digit", s, f"d.answers.{model}.p"), found["p"][model])


CHECKS = {name: globals()[f"check_{name}"] for name in PICTURES}


@by_seed
@by_widget
def test_a_cell_computes_what_the_widget_shows(name, draw):
    for k in range(CELLS):
        s = some_actions(name, some_state(name, draw, given_data(name, draw)), draw)
        if name == "draw_digit":
            s |= {"image": draw.choice([s["image"], drawn_image([[[3, 4], [3.25, 30]]]), [draw.random() for _ in range(64)]])}
        nets = NETS if s.get("models") == MODELS else READERS
        cell = script_of(name)(CELL, s, LANGUAGES[k % len(LANGUAGES)])
        CHECKS[name](s, run(cell, nets=dict(zip(("linear", "mlp"), nets, strict=True))))
