"""The training loop against one written out by hand (helpers/training.py)."""

import math

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import helpers
from helpers.losses import squared_loss
from helpers.minibatches import Minibatches
from helpers.sgd import SGD
from helpers.synthetic import synthetic_linear_data
from helpers.training import DivergenceError, train

OPTIMIZERS = [SGD, torch.optim.SGD]


@pytest.fixture(autouse=True)
def surroundings(monkeypatch):
    """Sixteen digits, as in the pages, and no progress bar but where it is asked for."""
    monkeypatch.setenv("TQDM_DISABLE", "1")
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


@pytest.fixture
def data():
    return synthetic_linear_data(torch.tensor([2.0, -3.4]), 4.2, num_examples=50)


class Line:
    """A linear model that begins at zero."""

    def __init__(self):
        self.w, self.b = torch.zeros(2, requires_grad=True), torch.zeros((), requires_grad=True)

    def __call__(self, X):
        return X @ self.w + self.b

    def parameters(self):
        return [self.w, self.b]

    def values(self):
        return torch.cat([self.w.detach(), self.b.detach()[None]])


def by_hand(batches, lr, num_epochs):
    """Return the losses of each step and the parameters before each, and at the end."""
    line, losses, values = Line(), [], []
    for _ in range(num_epochs):
        for X, y in batches:
            values.append(line.values())
            loss = ((line(X) - y) ** 2 / 2).mean()
            losses.append(loss.item())
            gradients = torch.autograd.grad(loss, line.parameters())
            with torch.no_grad():
                for param, gradient in zip(line.parameters(), gradients):
                    param -= lr * gradient
    return losses, [*values, line.values()]


@pytest.mark.parametrize("batch_size, num_epochs", [(50, 1), (10, 3), (7, 4), (1, 2)])
def test_record_and_result_equal_the_loop_by_hand(data, batch_size, num_epochs):
    batches, line = Minibatches(*data, batch_size), Line()
    losses = train(line, squared_loss, batches, SGD(line.parameters(), 0.1), num_epochs)
    expected, values = by_hand(Minibatches(*data, batch_size), 0.1, num_epochs)
    assert losses.shape == (num_epochs, len(batches))
    assert losses.flatten().tolist() == expected
    assert torch.equal(line.values(), values[-1])
    assert not losses.requires_grad


def test_it_learns(data):
    line = Line()
    losses = train(line, squared_loss, Minibatches(*data, 10), SGD(line.parameters(), 0.1), num_epochs=20)
    assert losses[0].mean() > 100 * losses[-1].mean()
    torch.testing.assert_close(line.values(), torch.tensor([2.0, -3.4, 4.2]), rtol=0, atol=0.1)


def test_pytorchs_parts_may_take_the_place_of_ours(data):
    X, y = data
    line, net = Line(), nn.Sequential(nn.Linear(2, 1), nn.Flatten(0))
    for param in net.parameters():
        nn.init.zeros_(param)
    ours = train(line, squared_loss, Minibatches(X, y, 7), SGD(line.parameters(), 0.1), num_epochs=3)
    theirs = train(net, lambda y_hat, y: nn.MSELoss()(y_hat, y) / 2, Minibatches(X, y, 7),
                   torch.optim.SGD(net.parameters(), 0.1), num_epochs=3)
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(line.values(), nn.utils.parameters_to_vector(net.parameters()).detach())


def test_dataloader_may_take_the_place_of_minibatches(data):
    loader, line = DataLoader(TensorDataset(*data), batch_size=7), Line()
    losses = train(line, squared_loss, loader, SGD(line.parameters(), 0.1), num_epochs=2)
    expected, values = by_hand([batch for batch in zip(*(part.split(7) for part in data))], 0.1, num_epochs=2)
    assert losses.flatten().tolist() == pytest.approx(expected)
    torch.testing.assert_close(line.values(), values[-1])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch_size, lr", [(50, 3.0), (10, 4.5), (10, 2.5), (1, 2.0)])
