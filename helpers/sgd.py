"""Stochastic gradient descent."""

from collections.abc import Iterable

import torch

from helpers import checks


class SGD:
    r"""The update of minibatch stochastic gradient descent, with the interface of ``torch.optim``.

    Explained in `sec-concise` of the chapter on linear regression.

    A step replaces each parameter :math:`\theta` by :math:`\theta - \eta\,g`, where :math:`g` is
    the gradient that the last call of ``backward`` left in ``grad``
    (Robbins and Monro, 1951; equation ``eq-sgd-update`` of the page).

    Parameters
    ----------
    params : iterable of torch.Tensor
        What is to be learned; each tensor must require a gradient.
    lr : float
        The learning rate :math:`\eta`.

    Raises
    ------
    TypeError
        If ``lr`` is not a number, or ``params`` not a list or holds something else than tensors.
    ValueError
        If ``lr`` is not positive and finite, or too large for the type of a parameter; if there are
        no parameters, or if one of them does not require a gradient or is itself computed from
        others, so that it gets none.
    """

    def __init__(self, params, lr):
        if isinstance(params, torch.Tensor):
            raise TypeError("params must be a list of tensors, got a single tensor")
        if not isinstance(params, Iterable):
            raise TypeError(f"params must be a list of tensors, got {type(params).__name__}")
        self.params = list(params)
        self.lr = checks.positive_number("lr", lr)
        if not self.params:
            raise ValueError("params must hold at least one tensor, got none")
        for i, param in enumerate(self.params):
            if not isinstance(param, torch.Tensor):
                raise TypeError(f"params[{i}] must be a torch.Tensor, got {type(param).__name__}")
            if not param.requires_grad:
                raise ValueError(f"params[{i}] must require a gradient, got requires_grad=False")
            if not param.is_leaf:
                raise ValueError(f"params[{i}] must be a leaf of the graph, got the result of a computation")
            largest = torch.finfo(param.dtype).max
            if self.lr > largest:
                raise ValueError(f"lr must be at most {largest:g}, as params[{i}] is of {param.dtype}, got {lr!r}")

    def zero_grad(self):
        """Forget the gradients of the last step; PyTorch would add the next ones to them."""
        for param in self.params:
            param.grad = None

    @torch.no_grad()
    def step(self):
        """Move every parameter a little against its gradient.

        Raises
        ------
        RuntimeError
            If a parameter has no gradient yet.
        """
        for i, param in enumerate(self.params):
            if param.grad is None:
                raise RuntimeError(f"params[{i}] has no gradient: call backward() before step()")
            param -= self.lr * param.grad
