"""A hidden layer folds the plane until one straight cut separates the classes."""

import math

import torch
import traitlets

from helpers import checks
from helpers.widgets.base import Widget, at_most, choice, flag, listed, number, numbers, spread_out, whole
from helpers.widgets.network import FARTHEST, Network, initial_weights

ACTIVATIONS = ("tanh", "relu", "leaky_relu", "sigmoid", "elu", "gelu", "silu", "identity")
LARGEST_SEED = 2**32 - 1
MOST_EXAMPLES = 300
MOST_STEPS = 20_000


def _xor(generator):
    """Four clouds around the corners of a square, as at the top of the page."""
    corners = torch.tensor([[-1, -1], [1, 1], [-1, 1], [1, -1]], dtype=torch.float64)
    return corners.repeat(20, 1) + 0.3 * _normal(generator, 80, 2), [0, 0, 1, 1] * 20


def _rings(generator):
    """A cloud, and a ring around it."""
    angles = 2 * math.pi * torch.rand(40, generator=generator, dtype=torch.float64)
    ring = (1.7 + 0.15 * _normal(generator, 40, 1)) * _directions(angles)
    return torch.cat([0.4 * _normal(generator, 40, 2), ring]), [0] * 40 + [1] * 40


def _moons(generator):
    """Two half circles, each with an end inside the other."""
    angles = math.pi * torch.rand(80, generator=generator, dtype=torch.float64)
    side = torch.tensor([1.0, -1.0], dtype=torch.float64).repeat_interleave(40)[:, None]
    moons = side * (_directions(angles) - torch.tensor([0.5, 0.25], dtype=torch.float64))
    return 1.3 * (moons + 0.1 * _normal(generator, 80, 2)), [0] * 40 + [1] * 40


def _spiral(generator):
    """Two arms, each a turn and a quarter."""
    t = torch.linspace(0.1, 1, 40, dtype=torch.float64).repeat(2)
    angles = 2.5 * math.pi * t + math.pi * torch.arange(2).repeat_interleave(40)
    return 2 * t[:, None] * _directions(angles) + 0.05 * _normal(generator, 80, 2), [0] * 40 + [1] * 40


def _normal(generator, *shape):
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def _directions(angles):
    return torch.stack([angles.cos(), angles.sin()], dim=1)


MAKERS = {"xor": _xor, "rings": _rings, "moons": _moons, "spiral": _spiral}


def example_sets():
    """Return the sets of the widget as ``{name: [rows of X, y]}``, always the same numbers."""
    made = {name: make(torch.Generator().manual_seed(0)) for name, make in MAKERS.items()}
    return {name: [torch.round(X, decimals=3).tolist(), y] for name, (X, y) in made.items()}


