"""The figures of the widgets as one would draw them with matplotlib, each moved by one slider of ``interact``.

They show what the widgets show: the same data and the same marks, at the same moment of a run.
"""

import functools
import time
from itertools import chain, islice, repeat

import numpy as np
import torch
from matplotlib import pyplot as plt
from torch import nn

from helpers.digits import handwritten_digits
from helpers.houses import house_sales
from helpers.minibatches import Minibatches
from helpers.sgd import SGD
from helpers.training import train
from helpers.widgets import folded_plane as plane
from helpers.widgets import hidden_units as units
from helpers.widgets.network import initial_weights

STEPS = 120  # how far the runs have come
BLUE, ORANGE, GREEN, PURPLE, RED, GRAY = "#1c7ed6", "#e8590c", "#2b8a3e", "#ae3ec9", "#c92a2a", "#767676"
CLASSES = ((BLUE, "o"), (ORANGE, "^"))


@functools.cache
def houses():
    """Return areas and prices, as float64."""
    sold = house_sales("train")
    return sold.X[:, 0].double().numpy(), sold.y.double().numpy()


# ---- fit_line ----

def fit_line(w):
    """A line through the middle of the houses, and its errors."""
    x, y = houses()
    b = y.mean() - w * x.mean()
    fig, axes = plt.subplots(figsize=(7.2, 4))
    axes.vlines(x, y, w * x + b, color=ORANGE, linewidth=0.8)
    axes.plot(x, y, "o", color=BLUE, markersize=4)
    ends = np.array([x.min(), x.max()])
    axes.plot(ends, w * ends + b, color=ORANGE, linewidth=2.5)
    axes.set(xlabel="$x_1$ (1000 ft²)", ylabel=r"$y$ (1000 \$)", xlim=(0.4, 5.5), ylim=(20, 200),
             title=f"$L$ = {np.mean((w * x + b - y) ** 2) / 2:.1f}")
    axes.grid(alpha=0.25)


# ---- sgd_steps ----

@functools.cache
def descent():
    """Return the standardised areas, the prices, and a run of SGD: its lines and its next minibatch."""
    x, y = houses()
    z = torch.as_tensor((x - x.mean()) / x.std())
    batches = chain.from_iterable(repeat(Minibatches(z[:, None], torch.as_tensor(y), 20, 0)))
    path = [(0.0, 0.0)]
    for X_batch, y_batch in islice(batches, STEPS):
        path.append(stepped(path[-1], X_batch[:, 0].numpy(), y_batch.numpy(), 0.1))
    X_batch, y_batch = next(batches)
    return z.numpy(), y, np.array(path), X_batch[:, 0].numpy(), y_batch.numpy()


def stepped(line, x, y, rate):
    """Return weight and bias after a step on these examples."""
    error = line[0] * x + line[1] - y
    return line[0] - rate * np.mean(x * error), line[1] - rate * np.mean(error)


def mean_losses(w, b, x, y):
    """Return the loss of each line, for arrays of weights and biases."""
    return np.mean((w[..., None] * x + b[..., None] - y) ** 2, axis=-1) / 2


@functools.cache
def map_of_losses():
    """Return weights, biases and the losses over them."""
    z, y, *_ = descent()
    w, b = np.meshgrid(np.linspace(-80, 120, 60), np.linspace(-20, 185, 60))
    return w, b, mean_losses(w, b, z, y)


def sgd_steps(learning_rate):
    """Data with line and minibatch, the map of the loss with path and arrows, and the loss step by step."""
    z, y, path, x_batch, y_batch = descent()
    fig, panels = plt.subplot_mosaic([["data", "map"], ["losses", "losses"]], figsize=(7.2, 5.4), height_ratios=[3, 1],
                                     layout="constrained")
    draw_minibatch(panels["data"], z, y, path[-1], x_batch, y_batch)
    draw_map(panels["map"], z, y, path, x_batch, y_batch, learning_rate)
    losses = mean_losses(path[:, 0], path[:, 1], z, y)
    panels["losses"].semilogy(losses, color=BLUE)
    panels["losses"].plot(STEPS, losses[-1], "o", color=BLUE)
    panels["losses"].axhline(map_of_losses()[2].min(), color=GREEN, linestyle="--")
    panels["losses"].set(xlabel="step", ylabel="$L$")


