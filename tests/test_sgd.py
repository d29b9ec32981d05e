"""Stochastic gradient descent against torch.optim.SGD (helpers/sgd.py)."""

import math
import random

import pytest
import torch

from helpers.sgd import SGD


def parameters(*values):
    return [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in values]


def path(optimizer_class, seed):
    """The parameters after each step down a bumpy surface, all drawn from ``seed``."""
    random.seed(seed)
    generator = torch.Generator().manual_seed(seed)
    shapes = [[random.randint(1, 5) for _ in range(random.randint(0, 3))] for _ in range(random.randint(1, 4))]
    params = [torch.randn(shape, generator=generator, dtype=torch.float64, requires_grad=True) for shape in shapes]
    optimizer = optimizer_class(iter(params), lr=10 ** random.uniform(-4, -1))
    steps = []
    for _ in range(random.randint(1, 12)):
        targets = [torch.randn(param.shape, generator=generator, dtype=torch.float64) for param in params]
        loss = sum(((param - target) ** 2 + param.sin()).sum() for param, target in zip(params, targets))
        # Some runs let the gradients add up, as both must then do.
        if seed % 3:
            optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        steps.append([param.detach().clone() for param in params])
    return steps


@pytest.mark.parametrize("seed", range(40))
def test_every_step_is_that_of_pytorch(seed):
    # But for the last bit: some processors multiply and add in one go, and then round once.
    torch.testing.assert_close(path(SGD, seed), path(torch.optim.SGD, seed), rtol=1e-13, atol=1e-15)


def test_one_step_by_hand():
    w, b = parameters([1.0, -2.0], 0.5)
    w.grad, b.grad = torch.tensor([4.0, 8.0], dtype=torch.float64), torch.tensor(-2.0, dtype=torch.float64)
    SGD([w, b], lr=0.25).step()
    assert w.tolist() == [0.0, -4.0] and b.item() == 1.0


def test_a_step_is_no_part_of_the_graph_and_changes_the_tensor_itself():
    w, = parameters([1.0])
    (w ** 2).sum().backward()
    place = w.data_ptr()
    SGD([w], lr=0.1).step()
    assert w.is_leaf and w.requires_grad and w.grad_fn is None and w.data_ptr() == place


def test_zero_grad_forgets():
    w, = parameters([1.0])
    optimizer = SGD([w], lr=0.1)
    for _ in range(2):
        optimizer.zero_grad()
        (3 * w).sum().backward()
        assert w.grad.tolist() == [3.0]
    optimizer.zero_grad()
    with pytest.raises(RuntimeError, match=r"params\[0\] has no gradient: call backward\(\) before step\(\)"):
        optimizer.step()
    assert w.tolist() == [1.0]


@pytest.mark.parametrize("lr", [0, -1, math.nan, math.inf])
def test_learning_rate_refused_for_its_value(lr):
    with pytest.raises(ValueError, match=f"lr must be a positive, finite number, got {lr}"):
        SGD(parameters([1.0]), lr)


@pytest.mark.parametrize("lr", ["0.1", None, True])
def test_learning_rate_refused_for_its_type(lr):
    with pytest.raises(TypeError, match=f"lr must be a number, got {lr!r}"):
        SGD(parameters([1.0]), lr)


@pytest.mark.parametrize("params, error, message", [
    ([], ValueError, "params must hold at least one tensor, got none"),
    ([*parameters(1.0), torch.ones(2)], ValueError, r"params\[1\] must require a gradient, got requires_grad=False"),
    ([0.01 * parameters(1.0)[0]], ValueError, r"params\[0\] must be a leaf .*, got the result of a computation"),
    ([*parameters(1.0), 2.0], TypeError, r"params\[1\] must be a torch.Tensor, got float"),
    (parameters([1.0])[0], TypeError, "params must be a list of tensors, got a single tensor"),
])
def test_parameters_refused(params, error, message):
    with pytest.raises(error, match=message):
        SGD(params, lr=0.1)
