"""The helpers under random arguments of every shape, type and size: what they promise, or the error they document.

Hypothesis makes the arguments (tests/conftest.py says how many) and, where one fails, looks for the simplest that does.
"""

import math
from decimal import Decimal
from fractions import Fraction
from functools import partial

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

import helpers
from helpers import checks, questions
from helpers.activations import activation
from helpers.losses import squared_loss
from helpers.minibatches import Minibatches
from helpers.plotting import LARGEST, plot
from helpers.sgd import SGD
from helpers.splits import rows_of
from helpers.synthetic import synthetic_linear_data
from helpers.timer import Timer
from helpers.training import DivergenceError, train
from tests.test_timer import clock  # noqa: F401 (a fixture)

FLOATS = [torch.float64, torch.float32, torch.float16, torch.bfloat16]
WHOLES = [torch.int64, torch.int32, torch.int8, torch.uint8]
TYPES = [*FLOATS, *WHOLES, torch.bool, torch.complex64]
EXTREME = [0.0, -0.0, 1.0, -1.0, 0.1, 5e-324, 1e-45, 6e-8, 3.4e38, 65504.0, 1e154, -1e154, 1e250, 1e308, -1e308]
NOT_FINITE = [math.nan, math.inf, -math.inf]

finite = st.sampled_from(EXTREME) | st.floats(-100, 100) | st.floats(allow_nan=False, allow_infinity=False)
usual = st.floats(-100, 100)
values = finite | st.sampled_from(NOT_FINITE)
whole = st.integers(-3, 12) | st.sampled_from([2**31, 2**53 + 1, 2**63 - 1, -2**63, 2**64 - 1, 2**64, -10**400, 10**400])


@st.composite
def tensors(draw, shape=None, types=TYPES, of=values):
    """A tensor of a type out of ``types``; if ``shape`` is not given, with up to three axes, some of them empty."""
    shape = tuple(draw(st.lists(st.integers(0, 4), max_size=3))) if shape is None else shape
    dtype, count = draw(st.sampled_from(types)), math.prod(shape)
    if dtype in WHOLES:
        info = torch.iinfo(dtype)
        ends = st.sampled_from([info.min, info.max]) | st.integers(info.min, info.max)
        return torch.tensor(draw(st.lists(ends, min_size=count, max_size=count)), dtype=dtype).reshape(shape)
    found = draw(st.lists(of, min_size=count, max_size=count))
    return torch.tensor(found, dtype=torch.float64).to(dtype).reshape(shape)


anything = st.one_of(
    whole, values, st.booleans(), st.none(), st.text(max_size=3), st.complex_numbers(), st.fractions(), tensors(),
    st.lists(values, max_size=3), st.dictionaries(st.text(max_size=1), whole, max_size=1),
    st.sampled_from([Fraction(10**400), Fraction(1, 10**400), Decimal("1.5"), np.float32(2), np.float16("nan"), np.int8(3),
                     np.bool_(True), np.ones(3), object(), {1}, b"1", Ellipsis, float, "1", "all", "relu"]),
)


def result_of(call, *names):
    """What the call returns, or None if it refuses an argument, in words that begin with the name of one of these."""
    try:
        return call()
    except (TypeError, ValueError) as error:
        assert str(error).startswith(names), f"{type(error).__name__}: {error}"
        assert " must " in str(error), error


def is_right(found, expected, dtype=torch.float64):
    """Equal but for the roundings of a few operations in this type, and infinite only where the type ends."""
    info, found = torch.finfo(dtype), found.double()
    return ((found - expected).abs() <= 4 * info.eps * expected.abs() + 4 * info.tiny) | (found == expected) \
        | (found.isinf() & (expected.abs() >= info.max / 2.01))


# ---- checks ----

