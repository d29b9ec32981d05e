"""The page for teachers: two lessons that fill their time, the same in both languages."""

import re

import pytest

from tests.notebooks import CHAPTERS, LANGUAGES

PLACE = re.compile(r"\{(?:ref|numref)\}`(?:en|ko)-([\w-]+)`")


def lessons(code):
    """Return ``{section: [(minutes, places)]}`` of the two lesson plans."""
    text = (CHAPTERS / code / "teaching.md").read_text(encoding="utf-8")
    _, *parts = re.split(rf"^\({code}-(sec-[\w-]+)\)=$", text, flags=re.MULTILINE)
    found = {}
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        rows = re.findall(r"^\| (\d+) \|.*\|$", body, re.MULTILINE)
        if rows:
            found[name] = [(int(minutes), PLACE.findall(line)) for minutes, line in
                           ((row[2:row.index(" |")], row) for row in re.findall(r"^\| \d+ \|.*\|$", body, re.MULTILINE))]
    return found


def test_the_lessons_are_the_same_in_both_languages():
    english, korean = (lessons(code) for code in LANGUAGES)
    assert english == korean and len(english) == 2


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_lesson_fills_75_minutes_and_uses_the_widgets(code):
    for rows in lessons(code).values():
        assert sum(minutes for minutes, _ in rows) == 75
        assert all(len(places) == 1 for _, places in rows)
    places = {places[0] for rows in lessons(code).values() for _, places in rows}
    # The sections in which the five widgets stand.
    assert {"sec-linear-regression", "sec-sgd-steps", "sec-folded-plane", "sec-hidden-units", "sec-activation-explorer"} <= places


@pytest.mark.parametrize("code", LANGUAGES)
def test_misconceptions_are_answered_with_a_place(code):
    text = (CHAPTERS / code / "teaching.md").read_text(encoding="utf-8")
    part = text.split(f"({code}-sec-misconceptions)=")[1].split(f"({code}-sec-class)=")[0]
    items = re.findall(r"^- \*[\"“].*$", part, re.MULTILINE)
    assert len(items) >= 6 and sum(bool(PLACE.search(item)) for item in items) >= 5
    assert "git-pull?repo=" in text and "book_solutions: false" in text
