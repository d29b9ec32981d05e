"""The training loop."""

import os

import torch
from tqdm.auto import tqdm

from helpers import checks, language

WORDS = {"en": "epoch", "ko": "에폭"}
# A loss this many times the first one has left every useful place behind: far above what a noisy
# minibatch can do, far below where floating-point numbers end.
HOPELESS = 1e8


class DivergenceError(RuntimeError):
    """Training has run away: the loss grew beyond all bounds or stopped being a number.

    Explained in `sec-unscaled` of the chapter on linear regression.
    """


def train(net, loss, batches, optimizer, num_epochs):
    """Train ``net`` by minibatch descent and return the loss of every step.

    Explained in `sec-concise` of the chapter on linear regression.

    A progress bar is shown in a terminal and in JupyterLab and leaves nothing behind; the
    environment variable ``TQDM_DISABLE=1`` turns it off, as the build of the book does.

    Parameters
    ----------
    net : callable
        Takes the features of a batch, returns its predictions.
    loss : callable
        Takes predictions and labels, returns the losses of the examples or their mean.
    batches : iterable with a length
        Gives ``(X_batch, y_batch)`` pairs, one epoch each time it is looped over, like
        :class:`helpers.minibatches.Minibatches` or PyTorch's ``DataLoader``.
    optimizer : object with ``zero_grad`` and ``step``
        :class:`helpers.sgd.SGD` or one of ``torch.optim``.
    num_epochs : int
        How often to go through the data; at least 1.

    Returns
    -------
    torch.Tensor, shape (num_epochs, len(batches))
        The mean loss over each minibatch, before its step; of PyTorch's default type.

    Raises
    ------
    TypeError
        If ``num_epochs`` is no whole number, or ``batches`` has no length.
    ValueError
        If ``num_epochs`` is below 1 or ``batches`` is empty.
    DivergenceError
        If a loss is not finite, beyond the numbers of PyTorch's default type, or more than 100 million
        times the first (or 1, if that is more); the message names step, epoch and learning rate.  The
        parameters stay as they were before that step.  Also if the last step of all leaves a
        parameter that is not finite, which no loss tells any more.
    """
    num_epochs = checks.whole_number("num_epochs", num_epochs, at_least=1)
    if not hasattr(batches, "__len__"):
        raise TypeError(f"batches must have a length, as Minibatches has, got {type(batches).__name__}")
    if len(batches) == 0:
        raise ValueError("batches must hold at least one batch, got none")
    losses, limit, largest = [], None, torch.finfo(torch.get_default_dtype()).max
    # tqdm's own reading of this variable is lost in its notebook version (4.70), so it is read here.
    quiet = os.environ.get("TQDM_DISABLE", "0") not in ("", "0")
    for epoch in tqdm(range(num_epochs), desc=WORDS[language()], leave=False, disable=quiet):
        for step, (X_batch, y_batch) in enumerate(batches):
            batch_loss = loss(net(X_batch), y_batch)
            if batch_loss.ndim:
                batch_loss = batch_loss.mean()
            value = batch_loss.item()
            if limit is None:
                limit = min(HOPELESS * max(value, 1.0), largest)
            if not -largest <= value <= limit:  # (as it is if the value is NaN)
                what = f"the loss is {value:.3g}"
                raise DivergenceError(_diverged(epoch * len(batches) + step + 1, epoch + 1, what, optimizer))
            optimizer.zero_grad()
            batch_loss.backward()
            optimizer.step()
            losses.append(value)
    if not all(param.isfinite().all() for param in _parameters(optimizer)):
        what = "it left a parameter that is not finite"
        raise DivergenceError(_diverged(len(losses), num_epochs, what, optimizer))
    return torch.tensor(losses).reshape(num_epochs, len(batches))


def _parameters(optimizer):
    groups = getattr(optimizer, "param_groups", None)
    return [param for group in groups for param in group["params"]] if groups else getattr(optimizer, "params", [])


def _diverged(step, epoch, what, optimizer):
    groups = getattr(optimizer, "param_groups", None)
    lr = groups[0]["lr"] if groups else getattr(optimizer, "lr", "")
    rate = f"learning rate {lr}".rstrip()
    return (
        f"training diverged at step {step} (epoch {epoch}): {what}. "
        f"The {rate} is probably too large for these data; try a smaller one, "
        "or standardise the features."
    )