@given(anything, st.integers(-2, 3))
def test_a_whole_number_or_a_clear_error(value, at_least):
    found = result_of(lambda: checks.whole_number("n", value, at_least), "n ")
    assert found is None or type(found) is int and found == value and found >= at_least
    seed = result_of(lambda: checks.seed(value), "seed ")
    assert seed is None or torch.Generator().manual_seed(seed).initial_seed() == value


@given(anything, st.booleans())
def test_a_positive_number_or_a_clear_error(value, or_zero):
    found = result_of(lambda: checks.positive_number("lr", value, or_zero), "lr ")
    assert found is None or type(found) is float and math.isfinite(found) and (found > 0 or or_zero and value == 0)


@given(anything, st.lists(st.integers(0, 3), min_size=1).map(tuple) | st.integers(0, 3))
def test_a_finite_tensor_or_a_clear_error(value, ndim):
    found = result_of(lambda: checks.tensor("X", value, ndim), "X ")
    if isinstance(value, torch.Tensor) and value.ndim in np.atleast_1d(ndim) and value.numel():
        assert (found is value) == all(map(math.isfinite, torch.view_as_real(value).flatten().tolist()
                                           if value.is_complex() else value.flatten().tolist()))
    else:
        assert found is None


@given(anything)
def test_names_are_known_or_refused(name):
    module = result_of(lambda: activation(name), "name ")
    assert module is None or isinstance(module, nn.Module)
    assert result_of(lambda: questions.questions(name, "en"), "name ") is None or name in questions.checks()
    try:
        result_of(lambda: helpers.use_language(name), "code ")
        assert helpers.language() in helpers.LANGUAGES
    finally:
        helpers.use_language("en")


# ---- losses ----

@given(st.integers(1, 4).flatmap(lambda n: st.tuples(tensors((n,)), tensors((n,)))) | st.tuples(tensors(), tensors()))
def test_the_loss_is_half_the_square_whatever_the_types(pair):
    y_hat, y = pair
    losses = result_of(lambda: squared_loss(y_hat, y), "y_hat ", "y ")
    real = not (y_hat.is_complex() or y.is_complex())
    common = torch.promote_types(y_hat.dtype, y.dtype)
    fits = not common.is_floating_point or y.to(common).isfinite().all()
    assert (losses is None) == (not real or y.ndim != 1 or y_hat.shape != y.shape or not y.numel() or not fits)
    if losses is None:
        return
    assert torch.equal(losses.isnan(), y_hat.isnan())
    floating = y_hat.is_floating_point() or y.is_floating_point()
    dtype = common if floating else torch.get_default_dtype()
    assert losses.dtype == dtype
    # The error is rounded once in that type, but for whole numbers; so are the numbers themselves.
    y_hat, y = (part.to(dtype if floating else torch.float64).double() for part in (y_hat, y))
    error = (y_hat - y).to(dtype).double() if floating else y_hat - y
    known = ~y_hat.isnan()
    assert is_right(losses, error ** 2 / 2, dtype)[known].all()


# ---- sgd ----

@st.composite
def parameters_with_gradients(draw):
    shapes = draw(st.lists(st.lists(st.integers(0, 3), max_size=3).map(tuple), min_size=1, max_size=3))
    params = [draw(tensors(shape, FLOATS, finite)).requires_grad_() for shape in shapes]
    for param in params:
        param.grad = draw(tensors(tuple(param.shape), [param.dtype]))
    return params


@given(parameters_with_gradients(), st.floats(0, exclude_min=True, allow_infinity=False))
def test_a_step_is_that_of_pytorch_in_every_type(params, lr):
    old = [param.detach().clone() for param in params]
    copies = [param.clone().requires_grad_() for param in old]
    for copy, param in zip(copies, params):
        copy.grad = param.grad.clone()
    if (optimizer := result_of(lambda: SGD(params, lr), "lr ")) is None:
        assert lr > min(torch.finfo(param.dtype).max for param in params)
        return
    optimizer.step()
    torch.optim.SGD(copies, lr).step()
    for found, expected, before in zip(params, copies, old):
        # The product is rounded before it is subtracted, or not: as the processor likes.
        info, product = torch.finfo(found.dtype), lr * expected.grad.double()
        room = info.eps * torch.maximum(before.double().abs(), product.abs()) + 4 * info.tiny
        close = (found.double() - expected.double()).abs() <= 2 * room
        assert (close | (found == expected) | ~expected.grad.isfinite()).all()
        assert not (found.isnan() & expected.grad.isfinite() & before.isfinite()).any()


