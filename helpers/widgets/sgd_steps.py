"""Minibatch stochastic gradient descent, one step at a time."""

import torch
import traitlets

from helpers import checks
from helpers.widgets.base import Widget, at_most, flag, listed, number, numbers, spread_out, whole

MOST_EXAMPLES = 500
MOST_STEPS = 2000
LARGEST = 1e12  # of X, y and the start, so that no loss overflows
LARGEST_SEED = 2**32 - 1


class SGDSteps(Widget):
    r"""A line fitted by minibatch SGD, with its data, the loss over weight and bias, and each step's numbers.

    Explained in `sec-sgd-steps` of the chapter on linear regression.

    The model is :math:`\hat y = w x + b` and the loss the mean of :math:`\tfrac12(\hat y - y)^2`; a step is
    equation ``eq-sgd-linear`` of the page.  The minibatches are those of
    ``Minibatches(X, y, batch_size, seed)``, drawn in the browser by PyTorch's own generator.

    Parameters
    ----------
    X : torch.Tensor, shape (n, 1) or (n,)
        The feature of 2 to 500 examples, up to 1e12 in size; not all values equal.
    y : torch.Tensor, shape (n,)
        The labels.
    learning_rate : float
        The learning rate η, positive.
    batch_size : int
        How many examples a minibatch holds, from 1 to n; left out, 20, or n if there are fewer.
    seed : int
        Where the shuffling starts, from 0 to 2³² − 1.
    start : pair of float
        The weight and bias from which a run starts, in the units of the feature as the model sees it.
    standardised : bool
        Whether the model sees the feature standardised (mean 0, standard deviation 1) or as it is.
    x_name, y_name : str
        What stands on the axes; ``"x_1"`` is shown with a lowered 1.

    Attributes
    ----------
    path : list of pairs of float
        Weight and bias at the start and after each step.
    rates : list of float
        The learning rate of each step.

    Raises
    ------
    TypeError, ValueError
        If ``X`` or ``y`` is not made of finite numbers, their lengths differ, there are too few or too many
        examples, or all of ``X`` is the same value.
    traitlets.TraitError
        If one of the other arguments is out of its range.
    """

    X = numbers()
    y = numbers()
    x_name = traitlets.Unicode("x").tag(sync=True)
    y_name = traitlets.Unicode("y").tag(sync=True)
    standardised = flag()
    learning_rate = number(1e-30, 1e12)
    batch_size = whole(1)
    seed = whole(0, LARGEST_SEED)
    start = numbers()
    path = numbers(ndim=2)
    rates = numbers()

    def __init__(self, X, y, learning_rate=0.1, batch_size=None, seed=0, start=(0.0, 0.0), standardised=True,
                 x_name="x", y_name="y"):
        X, y = line_data(X, y)
        batch_size = min(20, len(X)) if batch_size is None else batch_size
        start = _checked_start(listed("start", start, ndim=1))
        super().__init__(X=X, y=y, learning_rate=learning_rate, batch_size=batch_size, seed=seed, start=start,
                         path=[list(start)], standardised=standardised, x_name=x_name, y_name=y_name)
        self.observe(self._start_anew, names=["X", "y", "batch_size", "seed", "start", "standardised"])

    def set_data(self, X, y):
        """Take other data and start anew; the arguments are those of the class.

        A batch size beyond the new number of examples becomes that number.

        Raises
        ------
        TypeError, ValueError
            As the class does.
        """
        X, y = line_data(X, y)
        with self.hold_sync(), self.hold_trait_notifications():  # one message: never an X without its y
            self.X, self.y, self.batch_size = X, y, min(self.batch_size, len(X))

    def _start_anew(self, change):
        if not self._is_by_reader(change):  # else the reader's side has started anew and maybe gone on
            with self.hold_sync(), self.hold_trait_notifications():
                self.path, self.rates = [list(self.start)], []

    @traitlets.validate("X", "y")
    def _make_a_line(self, proposal):
        now = {"X": self.X, "y": self.y, proposal["trait"].name: proposal["value"]}
        try:
            line_data(**now)
        except (TypeError, ValueError) as error:  # traitlets takes back what led to an error of its own kind
            raise traitlets.TraitError(f"{error} (set both at once by set_data(X, y))") from error
        return proposal["value"]

    @traitlets.validate("batch_size")
    def _no_larger_than_the_data(self, proposal):
        if self.X and proposal["value"] > len(self.X):
            raise traitlets.TraitError(f"batch_size must be at most n = {len(self.X)}, got {proposal['value']}")
        return proposal["value"]

    @traitlets.validate("start")
    def _a_weight_and_a_bias(self, proposal):
        return _checked_start(proposal["value"])

    @traitlets.validate("path", "rates")
    def _a_path_with_its_rates(self, proposal):
        now = {"path": self.path, "rates": self.rates, proposal["trait"].name: proposal["value"]}
        path, rates = now["path"], now["rates"]
        if not 1 <= len(path) <= MOST_STEPS + 1 or any(len(line) != 2 for line in path):
            raise traitlets.TraitError(f"path must hold 1 to {MOST_STEPS + 1} pairs (w, b), got {path!r:.80}")
        if max(map(abs, path[0])) > LARGEST:
            raise traitlets.TraitError(f"path must begin with numbers from -{LARGEST:g} to {LARGEST:g}, got {path[0]!r}")
        if len(rates) != len(path) - 1:
            raise traitlets.TraitError(f"rates must hold one learning rate for each step of path, "
                                       f"got {len(rates)} for {len(path) - 1} (set both in hold_trait_notifications())")
        return proposal["value"]


def _checked_start(start):
    if len(start) != 2 or max(map(abs, start)) > LARGEST:
        raise traitlets.TraitError(f"start must be a pair (w, b) of numbers from -{LARGEST:g} to {LARGEST:g}, got {start!r}")
    return start


def line_data(X, y):
    """Return the feature and the labels of a line as lists, after checking them.

    Parameters
    ----------
    X : torch.Tensor, shape (n, 1) or (n,)
    y : torch.Tensor, shape (n,)

    Raises
    ------
    TypeError, ValueError
        If they are not finite numbers up to 1e12, not of one feature, of unequal length, fewer than 2, more than
        500, if all of ``X`` is the same value, or numbers differ by less than 1e-80.
    """
    X = torch.as_tensor(listed("X", X, ndim=(1, 2)), dtype=torch.float64)
    y = torch.as_tensor(listed("y", y, ndim=1), dtype=torch.float64)
    if X.ndim == 2 and X.shape[1] != 1:
        raise ValueError(f"X must have a single feature, got {X.shape[1]} columns (shape {tuple(X.shape)})")
    for name, value in ("X", X), ("y", y):
        if not len(value):
            raise ValueError(f"{name} must hold at least two numbers, got none")
        if value.abs().max() > LARGEST:
            farthest = value.flatten()[value.abs().argmax()]
            raise ValueError(f"{name} must hold numbers from -{LARGEST:g} to {LARGEST:g}, got {farthest:g}")
    checks.examples(X.reshape(len(X), -1), y)
    if len(X) < 2 or X.min() == X.max():
        raise ValueError(f"X must hold at least two different values, got {len(X)} example(s) at {X.flatten()[0]:g}")
    X, y = at_most("X", X.flatten().tolist(), MOST_EXAMPLES), y.tolist()
    return spread_out("X", X), spread_out("y", y)
