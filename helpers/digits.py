"""The handwritten digits."""

from typing import NamedTuple

import torch

from helpers.checks import not_installed
from helpers.splits import rows_of

TEST_FRACTION = 0.25
BRIGHTEST = 16  # the largest value of a pixel in scikit-learn's copy


class Digits(NamedTuple):
    """Images of digits and the digits they show.

    Attributes
    ----------
    X : torch.Tensor, shape (n, 64)
        The 8×8 pixels of each image, row by row, from 0 (empty) to 1 (full ink).
    y : torch.Tensor of int64, shape (n,)
        The digits, 0 to 9.
    """

    X: torch.Tensor
    y: torch.Tensor


def handwritten_digits(split="all", seed=0):
    """Load 1797 small images of handwritten digits that ship with scikit-learn.

    Explained in `sec-digits-data` of the chapter on multilayer perceptrons.

    They are the test part of a collection by Alpaydin and Kaynak (1998, UCI repository).

    Parameters
    ----------
    split : str
        ``"train"`` for 1348 of the images, ``"test"`` for the other 449, ``"all"`` for all.
    seed : int
        Which images go into which part.

    Returns
    -------
    Digits
        ``X`` of PyTorch's default floating-point type.

    Raises
    ------
    ModuleNotFoundError
        If scikit-learn is not installed.
    TypeError
        If ``seed`` is no whole number.
    ValueError
        If ``split`` is unknown, or ``seed`` negative or beyond 2⁶⁴ − 1.
    """
    try:
        from sklearn.datasets import load_digits  # here, because importing it takes over a second
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(not_installed("scikit-learn", error), name=error.name) from error

    data = load_digits()
    rows = rows_of(split, len(data.target), TEST_FRACTION, seed)
    X = torch.tensor(data.data, dtype=torch.get_default_dtype()) / BRIGHTEST
    return Digits(X[rows], torch.tensor(data.target, dtype=torch.int64)[rows])
