"""Plots that can be read on light and on dark pages."""

import matplotlib.pyplot as plt
from IPython import get_ipython
from matplotlib_inline.backend_inline import set_matplotlib_formats

from helpers import checks

# Each colour keeps a contrast of at least 3 : 1 against white and against the dark page, and the
# site replaces each by the shade of its theme (helpers/site/figures.py), so that ink becomes the
# colour of the page's text.
INK = "#767676"
COLORS = ("#1c7ed6", "#e8590c", "#2b8a3e", "#ae3ec9", "#c92a2a")
SCALES = ("linear", "log")
LARGEST = 1e250  # beyond, Matplotlib's own sums overflow
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))  # so that colour never tells alone

STYLE = {
    "svg.fonttype": "none",  # text stays text: small, selectable, in the reader's own font
    "svg.hashsalt": "from-lines-to-layers",  # the same plot is the same file, byte for byte
    "font.size": 10,
    "axes.prop_cycle": plt.cycler(color=COLORS, linestyle=DASHES),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "savefig.transparent": True,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.grid": True,
    "grid.color": INK,
    "grid.alpha": 0.25,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "lines.markersize": 4,
}


def new_axes(rows=1, columns=1, figsize=(5.2, 3.3), **options):
    """Make a figure in the book's style and return its axes.

    Explained in `sec-house-data` of the chapter on linear regression.

    Parameters
    ----------
    rows, columns : int
        How many panels.
    figsize : pair of float
        Width and height of the whole figure, in inches.
    **options
        Passed on to ``matplotlib.pyplot.subplots``, such as ``sharey=True``.

    Returns
    -------
    matplotlib.axes.Axes, or an array of them
        One for one panel; otherwise as ``matplotlib.pyplot.subplots`` gives them.
    """
    if get_ipython():  # in a plain script the call would start an IPython of its own
        set_matplotlib_formats("svg", metadata={"Date": None, "Creator": None})
    plt.rcParams.update(STYLE)
    options = {"layout": "constrained", **options}
    _, axes = plt.subplots(rows, columns, figsize=figsize, **options)
    return axes


def plot(x, ys, xlabel="", ylabel="", legend=(), figsize=(5.2, 3.3), xscale="linear", yscale="linear", axes=None):
    """Draw one curve or several over the same ``x``.

    Explained in `sec-loss` of the chapter on linear regression.

    Parameters
    ----------
    x : tensor or sequence, length n
    ys : tensor or sequence of length n, or a list of such
        A curve each.  It is broken where a number is infinite or NaN; no other may be beyond 1e250 in size.
    xlabel, ylabel : str
        Names of the axes; mathematics between dollar signs.
    legend : sequence of str
        A name for each curve, or nothing.
    figsize : pair of float
        Width and height in inches.
    xscale, yscale : str
        ``"linear"`` or ``"log"``.
    axes : matplotlib.axes.Axes
        Where to draw; a new figure if it is left out.

    Returns
    -------
    matplotlib.axes.Axes
        For adding to the plot.

    Raises
    ------
    TypeError
        If ``x`` or a curve is not made of real numbers.
    ValueError
        If ``x`` or a curve has more than one axis or a number that is too large, a curve is not as long as
        ``x``, the legend does not name each curve, a scale is unknown, or nothing is positive on one that is
        logarithmic.
    """
    curves = ys if isinstance(ys, (list, tuple)) and any(map(_is_curve, ys)) else [ys]
    curves = [_values(f"ys[{i}]", y) for i, y in enumerate(curves)]
    x = _values("x", x)
    for i, y in enumerate(curves):
        if len(y) != len(x):
            raise ValueError(f"ys[{i}] must be as long as x, got {len(y)} values for {len(x)}")
    if legend and len(legend) != len(curves):
        raise ValueError(f"legend must name each curve, got {len(legend)} names for {len(curves)} curves")
    for name, scale, numbers in ("xscale", xscale, [x]), ("yscale", yscale, curves):
        if not isinstance(scale, str) or scale not in SCALES:
            raise ValueError(f"{name} must be one of {', '.join(map(repr, SCALES))}, got {scale!r}")
        if scale == "log" and not any(((values > 0) & values.isfinite()).any() for values in numbers):
            raise ValueError(f"{name} must be 'linear' where no number is positive, got 'log'")
    if axes is None:
        axes = new_axes(figsize=figsize)
    for y, name in zip(curves, legend or [None] * len(curves)):
        axes.plot(x, y, label=name)
    axes.set(xlabel=xlabel, ylabel=ylabel, xscale=xscale, yscale=yscale)
    if legend:
        axes.legend()
    return axes


def _is_curve(value):
    return hasattr(value, "__len__") and getattr(value, "ndim", 1) > 0


def _values(name, value):
    found = checks.real_numbers(name, value)
    if found.ndim != 1:
        raise ValueError(f"{name} must have 1 axes, got {found.ndim} (shape {tuple(found.shape)})")
    beyond = found[found.isfinite() & (found.abs() > LARGEST)]
    if len(beyond):
        raise ValueError(f"{name} must hold numbers from {-LARGEST:g} to {LARGEST:g}, got {beyond[0]:g}")
    return found