def draw_minibatch(axes, z, y, line, x_batch, y_batch):
    """The houses, the line, and the minibatch with its errors."""
    axes.plot(z, y, "o", color=GRAY, alpha=0.4, markersize=3)
    axes.vlines(x_batch, y_batch, line[0] * x_batch + line[1], color=ORANGE, linewidth=0.8)
    axes.plot(x_batch, y_batch, "s", color=ORANGE, markersize=4)
    ends = np.array([z.min(), z.max()])
    slope, intercept = np.polyfit(z, y, 1)
    axes.plot(ends, slope * ends + intercept, "--", color=GREEN)
    axes.plot(ends, line[0] * ends + line[1], color=BLUE)
    axes.set(xlabel="$x_1$, standardised", ylabel=r"$y$ (1000 \$)")


def draw_map(axes, z, y, path, x_batch, y_batch, learning_rate):
    """Lines of equal loss, the path, and the next step by the minibatch and by all houses."""
    w, b, losses = map_of_losses()
    axes.contour(w, b, losses, levels=losses.min() + 8000 / 3.0 ** np.arange(7, -1, -1), colors=GRAY, linewidths=0.8)
    axes.plot(path[:, 0], path[:, 1], ".-", color=BLUE, linewidth=0.8, markersize=3)
    axes.plot(*np.polyfit(z, y, 1), "x", color=GREEN)
    for x_used, y_used, color in ((z, y, PURPLE), (x_batch, y_batch, ORANGE)):
        axes.annotate("", stepped(path[-1], x_used, y_used, learning_rate), path[-1], arrowprops={"arrowstyle": "->", "color": color})
    axes.set(xlabel="$w$", ylabel="$b$", title=rf"$\eta$ = {learning_rate:.3f}")


# ---- folded_plane ----