@given(anything, anything)
def test_an_optimizer_or_a_clear_error(params, lr):
    assert result_of(lambda: SGD(params, lr), "params", "lr ") is None  # none of these requires a gradient
    weight = torch.ones(2, requires_grad=True)
    found = result_of(lambda: SGD([weight], lr), "lr ")
    assert found is None or found.lr == float(lr)


# ---- minibatches and splits ----

@given(st.data(), st.integers(1, 6), st.integers(1, 3), whole, whole)
def test_minibatches_deal_out_all_there_is(data, n, d, batch_size, seed):
    X, y = data.draw(tensors((n, d), of=finite)), data.draw(tensors((n,), of=finite))
    batches = result_of(lambda: Minibatches(X, y, batch_size, seed), "X ", "y ", "batch_size ", "seed ")
    if batches is None:
        assert batch_size < 1 or not 0 <= seed < 2**64 or not (X.isfinite().all() and y.isfinite().all())
        return
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    found = list(batches)
    assert len(found) == len(batches) == math.ceil(n / min(batch_size, n))
    assert [len(part) for part, _ in found[:-1]] == [batch_size] * (len(found) - 1)
    assert torch.equal(torch.cat([part for part, _ in found]), X[order])
    assert torch.equal(torch.cat([part for _, part in found]), y[order])


@given(anything, anything, anything, anything)
def test_minibatches_or_a_clear_error(X, y, batch_size, seed):
    result_of(lambda: list(Minibatches(X, y, batch_size, seed)), "X ", "y ", "batch_size ", "seed ")


@given(st.sampled_from(["all", "train", "test"]) | anything, st.integers(-1, 50), st.floats(0, 1) | anything, whole | anything)
def test_the_parts_make_the_whole(split, count, fraction, seed):
    split_rows = partial(rows_of, num_examples=count, test_fraction=fraction, seed=seed)
    rows = result_of(lambda: split_rows(split), "split ", "num_examples ", "test_fraction ", "seed ")
    if rows is not None:
        assert rows.dtype == torch.int64
        parts = {name: split_rows(name).tolist() for name in ("all", "train", "test")}
        assert rows.tolist() == parts[split] and parts["all"] == list(range(count))
        assert sorted(parts["train"] + parts["test"]) == parts["all"] and len(parts["test"]) == round(fraction * count)


# ---- synthetic ----

@given(tensors(of=finite) | st.integers(1, 4).flatmap(lambda d: tensors((d,), FLOATS, usual)), usual | values | anything,
       st.integers(-1, 5) | values, st.floats(0, 10) | values | anything, whole)
def test_made_up_labels_are_finite_and_those_of_the_formula(w, b, n, noise, seed):
    found = result_of(lambda: synthetic_linear_data(w, b, n, noise, seed), "w", "b ", "num_examples ", "noise ", "seed ")
    if found is None:
        return
    X, y = found
    assert X.shape == (n, len(w)) and y.shape == (n,) and X.dtype == y.dtype == w.dtype
    assert X.isfinite().all() and y.isfinite().all()
    again, exact = synthetic_linear_data(w, b, n, 0, seed)
    assert torch.equal(X, again)
    b = torch.as_tensor(b, dtype=torch.float64).to(w.dtype).double()
    terms = torch.cat([X.double() * w.double(), b.expand(n, 1)], dim=1)
    info = torch.finfo(w.dtype)
    room = 4 * (len(w) + 2) * (info.eps * terms.abs().sum(dim=1) + info.tiny)
    assert ((exact.double() - terms.sum(dim=1)).abs() <= room).all()