class FoldedPlane(Network, Widget):
    r"""Points of two classes in the plane, and where two or three hidden units put them while they are trained.

    Explained in `sec-folded-plane` of the chapter on multilayer perceptrons.

    The network is :math:`o = \sigma(\mathbf{x}\mathbf{W}^{(1)} + \mathbf{b}^{(1)})\,\mathbf{W}^{(2)} + b^{(2)}`,
    where :math:`o` is the log-odds of class 1.  A step of training is one of gradient descent on the mean of
    ``torch.nn.BCEWithLogitsLoss`` over all points.

    Parameters
    ----------
    dataset : str
        ``"xor"``, ``"rings"``, ``"moons"``, ``"spiral"``, or ``"own"`` for ``X`` and ``y``.
    X : torch.Tensor, shape (n, 2)
        Points of your own, 1 to 300, each coordinate from -1e6 to 1e6.  If they are given, they are shown first.
    y : torch.Tensor, shape (n,)
        Their classes, 0 or 1.
    num_hiddens : int
        How many hidden units, 2 or 3.
    activation : str
        ``"tanh"``, ``"relu"``, ``"leaky_relu"`` (of slope 0.25), ``"sigmoid"``, ``"elu"``, ``"gelu"``,
        ``"silu"`` or ``"identity"``.
    learning_rate : float
        From 0.001 to 100.
    seed : int
        The initial weights are those of ``nn.Linear(2, num_hiddens)`` and ``nn.Linear(num_hiddens, 1)``, made
        in float64 after ``torch.manual_seed(seed)``; from 0 to 2³² − 1.

    Attributes
    ----------
    W1, b1, W2, b2
        The parameters, of shapes (2, h), (h,), (h,) and (), each from -1e6 to 1e6.
    step : int
        How many steps the run has taken, at most 20,000.
    losses : list of float
        The mean loss before step 0, ``every``, 2 · ``every``, ….
    diverged_at : int
        The step that would have led beyond all bounds, or -1.
    turn : float
        From where the space of three hidden units is seen, in degrees.
    show_sheet, show_folds : bool
        Whether the lines of the sheet are drawn, and those along which the hidden units fold it.

    Raises
    ------
    TypeError, ValueError
        If ``X`` or ``y`` is not made of finite numbers or has another shape, their lengths differ, there are
        too many, a coordinate is too large, or a class is neither 0 nor 1.
    traitlets.TraitError
        If one of the other arguments is out of its range.
    """

    num_inputs = 2
    datasets = traitlets.Dict(read_only=True).tag(sync=True)
    dataset = choice(*MAKERS, "own")
    X = numbers(ndim=2)
    y = numbers()
    num_hiddens = whole(2, 3)
    activation = choice(*ACTIVATIONS)
    learning_rate = number(1e-3, 100)
    seed = whole(0, LARGEST_SEED)
    W1 = numbers(ndim=2)
    b1 = numbers()
    W2 = numbers()
    b2 = number(-FARTHEST, FARTHEST)
    step = whole(0, MOST_STEPS)
    losses = numbers()
    every = whole(1)
    diverged_at = whole(-1)
    turn = number(0, 360)
    show_sheet = flag()
    show_folds = flag()

    def __init__(self, dataset="xor", X=None, y=None, num_hiddens=2, activation="tanh", learning_rate=0.3, seed=1):
        dataset, num_hiddens, seed = (self.traits()[name].validate(self, value) for name, value in (
            ("dataset", dataset), ("num_hiddens", num_hiddens), ("seed", seed)))
        if X is not None or y is not None:
            X, y = own_data(X, y)
            dataset = "own"
        super().__init__(dataset=dataset, X=X or [], y=y or [], num_hiddens=num_hiddens, activation=activation,
                         learning_rate=learning_rate, seed=seed, turn=35.0, show_sheet=True, show_folds=True,
                         **initial_weights(self.num_inputs, num_hiddens, seed))
        self.observe(self._draw_weights, names=["num_hiddens", "seed"])
        self.observe(self._start_anew, names=["dataset", "X", "y", "activation", "W1", "b1", "W2", "b2"])
        self.observe(self._may_go_on, names="learning_rate")

    @traitlets.default("datasets")
    def _example_sets(self):
        return example_sets()

    @property
    def examples(self):
        """The points that are shown, a tensor of shape (n, 2), and their classes, of shape (n,), both float64."""
        X, y = (self.X, self.y) if self.dataset == "own" else self.datasets[self.dataset]
        return torch.tensor(X, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)

    def set_data(self, X, y):
        """Show other points of your own; the arguments are those of the class.

        Raises
        ------
        TypeError, ValueError
            As the class does.
        """
        X, y = own_data(X, y)
        with self.hold_sync(), self.hold_trait_notifications():  # one message: never an X without its y
            self.X, self.y, self.dataset = X, y, "own"

    # What the reader changes on the page has already been answered there.

    def _draw_weights(self, change):
        if not self._is_by_reader(change):
            with self.hold_sync(), self.hold_trait_notifications():
                for name, value in initial_weights(self.num_inputs, self.num_hiddens, self.seed).items():
                    setattr(self, name, value)
                self._start_anew(change)

    def _start_anew(self, change):
        if not self._is_by_reader(change):
            with self.hold_sync():
                self.step, self.losses, self.every, self.diverged_at = 0, [], 1, -1

    def _may_go_on(self, change):
        if not self._is_by_reader(change):
            self.diverged_at = -1

    @traitlets.validate("dataset", "X", "y")
    def _there_are_points(self, proposal):
        now = {"dataset": self.dataset, "X": self.X, "y": self.y, proposal["trait"].name: proposal["value"]}
        X, y = now["X"], now["y"]
        try:
            if X or y:
                own_data(X, y)
        except (TypeError, ValueError) as error:  # traitlets takes back what led to an error of its own kind
            raise traitlets.TraitError(f"{error} (set both at once by set_data(X, y))") from error
        if now["dataset"] == "own" and not X:
            raise traitlets.TraitError("dataset can be 'own' only with points of your own: use set_data(X, y)")
        return proposal["value"]


def own_data(X, y):
    """Return points and their classes as lists, after checking them.

    Parameters
    ----------
    X : torch.Tensor, shape (n, 2)
    y : torch.Tensor, shape (n,)

    Raises
    ------
    TypeError, ValueError
        As :class:`FoldedPlane`.
    """
    for name, value in ("X", X), ("y", y):
        if value is None:
            raise ValueError(f"X and y must be given together, got no {name}")
    X = torch.as_tensor(listed("X", X, ndim=2), dtype=torch.float64)
    y = torch.as_tensor(listed("y", y, ndim=1), dtype=torch.float64)
    if X.numel() == 0:
        raise ValueError("X must hold at least one point, got none")
    if X.shape[1] != 2:
        raise ValueError(f"X must have 2 columns, got {X.shape[1]} (shape {tuple(X.shape)})")
    if X.abs().max() > FARTHEST:
        farthest = X.flatten()[X.abs().argmax()]
        raise ValueError(f"X must hold numbers from -{FARTHEST:g} to {FARTHEST:g}, got {farthest:g}")
    if y.numel() == 0:
        raise ValueError("y must hold a class for each point, got none")
    checks.examples(X, y)
    other = y[(y != 0) & (y != 1)]
    if len(other):
        raise ValueError(f"y must hold the classes 0 and 1, got {other[0]:g}")
    for column in X.T.tolist():
        spread_out("X", column)
    return at_most("X", X.tolist(), MOST_EXAMPLES), y.tolist()
