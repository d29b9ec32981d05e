"""Answers of readers: functions are called with copies, and whatever comes back is read as numbers.

Nothing here trusts an answer.  It may be of any type, raise anything and change what it is given.
"""

import numbers

import numpy as np
import torch

TRIALS = 100
TRIED = "tried", {"count": TRIALS}  # what is said of an answer that was right in all of them
MANY = 8  # as many numbers are shown; of more, only the shape
LONGEST = 160  # letters of an error that are shown


class Unanswered(Exception):
    """The answer, or what the reader's function gives back, is ``...`` or ``None``."""


class Wrong(Exception):
    """An answer that is not right.

    Parameters
    ----------
    key : str
        The message's name in ``words.json``.
    **values
        What is put into the message.
    """

    def __init__(self, key, **values):
        super().__init__(key)
        self.key, self.values = key, values


def _stub():
    ...


_STUB = _stub.__code__  # what a function is before anything has been written into it


def is_nothing(value):
    """Tell whether an answer has not been given yet."""
    return value is None or value is ...


def ask(function, **arguments):
    """Call a reader's function with copies of the arguments, in their order.

    Returns
    -------
    value
        What the function gives back.
    where : str
        The arguments in few words, for messages: ``"x = [1, 2.5]"``.

    Raises
    ------
    Unanswered
        If it gives back nothing.
    Wrong
        If it is no function, raises an error, or lacks a ``return``.
    """
    where = shown(**arguments)
    if not callable(function):
        raise Wrong("no_function", kind=type(function).__name__)
    copies = [value.clone() if isinstance(value, torch.Tensor) else value for value in arguments.values()]
    try:
        value = function(*copies)
    except (Exception, SystemExit) as error:
        raise Wrong("raised", where=where, error=_in_words(error)) from error
    if value is None and getattr(function, "__code__", _STUB).co_code != _STUB.co_code:
        raise Wrong("no_return", where=where)
    if is_nothing(value):
        raise Unanswered()
    return value, where


def read(value, where, shape=()):
    """Return numbers of the reader's as a tensor of 64 bits.

    Tensors, NumPy arrays, numbers, and lists of them will do; where one number is wanted, so will ``[3.0]``.

    Parameters
    ----------
    value : object
    where : str
        Where they come from, for messages.
    shape : tuple of int
        The shape that they must have.

    Raises
    ------
    Unanswered
        If there is nothing, or nothing in one of the places.
    Wrong
        If they are no numbers, have another shape, or one of them is not finite.
    """
    found = _tensor(value, where)
    if shape == () and found.numel() == 1:
        found = found.reshape(())
    if found.shape != shape:
        if shape == ():
            raise Wrong("one_number", where=where)
        raise Wrong("shape", where=where, got=tuple(found.shape), wanted=tuple(shape))
    if not torch.isfinite(found).all():
        raise Wrong("not_finite", where=where)
    return found


def read_several(value, where, **shapes):
    """Return the parts of a reader's tuple or list, each read as :func:`read` does.

    Parameters
    ----------
    value : object
    where : str
    **shapes : tuple of int
        The names of the parts, in their order, and the shape of each.

    Raises
    ------
    Unanswered
        If a part is missing.
    Wrong
        If there are not as many parts, or one of them cannot be read.
    """
    if not isinstance(value, (tuple, list)) or len(value) != len(shapes):
        raise Wrong("several", where=where, names=", ".join(shapes))
    return [read(part, f"{where}; {name}" if where else name, shape)
            for part, (name, shape) in zip(value, shapes.items())]


def read_truth(value, where):
    """Return a reader's ``True`` or ``False`` as a ``bool``.

    Raises
    ------
    Wrong
        If it is neither.
    """
    if isinstance(value, torch.Tensor) and value.dtype == torch.bool and value.numel() == 1:
        return bool(value)
    if not isinstance(value, (bool, np.bool_)):
        raise Wrong("no_truth", where=where, kind=type(value).__name__)
    return bool(value)


def shown(**arguments):
    """Describe arguments in few words: ``x = [1, 2.5], X.shape = (20, 3)``."""
    return ", ".join(_short(name, value) for name, value in arguments.items())


def close(one, other):
    """Tell whether two tensors are equal, but for what 32 bits lose."""
    return one.shape == other.shape and torch.allclose(one.double(), other.double(), rtol=1e-4, atol=1e-5)


def compare(found, right, where, mistakes, otherwise):
    """Do nothing if numbers are right, and otherwise name the mistake that gives them.

    Parameters
    ----------
    found, right : torch.Tensor
    where : str
    mistakes : dict
        For each message, the numbers that this mistake gives, or a tuple of them.
    otherwise : str
        The message about all other mistakes.

    Raises
    ------
    Wrong
        If they are not right.
    """
    if close(found, right):
        return
    for key, given in mistakes.items():
        if any(close(found, one) for one in (given if isinstance(given, tuple) else (given,))):
            raise Wrong(key, where=where)
    raise Wrong(otherwise, where=where)


class Draws:
    """Random inputs, always the same ones, which do not touch the random numbers of the page."""

    def __init__(self, seed=0):
        self._generator = torch.Generator().manual_seed(seed)

    def whole(self, low, high):
        """Return a whole number from ``low`` to ``high``."""
        return torch.randint(low, high + 1, (), generator=self._generator).item()

    def normal(self, *shape):
        """Return a tensor of normal numbers, rounded to tenths so that messages stay short."""
        drawn = torch.randn(shape, generator=self._generator, dtype=torch.float64)
        return (drawn * 20).round().div(10).to(torch.get_default_dtype())


def trials():
    """Yield the number of a trial, from 0 to 99, and where its inputs are drawn from."""
    draw = Draws()
    for trial in range(TRIALS):
        yield trial, draw


def _tensor(value, where):
    if is_nothing(value):
        raise Unanswered()
    if isinstance(value, torch.Tensor) and not value.is_complex():
        return value.detach().to("cpu", torch.float64)
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        return torch.tensor(float(value), dtype=torch.float64)
    if isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
        return torch.from_numpy(value.astype(np.float64))
    if isinstance(value, (tuple, list)) and value:
        parts = [_tensor(part, where) for part in value]
        if all(part.shape == parts[0].shape for part in parts):
            return torch.stack(parts)
    raise Wrong("no_numbers", where=where, kind=type(value).__name__)


def _short(name, value):
    if callable(value):
        return f"{name}: {value.__name__}"
    if isinstance(value, torch.Tensor) and value.numel() > MANY:
        return f"{name}.shape = {tuple(value.shape)}"
    return f"{name} = {_rounded(value.tolist() if isinstance(value, torch.Tensor) else value)}"


def _rounded(value):
    if isinstance(value, list):
        return f"[{', '.join(map(_rounded, value))}]"
    return f"{value:.4g}"


def _in_words(error):
    """Return the type and the text of an error, which may itself fail to say anything."""
    try:
        text = str(error).strip().partition("\n")[0]
    except Exception:
        text = ""
    kind = type(error).__name__
    return f"{kind}: {text}"[:LONGEST] if text else kind
