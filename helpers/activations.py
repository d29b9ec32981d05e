"""Activation functions by name."""

from torch import nn

MODULES = {
    "identity": nn.Identity, "relu": nn.ReLU, "leaky_relu": lambda: nn.LeakyReLU(0.25), "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh, "elu": nn.ELU, "gelu": nn.GELU, "silu": nn.SiLU,
}


def activation(name):
    """Return PyTorch's module of an activation function, by the name that it has in the widgets.

    Explained in `sec-folded-plane` of the chapter on multilayer perceptrons.

    Parameters
    ----------
    name : str
        ``"identity"``, ``"relu"``, ``"leaky_relu"`` (of slope 0.25 below 0, as in the widgets that train),
        ``"sigmoid"``, ``"tanh"``, ``"elu"``, ``"gelu"`` or ``"silu"``.

    Returns
    -------
    torch.nn.Module
        It takes and returns tensors of any one shape.

    Raises
    ------
    ValueError
        If there is no such name.
    """
    if not isinstance(name, str) or name not in MODULES:
        raise ValueError(f"name must be one of {', '.join(map(repr, MODULES))}, got {name!r}")
    return MODULES[name]()
