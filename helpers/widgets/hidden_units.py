"""A few hidden units build a function of one input."""

import math

import torch
import traitlets

from helpers import checks
from helpers.widgets.base import Widget, at_most, choice, listed, number, numbers, spread_out, whole
from helpers.widgets.network import FARTHEST, Network, initial_weights

ACTIVATIONS = ("relu", "leaky_relu", "sigmoid", "tanh", "elu", "gelu", "silu", "identity")
LARGEST_SEED = 2**32 - 1
MOST_HIDDENS = 12
MOST_EXAMPLES = 200
MOST_STEPS = 20_000

TARGETS = {
    "sine": lambda x: math.sin(1.5 * x),  # smooth, with four bends between -3 and 3
    "step": lambda x: 1.0 if x > 0 else -1.0,  # a jump, which no network meets
    "bump": lambda x: math.exp(-x * x / 2),  # flat, up, down, flat: few units are enough
    "zigzag": lambda x: 4 * abs((x + 3) / 2.4 % 1 - 0.5) - 1,  # five straight pieces: a kink at each of ±0.6 and ±1.8
}


def example_targets():
    """Return the targets of the widget as ``{name: [X, y]}``: 41 points each, from -3 to 3."""
    X = [round(-3 + 0.15 * i, 3) for i in range(41)]
    return {name: [X, [round(target(x), 3) for x in X]] for name, target in TARGETS.items()}


