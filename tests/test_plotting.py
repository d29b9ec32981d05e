"""Plots: what is drawn, in which style, and the same file each time (helpers/plotting.py)."""

import io
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex

from helpers.plotting import COLORS, DASHES, INK, new_axes, plot

X = [1.0, 2.0, 4.0]


@pytest.fixture(autouse=True)
def no_traces():
    """A backend without windows; figures closed and settings put back after the test."""
    plt.switch_backend("agg")
    with matplotlib.rc_context():
        yield
    plt.close("all")


def drawn(axes):
    return [[list(map(float, values)) for values in line.get_data()] for line in axes.lines]


def svg(axes):
    file = io.StringIO()
    axes.figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()


def python(code, tmp_path):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path).stdout


@pytest.mark.parametrize("x", [X, tuple(X), np.array(X), torch.tensor(X), torch.tensor(X, requires_grad=True)])
@pytest.mark.parametrize("ys, curves", [
    ([5, 6, 7], [[5, 6, 7]]),
    (range(3), [[0, 1, 2]]),
    (np.array([5, 6, 7]), [[5, 6, 7]]),
    (torch.tensor([5.0, 6.0, 7.0], requires_grad=True), [[5, 6, 7]]),
    (list(torch.tensor([5.0, 6.0, 7.0])), [[5, 6, 7]]),  # three numbers, not three curves
    ([[5, 6, 7]], [[5, 6, 7]]),
    ([range(3), (3, 2, 1)], [[0, 1, 2], [3, 2, 1]]),
    ((torch.tensor([5.0, 6.0, 7.0]), torch.zeros(3, requires_grad=True)), [[5, 6, 7], [0, 0, 0]]),
])
def test_curves_are_drawn_as_they_are(x, ys, curves):
    assert drawn(plot(x, ys)) == [[X, curve] for curve in curves]


@pytest.mark.parametrize("ys", [[], torch.ones(0)])
def test_a_curve_of_nothing(ys):
    assert drawn(plot([], ys)) == [[[], []]]


def test_labels_scales_and_size():
    axes = plot(X, X, xlabel="$x_1$", ylabel="$y$", xscale="log", yscale="linear", figsize=(4, 2))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("$x_1$", "$y$")
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "linear")
    assert axes.figure.get_size_inches().tolist() == [4, 2]


def named(axes):
    legend = axes.get_legend()
    return {text.get_text(): to_hex(line.get_color()) for text, line in zip(legend.get_texts(), legend.get_lines())}


def test_legend_names_the_curves():
    assert named(plot(X, [X, X], legend=["$a$", "$b$"])) == {"$a$": COLORS[0], "$b$": COLORS[1]}
    assert plot(X, [X, X]).get_legend() is None


def test_legend_names_its_own_curves_on_axes_in_use():
    axes = new_axes()
    axes.plot(X, X)
    plot(X, X, legend=["$a$"], axes=axes)
    assert named(axes) == {"$a$": COLORS[1]}
    plot(X, X, legend=["$b$"], axes=axes)
    assert named(axes) == {"$a$": COLORS[1], "$b$": COLORS[2]}


def test_draws_where_it_is_told():
    left, right = new_axes(1, 2)
    assert plot(X, X, axes=right) is right
    assert drawn(left) == [] and drawn(right) == [[X, X]]
    assert len(plt.get_fignums()) == 1


@pytest.mark.parametrize("ys, legend, message", [
    ([1, 2], (), r"ys\[0\] must be as long as x, got 2 values for 3"),
    ([X, [1, 2, 3, 4]], (), r"ys\[1\] must be as long as x, got 4 values for 3"),
    ([], (), r"ys\[0\] must be as long as x, got 0 values for 3"),
    ([X, X], ["$a$"], "legend must name each curve, got 1 names for 2 curves"),
    (X, ["$a$", "$b$"], "legend must name each curve, got 2 names for 1 curves"),
])
def test_refused_before_anything_is_drawn(ys, legend, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        plot(X, ys, legend=legend)
    assert plt.get_fignums() == []


@pytest.mark.parametrize("rows, columns, shape", [(1, 1, ()), (1, 2, (2,)), (2, 1, (2,)), (2, 3, (2, 3))])
def test_panels(rows, columns, shape):
    assert np.shape(new_axes(rows, columns, figsize=(6, 4))) == shape


def test_options_are_passed_on():
    left, right = new_axes(1, 2, sharey=True)
    left.set_ylim(3, 5)
    assert right.get_ylim() == (3, 5)


# The style

def contrast(one, other):
    """The contrast ratio of the WCAG 2.2, from 1 to 21."""
    def luminance(colour):
        channels = (int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5))
        linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear))

    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_of_contrast():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the best known example


