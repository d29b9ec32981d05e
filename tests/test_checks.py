"""The checks of arguments: who was wrong, what came, what was expected (helpers/checks.py)."""

import math
from fractions import Fraction

import numpy as np
import pytest
import torch

from helpers import checks


@pytest.mark.parametrize("value", [1, 7, np.int64(3)])
def test_whole_number_comes_back_as_int(value):
    result = checks.whole_number("n", value, at_least=1)
    assert type(result) is int and result == value


@pytest.mark.parametrize("value", [2.5, 2.0, True, False, "3", None, math.nan, np.bool_(True), torch.tensor(3)])
def test_whole_number_refuses_what_is_none(value):
    with pytest.raises(TypeError) as caught:
        checks.whole_number("batch_size", value, at_least=0)
    assert str(caught.value) == f"batch_size must be a whole number, got {value!r}"


@pytest.mark.parametrize("value, at_least", [(0, 1), (-1, 0), (-5, 1)])
def test_whole_number_refuses_too_small(value, at_least):
    with pytest.raises(ValueError, match=f"^num_epochs must be at least {at_least}, got {value}$"):
        checks.whole_number("num_epochs", value, at_least)


@pytest.mark.parametrize("value", [1, 0.1, 5e-324, Fraction(1, 4), np.float32(0.5), np.int64(2)])
def test_positive_number_comes_back_as_float(value):
    result = checks.positive_number("lr", value)
    assert type(result) is float and result == value


@pytest.mark.parametrize("value", [0, 0.0, -1, -0.1, math.inf, -math.inf, math.nan])
def test_positive_number_refuses_value(value):
    with pytest.raises(ValueError, match=f"^lr must be a positive, finite number, got {value}$"):
        checks.positive_number("lr", value)


@pytest.mark.parametrize("value", ["0.1", None, True, 1j, [0.1], torch.tensor(0.1)])
def test_positive_number_refuses_type(value):
    with pytest.raises(TypeError) as caught:
        checks.positive_number("lr", value)
    assert str(caught.value) == f"lr must be a number, got {value!r}"


@pytest.mark.parametrize("value, ndim", [
    (torch.tensor(1.0), 0),
    (torch.ones(3), 1),
    (torch.ones(3, 2), 2),
    (torch.ones(3), (1, 2)),
    (torch.ones(3, 2), (1, 2)),
    (torch.arange(4), 1),
    (torch.tensor([True, False]), 1),
])
def test_tensor_comes_back_itself(value, ndim):
    assert checks.tensor("x", value, ndim) is value


@pytest.mark.parametrize("value", [[1.0, 2.0], np.ones(3), 1.0, None])
def test_tensor_refuses_other_types(value):
    with pytest.raises(TypeError, match=f"^x must be a torch.Tensor, got {type(value).__name__}$"):
        checks.tensor("x", value, ndim=1)


@pytest.mark.parametrize("shape, ndim, message", [
    ((3, 1), 1, r"y must have 1 axes, got 2 \(shape \(3, 1\)\)"),
    ((), 1, r"y must have 1 axes, got 0 \(shape \(\)\)"),
    ((2, 3, 4), (1, 2), r"y must have 1 or 2 axes, got 3 \(shape \(2, 3, 4\)\)"),
    ((0,), 1, r"y must not be empty, got shape \(0,\)"),
    ((0, 2), 2, r"y must not be empty, got shape \(0, 2\)"),
    ((3, 0), 2, r"y must not be empty, got shape \(3, 0\)"),
])
def test_tensor_refuses_shapes(shape, ndim, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        checks.tensor("y", torch.ones(shape), ndim)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("where", [(), (2,), (1, 0)])
def test_tensor_says_where_it_is_not_finite(bad, where):
    value = torch.ones((3,) * len(where))
    value[where] = bad
    value[(-1,) * len(where)] = bad  # a second one, further on: the first is told
    at = rf" at position \[{', '.join(map(str, where))}\]" if where else ""
    with pytest.raises(ValueError, match=f"^X must be finite, got {bad}{at}$"):
        checks.tensor("X", value, ndim=len(where))


def test_examples_accepts_a_set():
    checks.examples(torch.ones(1, 3), torch.ones(1))
    checks.examples(torch.ones(4, 1), torch.arange(4))  # classes are whole numbers


@pytest.mark.parametrize("X, y, error, message", [
    (torch.ones(3, 2), torch.ones(4), ValueError, "X and y must be of equal length, got 3 rows and 4 labels"),
    (torch.ones(3), torch.ones(3), ValueError, "X must have 2 axes, got 1"),
    (torch.ones(3, 2), torch.ones(3, 1), ValueError, "y must have 1 axes, got 2"),
    (torch.ones(0, 2), torch.ones(0), ValueError, "X must not be empty"),
    (torch.ones(3, 2) * math.nan, torch.ones(3), ValueError, r"X must be finite, got nan at position \[0, 0\]"),
    (torch.ones(3, 2), torch.tensor([1, math.inf, 1]), ValueError, r"y must be finite, got inf at position \[1\]"),
    ([[1.0]], torch.ones(1), TypeError, "X must be a torch.Tensor, got list"),
    (torch.ones(1, 1), [1.0], TypeError, "y must be a torch.Tensor, got list"),
])
def test_examples_refuses(X, y, error, message):
    with pytest.raises(error, match=message):
        checks.examples(X, y)
