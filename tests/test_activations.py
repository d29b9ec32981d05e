"""The activation functions of the widgets against PyTorch's (helpers/widgets/shared/activations.js)."""

import math
import random

import pytest
import torch
from torch.nn import functional as F

from tests.javascript import Script, check_close, fresh_seed

SEED = fresh_seed()
CONFIGURATIONS = 1000

TORCH = {
    "identity": lambda x, alpha: x.clone(),
    "relu": lambda x, alpha: torch.relu(x),
    "leaky_relu": F.leaky_relu,
    "sigmoid": lambda x, alpha: torch.sigmoid(x),
    "tanh": lambda x, alpha: torch.tanh(x),
    "elu": lambda x, alpha: F.elu(x),
    "gelu": lambda x, alpha: F.gelu(x),
    "silu": lambda x, alpha: F.silu(x),
}
SPECIAL = [sign * x for sign in (1, -1) for x in (
    0.0, 5e-324, 1e-310, 2.3e-308, 1e-20, 1e-8, 1.0, 2.0, 2.0 * math.sqrt(2.0), 6.0, 20.0, 37.0, 40.0, 709.0, 710.0,
    745.0, 746.0, 1e10, 1e154, 1e155, 1e200, 1e308)]
ALPHAS = [0.0, -0.0, 1.0, -1.0, 0.01, -0.01, 0.25, -0.25, 1.7, -1.7, 1e-300]

EVALUATE = """(name, xs, alphas) => {
  const { f, df } = ACTIVATIONS[name];
  return [alphas.map((alpha) => xs.map((x) => f(x, alpha))), alphas.map((alpha) => xs.map((x) => df(x, alpha)))];
}"""


@pytest.fixture(scope="module")
def script():
    return Script("shared/activations.js")


@pytest.fixture(params=[SEED], ids="seed={}".format)
def draw(request):
    return random.Random(request.param)


def of_torch(function, xs, alpha):
    """The values and derivatives at ``xs``."""
    x = torch.tensor(xs, dtype=torch.float64, requires_grad=True)
    values = function(x, alpha)
    return values, torch.autograd.grad(values.sum(), x)[0]


def check(script, name, xs, alphas, tolerance=1e-9, function=None):
    values, slopes = script(EVALUATE, name, xs, alphas)
    for alpha, f, df in zip(alphas, values, slopes, strict=True):
        expected, expected_slopes = of_torch(function or TORCH[name], xs, alpha)
        check_close(f, expected, tolerance, f"{name}, alpha = {alpha}")
        check_close(df, expected_slopes, tolerance, f"derivative of {name}, alpha = {alpha}")


def test_the_names(script):
    assert script("Object.keys(ACTIVATIONS)") == list(TORCH)


@pytest.mark.parametrize("name", TORCH)
def test_random_places(script, draw, name):
    # Tighter than the 1e-9 that the widgets need: what is left is rounding.
    xs = [draw.uniform(-12, 12) for _ in range(CONFIGURATIONS)]
    xs += [draw.choice([-1, 1]) * 10 ** draw.uniform(-320, 308) for _ in range(CONFIGURATIONS)]
    check(script, name, xs, ALPHAS + [draw.uniform(-1.5, 1.5) for _ in range(20)], tolerance=1e-14)


@pytest.mark.parametrize("name", TORCH)
def test_special_places(script, name):
    check(script, name, SPECIAL, ALPHAS, tolerance=1e-14)


@pytest.mark.parametrize("name", ["identity", "relu", "leaky_relu"])
def test_the_straight_ones_to_the_last_bit(script, draw, name):
    check(script, name, SPECIAL + [draw.gauss(0, 1) for _ in range(CONFIGURATIONS)], ALPHAS, tolerance=0)


def test_parametric_relu(script, draw):
    def prelu(x, alpha):
        return F.prelu(x, torch.tensor([alpha], dtype=x.dtype))

    xs = SPECIAL + [draw.gauss(0, 2) for _ in range(CONFIGURATIONS)]
    check(script, "leaky_relu", xs, ALPHAS + [draw.gauss(0, 0.5) for _ in range(20)], tolerance=0, function=prelu)


def test_only_alpha_overflows(script):
    assert script("ACTIVATIONS.leaky_relu.f(-1e308, 100) === -Infinity")
    assert F.leaky_relu(torch.tensor(-1e308, dtype=torch.float64), 100).item() == -math.inf


def test_the_error_function(script, draw):
    xs = [draw.uniform(-7, 7) for _ in range(CONFIGURATIONS)]
    xs += [10 ** draw.uniform(-300, 1) for _ in range(CONFIGURATIONS)] + [1.5, math.nextafter(1.5, 0), -1.5, 0.0]
    xs = torch.tensor(xs, dtype=torch.float64)
    found, expected = torch.tensor(script("(xs) => xs.map(erf)", xs.tolist()), dtype=xs.dtype), torch.erf(xs)
    # Relative to the value, however small it is.
    assert ((found - expected).abs() <= 2e-15 * expected.abs()).all(), SEED


@pytest.mark.parametrize("name", TORCH)
def test_kinks_are_where_the_derivative_of_torch_jumps(script, name):
    for alpha in ALPHAS:
        _, (before, after) = of_torch(TORCH[name], [-1e-12, 1e-12], alpha)
        jumps = abs(after - before).item() > 1e-9
        assert script(f"ACTIVATIONS.{name}.kink", alpha) == jumps, alpha


@pytest.mark.parametrize("name, alpha", [(name, 0.25) for name in TORCH] + [
    ("leaky_relu", alpha) for alpha in (0, -0.0, 0.005, -0.005, 0.00999, 0.01, -0.01, 0.0101, 1, -1)])
def test_saturation(script, name, alpha):
    threshold = script("SATURATED")
    assert threshold == 0.01
    found = script("saturation", name, alpha)
    for side, sign in ("left", -1), ("right", 1):
        end = found[side]
        far = torch.linspace(1e-6, 60, 1_000_001, dtype=torch.float64)
        if end is None:
            # Far outside, it is not saturated.
            _, slopes = of_torch(TORCH[name], [sign * 1e300, sign * 60.0], alpha)
            assert (slopes.abs() >= threshold).all()
            continue
        # All the way out it is, and just inside it no longer is.
        outside = end + sign * 1e-9 + sign * (far - 1e-6)
        _, slopes = of_torch(TORCH[name], [*outside.tolist(), sign * 1e300], alpha)
        assert (slopes.abs() < threshold).all()
        _, slopes = of_torch(TORCH[name], [end - sign * 1e-9], alpha)
        assert slopes.abs().item() >= threshold


def test_saturation_in_closed_form(script):
    assert script("saturation", "relu", 0) == {"left": 0, "right": None}
    assert script("saturation", "elu", 0) == {"left": pytest.approx(math.log(0.01), abs=1e-12), "right": None}
    # σ(1 - σ) = 0.01 is a quadratic equation, and 1 - tanh² = 0.01 another.
    sigmoid = (1 + math.sqrt(0.96)) / 2
    logit = math.log(sigmoid / (1 - sigmoid))
    assert script("saturation", "sigmoid", 0) == pytest.approx({"left": -logit, "right": logit}, abs=1e-12)
    end = math.atanh(math.sqrt(0.99))
    assert script("saturation", "tanh", 0) == pytest.approx({"left": -end, "right": end}, abs=1e-12)
