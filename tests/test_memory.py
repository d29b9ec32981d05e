"""The builder of the site lets go of what it needs no more."""

import gc
import pickle
import zlib
from types import SimpleNamespace

import pytest
from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector

from helpers.site.memory import KEPT, Few, look_for_pages
from tests.notebooks import LANGUAGES


@pytest.fixture(scope="module")
def env(site):
    """What Sphinx has noted of the book."""
    return pickle.loads((site.parent / "aside/_build/.doctrees/environment.pickle").read_bytes())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_noted_of_exercises_does_not_know_their_pages(env, language):
    noted = [entry["node"] for label, entry in env.sphinx_exercise_registry.items() if label.startswith(f"{language}-")]
    assert len(noted) > 10
    for node in noted:
        assert isinstance(node.children[0], nodes.TextElement) and node.children[0].astext()
        assert not any(part.document for part in node.findall()) and node.parent is None


def test_trees_of_few_pages_are_kept():
    few = Few()
    for number in range(KEPT + 5):
        few[f"page {number}"] = number
    assert list(few.values()) == list(range(5, KEPT + 5))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_widgets_know_is_kept_packed(env, language):
    _, attributes = NbMetadataCollector.get_js_files(env, f"chapters/{language}/linear-regression")["ipywidgets_state"]
    assert 500_000 < len(zlib.decompress(attributes["body"])) > 2 * len(attributes["body"])


def test_pages_that_nobody_needs_are_looked_for_each_time_some_have_come(monkeypatch):
    looks, app = [], SimpleNamespace()
    monkeypatch.setattr(gc, "collect", lambda: looks.append(app.book_pages))
    for _ in range(2 * KEPT + 1):
        look_for_pages(app)
    assert looks == [KEPT, 2 * KEPT]
