"""What the training loop of the chapters costs, beside the same loop written out by hand.

Both train the same networks on the same minibatches with PyTorch's SGD and keep the loss of each step; one run of each
in turn.  Beside it ``train`` checks each loss and shows its progress.  The aim is at most 1.05 times the processor's time.
"""

import os
import time

import torch
from torch import nn

from benchmarks import aligned, middle
from helpers.minibatches import Minibatches
from helpers.training import train

AIM = 1.05
TURNS, EPOCHS = 30, 10
# Examples, features and hidden units; the first is as small as a chapter's, where a loop's own cost shows most.
SIZES = {"a line": (320, 1, None), "a network": (1200, 64, 64)}


def by_hand(net, loss, batches, optimizer, num_epochs):
    """Train as a reader would write it down."""
    losses = []
    for _ in range(num_epochs):
        for X_batch, y_batch in batches:
            batch_loss = loss(net(X_batch), y_batch)
            optimizer.zero_grad()
            batch_loss.backward()
            optimizer.step()
            losses.append(batch_loss.item())
    return torch.tensor(losses).reshape(num_epochs, -1)


def measure():
    """Measure both loops on each size."""
    os.environ["TQDM_DISABLE"] = "1"
    return {"aim": AIM, "sizes": [{"name": name, **measure_size(*size)} for name, size in SIZES.items()]}


def untrained(features, hidden):
    """Return a network with its loss: for one number without hidden units, for ten classes with them."""
    torch.manual_seed(0)
    if hidden is None:
        return nn.Sequential(nn.Linear(features, 1), nn.Flatten(0)), nn.MSELoss()
    return nn.Sequential(nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, 10)), nn.CrossEntropyLoss()


def measure_size(examples, features, hidden):
    """Return the processor's seconds a step of each loop, turn by turn."""
    X = torch.randn(examples, features, generator=torch.Generator().manual_seed(0))
    y = X[:, 0] if hidden is None else torch.arange(examples) % 10
    seconds = {"train": [], "by hand": []}
    for turn in range(TURNS + 1):
        # Who comes first changes from turn to turn.
        for name, loop in [("train", train), ("by hand", by_hand)][::1 if turn % 2 else -1]:
            net, loss = untrained(features, hidden)
            batches, optimizer = Minibatches(X, y, 20, 0), torch.optim.SGD(net.parameters(), lr=0.01)
            started = time.process_time()
            losses = loop(net, loss, batches, optimizer, EPOCHS)
            if turn:  # the first warms up
                seconds[name].append((time.process_time() - started) / losses.numel())
    return seconds


def table(found):
    """Return the figures as a table, in microseconds a step."""
    rows = [["a step of training", "train, µs", "by hand, µs", "ratio", "aim", ""]]
    for size in found["sizes"]:
        ratio = middle([ours / theirs for ours, theirs in zip(size["train"], size["by hand"])])
        rows.append([size["name"], *(f"{middle(size[name]) * 1e6:.1f}" for name in ("train", "by hand")), f"{ratio:.3f}",
                     f"≤ {found['aim']}", "met" if ratio <= found["aim"] else f"missed by {ratio / found['aim'] - 1:.0%}"])
    return ["The training loop", "", *aligned(rows)]
