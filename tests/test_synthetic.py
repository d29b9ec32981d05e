"""Made-up data whose truth is known (helpers/synthetic.py)."""

import math

import pytest
import torch

from helpers.synthetic import synthetic_linear_data

W = torch.tensor([2.0, -3.4, 0.5], dtype=torch.float64)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_shapes_and_types(dtype):
    X, y = synthetic_linear_data(W.to(dtype), 4.2, num_examples=7)
    assert X.shape == (7, 3) and y.shape == (7,)
    assert X.dtype == y.dtype == dtype


def test_without_noise_the_formula_holds():
    X, y = synthetic_linear_data(W, 4.2, num_examples=20, noise=0)
    for row, label in zip(X.tolist(), y.tolist()):
        assert label == pytest.approx(sum(x * w for x, w in zip(row, W.tolist())) + 4.2)


@pytest.mark.parametrize("noise", [0.1, 20.0])
def test_least_squares_finds_the_truth(noise):
    n = 20_000
    X, y = synthetic_linear_data(W, 4.2, n, noise)
    design = torch.cat([X, torch.ones(n, 1, dtype=X.dtype)], dim=1)
    solution = torch.linalg.lstsq(design, y[:, None]).solution[:, 0]
    # An estimate has the standard deviation noise / sqrt(n); 5 of them is never by chance.
    truth = torch.tensor([*W, 4.2], dtype=W.dtype)
    torch.testing.assert_close(solution, truth, rtol=0, atol=5 * noise / math.sqrt(n))
    assert (y - design @ solution).std().item() == pytest.approx(noise, rel=0.03)


def test_features_are_standard_normal_and_independent():
    X, _ = synthetic_linear_data(W, 0.0, 20_000)
    torch.testing.assert_close(X.mean(dim=0), torch.zeros_like(W), rtol=0, atol=0.04)
    torch.testing.assert_close(X.T.cov(), torch.eye(3, dtype=X.dtype), rtol=0, atol=0.05)


def test_the_seed_decides_and_the_noise_only_scales():
    X, y = synthetic_linear_data(W, 1.0, 10, noise=1.0, seed=3)
    X_again, y_again = synthetic_linear_data(W, 1.0, 10, noise=1.0, seed=3)
    assert torch.equal(X, X_again) and torch.equal(y, y_again)
    assert not torch.equal(X, synthetic_linear_data(W, 1.0, 10, seed=4)[0])
    X_louder, y_louder = synthetic_linear_data(W, 1.0, 10, noise=2.0, seed=3)
    assert torch.equal(X, X_louder)
    line = X @ W + 1.0
    torch.testing.assert_close(y_louder - line, 2 * (y - line))


def test_data_have_no_gradient_even_if_the_truth_has():
    b = torch.tensor(1.0, dtype=W.dtype, requires_grad=True)
    X, y = synthetic_linear_data(W.clone().requires_grad_(), b, 5)
    assert not X.requires_grad and not y.requires_grad


@pytest.mark.parametrize("change, error, message", [
    ({"w": [2.0, -3.4]}, TypeError, "w must be a torch.Tensor, got list"),
    ({"w": torch.tensor([2, -3])}, TypeError, "w must hold floating-point numbers, got torch.int64"),
    ({"w": torch.ones(2, 1)}, ValueError, "w must have 1 axes, got 2"),
    ({"w": torch.ones(0)}, ValueError, "w must not be empty"),
    ({"w": torch.tensor([1.0, math.nan])}, ValueError, r"w must be finite, got nan at position \[1\]"),
    ({"b": math.nan}, ValueError, "b must be finite, got nan$"),
    ({"b": -math.inf}, ValueError, "b must be finite, got -inf$"),
    ({"b": torch.ones(1)}, ValueError, "b must have 0 axes, got 1"),
    ({"num_examples": 0}, ValueError, "num_examples must be at least 1, got 0"),
    ({"num_examples": 1e3}, TypeError, "num_examples must be a whole number, got 1000.0"),
    ({"noise": -0.1}, ValueError, "noise must be 0 or a positive, finite number, got -0.1"),
    ({"noise": math.inf}, ValueError, "noise must be 0 or a positive, finite number, got inf"),
    ({"noise": math.nan}, ValueError, "noise must be 0 or a positive, finite number, got nan"),
    ({"noise": "0.1"}, TypeError, "noise must be a number, got '0.1'"),
    ({"seed": -1}, ValueError, "seed must be at least 0, got -1"),
    ({"seed": 1.0}, TypeError, "seed must be a whole number, got 1.0"),
])
def test_refused(change, error, message):
    with pytest.raises(error, match=message):
        synthetic_linear_data(**{"w": W, "b": 4.2, "num_examples": 10, **change})
