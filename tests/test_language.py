"""The language in which the helpers speak (helpers/__init__.py)."""

import subprocess
import sys

import pytest

import helpers


@pytest.fixture(autouse=True)
def english_at_first(monkeypatch):
    monkeypatch.setattr(helpers, "_language", "en")  # and back to what it was, after the test


@pytest.mark.parametrize("code", ["en", "ko"])
def test_language_is_the_one_chosen(code):
    helpers.use_language(code)
    assert helpers.language() == code


def test_first_cell_of_a_page_prints_nothing():
    assert helpers.use_language("ko") is None


@pytest.mark.parametrize("code", ["kr", "KO", "", "korean", None, ["en"]])
def test_unknown_language_is_refused_and_changes_nothing(code):
    helpers.use_language("ko")
    with pytest.raises(ValueError, match="code must be one of 'en', 'ko', got ") as caught:
        helpers.use_language(code)
    assert str(caught.value).endswith(repr(code))
    assert helpers.language() == "ko"


def test_a_fresh_interpreter_speaks_english():
    done = subprocess.run([sys.executable, "-c", "import helpers; print(helpers.language())"],
                          capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "en"