# ---- training ----

@given(st.data(), st.sampled_from(FLOATS), st.sampled_from([SGD, torch.optim.SGD]), st.integers(1, 5), st.integers(1, 2),
       st.floats(1e-6, 0.3) | st.floats(1e-300, 1e300), st.integers(1, 3))
def test_training_ends_in_finite_numbers_or_says_that_it_diverged(data, dtype, optimizer, n, d, lr, num_epochs):
    X, y = (data.draw(tensors(shape, [dtype], usual)) for shape in ((n, d), (n,)))
    w = torch.zeros(d, dtype=dtype, requires_grad=True)
    lr = min(lr, torch.finfo(dtype).max)
    try:
        losses = train(lambda X: X @ w, squared_loss, Minibatches(X, y, 2), optimizer([w], lr), num_epochs)
    except DivergenceError as error:
        assert f"learning rate {lr}" in str(error)
        return
    assert losses.isfinite().all() and w.isfinite().all()
    again = torch.zeros(d, dtype=dtype, requires_grad=True)
    batches, expected = Minibatches(X, y, 2), []
    for X_batch, y_batch in (batch for _ in range(num_epochs) for batch in batches):
        loss = ((X_batch @ again - y_batch) ** 2 / 2).mean()
        expected.append(loss.item())
        gradient, = torch.autograd.grad(loss, again)
        with torch.no_grad():
            again -= lr * gradient
    torch.testing.assert_close(losses.flatten(), torch.tensor(expected), rtol=0.05, atol=0.05)


# ---- timer ----

@given(steps=st.lists(st.sampled_from(["start", "stop", "avg", "sum"]) | st.floats(0, 1e9), max_size=12))
def test_a_timer_keeps_count(clock, steps):  # noqa: F811
    timer, began, times = Timer(), clock.now, []
    for step in steps:
        if isinstance(step, float):
            clock.now += step
        elif step == "start":
            timer.start()
            began = clock.now
        elif began is None and step == "stop" or not times and step in ("avg", "sum"):
            with pytest.raises(RuntimeError, match="the timer "):
                getattr(timer, step)()
        elif step == "stop":
            times.append(clock.now - began)
            assert timer.stop() == times[-1]
            began = None
        else:
            assert getattr(timer, step)() == sum(times) / (len(times) if step == "avg" else 1)
    assert timer.times == times and timer.cumsum() == np.cumsum(times).tolist()


# ---- plotting ----

numbers_to_plot = tensors(types=[*FLOATS, *WHOLES, torch.bool]).filter(lambda x: x.ndim == 1) | st.lists(values, max_size=4)


@given(st.integers(0, 4).flatmap(lambda n: st.tuples(*[tensors((n,)) | st.lists(values, min_size=n, max_size=n)] * 2))
       | st.tuples(anything, anything), *[st.sampled_from(["linear", "log"]) | anything] * 2)
@pytest.mark.filterwarnings("error")  # (on a page, a warning is an error)
def test_a_plot_shows_the_numbers_or_refuses_them(pair, xscale, yscale):
    x, y = pair
    plt.switch_backend("agg")
    with matplotlib.rc_context():
        axes = result_of(lambda: plot(x, y, xscale=xscale, yscale=yscale), "x", "y")
        if axes is not None:
            drawn, = axes.lines
            for found, given in zip(drawn.get_data(), (x, y)):
                expected = torch.as_tensor(given, dtype=torch.float64).numpy()
                assert np.array_equal(np.asarray(found, dtype=float), expected, equal_nan=True)
                assert not (np.isfinite(expected) & (abs(expected) > LARGEST)).any()
            axes.figure.canvas.draw()
        plt.close("all")
