"""The widget DrawDigit: what it computes against PyTorch, what a reader can do, and what it refuses."""

import math
import random
import re
from copy import deepcopy

import pytest
import torch
import traitlets
from torch import nn

import helpers
from helpers.activations import MODULES, activation
from helpers.digits import handwritten_digits
from helpers.minibatches import Minibatches
from helpers.sgd import SGD
from helpers.training import train
from helpers.widgets.draw_digit import DrawDigit, drawn_image
from tests.javascript import Script, check_close, fresh_seed
from tests.test_browser import open_page, redrawn  # noqa: F401 (a fixture)
from tests.test_widgets_on_site import PAGES, STROKES, WIDGETS, alive, control, drag, widget
from tests.widget_messages import messages_of

NETWORKS, IMAGES = 60, 20  # 1200 configurations
SEED = fresh_seed()
EMPTY = [0.0] * 64


@pytest.fixture(scope="module")
def script():
    return Script.of("draw_digit")


@pytest.fixture(params=[SEED], ids="seed={}".format)
def draw(request):
    torch.manual_seed(request.param)
    return random.Random(request.param)


def linear(d=64, q=10, size=1.0):
    layer = nn.Linear(d, q, dtype=torch.float64)
    with torch.no_grad():
        layer.weight *= size
    return layer


def mlp(h=16, name="relu"):
    return nn.Sequential(linear(64, h), activation(name), linear(h, 10))


def a_network(draw):
    """A random model of one to four layers, with any of the activation functions."""
    widths, size = [64, *(draw.randint(1, 70) for _ in range(draw.choice([0, 1, 1, 2, 3]))), 10], 10 ** draw.uniform(-1, 0.5)
    parts = [nn.Flatten(0)] if draw.random() < 0.3 else []
    for d, q in zip(widths, widths[1:], strict=False):
        slope = nn.LeakyReLU(draw.uniform(-1, 2))
        parts += [linear(d, q, size), slope if draw.random() < 0.2 else activation(draw.choice([*MODULES]))]
    return nn.Sequential(*parts[:-1]) if len(widths) > 2 or draw.random() < 0.5 else parts[-2]


def lines(draw):
    """Lines as a hand, or an odd one, would draw them."""
    place, kind = lambda: [draw.randint(0, 128) / 4, draw.randint(0, 128) / 4], draw.random()
    if kind < 0.1:
        return [[place()]]
    if kind < 0.2:
        (x, y), k = place(), draw.randint(0, 1)
        return [[[x, y], [x, draw.uniform(0, 32)] if k else [draw.uniform(0, 32), y]]]
    return [[place() for _ in range(draw.randint(1, 30))] for _ in range(draw.randint(1, 5))]


def an_image(draw):
    return draw.choice([lambda: [draw.randint(0, 16) / 16 for _ in range(64)], lambda: [draw.random() for _ in range(64)],
                        lambda: drawn_image(lines(draw))])()


def state_of(widget):
    return {key: value for key, value in widget.get_state().items()
            if not key.startswith("_") and key not in ("layout", "tooltip", "tabbable")}


