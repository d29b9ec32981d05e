"""Measurements of the book: ``make bench``, or ``python -m benchmarks``.

Each measure is a module of its own, named in ``MEASURES``, with two functions: ``measure()`` returns what it
measured as a dictionary that JSON can keep, and ``table(found)`` returns that as lines of text.

A measure may need what a reader does not: Chromium (all but training), JupyterLab (widgets), npm (light, formulas); it
says what is missing.  Firefox is used (formulas) if it is there.

No figure is asserted, here or in a test: another machine, or another program running beside, gives others.
What can be compared is a ratio of two things measured side by side in one run.
"""

import statistics
from pathlib import Path

MEASURES = ("widgets", "light", "build", "training", "formulas")
ROOT = Path(__file__).parents[1]


def middle(values):
    """Return the median."""
    return statistics.median(values)


def p95(values):
    """Return the value that 95 of 100 do not exceed."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def aligned(rows):
    """Return rows of strings as lines: the first column from the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    rule = ["-" * width for width in widths]
    return ["  ".join(cell.rjust(width) if i else cell.ljust(width) for i, (cell, width) in enumerate(zip(row, widths)))
            for row in [rows[0], rule, *rows[1:]]]
