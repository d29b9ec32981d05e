"""The builder of the site lets go of what it needs no more."""

import pickle

import pytest
from docutils import nodes

from helpers.site.memory import KEPT, Few
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