@pytest.fixture(scope="module")
def trained():
    """The two models of the chapter, and its held-out images."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        X, y = handwritten_digits("train")
        nets = []
        for make in lambda: nn.Linear(64, 10), lambda: nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)):
            torch.manual_seed(0)
            nets.append(make())
            train(nets[-1], nn.CrossEntropyLoss(), Minibatches(X, y, 32), SGD(nets[-1].parameters(), 0.3), 30)
        yield *nets, *handwritten_digits("test")
    finally:
        torch.set_default_dtype(before)


@pytest.fixture
def shown(trained):
    return DrawDigit(*trained)


# ---- against PyTorch ----

def test_scores_and_probabilities_are_those_of_pytorch(script, draw):
    code = """(models, images) => images.map(image => {
        const s = { models, image, mends: [], examples: { images: [], labels: [] } };
        return derive(s, null).answers; })"""
    for _ in range(NETWORKS):
        nets = {"linear": a_network(draw), "mlp": a_network(draw)}
        images = [an_image(draw) for _ in range(IMAGES)]
        w = DrawDigit(**nets)
        for image, found in zip(images, script(code, w.models, images), strict=True):
            x, w.image = torch.tensor(image, dtype=torch.float64), image
            for name, net in nets.items():
                o = net(x)
                p = torch.softmax(o, dim=0)
                check_close(found[name]["o"], o, about=net)
                check_close(found[name]["p"], p, about=net)
                torch.testing.assert_close(w.probabilities[name], p)
                assert found[name]["p"][found[name]["digit"]] == max(found[name]["p"])


def test_probabilities_of_the_trained_models(script, trained):
    w, (first, second, X, _) = DrawDigit(*trained), trained
    found = script("""(models, images) => images.map(image => MODELS.map(({ name }) => answerOf(models[name], image)))""",
                   w.models, X.tolist())
    for k, net in enumerate((first, second)):
        o = net(X)
        check_close([answers[k]["o"] for answers in found], o, 1e-9)
        check_close([answers[k]["p"] for answers in found], torch.softmax(o, dim=1), 1e-9)
        assert [answers[k]["digit"] for answers in found] == o.argmax(dim=1).tolist()


def test_a_drawing_becomes_the_same_pixels_in_python_and_in_the_browser(script, draw):
    drawings = [lines(draw) for _ in range(1000)]
    for strokes, found in zip(drawings, script("all => all.map(drawnImage)", drawings), strict=True):
        assert found == drawn_image(strokes), strokes


# ---- as the data were made ----

def test_what_is_said_of_the_data():
    X, _ = handwritten_digits()
    images = (16 * X).reshape(-1, 8, 8)
    assert (images.amax(dim=2)[:, [0, 7]] > 0).all()  # each digit fills the eight rows
    ink = images.sum(dim=(1, 2))
    assert ink.median() == 313 and [round(ink.quantile(q).item()) for q in (0.1, 0.9)] == [267, 356]
    assert (images.sum(dim=(0, 1)) / images.sum())[1:7].sum() > 0.98


def test_a_drawing_is_brought_to_size(draw):
    for _ in range(200):
        strokes = lines(draw)
        image = torch.tensor(drawn_image(strokes), dtype=torch.float64)
        assert ((0 <= image) & (image <= 1)).all() and (16 * image == (16 * image).round()).all()
        assert 16 * image.sum() >= 313
        if max(max(side) - min(side) for side in zip(*(p for stroke in strokes for p in stroke), strict=True)) < 1:
            continue  # a speck
        # Where it was drawn, and how large, changes next to nothing.
        moved = [[[x / 4 + 3, y / 4 + 20] for x, y in stroke] for stroke in strokes]
        assert (torch.tensor(drawn_image(moved)) - image).abs().max() <= 0.25, strokes
    assert drawn_image([]) == EMPTY


def test_a_lone_bar_stays_a_bar():
    rows = torch.tensor(drawn_image([[[5, 3], [5, 29]]])).reshape(8, 8) * 16
    assert rows[3].tolist() == [0, 0, 4, 16, 16, 4, 0, 0]
    assert rows[0, 3] == rows[7, 4] == 16


def arc(x, y, across, upwards, start, end):
    angles = [math.radians(start + (end - start) * i / 24) for i in range(25)]
    return [[x + across * math.cos(a), y + upwards * math.sin(a)] for a in angles]


PLAIN = {
    0: [arc(16, 16, 6, 10, -90, 270)],
    1: [[[12, 10], [17, 6], [17, 26]]],
    2: [arc(16, 11, 5, 5, -170, 40) + [[11, 25], [22, 25]]],
    3: [arc(15, 11, 5, 4.5, -150, 90), arc(15, 20.5, 6, 5, -90, 150)],
    4: [[[15, 5], [9, 18], [22, 18]], [[18, 11], [18, 27]]],
    5: [[[21, 6], [12, 6], [11, 14]] + arc(15, 19.5, 6, 6, -110, 140)],
    6: [[[19, 5], [13, 12]] + arc(16, 20, 5.5, 6, -170, 190)],
    7: [[[10, 6], [22, 6], [14, 27]], [[12, 16], [21, 16]]],
    8: [arc(16, 11, 5, 5, 90, 450), arc(16, 21, 6, 5.5, -90, 270)],
    9: [arc(15, 12, 5, 6, 0, 360) + [[20, 20], [15, 27]]],
}


def test_plain_digits_are_read(trained):
    first, second, _, _ = trained
    for digit, strokes in PLAIN.items():
        x = torch.tensor(drawn_image(strokes), dtype=torch.float64)
        assert second(x).argmax() == digit, digit
    right = [first(torch.tensor(drawn_image(strokes), dtype=torch.float64)).argmax() == digit for digit, strokes in PLAIN.items()]
    assert sum(right) >= 9


# ---- images that went wrong ----

def test_the_misread_images_are_there_those_of_both_models_first(trained, shown, script):
    first, second, X, y = trained
    wrong = [(net(X).argmax(dim=1) != y) for net in (first, second)]
    both, one = wrong[0] & wrong[1], wrong[0] ^ wrong[1]
    assert shown.examples["images"] == torch.cat([X[both], X[one]]).tolist()
    assert shown.examples["labels"] == torch.cat([y[both], y[one]]).tolist()
    assert shown.image == shown.examples["images"][0] and shown.example == 0
    options = script("s => exampleNames(s, derive(s, null), wordsOf(widget.spec, 'en'))", state_of(shown))
    assert [value for value, _ in options] == [-1, *range(len(shown.examples["labels"]))]
    x = X[both][0]
    assert options[1][1] == f"a {y[both][0]}: linear says {first(x).argmax()}, MLP {second(x).argmax()}"


def test_no_more_examples_than_can_be_chosen_from():
    torch.manual_seed(0)
    X, y = torch.rand(500, 64), torch.zeros(500)
    w = DrawDigit(linear(), mlp(), X, y)
    assert len(w.examples["labels"]) == 40


# ---- what a reader can do ----

DO = """(s, acts) => {
  const t = wordsOf(widget.spec, "en"), said = [];
  for (const [kind, name, value] of acts) {
    const d = derive(s, null), control = widget.spec.controls.find(c => c.name === name);
    const place = value && Array.isArray(value) ? { x: value[0], y: value[1], touch: false } : null;
    const changes = {
      press: () => widget.spec.actions[name](s, d, t), set: () => (control.set ? control.set(s, d, value, t) : { [name]: value }),
      key: () => widget.spec.keys[name].press(s, d, value, t),
      grab: () => { globalThis.held = widget.spec.drag[name].grab(s, d, place); },
      move: () => held && widget.spec.drag[name].move(s, d, held, place, t),
      pick: () => held && widget.spec.drag[name].pick(s, d, held, place, t),
    }[kind]() ?? {};
    const { say, tell, ...traits } = changes;
    if (say !== undefined) said.push(say);
    s = { ...s, ...traits };
    if (tell !== undefined) said.push(`${tell} ${widget.spec.told(s, derive(s, null), t)}`.trim());
  }
  const { models, examples, ...left } = s;
  return { ...left, said };
}"""


def test_a_line_is_drawn_point_by_point(script, shown):
    now = script(DO, state_of(shown), [["grab", "paper", [10, 5]], ["move", "paper", [10.1, 5.3]], ["move", "paper", [10, 9.13]],
                                       ["move", "paper", [40, -3]], ["grab", "paper", [3, 3]], ["pick", "paper", [3, 3]]])
    assert now["strokes"] == [[[10, 5], [10, 9.25], [32, 0]], [[3, 3]]]
    assert now["image"] == drawn_image(now["strokes"])
    assert (now["example"], now["mends"]) == (-1, [])  # a new drawing, and no longer the example
    assert re.match(r"Linear classifier: \d \(.*%\). MLP: \d \(.*%\).$", now["said"][0])
    undone = script(DO, state_of(shown) | {k: v for k, v in now.items() if k != "said"}, [["press", "undo"]])
    assert undone["strokes"] == now["strokes"][:1] and undone["image"] == drawn_image(now["strokes"][:1])


def test_beside_the_paper_nothing_is_drawn(script, shown):
    for place in [-1, 5], [5, 33]:
        assert script(DO, state_of(shown), [["grab", "paper", place], ["move", "paper", [9, 9]]])["strokes"] == []
        assert script(DO, state_of(shown), [["grab", "seen", place], ["move", "seen", [9, 9]]])["mends"] == []


def test_a_full_paper_says_so(script, shown):
    full = [[[k % 32, k // 32] for k in range(600)]]
    now = script(DO, state_of(shown) | {"strokes": full, "example": -1}, [["grab", "paper", [3, 3]], ["pick", "paper", [3, 3]]])
    assert now["strokes"] == full and now["said"] == ["The paper is full. Undo a line, or clear it."]


def test_pixels_are_mended_and_come_back(script, shown):
    state = state_of(shown)
    image = [0.25] * 64
    state |= {"image": image, "examples": {"images": [image], "labels": [7]}}
    dragged = [["grab", "seen", [1.5, 0.5]], ["move", "seen", [2.5, 0.5]], ["move", "seen", [2.6, 1.5]], ["move", "seen", [1.5, 0.5]]]
    now = script(DO, state, dragged)
    assert now["mends"] == [[[1, 0.25], [2, 0.25], [10, 0.25]]] and now["example"] == 0
    assert [k for k, ink in enumerate(now["image"]) if ink == 1] == [1, 2, 10]
    # A press on a full pixel empties it.
    twice = script(DO, state, [*dragged, ["grab", "seen", [2.5, 0.5]], ["pick", "seen", [2.5, 0.5]]])
    assert twice["image"][:3] == [0.25, 1, 0] and len(twice["mends"]) == 2 and "Pixels changed: 3." in twice["said"][-1]
    undone = script(DO, state, [*dragged, ["grab", "seen", [2.5, 0.5]], ["pick", "seen", [2.5, 0.5]], ["press", "undo"]])
    assert (undone["image"], undone["mends"]) == (now["image"], now["mends"])
    for act in ["press", "undo"], ["press", "original"], ["set", "example", 0]:
        back = script(DO, state, [*dragged, act])
        assert (back["image"], back["mends"], back["example"]) == (image, [], 0)
    cleared = script(DO, state, [*dragged, ["press", "clear"]])
    assert (cleared["image"], cleared["mends"], cleared["example"]) == (EMPTY, [], -1)
    assert cleared["said"] == ["Cleared. Nothing is drawn, so there is nothing to read. "
                               "Draw on the empty square, press pixels, or load an image."]


def test_a_fast_hand_leaves_no_pixel_out(script, shown):
    state = state_of(shown) | {"image": EMPTY, "example": -1}
    now = script(DO, state, [["grab", "seen", [0.5, 0.5]], ["move", "seen", [7.5, 7.5]], ["move", "seen", [7.5, 2.5]]])
    assert [k for k, ink in enumerate(now["image"]) if ink] == [0, 9, 18, 23, 27, 31, 36, 39, 45, 47, 54, 55, 63]
    assert now["pixel"] == 23 and len(now["mends"]) == 1


def test_many_turns_are_forgotten_from_the_first(script, shown):
    acts = [["set", "ink", 16 * (k % 2)] if k % 3 else ["set", "pixel", k % 64] for k in range(2000)]
    now = script(DO, state_of(shown), acts)
    assert len([pair for turn in now["mends"] for pair in turn]) <= 500
    shown.set_state({key: value for key, value in now.items() if key in ("image", "mends", "pixel")})


def test_the_keys_mend_what_a_hand_can(script, shown):
    state = state_of(shown) | {"image": EMPTY, "example": -1}
    keys = ["ArrowUp", "ArrowUp", "ArrowRight", " ", "ArrowDown", "Enter", "ArrowLeft", "a"]
    now = script(DO, state, [["key", "seen", key] for key in keys])
    # From near the middle (27: row 4, column 4) up and right, then down and left.
    assert now["pixel"] == 27 and [k for k, ink in enumerate(now["image"]) if ink] == [20, 28]
    assert now["said"][1:3] == ["Row 3, column 4: ink 0 of 16.", "Row 3, column 5: ink 0 of 16."]
    assert now["said"][3].startswith("Row 3, column 5: ink 16 of 16. Linear classifier: ")
    edge = script(DO, state, [["key", "seen", "ArrowUp"]] * 20 + [["key", "seen", "ArrowLeft"]] * 20)
    assert edge["pixel"] == 0


def test_the_sliders_mend_it_too_and_a_way_is_one_turn(script, shown):
    state = state_of(shown) | {"image": EMPTY, "example": -1}
    now = script(DO, state, [["set", "pixel", 23], ["set", "ink", 5], ["set", "ink", 7], ["set", "ink", 7]])
    assert now["pixel"] == 23 and now["image"][23] == 7 / 16 and now["mends"] == [[[23, 0]]]


def test_a_blank_paper_gets_no_answer(script):
    state = state_of(DrawDigit(linear(), mlp()))
    assert state["image"] == EMPTY and state["example"] == -1
    for language, words in ("en", "Nothing is drawn"), ("ko", "아무것도 그려져 있지 않아"):
        html = script("(s, code) => widget.still(s, code)", state, language)
        assert words in html and not re.search(r"\d%", html) and 'bw-hollow bw-orange"' not in html
        assert script("(s, code) => table(s, derive(s, null), wordsOf(widget.spec, code)).rows.length", state, language) == 8


def test_certainty_is_not_rounded_up_to_one(script):
    t = 'wordsOf(widget.spec, "en")'
    assert script(f"[0.1, 0.5, 0.9994, 0.9996, 1].map(p => percent(p, {t}))") == [
        "10.0%", "50.0%", "99.9%", "over 99.9%", "over 99.9%"]


def test_display_changes_nothing_else(script):
    assert script("() => widget.spec.display") == ["pixel", "show_numbers"]
    assert script("() => widget.spec.controls.find(c => c.name === 'show_numbers').set === undefined")


# ---- never broken ----

@pytest.mark.parametrize("size", [0, 1e-300, 1e6])
@pytest.mark.parametrize("language", helpers.LANGUAGES)
def test_pictures_of_extreme_models_and_drawings(script, size, language):
    torch.manual_seed(0)
    nets = [nn.Sequential(*(part for _ in range(5) for part in (linear(64, 64), nn.Identity())), linear()) for _ in range(2)]
    with torch.no_grad():
        for parameter in (p for net in nets for p in net.parameters()):
            parameter.copy_(size * parameter.sign())
    state = state_of(DrawDigit(*nets))
    for strokes in [], [[[0, 0]]], [[[0, 0], [32, 32]]], [[[3, 3], [3, 3 + 1e-300]]], [[[k % 32, k * 7 % 32] for k in range(600)]]:
        for image in EMPTY, [1] * 64, [1e-300] * 64, drawn_image(strokes):
            now = state | {"strokes": strokes, "image": image, "pixel": 63, "show_numbers": True, "mends": [[[0, 0.5], [63, 1]]]}
            html = script("""(s, code) => widget.still(s, code)
                + [table(s, derive(s, null), wordsOf(widget.spec, code))].flat().map(tableMarkup).join("")""", now, language)
            assert not re.search(r"NaN|Infinity|undefined|null|\[object", html)


# ---- in Python ----

def test_later_training_does_not_reach_the_widget():
    net = linear()
    w = DrawDigit(net, mlp())
    before = deepcopy(w.models)
    with torch.no_grad():
        net.weight += 1
    assert w.models == before and w.models["linear"][0]["W"] != net.weight.tolist()


def test_what_is_set_in_python(shown):
    sent = messages_of(shown)
    shown.strokes = PLAIN[4]
    assert shown.image == drawn_image(PLAIN[4]) and (shown.example, shown.mends) == (-1, [])
    shown.example = 1
    assert shown.image == shown.examples["images"][1] and shown.strokes == []
    shown.mends = [[[3, 0.5]]]
    shown.image = torch.full((64,), 0.5)
    assert shown.image == [0.5] * 64 and (shown.example, shown.strokes, shown.mends) == (-1, [], [])
    assert any({"image", "example"} <= set(state) for state in sent)


def test_what_the_reader_did_is_not_undone(shown):
    shown.set_state({"strokes": PLAIN[4], "image": drawn_image(PLAIN[4]), "example": -1, "mends": []})
    assert (shown.strokes, shown.image) == (PLAIN[4], drawn_image(PLAIN[4]))
    mended = [1.0, *shown.image[1:]]
    shown.set_state({"image": mended, "mends": [[[0, 0.0]]], "pixel": 0})
    assert (shown.strokes, shown.image, shown.mends) == (PLAIN[4], mended, [[[0, 0]]])


@pytest.mark.parametrize("name, value, message", [
    ("image", [0.5] * 63, "image must have 64 pixels, got 63"),
    ("image", [2.0] + [0.5] * 63, "image must hold numbers from 0 to 1, got 2"),
    ("example", 99, "example must be from -1 to 1, got 99"),
    ("strokes", [[[1, 2, 3]]], r"strokes must hold pairs of numbers from 0 to 32 and from 0 to 32, got \[1.0, 2.0, 3.0\]"),
    ("strokes", [[[1, 33]]], r"strokes must hold pairs .*, got \[1.0, 33.0\]"),
    ("strokes", [[[1, math.nan]]], "strokes must be finite, got nan"),
    ("strokes", "a 4", "strokes must be a list of lists of pairs of numbers, got 'a 4'"),
    ("strokes", [[[1, 2]] * 601], "strokes must hold at most 600 pairs, got 601"),
    ("mends", [[[64, 0]]], "mends must hold pairs of numbers from 0 to 63 and from 0 to 1"),
    ("pixel", 64, "pixel must be a whole number from -1 to 63, got 64"),
    ("models", {}, "read-only"), ("examples", {}, "read-only"),
], ids=lambda value: str(value)[:30])
def test_what_is_refused_later(name, value, message):
    net = linear()
    w = DrawDigit(net, mlp(), torch.zeros(2, 64), (net.bias.argmax() + torch.tensor([1, 2])) % 10)
    before = state_of(w)
    with pytest.raises((traitlets.TraitError, ValueError), match=message):
        setattr(w, name, value)
    assert state_of(w) == before


def spoilt(net, value):
    with torch.no_grad():
        next(net.parameters())[0, 0] = value
    return net


IMAGE, DIGIT = torch.zeros(1, 64), torch.tensor([3])


@pytest.mark.parametrize("arguments, error, message", [
    ({"linear": linear(32)}, ValueError, r"linear must take 64 numbers in layer 0, got Linear\(in_features=32"),
    ({"mlp": nn.Sequential(linear(64, 8), nn.ReLU(), linear(9))}, ValueError, "mlp must take 8 numbers in layer 2, got Linear"),
    ({"linear": linear(64, 9)}, ValueError, "linear must end in a linear layer with 10 outputs, got Linear"),
    ({"mlp": nn.Sequential(linear(), nn.ReLU())}, ValueError, "mlp must end in a linear layer with 10 outputs"),
    ({"mlp": nn.Sequential()}, ValueError, "mlp must end in a linear layer with 10 outputs"),
    ({"mlp": nn.Sequential(linear(), nn.Softmax(0))}, TypeError, "mlp must be an nn.Linear or .*, got Softmax"),
    ({"linear": "a model"}, TypeError, "linear must be an nn.Linear or .*, got str"),
    ({"mlp": nn.Sequential(linear(64, 8), nn.ELU(2), linear(8))}, ValueError, r"mlp must have .* default settings, got ELU\(alpha=2\)"),
    ({"mlp": nn.Sequential(linear(64, 8), nn.LeakyReLU(math.inf), linear(8))}, ValueError, "must be finite, got inf"),
    ({"linear": spoilt(linear(), math.nan)}, ValueError, r"the weights of linear must be finite, got nan at position \[0, 0\]"),
    ({"mlp": spoilt(linear(), -2e6)}, ValueError, "the weights of mlp must be from -1e[+]06 to 1e[+]06, got -2e[+]06"),
    ({"mlp": nn.Sequential(linear(64, 999), linear(999))}, ValueError, "mlp must have at most 50000 weights, got 74935"),
    ({"mlp": nn.Sequential(*(linear(64, 64) for _ in range(6)), linear())}, ValueError, "mlp must have at most 6 linear layers, got 7"),
    ({"X": IMAGE}, ValueError, "X and y must be given together, got no y"),
    ({"y": DIGIT}, ValueError, "X and y must be given together, got no X"),
    ({"X": IMAGE, "y": torch.tensor([1, 2])}, ValueError, "X and y must be of equal length, got 1 rows and 2 labels"),
    ({"X": torch.zeros(1, 63), "y": DIGIT}, ValueError, r"X must have 64 columns, got 63 \(shape \(1, 63\)\)"),
    ({"X": 16 + IMAGE, "y": DIGIT}, ValueError, "X must hold numbers from 0 to 1, got 16"),
    ({"X": IMAGE, "y": torch.tensor([10])}, ValueError, "y must hold digits from 0 to 9, got 10"),
    ({"X": IMAGE, "y": torch.tensor([1.5])}, ValueError, "y must hold digits from 0 to 9, got 1.5"),
    ({"X": [[0] * 64], "y": DIGIT}, TypeError, "X must be a torch.Tensor, got list"),
], ids=lambda value: str(value)[:30])
def test_what_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        DrawDigit(**{"linear": linear(), "mlp": mlp()} | arguments)


# ---- in a browser ----

PAGE = "chapters/en/multilayer-perceptron"
NUMBER = WIDGETS["multilayer-perceptron"].index("draw_digit")


def said(found):
    return found.locator("[role=status]").text_content()


def inked(found):
    """How many pixels have ink, by the text alternative, which follows the picture when the hand rests."""
    found.page.wait_for_timeout(300)
    return int(re.search(r"ink: (\d+)", found.locator('[data-panel="seen"] > svg').get_attribute("aria-label"))[1])


@pytest.mark.parametrize("name", [page for page in PAGES if "multilayer" in page])
def test_a_drawing_is_read_and_taken_back(open_page, name):  # noqa: F811
    page = alive(open_page(name))
    found = widget(page, NUMBER)
    control(found, "clear").click()
    drag(page, found, "paper", (0.5, 0.2), (0.5, 0.85))
    drag(page, found, "paper", (0.4, 0.3), (0.5, 0.2))
    assert found.locator(STROKES).count() == 2
    assert re.search(r"1 \(.*%.*\)", found.locator(".bw-readout").text_content())
    assert re.search(r"1 \(.*%", said(found))
    control(found, "undo").click()
    control(found, "undo").click()
    redrawn(page)
    assert found.locator(STROKES).count() == 0
    assert "%" not in found.locator(".bw-readout").text_content()
    assert control(found, "undo").get_attribute("aria-disabled") == "true"
    assert page.errors == []


def test_an_image_is_loaded_mended_and_brought_back(open_page):  # noqa: F811
    page = alive(open_page(PAGE))
    found = widget(page, NUMBER)
    control(found, "example").select_option("2")
    redrawn(page)
    first, before = found.locator(".bw-readout b").text_content(), inked(found)
    assert re.match(r"Label: \d\. ", first)
    drag(page, found, "seen", (0.06, 0.15), (0.06, 0.9))  # down the first column, which is empty
    assert inked(found) == before + 8 and "Pixels changed: 8." in said(found)
    control(found, "original").click()
    redrawn(page)
    assert inked(found) == before and found.locator(".bw-readout b").text_content() == first


def test_it_is_drawn_by_keys_alone(open_page):  # noqa: F811
    page = alive(open_page(PAGE))
    found = widget(page, NUMBER)
    control(found, "clear").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    for _ in range(4):  # back over the controls to the picture
        if page.evaluate("document.activeElement.dataset.panel ?? ''") == "seen":
            break
        page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.dataset.panel") == "seen"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    before = page.evaluate("scrollY")
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    for _ in range(8):
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")  # (in the last row it stays there)
    redrawn(page)
    assert page.evaluate("scrollY") == before
    assert inked(found) == 8
    assert "%" in found.locator(".bw-readout").text_content()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.panel ?? ''") != "seen"  # no trap


def swipe(page, places):
    touch = page.context.new_cdp_session(page)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    points = [{"x": x, "y": y} for x, y in places]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
    for point in points[1:]:
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        page.wait_for_timeout(20)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(300)


@pytest.mark.parametrize("view", ["phone", "narrow"])
def test_a_finger_draws_on_the_paper_and_scrolls_beside_it(open_page, view):  # noqa: F811
    page = alive(open_page(PAGE, view))
    found = widget(page, NUMBER)
    panel = found.locator('[data-panel="paper"]')
    panel.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    box, scrolled = panel.bounding_box(), page.evaluate("scrollY")
    middle, top, bottom = box["x"] + box["width"] / 2, box["y"] + 0.2 * box["height"], box["y"] + 0.9 * box["height"]
    swipe(page, [(middle, bottom - (bottom - top) * k / 10) for k in range(11)])
    assert page.evaluate("scrollY") == scrolled
    assert found.locator(STROKES).count() == 1
    swipe(page, [(box["x"] + 4, bottom - (bottom - top) * k / 10) for k in range(11)])
    assert page.evaluate("scrollY") > scrolled + 40
    assert found.locator(STROKES).count() == 1


def test_pixels_are_large_enough_for_a_finger(open_page):  # noqa: F811
    page = alive(open_page(PAGE, "narrow"))
    box = widget(page, NUMBER).locator('[data-panel="seen"] rect').first.bounding_box()
    assert min(box["width"], box["height"]) >= 24
