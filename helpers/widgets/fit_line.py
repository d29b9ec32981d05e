"""A line that the reader fits to points by hand."""

import torch
import traitlets

from helpers.widgets.base import Widget, at_most, choice, flag, listed, number, spread_out, whole

MOST = 500  # points
LARGEST = 1e12  # so that no square of an error overflows, whatever the line
STEEPEST = 1e100


class _Column(traitlets.TraitType):
    """A list of numbers, one for each point."""

    def validate(self, obj, value):
        try:
            return _column(self.name, value)
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(str(error)) from error


class FitLine(Widget):
    """Fit the line yourself: points, a line to be moved by hand, its errors and its loss.

    Explained in `sec-linear-regression` of the chapter on linear regression.

    Parameters
    ----------
    X : tensor or list of float, shape (n,) or (n, 1)
        Where the points stand on the horizontal axis; 2 to 500 of them, up to 1e12 in size.
    y : tensor or list of float, shape (n,)
        Where they stand on the vertical axis.
    w, b : float, optional
        Slope and intercept of the line to begin with, in units of y per unit of x, and of y.  If ``b`` is
        left out, the line goes through the middle of the points (the means of X and y); if ``w`` is, it is level.
    x_name, y_name : str
        The names of the axes, which may end in a unit: ``"x_1 (1000 ft²)"``.
    errors : str
        How the errors are drawn: ``"lines"``, ``"squares"`` or ``"none"``.
    best : bool
        Whether the least-squares line is shown.
    tool : str
        What the mouse or a finger moves: ``"line"`` or ``"points"``.
    selected : int
        The index of the selected point, or -1.

    Attributes
    ----------
    given : list
        The points as they were handed in, ``[X, y]``: what the button "Original points" goes back to.

    Raises
    ------
    TypeError, ValueError
        If ``X`` or ``y`` is not a list of so many finite numbers, or they differ in length.
    traitlets.TraitError
        If another argument is not what is said above, or anything is set to a bad value later.
    """

    X = _Column().tag(sync=True)
    y = _Column().tag(sync=True)
    w = number(-STEEPEST, STEEPEST)
    b = number(-STEEPEST, STEEPEST)
    x_name = traitlets.Unicode("x").tag(sync=True)
    y_name = traitlets.Unicode("y").tag(sync=True)
    errors = choice("lines", "squares", "none")
    best = flag()
    tool = choice("line", "points")
    selected = whole(-1)
    given = traitlets.List(read_only=True).tag(sync=True)

    def __init__(self, X, y, w=0.0, b=None, x_name="x", y_name="y",
                 errors="lines", best=False, tool="line", selected=-1):
        X, y = _columns(X, y)
        if b is None:
            w = FitLine.w.validate(self, w)
            b = _mean(y) - w * _mean(X)
            if abs(b) > STEEPEST:
                raise ValueError(f"w must be so small that the line through the middle of the points has an intercept "
                                 f"of at most {STEEPEST:g}, got {w:g} and the intercept {b:g}")
        super().__init__(X=X, y=y, w=w, b=b, x_name=x_name, y_name=y_name,
                         errors=errors, best=best, tool=tool, selected=selected)

    def set_data(self, X, y):
        """Hand in other points, in place of all there are; the line stays where it is.

        Parameters
        ----------
        X, y : tensor or list of float
            As for the class.

        Raises
        ------
        TypeError, ValueError
            As for the class; the points are then those of before.
        """
        X, y = _columns(X, y)
        with self.hold_sync(), self.hold_trait_notifications():  # one message: never an X without its y
            self.selected = -1
            self.set_trait("given", [list(X), list(y)])
            self.X, self.y = X, y

    @traitlets.default("given")
    def _given_at_first(self):
        return [list(self.X), list(self.y)]

    @traitlets.validate("X", "y")
    def _of_one_length(self, proposal):
        found = {"X": self.X, "y": self.y, proposal.trait.name: proposal.value}
        try:
            _check_lengths(**found)
        except ValueError as error:
            raise traitlets.TraitError(f"{error}; set_data(X, y) sets both at once") from error
        return proposal.value

    @traitlets.validate("selected")
    def _one_of_the_points(self, proposal):
        if proposal.value >= len(self.X):
            last = len(self.X) - 1
            raise traitlets.TraitError(f"selected must be the index of a point, 0 to {last}, or -1 for none, "
                                       f"got {proposal.value}")
        return proposal.value


def _columns(X, y):
    X, y = _column("X", X), _column("y", y)
    _check_lengths(X, y)
    return X, y


def _column(name, value):
    try:
        found = torch.as_tensor(value, dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        found = torch.empty(0)  # (listed says what is wrong)
    if found.ndim == 2 and found.shape[1] == 1:
        value = found[:, 0]
    elif found.ndim == 2:
        raise ValueError(f"{name} must hold one number for each point, got shape {tuple(found.shape)}; "
                         f"choose one column, such as {name}[:, 0]")
    found = at_most(name, listed(name, value, ndim=1), MOST)
    if len(found) < 2:
        raise ValueError(f"{name} must hold at least 2 numbers, got {len(found)}")
    largest = max(found, key=abs)
    if abs(largest) > LARGEST:
        raise ValueError(f"{name} must hold numbers from {-LARGEST:g} to {LARGEST:g}, got {largest:g}")
    return spread_out(name, found)


def _check_lengths(X, y):
    if len(X) != len(y):
        raise ValueError(f"X and y must be of equal length, got {len(X)} and {len(y)} numbers")


def _mean(values):
    return torch.tensor(values, dtype=torch.float64).mean().item()
