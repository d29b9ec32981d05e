"""Minibatches."""

import torch

from helpers import checks


class Minibatches:
    """Deal out a dataset in small, shuffled batches, one epoch each time it is looped over.

    Explained in `sec-scratch` of the chapter on linear regression.

    Every epoch visits each example exactly once, in a new order.  Where the batch size does not
    divide the number of examples, the last batch is short.  The same seed gives the same epochs.

    Parameters
    ----------
    X : torch.Tensor, shape (n, d)
        The features, a row an example.
    y : torch.Tensor, shape (n,)
        The labels.
    batch_size : int
        How many examples a batch holds; at least 1.  More than n gives one batch of n.
    seed : int
        Where the shuffling starts.

    Raises
    ------
    TypeError
        If ``X`` or ``y`` is no tensor, or ``batch_size`` or ``seed`` no whole number.
    ValueError
        If the lengths of ``X`` and ``y`` differ, a shape is wrong, a value is not finite, the set
        is empty, ``batch_size`` is below 1, or ``seed`` is negative or beyond 2⁶⁴ − 1.

    Examples
    --------
    >>> batches = Minibatches(torch.arange(6.0).reshape(3, 2), torch.arange(3.0), batch_size=2)
    >>> [len(y_batch) for X_batch, y_batch in batches]
    [2, 1]
    """

    def __init__(self, X, y, batch_size, seed=0):
        checks.examples(X, y)
        self.X, self.y = X, y
        self.batch_size = checks.whole_number("batch_size", batch_size, at_least=1)
        self._generator = torch.Generator().manual_seed(checks.seed(seed))

    def __len__(self):
        """Return the number of batches in an epoch."""
        return -(-len(self.X) // self.batch_size)

    def __iter__(self):
        order = torch.randperm(len(self.X), generator=self._generator)
        for batch in order.split(min(self.batch_size, len(order))):
            yield self.X[batch], self.y[batch]
