"""The questions of the self-checks: every number recomputed, and exactly the right answers that the checker says."""

import contextlib
import io
import re

import pytest
import torch
import yaml

from helpers import LANGUAGES, questions
from tests.notebooks import ROOT

CHAPTERS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in questions.FILES}
QUESTIONS = [pytest.param(chapter, check, question, id=f"{check}/{question['name']}")
             for chapter, content in CHAPTERS.items() for check, found in content["checks"].items() for question in found]
KEYS = {"one": {"choices"}, "many": {"choices"}, "number": {"answer", "computed", "tolerance", "right", "wrong", "otherwise"},
        "output": {"code", "answer", "right", "wrong", "otherwise"}}
RULED_OUT = yaml.safe_load((ROOT / "tests/ruled_out.yml").read_text(encoding="utf-8"))
NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?![\dA-Za-z])")


@pytest.fixture(scope="module")
def names():
    """What the setup of each chapter defines."""
    torch.set_default_dtype(torch.float64)
    found = {}
    for chapter, content in CHAPTERS.items():
        torch.manual_seed(0)
        found[chapter] = {"torch": torch}
        exec(content.get("setup", ""), found[chapter])
    yield found
    torch.set_default_dtype(torch.float32)


def texts(part):
    """All texts in a question: ``{en: …, ko: …}``."""
    if isinstance(part, dict):
        if set(LANGUAGES) <= set(part):
            yield {code: part[code] for code in LANGUAGES}
        for key, inner in part.items():
            if key not in LANGUAGES:
                yield from texts(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from texts(inner)


def compact(text):
    return re.sub(r"\s", "", str(text))


def printed(code, names):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(code, dict(names))
    return out.getvalue().strip()


@pytest.mark.parametrize("chapter, check, question", QUESTIONS)
def test_a_question_is_whole(chapter, check, question):
    kind = question["kind"]
    others = {"name", "kind", "ask"} | ({"then"} if check.startswith("predict-") else set())
    assert set(question) - {"states"} == KEYS[kind] | others
    for choice in question.get("choices", []):
        assert set(choice) - {"right"} == {*LANGUAGES, "says", "holds"}
    for mistake in question.get("wrong", []):
        assert set(mistake) == {"value", "says"} | ({"computed"} if kind == "number" else set())


@pytest.mark.parametrize("chapter, check, question", QUESTIONS)
def test_exactly_the_choices_are_right_that_should_be(chapter, check, question, names):
    if "choices" not in question:
        return
    right = [choice.get("right", False) for choice in question["choices"]]
    torch.manual_seed(0)
    for choice, wanted in zip(question["choices"], right, strict=True):
        assert choice["holds"] not in (True, False), f"{choice['en']}: this decides nothing"
        holds = eval(choice["holds"], dict(names[chapter]))
        assert bool(holds) == wanted, choice["en"]
    assert 3 <= len(right) <= 6
    assert sum(right) == 1 if question["kind"] == "one" else 0 < sum(right) < len(right)


@pytest.mark.parametrize("chapter, check, question", QUESTIONS)
def test_the_answer_is_what_comes_out(chapter, check, question, names):
    if question["kind"] == "number":
        answer, tolerance = question["answer"], question["tolerance"]
        torch.manual_seed(0)
        assert abs(float(eval(question["computed"], dict(names[chapter]))) - answer) <= tolerance
        values = [answer]
        for mistake in question["wrong"]:
            found = float(eval(mistake["computed"], dict(names[chapter])))
            assert abs(found - mistake["value"]) <= tolerance, mistake
            values.append(mistake["value"])
        values.sort()
        # Whatever one types, it is taken for one of them at most.
        assert all(b - a > 2 * tolerance for a, b in zip(values, values[1:]))
    if question["kind"] == "output":
        assert compact(printed(question["code"], names[chapter])) == compact(question["answer"])
        known = [compact(question["answer"]), *(compact(mistake["value"]) for mistake in question["wrong"])]
        assert len(set(known)) == len(known)


@pytest.mark.parametrize("chapter, check, question", QUESTIONS)
def test_every_number_is_given_or_computed(chapter, check, question, names):
    states = question.get("states", {})
    for said, expression in states.items():
        assert str(eval(expression, dict(names[chapter]))) == str(said)
    shown = [question["ask"], *(({code: choice[code] for code in LANGUAGES}) for choice in question.get("choices", []))]
    for code in LANGUAGES:
        known = " ".join([*(text[code] for text in shown), question.get("code", ""), *map(str, states),
                          *(str(one) for one in [question.get("answer"), *(m["value"] for m in question.get("wrong", []))])])
        known = set(NUMBER.findall(known)) | {"0", "1", "2"}
        for text in texts(question):
            found = {number for number in NUMBER.findall(text[code]) if number not in known}
            assert not found, f"{found} in {text[code]!r}: list it under states, with what computes it"


@pytest.mark.parametrize("chapter, check, question", QUESTIONS)
def test_texts_are_in_their_language(chapter, check, question):
    for text in texts(question):
        assert all(text.values()) and not re.search("[가-힣]", text["en"])
        assert re.search("[가-힣]", text["ko"]) or not re.search("[a-z]{3}", re.sub("`[^`]*`", "", text["en"])), text
        assert not [phrase for phrase in RULED_OUT if phrase in text["ko"]], text["ko"]
        assert not re.search(r"[$\\<]|\]\(", re.sub("`[^`]*`", "", text["en"] + text["ko"])), f"{text}: Markdown without TeX, HTML or links"
        assert text["en"].count("`") == text["ko"].count("`")


def test_each_check_has_two_or_three_questions_and_a_prediction_has_one():
    for name, found in questions.checks().items():
        assert len(found) == 1 if name.startswith("predict-") else len(found) in (2, 3), name


def test_names_are_unique():
    for content in CHAPTERS.values():
        for found in content["checks"].values():
            assert len({question["name"] for question in found}) == len(found)
    assert len(questions.checks()) == sum(len(content["checks"]) for content in CHAPTERS.values())


def test_an_unknown_check_is_refused():
    with pytest.raises(ValueError, match="name must be one of .*sec-loss.*, got 'sec-los'"):
        questions.questions("sec-los", "en")


def test_a_widget_gets_one_language_and_nothing_of_the_test():
    for name in questions.checks():
        for code, other in ("en", "ko"), ("ko", "en"):
            found = str(questions.questions(name, code))
            assert not re.search(r"'(?:holds|computed|states|en|ko)'", found)
            assert bool(re.search("[가-힣]", found)) == (code == "ko"), other