@functools.cache
def trained_plane():
    """Return points, their classes, the losses, and a trained network of three hidden units."""
    X, y = (torch.as_tensor(values, dtype=torch.float64) for values in plane.example_sets()["xor"])
    torch.manual_seed(1)
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)).double()
    optimizer, loss_of, losses = torch.optim.SGD(net.parameters(), lr=0.3), nn.BCEWithLogitsLoss(), []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = loss_of(net(X)[:, 0], y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return X, y.numpy(), losses, net.requires_grad_(False)


@functools.cache
def sheet(nodes=49):
    """Return a grid of inputs (48 squares each way), the hidden units there, and the output."""
    net = trained_plane()[3]
    x1, x2 = np.meshgrid(np.linspace(-3, 3, nodes), np.linspace(-3, 3, nodes))
    hidden = net[:2](torch.as_tensor(np.stack([x1, x2], axis=-1)))
    return x1, x2, hidden.numpy(), net[2](hidden)[..., 0].numpy()


def folded_plane(turn):
    """The decision over the inputs, the space of the hidden units seen from one side, and the loss."""
    losses = trained_plane()[2]
    fig, panels = plt.subplot_mosaic([["inputs", "hidden"], ["losses", "losses"]], figsize=(7.2, 5), height_ratios=[4, 1],
                                     per_subplot_kw={"hidden": {"projection": "3d"}}, layout="constrained")
    draw_decision(panels["inputs"])
    draw_space(panels["hidden"], turn)
    panels["losses"].semilogy(losses, color=BLUE)
    panels["losses"].axhline(np.log(2), color=GRAY, linestyle="--")
    panels["losses"].set(xlabel="step", ylabel="$L$")


def draw_decision(axes):
    """What is class 1, the boundary, the lines of the sheet, the folds, and the points."""
    X, y, _, net = trained_plane()
    x1, x2, _, o = sheet()
    axes.contourf(x1, x2, o, levels=[0, np.inf], colors=[ORANGE], alpha=0.15)
    axes.contour(x1, x2, o, levels=[0], colors="black", linewidths=2.5)
    for k, color in enumerate((GREEN, PURPLE, RED)):
        z = net[0].weight[k, 0].item() * x1 + net[0].weight[k, 1].item() * x2 + net[0].bias[k].item()
        axes.contour(x1, x2, z, levels=[0], colors=color, linestyles="--")
    for k, (color, marker) in enumerate(CLASSES):
        axes.plot(*X[y == k].T, marker, color=color, markersize=4)
    axes.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    axes.grid(alpha=0.25)


def draw_space(axes, turn):
    """The folded sheet, the points on it, and the plane that cuts between them."""
    X, y, _, net = trained_plane()
    h = sheet()[2]
    axes.plot_wireframe(*np.moveaxis(h, -1, 0), rstride=4, cstride=4, color=BLUE, alpha=0.4, linewidth=0.6)
    places = net[:2](X).numpy()
    for k, (color, marker) in enumerate(CLASSES):
        axes.plot(*places[y == k].T, marker, color=color, markersize=4)
    (v1, v2, v3), c = net[2].weight[0].tolist(), net[2].bias.item()
    h1, h2 = np.meshgrid([-1.2, 1.2], [-1.2, 1.2])
    axes.plot_surface(h1, h2, np.clip(-(v1 * h1 + v2 * h2 + c) / v3, -1.2, 1.2), color="black", alpha=0.2)
    axes.view_init(elev=24, azim=turn)
    axes.set(xlabel="$h_1$", ylabel="$h_2$", zlabel="$h_3$", xlim=(-1.2, 1.2), ylim=(-1.2, 1.2), zlim=(-1.2, 1.2))


# ---- hidden_units ----

def hidden_units(num_hiddens):
    """The function that some hidden units add up to, what each adds, and the loss."""
    x, y = (np.array(values) for values in units.example_targets()["sine"])
    weights = {name: np.array(value) for name, value in initial_weights(1, num_hiddens, 0).items()}
    W1, b1, W2, b2 = weights["W1"][0], weights["b1"], weights["W2"], weights["b2"]
    even = np.linspace(x.min(), x.max(), 129)
    added = W2[:, None] * np.maximum(W1[:, None] * even + b1[:, None], 0)
    o = W2 @ np.maximum(W1[:, None] * x + b1[:, None], 0) + b2
    fig, panels = plt.subplot_mosaic([["sum", "units"], ["losses", "losses"]], figsize=(7.2, 5), height_ratios=[4, 1],
                                     layout="constrained")
    panels["sum"].plot(x, y, "o", color=GRAY, markersize=3)
    panels["sum"].plot(even, added.sum(axis=0) + b2, color=BLUE, linewidth=2.5)
    panels["sum"].plot(np.clip(-b1 / W1, -3, 3), np.full(num_hiddens, -1.7), "o", color=ORANGE)
    panels["sum"].set(xlabel="$x$", ylabel="$o$", ylim=(-1.8, 1.6))
    panels["units"].plot(even, added.T)
    panels["units"].axhline(b2, color="black", linestyle="--")
    panels["units"].set(xlabel="$x$")
    panels["losses"].semilogy([0], [np.mean((o - y) ** 2) / 2], "o", color=BLUE)
    panels["losses"].set(xlabel="step", ylabel="$L$", xlim=(0, 103))


# ---- activation_explorer ----

def activation_explorer(x):
    """The ReLU with a tangent, and its derivative."""
    reach = np.linspace(-8, 8, 322)
    fig, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3), layout="constrained")
    for axes, values, here in ((left, np.maximum(reach, 0), max(x, 0)), (right, reach > 0, x > 0)):
        axes.axvspan(-8, 0, color=RED, alpha=0.1)
        axes.axhline(0, color=GRAY, linewidth=0.8)
        axes.axvline(x, color=GRAY, linewidth=0.8, linestyle=":")
        axes.plot(reach, values, color=BLUE)
        axes.plot(x, here, "o", color=BLUE, markerfacecolor="white")
        axes.set(xlabel="$x$", xlim=(-8, 8))
        axes.grid(alpha=0.25)
    left.plot([x - 2.2, x + 2.2], [max(x, 0) - 2.2 * (x > 0), max(x, 0) + 2.2 * (x > 0)], "--", color=GREEN)
    left.set(ylabel="$f(x)$", ylim=(-1.5, 4))
    right.set(ylabel="$f'(x)$", ylim=(-0.35, 1.35))


