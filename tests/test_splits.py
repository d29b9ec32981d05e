"""Splitting a dataset into two parts (helpers/splits.py)."""

import pytest

from helpers.splits import rows_of


def rows(split, num_examples=321, test_fraction=0.2, seed=0):
    return rows_of(split, num_examples, test_fraction, seed).tolist()


@pytest.mark.parametrize("num_examples, test_fraction, num_test", [
    (321, 0.2, 64), (1797, 0.25, 449), (10, 0.3, 3), (5, 0.5, 2), (1, 0.2, 0),
])
@pytest.mark.parametrize("seed", [0, 1, 12345])
def test_the_parts_are_disjoint_and_make_the_whole(num_examples, test_fraction, num_test, seed):
    train, test = (rows(split, num_examples, test_fraction, seed) for split in ("train", "test"))
    assert len(test) == num_test
    assert sorted(train + test) == list(range(num_examples))


@pytest.mark.parametrize("seed", [0, 7])
def test_all_is_in_the_order_of_the_data(seed):
    assert rows("all", seed=seed) == list(range(321))


def test_both_parts_are_shuffled():
    # Sales come sorted by year; a part cut off at the end would be one of a single year.
    for split in ("train", "test"):
        assert rows(split) != sorted(rows(split))
    assert min(rows("test")) < 30 and max(rows("test")) > 290


@pytest.mark.parametrize("split", ["train", "test"])
def test_the_seed_decides(split):
    assert rows(split, seed=3) == rows(split, seed=3)
    assert set(rows(split, seed=3)) != set(rows(split, seed=4))


@pytest.mark.parametrize("split", ["validation", "Train", "", None, 0])
def test_unknown_split_is_refused(split):
    with pytest.raises(ValueError) as caught:
        rows(split)
    assert str(caught.value) == f"split must be one of 'all', 'train', 'test', got {split!r}"


@pytest.mark.parametrize("split", ["all", "train", "test"])
@pytest.mark.parametrize("seed, error, message", [
    (-1, ValueError, "seed must be at least 0, got -1"),
    (0.5, TypeError, "seed must be a whole number, got 0.5"),
    (True, TypeError, "seed must be a whole number, got True"),
    (None, TypeError, "seed must be a whole number, got None"),
])
def test_bad_seed_is_refused_for_every_split(split, seed, error, message):
    with pytest.raises(error, match=message):
        rows(split, seed=seed)
