"""Minibatch stochastic gradient descent, one step at a time."""

import torch
import traitlets

from helpers import checks
from helpers.widgets.base import Widget, at_most, flag, listed, number, numbers, whole

MOST_EXAMPLES = 500
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
        The feature of 2 to 500 examples; not all values equal.
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
    learning_rate = number(1e-12, 1e12)
    batch_size = whole(1)
    seed = whole(0, LARGEST_SEED)
    start = numbers()
    path = numbers(ndim=2)
    rates = numbers()

    def __init__(self, X, y, learning_rate=0.1, batch_size=None, seed=0, start=(0.0, 0.0), standardised=True,
                 x_name="x", y_name="y"):
        X, y = line_data(X, y)
        batch_size = min(20, len(X)) if batch_size is None else batch_size
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
        with self.hold_trait_notifications():
            self.X, self.y, self.batch_size = X, y, min(self.batch_size, len(X))

    def _start_anew(self, change):
        if not self._set_by_reader:  # else the reader's side has started anew and maybe gone on
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
        if len(proposal["value"]) != 2:
            raise traitlets.TraitError(f"start must be a pair (w, b), got {proposal['value']!r}")
        return proposal["value"]


def line_data(X, y):
    """Return the feature and the labels of a line as lists, after checking them.

    Parameters
    ----------
    X : torch.Tensor, shape (n, 1) or (n,)
    y : torch.Tensor, shape (n,)

    Raises
    ------
    TypeError, ValueError
        If they are not finite numbers, not of one feature, of unequal length, fewer than 2, more than 500, or if
        all of ``X`` is the same value.
    """
    X = torch.as_tensor(listed("X", X, ndim=(1, 2)), dtype=torch.float64)
    y = torch.as_tensor(listed("y", y, ndim=1), dtype=torch.float64)
    if X.ndim == 2 and X.shape[1] != 1:
        raise ValueError(f"X must have a single feature, got {X.shape[1]} columns (shape {tuple(X.shape)})")
    checks.examples(X.reshape(len(X), -1), y)
    if len(X) < 2 or X.min() == X.max():
        raise ValueError(f"X must hold at least two different values, got {len(X)} example(s) at {X.flatten()[0]:g}")
    return at_most("X", X.flatten().tolist(), MOST_EXAMPLES), y.tolist()