class HiddenUnits(Network, Widget):
    r"""The function that a few hidden units add up to, each of them, and how training bends them to points.

    Explained in `sec-hidden-units` of the chapter on multilayer perceptrons.

    The network is :math:`o = \sigma(x\mathbf{W}^{(1)} + \mathbf{b}^{(1)})\,\mathbf{W}^{(2)} + b^{(2)}` with one
    input and one output.  A step of training is one of gradient descent on the mean of
    :math:`\tfrac12(o - y)^2` over all points, which is half of ``torch.nn.MSELoss``.

    Another target or activation function, and whatever is set by hand, begins a new run at step 0 from the
    weights as they are; another number of units or seed draws them again.  Another learning rate lets the run go on.

    Parameters
    ----------
    target : str
        ``"sine"``, ``"step"``, ``"bump"``, ``"zigzag"``, or ``"own"`` for your own points.
    X, y : torch.Tensor, shape (n,)
        Points of your own, 1 to 200, each number from -1e6 to 1e6.  If they are given, they are the target.
    num_hiddens : int
        How many hidden units, h, from 1 to 12.
    activation : str
        ``"relu"``, ``"leaky_relu"`` (of slope 0.25), ``"sigmoid"``, ``"tanh"``, ``"elu"``, ``"gelu"``, ``"silu"``
        or ``"identity"``.
    learning_rate : float
        From 0.0001 to 10.
    seed : int
        The initial weights are those of ``nn.Linear(1, num_hiddens)`` and ``nn.Linear(num_hiddens, 1)``, made
        in float64 after ``torch.manual_seed(seed)``; from 0 to 2³² − 1.

    Attributes
    ----------
    targets : dict
        The points to choose from, ``{name: [X, y]}``.
    W1, b1, W2, b2
        The parameters, of shapes (1, h), (h,), (h,) and (), each from -1e6 to 1e6.
    step : int
        How many steps the run has taken, at most 20,000.
    losses : list of float
        The mean loss before step 0, ``every``, 2 · ``every``, ….
    diverged_at : int
        The step that would have led beyond all bounds, or -1.
    selected : int
        The hidden unit that is drawn thick, counted from 0.
    tool : str
        What the mouse or a finger moves: ``"marks"`` (of the hidden units) or ``"points"``.  Points that are
        changed by hand become points of your own.
    point : int
        The index of the selected point, or -1.

    Raises
    ------
    TypeError, ValueError
        If ``X`` or ``y`` is not made of finite numbers, their lengths differ, there are none or too many, a
        number is too large, or they differ by less than 1e-80.
    traitlets.TraitError
        If one of the other arguments is out of its range.
    """

    num_inputs = 1
    targets = traitlets.Dict(read_only=True).tag(sync=True, by_reader=True)  # who moves points has points of one's own
    target = choice(*TARGETS, "own")
    X = numbers()
    y = numbers()
    num_hiddens = whole(1, MOST_HIDDENS)
    activation = choice(*ACTIVATIONS)
    learning_rate = number(1e-4, 10)
    seed = whole(0, LARGEST_SEED)
    W1 = numbers(ndim=2)
    b1 = numbers()
    W2 = numbers()
    b2 = number(-FARTHEST, FARTHEST)
    step = whole(0, MOST_STEPS)
    losses = numbers()
    every = whole(1)
    diverged_at = whole(-1)
    selected = whole(0, MOST_HIDDENS - 1)
    tool = choice("marks", "points")
    point = whole(-1)

    def __init__(self, target="sine", X=None, y=None, num_hiddens=4, activation="relu", learning_rate=0.05, seed=0):
        given = example_targets()
        target, num_hiddens, seed = (self._checked(name, value) for name, value in (
            ("target", target), ("num_hiddens", num_hiddens), ("seed", seed)))
        if X is not None or y is not None:
            given["own"], target = own_points(X, y), "own"
        _check_own(target, given)
        self.set_trait("targets", given)
        X, y = given[target]
        super().__init__(target=target, X=X, y=y, num_hiddens=num_hiddens, activation=activation,
                         learning_rate=learning_rate, seed=seed, **initial_weights(self.num_inputs, num_hiddens, seed))
        self.observe(self._take_target, names="target")
        self.observe(self._take_own_points, names=["X", "y"])
        self.observe(self._draw_weights, names=["num_hiddens", "seed"])
        self.observe(self._start_anew, names=["target", "X", "y", "activation", "W1", "b1", "W2", "b2"])
        self.observe(self._may_go_on, names="learning_rate")

    def set_data(self, X, y):
        """Take other points of your own as the target; the arguments are those of the class.

        Raises
        ------
        TypeError, ValueError
            As the class does.
        """
        X, y = own_points(X, y)
        with self.hold_sync(), self.hold_trait_notifications():
            self.point = -1
            self.X, self.y = X, y

    def reset(self):
        """Go back to the weights of the seed, and start anew."""
        with self.hold_sync():
            self.selected = min(self.selected, self.num_hiddens - 1)
            with self.hold_trait_notifications():
                for name, value in initial_weights(self.num_inputs, self.num_hiddens, self.seed).items():
                    setattr(self, name, value)
            self._start_anew()

    def _checked(self, name, value):
        """Return a value that is needed before the traits are set, after its trait has looked at it."""
        return self.traits()[name].validate(self, value)

    # What the reader changes on the page has already been answered there.

    def _take_target(self, change):
        if not self._is_by_reader(change):
            with self.hold_sync(), self.hold_trait_notifications():
                self.point = -1
                self.X, self.y = self.targets[self.target]

    def _take_own_points(self, change):
        if not self._is_by_reader(change) and [self.X, self.y] != self.targets[self.target]:
            with self.hold_sync():
                self.set_trait("targets", self.targets | {"own": [self.X, self.y]})
                self.target = "own"

    def _draw_weights(self, change):
        if not self._is_by_reader(change):
            self.reset()

    def _start_anew(self, change=None):
        if change is None or not self._is_by_reader(change):
            with self.hold_sync():
                self.step, self.losses, self.every, self.diverged_at = 0, [], 1, -1

    def _may_go_on(self, change):
        if not self._is_by_reader(change):
            self.diverged_at = -1

    @traitlets.validate("targets")
    def _only_own_points_are_new(self, proposal):
        value, examples = proposal["value"], example_targets()
        own = [name for name in value if name not in examples]
        if own not in ([], ["own"]) or value != examples | {name: value[name] for name in own}:
            raise traitlets.TraitError(f"targets must hold {', '.join(examples)} as they are and perhaps own, got {value!r:.80}")
        if own:
            points = value["own"]
            if not isinstance(points, (list, tuple)) or len(points) != 2:
                raise traitlets.TraitError(f"targets must hold own as [X, y], got {points!r:.80}")
            try:
                value = examples | {"own": own_points(*points)}
            except (TypeError, ValueError) as error:
                raise traitlets.TraitError(f"targets must hold own points: {error}") from error
        _check_own(self.target, value)
        return value

    @traitlets.validate("target")
    def _there_are_own_points(self, proposal):
        _check_own(proposal["value"], self.targets)
        return proposal["value"]

    @traitlets.validate("X", "y")
    def _make_points(self, proposal):
        now = {"X": self.X, "y": self.y, proposal["trait"].name: proposal["value"]}
        try:
            own_points(**now)
        except (TypeError, ValueError) as error:  # traitlets takes back what led to an error of its own kind
            raise traitlets.TraitError(f"{error} (set both at once by set_data(X, y))") from error
        return proposal["value"]

    @traitlets.validate("num_hiddens")
    def _brings_its_weights(self, proposal):
        count = super()._brings_its_weights(proposal)
        if "num_hiddens" in self._from_reader and self.selected >= count:
            raise traitlets.TraitError(f"num_hiddens must come with selected below it, got {count} and {self.selected}")
        return count

    @traitlets.validate("point")
    def _is_one_of_the_points(self, proposal):
        if proposal["value"] >= len(self.X):
            last, found = len(self.X) - 1, proposal["value"]
            raise traitlets.TraitError(f"point must be the index of a point, 0 to {last}, or -1 for none, got {found}")
        return proposal["value"]

    @traitlets.validate("selected")
    def _is_a_unit(self, proposal):
        if proposal["value"] >= self.num_hiddens:
            found = proposal["value"]
            raise traitlets.TraitError(f"selected must be below num_hiddens = {self.num_hiddens}, got {found}")
        return proposal["value"]


def own_points(X, y):
    """Return the coordinates of points as two lists, after checking them.

    Parameters
    ----------
    X, y : torch.Tensor, shape (n,)

    Raises
    ------
    TypeError, ValueError
        As :class:`HiddenUnits`.
    """
    points = {"X": X, "y": y}
    for name, value in points.items():
        if value is None:
            raise ValueError(f"X and y must be given together, got no {name}")
        points[name] = torch.as_tensor(listed(name, value, ndim=1), dtype=torch.float64)
        if not len(points[name]):
            raise ValueError(f"{name} must hold at least one number, got none")
        farthest = points[name][points[name].abs().argmax()]
        if farthest.abs() > FARTHEST:
            raise ValueError(f"{name} must hold numbers from -{FARTHEST:g} to {FARTHEST:g}, got {farthest:g}")
    X, y = points.values()
    checks.examples(X[:, None], y)
    X, y = at_most("X", X.tolist(), MOST_EXAMPLES), y.tolist()
    return [spread_out("X", X), spread_out("y", y)]


def _check_own(target, targets):
    if target == "own" and "own" not in targets:
        raise traitlets.TraitError(
            "target can be 'own' only with points of your own: give X and y, or use set_data(X, y)")
