"""Checks of arguments: a bad value is refused by name before it can do harm further on."""

import math
import numbers

import torch

LARGEST_SEED = 2**64 - 1  # that PyTorch's generators take


def whole_number(name, value, at_least):
    """Return ``value`` as an ``int`` of ``at_least`` or more.

    Raises
    ------
    TypeError
        If ``value`` is not a whole number (``True`` and ``2.0`` are not).
    ValueError
        If it is too small.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < at_least:
        raise ValueError(f"{name} must be at least {at_least}, got {value}")
    return int(value)


def seed(value):
    """Return ``value`` as an ``int`` that a generator of PyTorch takes as its seed.

    Raises
    ------
    TypeError
        If ``value`` is not a whole number.
    ValueError
        If it is negative or beyond 2⁶⁴ − 1.
    """
    value = whole_number("seed", value, at_least=0)
    if value > LARGEST_SEED:
        raise ValueError(f"seed must be at most {LARGEST_SEED}, got {value}")
    return value


def positive_number(name, value, or_zero=False):
    """Return ``value`` as a positive, finite ``float``, or 0 if that is allowed too.

    Raises
    ------
    TypeError
        If ``value`` is not a real number.
    ValueError
        If it is zero (unless ``or_zero``), negative, infinite or NaN, or becomes one of them as a ``float``.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number, got {value!r}")
    try:
        found = float(value)
    except OverflowError:  # a whole number or a fraction beyond all floats
        found = math.inf
    if not (math.isfinite(found) and (found > 0 or or_zero and value == 0)):
        raise ValueError(f"{name} must be {'0 or ' * or_zero}a positive, finite number, got {value!r}")
    return found


def tensor(name, value, ndim):
    """Return ``value`` after checking that it is a non-empty, finite tensor.

    Parameters
    ----------
    name : str
        What the reader calls the argument.
    value : torch.Tensor
    ndim : int or tuple of int
        The number, or numbers, of axes it may have.

    Raises
    ------
    TypeError
        If ``value`` is no tensor.
    ValueError
        If it has another number of axes, no elements, or an element that is NaN or infinite.
    """
    allowed = (ndim,) if isinstance(ndim, int) else tuple(ndim)
    if not isinstance(value, torch.Tensor):
        raise TypeError(f"{name} must be a torch.Tensor, got {type(value).__name__}")
    if value.ndim not in allowed:
        expected = " or ".join(map(str, allowed))
        raise ValueError(f"{name} must have {expected} axes, got {value.ndim} (shape {tuple(value.shape)})")
    if value.numel() == 0:
        raise ValueError(f"{name} must not be empty, got shape {tuple(value.shape)}")
    if not torch.isfinite(value).all():
        where = (~torch.isfinite(value)).nonzero()[0].tolist()
        at = f" at position {where}" if where else ""  # a scalar has no positions
        raise ValueError(f"{name} must be finite, got {value[tuple(where)].item()}{at}")
    return value


def real_numbers(name, value, kind="a list of numbers"):
    """Return ``value`` as a tensor of ``torch.float64``, apart from the graph of any gradients.

    Parameters
    ----------
    name : str
        What the reader calls the argument.
    value : torch.Tensor, or what ``torch.as_tensor`` takes, or a list of scalar tensors
    kind : str, optional
        What the message says was expected.

    Raises
    ------
    TypeError
        If ``value`` is not made of real numbers, or of rows of unequal length.
    """
    try:
        if isinstance(value, (list, tuple)):
            value = [number.detach() if isinstance(number, torch.Tensor) else number for number in value]
        if torch.is_complex(torch.as_tensor(value)):
            raise TypeError("complex numbers")
        return torch.as_tensor(value, dtype=torch.float64).detach()
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise TypeError(f"{name} must be {kind}, got {value!r:.80}") from error


def examples(X, y):
    """Check that ``X`` (n × d) and ``y`` (n) describe the same, non-empty set of examples.

    Raises
    ------
    TypeError, ValueError
        As :func:`tensor`; also if the lengths differ.
    """
    tensor("X", X, ndim=2)
    tensor("y", y, ndim=1)
    if len(X) != len(y):
        raise ValueError(f"X and y must be of equal length, got {len(X)} rows and {len(y)} labels")


def not_installed(package, error):
    """Return what to say when ``package`` could not be imported because of ``error``."""
    return f"{package} cannot be imported ({error}): pip install -r requirements.txt"