@pytest.mark.parametrize("page", ["#ffffff", "#14181e"])
@pytest.mark.parametrize("colour", [*COLORS, INK])
def test_each_colour_can_be_seen_on_light_and_dark_pages(colour, page):
    assert contrast(colour, page) >= 3


def test_colour_never_tells_alone():
    lines = plot(X, [X] * len(COLORS)).lines
    assert [to_hex(line.get_color()) for line in lines] == list(COLORS)
    assert len(set(COLORS)) == len(set(DASHES)) == len(COLORS) == len(DASHES)
    assert len({str(line._dash_pattern) for line in lines}) == len(COLORS)


def test_the_drawing_has_the_books_colours_only():
    """On a dark page nothing may be black, which is what Matplotlib draws in if not told."""
    axes = plot(X, [X, X[::-1]], "u", "v", legend=["first", "second"])
    axes.set_title("title")
    axes.text(2, 2, "a word")
    styles = [
        dict(part.strip().split(": ") for part in element.get("style").split(";") if part.strip())
        for element in ElementTree.fromstring(svg(axes)).iter() if element.get("style")
    ]
    assert {style[key] for style in styles for key in ("fill", "stroke") if key in style} == {"none", INK, *COLORS[:2]}
    # A text that says nothing of its colour is black.
    assert {style.get("fill") for style in styles if any("font" in key for key in style)} == {INK}


def test_the_same_plot_is_the_same_file():
    first, again = (svg(plot(X, [X, X[::-1]], "$x$", legend=["$a$", "$b$"])) for _ in range(2))
    assert first == again
    assert first != svg(plot(X, [X, X], "$x$", legend=["$a$", "$b$"]))


def test_the_drawing_says_what_was_given_and_the_ticks():
    axes = plot(X, [X, X], "u", "v", legend=["first", "second"])
    root = ElementTree.fromstring(svg(axes))
    texts = {"".join(text.itertext()).strip() for text in root.iter("{http://www.w3.org/2000/svg}text")}
    ticks = {label.get_text() for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]}
    assert texts - ticks == {"u", "v", "first", "second"}


def test_in_a_notebook_the_drawing_is_svg_without_date_or_maker(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    drawing, again = python("""if True:
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell.instance()
        from helpers.plotting import plot
        for _ in range(2):
            data, _ = shell.display_formatter.format(plot([1, 2], [3, 4]).figure)
            assert set(data) == {"image/svg+xml", "text/plain"}, set(data)
            print(data["image/svg+xml"], end="@")
    """, tmp_path).split("@")[:2]
    assert drawing == again and "</svg>" in drawing
    assert "dc:date" not in drawing and "dc:creator" not in drawing


def test_in_a_plain_script_no_ipython_is_started(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    python("""if True:
        import sys
        from IPython import get_ipython
        from helpers.plotting import plot
        main = sys.modules["__main__"]
        plot([1, 2], [3, 4])
        assert get_ipython() is None and sys.modules["__main__"] is main
    """, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_letter_that_no_font_has_is_an_error_on_a_page():
    """matplotlib warns of it, and ``stderr_output: error`` in _config.yml fails a build that warns: no figure has tofu."""
    ax = new_axes()
    ax.set_title("\uabcd\U000f0000")
    with pytest.warns(UserWarning, match="missing from"):
        ax.figure.canvas.draw()
    assert "stderr_output: error" in (Path(__file__).parents[1] / "_config.yml").read_text(encoding="utf-8")
