"""That the measures can be taken: `make bench` takes an hour, and nothing that it finds is asserted."""

import importlib

import matplotlib.pyplot as plt
import pytest

from benchmarks import MEASURES, figures
from tests.test_widgets import PICTURES


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_has_what_it_needs_to_measure_and_to_tell(name):
    module = importlib.import_module(f"benchmarks.{name}")
    assert callable(module.measure) and callable(module.table)


def test_every_widget_with_a_picture_has_a_figure_beside_it():
    assert set(figures.FIGURES) == set(PICTURES)


@pytest.mark.parametrize("name", figures.FIGURES)
def test_a_figure_is_drawn_from_one_end_of_its_slider_to_the_other(name):
    draw, (lowest, highest, *_) = figures.FIGURES[name]
    for place in (lowest, highest):
        draw(place)
        drawn = plt.gcf().axes
        assert drawn and any(axes.has_data() for axes in drawn)
        plt.close("all")