# ---- draw_digit ----

@functools.cache
def read_digit():
    """Return an image that both models of the page misread, its digit, and the ten probabilities of each."""
    (X, y), (X_test, y_test) = handwritten_digits("train"), handwritten_digits("test")
    answers = []
    for net in (nn.Linear(64, 10), nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))):
        train(net, nn.CrossEntropyLoss(), Minibatches(X, y, 32), SGD(net.parameters(), 0.2), 10)
        answers.append(net(X_test).softmax(dim=1).detach())
    wrong = sum((answer.argmax(dim=1) != y_test).int() for answer in answers).argmax()
    return X_test[wrong], int(y_test[wrong]), [answer[wrong] for answer in answers]


def draw_digit(pixel):
    """The image with one of its pixels chosen, and what the two models say of it."""
    image, label, answers = read_digit()
    fig, panels = plt.subplot_mosaic([["paper", "seen"], ["answers", "answers"]], figsize=(7.2, 5), height_ratios=[3, 2],
                                     layout="constrained")
    panels["paper"].set(xlim=(0, 32), ylim=(32, 0), aspect="equal")
    panels["seen"].imshow(image.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
    panels["seen"].add_patch(plt.Rectangle((pixel % 8 - 0.5, pixel // 8 - 0.5), 1, 1, fill=False, edgecolor=PURPLE, linewidth=2.5))
    for k, (p, color) in enumerate(zip(answers, (BLUE, ORANGE))):
        panels["answers"].bar(np.arange(10) + 0.4 * (k - 0.5), p, 0.34, color=color if k == 0 else "none", edgecolor=color)
    panels["answers"].set(xticks=range(10), yticks=[0, 0.5, 1], ylim=(0, 1.08), title=f"{label}")
    panels["answers"].grid(alpha=0.25, axis="y")


# Of each widget: the figure, and the slider's lowest value, its highest, its step and its first value.
FIGURES = {
    "fit_line": (fit_line, (0.0, 60.0, 0.5, 10.0)),
    "sgd_steps": (sgd_steps, (0.005, 1.0, 0.005, 0.1)),
    "folded_plane": (folded_plane, (0, 360, 3, 35)),
    "hidden_units": (hidden_units, (1, 12, 1, 4)),
    "activation_explorer": (activation_explorer, (-8.0, 8.0, 0.1, 1.0)),
    "draw_digit": (draw_digit, (0, 63, 1, 0)),
}


def interact_with(name, log):
    """Show a figure with its slider, in a notebook, and write to a file how long each drawing took."""
    from ipywidgets import FloatSlider, IntSlider, interact

    draw, (lowest, highest, step, value) = FIGURES[name]
    argument = draw.__code__.co_varnames[0]
    slider = (IntSlider if isinstance(lowest, int) else FloatSlider)(min=lowest, max=highest, step=step, value=value)

    def shown(**arguments):
        start = time.perf_counter()
        draw(**arguments)
        plt.show()  # which makes the PNG
        with open(log, "a", encoding="utf-8") as file:
            file.write(f"{1000 * (time.perf_counter() - start)}\n")

    interact(shown, **{argument: slider})
