"""A look at activation functions and their derivatives."""

import traitlets

from helpers.widgets.base import Widget, at_most, choice, number, numbers

FUNCTIONS = ("relu", "leaky_relu", "sigmoid", "tanh", "elu", "gelu", "silu", "identity")
MOST_INPUTS = 2000
REACH = 8.0  # the horizontal axis runs from -8 to 8, as in the figures of the page


class ActivationExplorer(Widget):
    """An activation function and its derivative, read at a place of the reader's choice.

    Explained in `sec-activation-explorer` of the chapter on multilayer perceptrons.

    Parameters
    ----------
    function : str
        ``"relu"``, ``"leaky_relu"`` (with a learned slope it is the parametric ReLU), ``"sigmoid"``,
        ``"tanh"``, ``"elu"``, ``"gelu"``, ``"silu"`` or ``"identity"``.
    compare : str
        A second function to be drawn beside it, or ``"none"``.
    alpha : float
        The slope of ``"leaky_relu"`` for negative inputs, from -1 to 1.
    x : float
        Where both are read, from -8 to 8.
    inputs : tensor or list of float, at most 2000
        The inputs of units of your own network: they are marked on the axis, and the share of them
        for which the unit is saturated is told.

    Raises
    ------
    traitlets.TraitError
        If a number is out of its range or a name is unknown.
    TypeError, ValueError
        If ``inputs`` is not a list of finite numbers, or too long.
    """

    function = choice(*FUNCTIONS)
    compare = choice("none", *FUNCTIONS)
    alpha = number(-1, 1)
    x = number(-REACH, REACH)
    inputs = numbers()

    @traitlets.validate("inputs")
    def _not_too_many(self, proposal):
        return at_most("inputs", proposal["value"], MOST_INPUTS)

    def __init__(self, function="relu", compare="none", alpha=0.25, x=1.0, inputs=()):
        super().__init__(function=function, compare=compare, alpha=alpha, x=x, inputs=inputs)