def test_divergence_is_told_before_its_step(data, optimizer, batch_size, lr):
    losses, values = by_hand(Minibatches(*data, batch_size), lr, num_epochs=40)
    limit = 1e8 * max(losses[0], 1)
    step = next(i for i, loss in enumerate(losses) if loss > limit)
    epoch = step // (50 // batch_size)
    line = Line()
    with pytest.raises(DivergenceError) as caught:
        train(line, squared_loss, Minibatches(*data, batch_size), optimizer(line.parameters(), lr), num_epochs=40)
    assert str(caught.value).startswith(
        f"training diverged at step {step + 1} (epoch {epoch + 1}): the loss is {losses[step]:.3g}. "
        f"The learning rate {lr} is probably too large for these data; try a smaller one")
    assert line.values().isfinite().all()
    torch.testing.assert_close(line.values(), values[step])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("step", [1, 2, 8])
def test_a_loss_that_is_no_number_stops_training(data, optimizer, bad, step):
    before = []

    def loss(y_hat, y):
        before.append(line.values())
        return squared_loss(y_hat, y) + (bad if len(before) == step else 0)

    line = Line()
    with pytest.raises(DivergenceError, match=rf"step {step} \(epoch {(step + 4) // 5}\): the loss is {bad}\. "):
        train(line, loss, Minibatches(*data, 10), optimizer(line.parameters(), 0.1), num_epochs=2)
    assert len(before) == step
    assert torch.equal(line.values(), before[-1]) and line.values().isfinite().all()


@pytest.mark.parametrize("first, factor, diverges", [
    (5.0, 0.99e8, False),
    (5.0, 1.01e8, True),
    (1e-6, 1e12, False),  # a first loss near zero: counted as 1, or any noise would be hopeless
    (1e-6, 1e15, True),
    (0.0, 1e12, False),
])
def test_where_the_limit_lies(first, factor, diverges):
    w = torch.ones((), requires_grad=True)
    values = iter([first, (first or 1e-6) * factor])

    def run():
        return train(lambda X: w, lambda y_hat, y: 0 * y_hat + next(values), [(None, None)], SGD([w], 0.1), 2)

    if diverges:
        with pytest.raises(DivergenceError):
            run()
    else:
        assert run().shape == (2, 1)


def test_divergence_under_an_optimizer_without_a_rate(data):
    class Still:
        zero_grad = step = lambda self: None

    line = Line()
    with pytest.raises(DivergenceError, match="The learning rate is probably too large"):
        train(line, lambda y_hat, y: y_hat * math.nan, Minibatches(*data, 10), Still(), num_epochs=1)


def test_divergence_error_is_a_runtime_error():
    assert issubclass(DivergenceError, RuntimeError)


@pytest.mark.parametrize("change, error, message", [
    ({"num_epochs": 0}, ValueError, "num_epochs must be at least 1, got 0"),
    ({"num_epochs": 1.0}, TypeError, "num_epochs must be a whole number, got 1.0"),
    ({"num_epochs": True}, TypeError, "num_epochs must be a whole number, got True"),
    ({"batches": []}, ValueError, "batches must hold at least one batch, got none"),
    ({"batches": iter([])}, TypeError, "batches must have a length, as Minibatches has, got list_iterator"),
    ({"batches": (pair for pair in [])}, TypeError, "batches must have a length, .*, got generator"),
])
def test_refused(data, change, error, message):
    line = Line()
    good = {"batches": Minibatches(*data, 10), "optimizer": SGD(line.parameters(), 0.1), "num_epochs": 1}
    with pytest.raises(error, match=message):
        train(line, squared_loss, **{**good, **change})
    assert not line.values().any()


def train_a_little(data):
    line = Line()
    train(line, squared_loss, Minibatches(*data, 10), SGD(line.parameters(), 0.1), num_epochs=3)


def test_switched_off_the_progress_bar_leaves_nothing(data, capfd):
    train_a_little(data)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("switch", [None, "0", ""])
@pytest.mark.parametrize("language, word, other", [("en", "epoch", "에폭"), ("ko", "에폭", "epoch")])
def test_progress_bar_speaks_and_wipes_itself_away(data, capfd, monkeypatch, switch, language, word, other):
    monkeypatch.setattr(helpers, "_language", language)
    if switch is None:
        monkeypatch.delenv("TQDM_DISABLE")
    else:
        monkeypatch.setenv("TQDM_DISABLE", switch)
    train_a_little(data)
    out, err = capfd.readouterr()
    assert out == ""
    assert word in err and other not in err
    # Everything is written on one line, and the last that is written on it are blanks.
    assert "\n" not in err
    *_, last_text, cursor = err.split("\r")
    assert last_text.strip() == "" and cursor == ""
