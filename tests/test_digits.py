"""The handwritten digits against scikit-learn's (helpers/digits.py)."""

import sys
from collections import Counter

import pytest
import torch
from sklearn.datasets import load_digits

from helpers.digits import handwritten_digits


@pytest.fixture(params=[torch.float32, torch.float64], autouse=True)
def dtype(request):
    before = torch.get_default_dtype()
    torch.set_default_dtype(request.param)
    yield request.param
    torch.set_default_dtype(before)


def images(split, seed=0):
    X, y = handwritten_digits(split, seed)
    return [(*pixels, digit) for pixels, digit in zip(X.tolist(), y.tolist())]


def test_they_are_those_of_scikit_learn(dtype):
    theirs = load_digits()
    X, y = handwritten_digits()
    torch.testing.assert_close(X, torch.tensor(theirs.images.reshape(1797, 64) / 16, dtype=dtype))
    assert y.tolist() == theirs.target.tolist()


@pytest.mark.parametrize("split, n", [("all", 1797), ("train", 1348), ("test", 449)])
def test_shapes_types_and_ranges(split, n, dtype):
    X, y = handwritten_digits(split)
    assert X.shape == (n, 64) and y.shape == (n,)
    assert X.dtype == dtype and y.dtype == torch.int64
    assert X.min() == 0 and X.max() == 1
    assert set(y.tolist()) == set(range(10))


def test_the_parts_are_disjoint_and_make_the_whole():
    assert Counter(images("train")) + Counter(images("test")) == Counter(images("all"))


@pytest.mark.parametrize("split", ["train", "test"])
def test_the_seed_decides(split):
    assert images(split) == images(split, seed=0)
    assert Counter(images(split, seed=0)) != Counter(images(split, seed=1))


@pytest.mark.parametrize("options, error, message", [
    ({"split": "valid"}, ValueError, "split must be one of 'all', 'train', 'test', got 'valid'"),
    ({"seed": -1}, ValueError, "seed must be at least 0, got -1"),
    ({"seed": 1.5}, TypeError, "seed must be a whole number, got 1.5"),
])
def test_refused(options, error, message):
    with pytest.raises(error, match=message):
        handwritten_digits(**options)


def test_without_the_package_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ModuleNotFoundError, match=r"^scikit-learn cannot be imported \(.*\): pip install -r requirements.txt$"):
        handwritten_digits()
