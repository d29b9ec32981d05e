"""helpers.activations: PyTorch's modules by the names of the widgets."""

import pytest
import torch

from helpers.activations import MODULES, activation
from helpers.widgets import activation_explorer, folded_plane, hidden_units
from tests.javascript import Script, check_close

X = torch.linspace(-6, 6, 241, dtype=torch.float64)


@pytest.mark.parametrize("widget", [activation_explorer.FUNCTIONS, folded_plane.ACTIVATIONS, hidden_units.ACTIVATIONS],
                         ids=["activation_explorer", "folded_plane", "hidden_units"])
def test_the_names_are_those_of_the_widgets(widget):
    assert set(MODULES) == set(widget)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_computes_what_the_widgets_do(name):
    script = Script.of("hidden_units")
    found = script("(name, x) => x.map(activationOf({ activation: name }).f)", name, X.tolist())
    check_close(found, activation(name)(X))


def test_each_call_makes_a_module_of_its_own():
    assert activation("relu") is not activation("relu")


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="name must be one of 'identity', 'relu', .*, got 'ReLU'"):
        activation("ReLU")
