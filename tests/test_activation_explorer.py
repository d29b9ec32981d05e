"""The widget ActivationExplorer: what it reads against PyTorch, and what it refuses."""

import random

import pytest
import torch
import traitlets

from helpers.widgets.activation_explorer import FUNCTIONS, ActivationExplorer
from tests.javascript import Script, check_close, fresh_seed
from tests.test_activations import TORCH, of_torch

SEED = fresh_seed()


@pytest.fixture(scope="module")
def script():
    return Script.of("activation_explorer")


@pytest.fixture(params=[SEED], ids="seed={}".format)
def draw(request):
    return random.Random(request.param)


def a_state(draw):
    return {"function": draw.choice(FUNCTIONS), "compare": draw.choice(("none", *FUNCTIONS)), "alpha": draw.uniform(-1, 1),
            "x": draw.choice([draw.uniform(-8, 8), 0, -8, 8]), "inputs": [draw.uniform(-9, 9) for _ in range(draw.randrange(5))]}


def test_readings_are_those_of_pytorch(script, draw):
    states = [a_state(draw) for _ in range(1000)]
    found = script("states => states.map(s => derive(s, null).readings)", states)
    for state, readings in zip(states, found, strict=True):
        names = [state["function"]] if state["compare"] in ("none", state["function"]) else [state["function"], state["compare"]]
        assert [reading["name"] for reading in readings] == names
        for reading in readings:
            value, slope = of_torch(TORCH[reading["name"]], [state["x"]], state["alpha"])
            check_close([reading["value"]], value, about=state)
            check_close([reading["slope"]], slope, about=state)


def test_drawn_curves_are_those_of_pytorch(script, draw):
    for state in [a_state(draw) for _ in range(20)]:
        for read in ("f", "df"):
            for side in script("(s, read) => pieces(s.function, s.alpha, read)", state, read):
                # At 0 a piece ends with the value as seen from its own side, which differs at a kink.
                inner = [[x, y] for x, y in side if x]
                values = of_torch(TORCH[state["function"]], [x for x, _ in inner], state["alpha"])
                check_close([y for _, y in inner], values[read == "df"], about=state)


def test_own_inputs_that_are_saturated_are_counted(script, draw):
    for state in [a_state(draw) for _ in range(200)]:
        d = script("s => { const { asleep, tails: [tails] } = derive(s, null); return { asleep, left: tails.left ?? -1e9, right: tails.right ?? 1e9 }; }", state)
        assert d["asleep"] == sum(x < d["left"] or x > d["right"] for x in state["inputs"])
        for x in state["inputs"]:
            if x < d["left"] or x > d["right"]:
                assert of_torch(TORCH[state["function"]], [x], state["alpha"])[1].abs() < 0.01


def test_a_passing_minimum_is_not_saturated(script):
    # GELU and SiLU are level near -0.75 and -1.28
    for name, x in (("gelu", -0.7517915), ("silu", -1.2784645)):
        assert of_torch(TORCH[name], [x], 0)[1].abs() < 1e-6
        assert script("(name, x) => isSaturated(saturation(name, 0), x)", name, x) is False
        assert script("(name, x) => isSaturated(saturation(name, 0), x)", name, -8) is True


@pytest.mark.parametrize("name, slope", [("relu", "0"), ("leaky_relu", "0.25")])
def test_the_convention_at_a_kink_is_stated(script, name, slope):
    state = {"function": name, "compare": "none", "alpha": 0.25, "x": 0, "inputs": []}
    words = script("s => readout(s, derive(s, null), wordsOf(widget.spec, 'en'))", state)
    assert f"f′(0) = {slope}" in words
    assert of_torch(TORCH[name], [0.0], 0.25)[1].item() == float(slope)


def test_where_there_is_no_kink_none_is_stated(script):
    for name in ("sigmoid", "elu", "identity"):
        state = {"function": name, "compare": "none", "alpha": 0.25, "x": 0, "inputs": []}
        assert "f′(0)" not in script("s => readout(s, derive(s, null), wordsOf(widget.spec, 'en'))", state)


@pytest.mark.parametrize("arguments, error, message", [
    ({"function": "ReLU"}, traitlets.TraitError, "function must be one of 'relu', .*, got 'ReLU'"),
    ({"compare": "nothing"}, traitlets.TraitError, "compare must be one of 'none', .*, got 'nothing'"),
    ({"alpha": 2}, traitlets.TraitError, "alpha must be a finite number from -1 to 1, got 2"),
    ({"x": float("nan")}, traitlets.TraitError, "x must be a finite number from -8 to 8, got nan"),
    ({"x": True}, traitlets.TraitError, "x must be a finite number from -8 to 8, got True"),
    ({"inputs": [1, float("inf")]}, ValueError, r"inputs must be finite, got inf at position \[1\]"),
    ({"inputs": [[1]]}, ValueError, "inputs must have 1 axes, got 2"),
    ({"inputs": [0.0] * 2001}, ValueError, "inputs must hold at most 2000 examples, got 2001"),
])
def test_what_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        ActivationExplorer(**arguments)


def test_too_many_inputs_are_refused_later_too():
    w = ActivationExplorer()
    with pytest.raises(ValueError, match="inputs must hold at most 2000 examples, got 2001"):
        w.inputs = list(range(2001))
    assert w.inputs == []


def test_traits_are_set_and_observed():
    explorer, seen = ActivationExplorer(inputs=torch.tensor([1.0, 2.0])), []
    explorer.observe(lambda change: seen.append(change.new), names="x")
    explorer.x = torch.tensor(2.5)
    with pytest.raises(traitlets.TraitError):
        explorer.x = "far"
    assert seen == [2.5] and explorer.x == 2.5 and explorer.inputs == [1, 2]
