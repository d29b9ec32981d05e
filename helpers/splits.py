"""Splitting a dataset into a part to learn from and a part held out."""

import torch

from helpers import checks

SPLITS = ("all", "train", "test")


def rows_of(split, num_examples, test_fraction, seed):
    """Return the row numbers of one part of a dataset, in a shuffled order ("all": as they are).

    Parameters
    ----------
    split : str
        ``"train"``, ``"test"`` or ``"all"``.  Training and test part never share a row.
    num_examples : int
        At least 0.
    test_fraction : float
        The share of the test part, between 0 and 1; rounded to whole examples.
    seed : int
        The same seed gives the same parts.

    Returns
    -------
    torch.Tensor of int64

    Raises
    ------
    TypeError
        If ``num_examples`` or ``seed`` is no whole number, or ``test_fraction`` no number.
    ValueError
        If ``split`` is unknown, ``num_examples`` negative, ``test_fraction`` not between 0 and 1, or ``seed``
        negative or beyond 2⁶⁴ − 1.
    """
    if not isinstance(split, str) or split not in SPLITS:
        raise ValueError(f"split must be one of {', '.join(map(repr, SPLITS))}, got {split!r}")
    num_examples = checks.whole_number("num_examples", num_examples, at_least=0)
    test_fraction = checks.positive_number("test_fraction", test_fraction, or_zero=True)
    if test_fraction > 1:
        raise ValueError(f"test_fraction must be at most 1, got {test_fraction}")
    seed = checks.seed(seed)
    if split == "all":
        return torch.arange(num_examples)
    order = torch.randperm(num_examples, generator=torch.Generator().manual_seed(seed))
    num_test = round(test_fraction * num_examples)
    return order[:num_test] if split == "test" else order[num_test:]
