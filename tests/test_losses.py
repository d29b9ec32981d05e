"""The squared loss against PyTorch's (helpers/losses.py)."""

import math

import pytest
import torch
from torch import nn

from helpers.losses import squared_loss


@pytest.fixture(params=range(5))
def pair(request):
    generator = torch.Generator().manual_seed(request.param)
    y_hat, y = 10 * torch.randn(2, 3 ** request.param, generator=generator, dtype=torch.float64)
    return y_hat.requires_grad_(), y


def test_values_of_a_small_case():
    losses = squared_loss(torch.tensor([1.0, 2.0, -3.0]), torch.tensor([1.0, 4.0, 0.0]))
    assert losses.tolist() == [0.0, 2.0, 4.5]


def test_it_is_half_of_pytorchs(pair):
    torch.testing.assert_close(squared_loss(*pair), nn.MSELoss(reduction="none")(*pair) / 2)
    torch.testing.assert_close(squared_loss(*pair).mean(), nn.MSELoss()(*pair) / 2)


def test_gradient_is_the_difference_and_half_of_pytorchs(pair):
    y_hat, y = pair
    gradient, = torch.autograd.grad(squared_loss(y_hat, y).sum(), y_hat)
    theirs, = torch.autograd.grad(nn.MSELoss(reduction="sum")(y_hat, y), y_hat)
    torch.testing.assert_close(gradient, (y_hat - y).detach())
    torch.testing.assert_close(gradient, theirs / 2)


def test_whole_numbers_are_not_rounded():
    assert squared_loss(torch.tensor([1, 2]), torch.tensor([2, 4])).tolist() == [0.5, 2.0]


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_prediction_that_is_not_finite_has_such_a_loss(bad):
    # Not refused: it is how train() learns that training diverged, and can say so.
    losses = squared_loss(torch.tensor([bad, 1.0]), torch.tensor([0.0, 0.0]))
    assert losses.isfinite().tolist() == [False, True]


@pytest.mark.parametrize("y_hat, y, error, message", [
    (torch.ones(4, 1), torch.ones(4), ValueError,
     r"y_hat and y must have the same shape, got \(4, 1\) and \(4,\)"),
    (torch.ones(3), torch.ones(4), ValueError, r"y_hat and y must have the same shape, got \(3,\) and \(4,\)"),
    (torch.tensor(1.0), torch.ones(1), ValueError, r"must have the same shape, got \(\) and \(1,\)"),
    (torch.ones(4, 1), torch.ones(4, 1), ValueError, "y must have 1 axes, got 2"),
    (torch.ones(0), torch.ones(0), ValueError, "y must not be empty"),
    (torch.ones(2), torch.tensor([1, math.nan]), ValueError, r"y must be finite, got nan at position \[1\]"),
    (torch.ones(2), torch.tensor([-math.inf, 1]), ValueError, r"y must be finite, got -inf at position \[0\]"),
    ([1.0], torch.ones(1), TypeError, "y_hat must be a torch.Tensor, got list"),
    (torch.ones(1).numpy(), torch.ones(1), TypeError, "y_hat must be a torch.Tensor, got ndarray"),
    (torch.ones(1), [1.0], TypeError, "y must be a torch.Tensor, got list"),
])
def test_refused(y_hat, y, error, message):
    with pytest.raises(error, match=message):
        squared_loss(y_hat, y)
