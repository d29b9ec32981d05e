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
        If ``seed`` is no whole number.
    ValueError
        If ``split`` is unknown, or ``seed`` negative.
    """
    if split not in SPLITS:
        raise ValueError(f"split must be one of {', '.join(map(repr, SPLITS))}, got {split!r}")
    seed = checks.whole_number("seed", seed, at_least=0)
    if split == "all":
        return torch.arange(num_examples)
    order = torch.randperm(num_examples, generator=torch.Generator().manual_seed(seed))
    num_test = round(test_fraction * num_examples)
    return order[:num_test] if split == "test" else order[num_test:]
