"""Minibatches: every example once an epoch, in a new order (helpers/minibatches.py)."""

import math

import pytest
import torch

from helpers.minibatches import Minibatches


def numbered(n):
    """Examples that can be told apart: y is 0, 1, 2, …, and each row of X says it too."""
    y = torch.arange(float(n))
    return torch.stack([y, -y], dim=1), y


def order(batches):
    return torch.cat([y for _, y in batches]).tolist()


@pytest.mark.parametrize("n, batch_size, lengths", [
    (1, 1, [1]),
    (6, 2, [2, 2, 2]),
    (7, 3, [3, 3, 1]),
    (5, 5, [5]),
    (5, 8, [5]),
    (3, 1, [1, 1, 1]),
])
def test_lengths_of_the_batches(n, batch_size, lengths):
    batches = Minibatches(*numbered(n), batch_size)
    for _ in range(2):
        assert [len(X) for X, _ in batches] == [len(y) for _, y in batches] == lengths
    assert len(batches) == len(lengths)


@pytest.mark.parametrize("n, batch_size", [(1, 1), (50, 7), (50, 10), (50, 99)])
def test_each_epoch_visits_each_example_once(n, batch_size):
    batches = Minibatches(*numbered(n), batch_size)
    for _ in range(3):
        assert sorted(order(batches)) == list(range(n))


def test_rows_stay_with_their_labels():
    for X, y in Minibatches(*numbered(50), batch_size=7):
        torch.testing.assert_close(X, torch.stack([y, -y], dim=1))


def test_shuffled_anew_each_epoch():
    batches = Minibatches(*numbered(50), batch_size=7)
    epochs = [order(batches) for _ in range(5)]
    assert len(set(map(tuple, [*epochs, range(50)]))) == 6


def test_the_seed_decides():
    first, again, other = (Minibatches(*numbered(50), batch_size=7, seed=seed) for seed in (1, 1, 2))
    for _ in range(3):
        expected = order(first)
        assert order(again) == expected != order(other)


def test_pytorchs_own_random_numbers_are_neither_used_nor_moved():
    torch.manual_seed(0)
    state = torch.get_rng_state()
    expected = order(Minibatches(*numbered(50), batch_size=7))
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(1)
    assert order(Minibatches(*numbered(50), batch_size=7)) == expected


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.int64])
def test_types_are_kept(dtype):
    X, y = numbered(4)
    X_batch, y_batch = next(iter(Minibatches(X.double(), y.to(dtype), batch_size=2)))
    assert X_batch.dtype == torch.float64 and y_batch.dtype == dtype


@pytest.mark.parametrize("change, error, message", [
    ({"batch_size": 0}, ValueError, "batch_size must be at least 1, got 0"),
    ({"batch_size": -3}, ValueError, "batch_size must be at least 1, got -3"),
    ({"batch_size": 2.5}, TypeError, "batch_size must be a whole number, got 2.5"),
    ({"batch_size": True}, TypeError, "batch_size must be a whole number, got True"),
    ({"batch_size": "2"}, TypeError, "batch_size must be a whole number, got '2'"),
    ({"seed": -1}, ValueError, "seed must be at least 0, got -1"),
    ({"seed": 0.5}, TypeError, "seed must be a whole number, got 0.5"),
    ({"seed": None}, TypeError, "seed must be a whole number, got None"),
    ({"y": torch.ones(5)}, ValueError, "X and y must be of equal length, got 4 rows and 5 labels"),
    ({"X": torch.ones(4)}, ValueError, "X must have 2 axes, got 1"),
    ({"y": torch.ones(4, 1)}, ValueError, "y must have 1 axes, got 2"),
    ({"X": torch.ones(0, 2), "y": torch.ones(0)}, ValueError, "X must not be empty"),
    ({"X": torch.full((4, 2), math.inf)}, ValueError, "X must be finite, got inf"),
    ({"y": torch.full((4,), math.nan)}, ValueError, "y must be finite, got nan"),
    ({"X": [[1.0, 2.0]]}, TypeError, "X must be a torch.Tensor, got list"),
    ({"y": [1.0]}, TypeError, "y must be a torch.Tensor, got list"),
])
def test_refused(change, error, message):
    good = {"X": torch.ones(4, 2), "y": torch.ones(4), "batch_size": 2, "seed": 0}
    with pytest.raises(error, match=message):
        Minibatches(**{**good, **change})
