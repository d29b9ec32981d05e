"""The self-check: what an answer is worth, what is remembered, and the page in a browser."""

import re

import pytest
import traitlets

from helpers import LANGUAGES, questions
from helpers.widgets.self_check import SelfCheck
from tests.javascript import Script
from tests.notebooks import pages
from tests.test_browser import ALIVE, open_page  # noqa: F401 (a fixture)

ONE = {"name": "a", "kind": "one", "ask": "?", "choices": [
    {"text": "x", "right": False, "says": "not x"}, {"text": "y", "right": True, "says": "yes, y"}]}
MANY = {"name": "b", "kind": "many", "ask": "?", "choices": [
    {"text": "x", "right": True, "says": "yes, x"}, {"text": "y", "right": True, "says": "yes, y"},
    {"text": "z", "right": False, "says": "not z"}]}
NUMBER = {"name": "c", "kind": "number", "ask": "?", "answer": 0.25, "tolerance": 0.005, "right": "yes",
          "wrong": [{"value": 0.5, "says": "halve it"}, {"value": -0.25, "says": "the sign"}], "otherwise": "no"}
OUTPUT = {"name": "d", "kind": "output", "ask": "?", "code": "print((2, 3))", "answer": "(2, 3)", "right": "yes",
          "wrong": [{"value": "(3, 2)", "says": "the other way round"}], "otherwise": "no"}
CHECKS = sorted(questions.checks())


@pytest.fixture(scope="module")
def script():
    return Script.of("self_check")


@pytest.fixture
def judge(script):
    return lambda question, answer: script('(q, a) => judged(q, a, wordsOf(SPEC, "en"))', question, answer)


# ---- what an answer is worth ----

@pytest.mark.parametrize("question, answer, right, says", [
    (ONE, 0, False, ["not x"]), (ONE, 1, True, ["yes, y"]),
    (MANY, [0, 1], True, ["yes, x", "yes, y"]), (MANY, [1, 0], True, ["yes, x", "yes, y"]),
    (MANY, [0, 1, 2], False, ["not z"]), (MANY, [2], False, ["not z"]),
    (MANY, [0], False, ["What you chose is right, but it is not all."]),
    (NUMBER, "0.25", True, ["yes"]), (NUMBER, " .25 ", True, ["yes"]), (NUMBER, "1/4", True, ["yes"]), (NUMBER, "2.5e-1", True, ["yes"]),
    (NUMBER, "0.2549", True, ["yes"]), (NUMBER, "0.26", False, ["no"]), (NUMBER, "0.5", False, ["halve it"]),
    (NUMBER, "−0.25", False, ["the sign"]), (NUMBER, "-1/4", False, ["the sign"]), (NUMBER, "1,200", False, ["no"]),
    (OUTPUT, "(2, 3)", True, ["yes"]), (OUTPUT, "(2,3)\n", True, ["yes"]), (OUTPUT, "(3, 2)", False, ["the other way round"]),
    (OUTPUT, "2, 3", False, ["no"]),
])
def test_an_answer_is_judged(judge, question, answer, right, says):
    assert judge(question, answer) == {"right": right, "says": says}


@pytest.mark.parametrize("question, answer", [
    (ONE, -1), (ONE, 2), (ONE, 0.5), (ONE, "1"), (ONE, [1]), (ONE, None), (MANY, []), (MANY, [3]), (MANY, 0), (MANY, ["0"]),
    (NUMBER, ""), (NUMBER, "  "), (NUMBER, "a half"), (NUMBER, "1/0"), (NUMBER, "1/2/3"), (NUMBER, "0x10"), (NUMBER, "1e999"),
    (NUMBER, 0.25), (OUTPUT, ""), (OUTPUT, 7)])
def test_what_is_no_answer_is_not_judged(judge, question, answer):
    assert judge(question, answer) is None


@pytest.mark.parametrize("text, value", [
    ("1,200", 1200), ("12,345.5", 12345.5), ("1 200", 1200), ("-3", -3), ("–3", -3), ("+3", 3), ("3.", 3), ("1/8", 0.125), ("-1/8", -0.125)])
def test_numbers_are_read_as_people_write_them(script, text, value):
    assert script("numberIn", text) == value


@pytest.mark.parametrize("name", CHECKS)
def test_every_question_can_be_answered_right_and_wrong(judge, name):
    for question in questions.questions(name, "en"):
        if "choices" in question:
            right = [i for i, choice in enumerate(question["choices"]) if choice["right"]]
            wrong = [i for i, choice in enumerate(question["choices"]) if not choice["right"]]
            pack = (lambda chosen: chosen[0]) if question["kind"] == "one" else (lambda chosen: chosen)
            assert judge(question, pack(right))["right"]
            for i in wrong:
                assert judge(question, pack([i])) == {"right": False, "says": [question["choices"][i]["says"]]}
        else:
            assert judge(question, str(question["answer"])) == {"right": True, "says": [question["right"]]}
            for mistake in question["wrong"]:
                assert judge(question, str(mistake["value"])) == {"right": False, "says": [mistake["says"]]}


# ---- what is remembered ----

def test_what_is_kept_and_no_longer_fits_is_left_out(script):
    code = "(questions, kept) => answersOf('s', questions, kept)"
    kept = {"s/a": 1, "s/b": [7], "s/c": "x", "s/gone": 1, "t/a": 0}
    assert script(code, [ONE, MANY, NUMBER], kept) == {"a": 1, "c": "x"}


# ---- in Python ----

def test_a_check_knows_its_questions_in_the_language_of_the_page():
    check = SelfCheck("sec-loss")
    assert check.questions == questions.questions("sec-loss", "en")
    check.language = "ko"
    assert check.questions == questions.questions("sec-loss", "ko")


def test_an_unknown_check_is_refused():
    with pytest.raises(ValueError, match="name must be one of .* got 'sec-lost'"):
        SelfCheck("sec-lost")


def test_answers_can_be_set_and_read():
    check = SelfCheck("sec-loss")
    name = check.questions[0]["name"]
    check.answers = {name: 0}
    assert check.answers == {name: 0}
    for answers, match in [({"x": 0}, "answers must be to .*, got 'x'"), ({name: 99}, f"the answer to {name} must be .* got 99"),
                           ({name: True}, "got True"), ({name: "0"}, "got '0'")]:
        with pytest.raises(traitlets.TraitError, match=match):
            check.answers = answers
    assert check.answers == {name: 0}
    with pytest.raises(traitlets.TraitError):
        check.name = "other"


# ---- on the pages ----

def test_every_check_stands_once_on_a_page_in_each_language():
    for code in LANGUAGES:
        text = "\n".join(page.read_text(encoding="utf-8") for page in pages(code))
        assert [name for name in CHECKS if text.count(f'SelfCheck("{name}")') != 1] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_main_section_has_a_check(code):
    for page in pages(code):
        parts = re.split(rf"^\({code}-([\w-]+)\)=\n## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
        names = {name: 'SelfCheck("sec-' in text for name, text in zip(parts[1::2], parts[2::2], strict=True)}
        assert [name for name, has in names.items() if not has and not name.endswith(("-summary", "-exercises"))] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_check_stands_at_the_end_of_its_section(code):
    for page in pages(code):
        text = page.read_text(encoding="utf-8")
        for name in CHECKS:
            if f'SelfCheck("{name}")' in text and not name.startswith("predict-"):
                place = text.index(f'SelfCheck("{name}")')
                start = text.index(f"({code}-{name})=")
                level = text[start:].split("\n")[1].split()[0]
                following = [i for i in range(start + 1, len(text)) if text.startswith(f"\n{level} ", i) and i > text.index(f"\n{level} ", start)]
                assert start < place < (following[0] if following else len(text)), name


@pytest.mark.parametrize("file", [False, True], ids=["served", "file"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_reader_answers_and_the_browser_remembers(open_page, code, file):  # noqa: F811
    page = open_page(f"chapters/{code}/linear-regression", "phone", file=file)
    check = page.locator('.bw-self_check:has(form[data-question="one-example"])')
    form = check.locator('form[data-question="one-example"]')
    field, outcome = form.locator("input"), form.locator(".bw-outcome")
    height = check.bounding_box()["height"]

    field.focus()
    page.keyboard.press("Enter")  # nothing typed
    assert outcome.inner_text() == {"en": "Type an answer first.", "ko": "먼저 답을 적으세요."}[code]
    page.keyboard.type("18")
    page.keyboard.press("Enter")
    question = next(q for q in questions.questions("sec-loss", code) if q["name"] == "one-example")
    assert {"en": "Right.", "ko": "정답입니다."}[code] in outcome.inner_text() and question["right"][-20:] in outcome.inner_html()
    assert outcome.get_attribute("role") == "status"
    assert "1" in check.locator(".bw-count").inner_text()

    page.reload()
    page.wait_for_function("document.querySelector('form[data-question=\"one-example\"] input')?.value === '18'")
    assert "✓" in outcome.inner_text() and question["right"][-20:] not in outcome.inner_html()
    assert check.bounding_box()["height"] == height  # nothing shifts

    check.locator("summary").last.click()
    check.locator('[data-control="clear"]').click()
    assert field.input_value() == "" and outcome.inner_text() == ""
    page.reload()
    page.wait_for_timeout(300)
    assert field.input_value() == ""
    assert page.errors == [] and page.elsewhere == []


def test_both_languages_and_all_checks_of_a_page_share_what_is_remembered(open_page):  # noqa: F811
    page = open_page("chapters/en/linear-regression")
    page.locator('form[data-question="one-example"] input').fill("36")
    page.locator('form[data-question="one-example"] button').click()
    page.goto(page.url.replace("/en/", "/ko/"))
    page.wait_for_function("document.querySelector('form[data-question=\"one-example\"] input')?.value === '36'")
    others = page.locator(".bw-self_check")
    last = others.nth(others.count() - 1)
    last.locator("summary").last.click()
    last.locator('[data-control="clear_all"]').click()  # of another check
    assert page.locator('form[data-question="one-example"] input').input_value() == ""
    assert page.evaluate("localStorage.getItem('book-answers')") == "{}"


def test_what_is_being_filled_in_stays_when_another_question_is_answered(open_page):  # noqa: F811
    page = open_page("chapters/en/linear-regression")
    choice = page.locator('form[data-question="twice-as-far"] input').nth(1)
    field = page.locator('form[data-question="one-example"] input')
    page.locator('form[data-question="twice-as-far"] input').nth(0).check()
    page.locator('form[data-question="twice-as-far"] button').click()
    choice.check()  # changed, and not checked yet
    field.fill("18")
    field.press("Enter")
    assert choice.is_checked()


@pytest.mark.parametrize("text", ['{"sec-loss/one-example": {"x": 1}}', "nonsense", "null", "[]", '"x"', '{"sec-loss/twice-as-far": 99}'])
def test_nonsense_in_the_storage_does_no_harm(open_page, text):  # noqa: F811
    page = open_page("chapters/en/linear-regression")
    page.evaluate("text => localStorage.setItem('book-answers', text)", text)
    page.reload()
    field = page.locator('form[data-question="one-example"] input')
    page.wait_for_function(ALIVE)
    field.fill("18")
    field.press("Enter")
    assert "✓" in page.locator('form[data-question="one-example"] .bw-outcome').inner_text()
    assert page.errors == []


def test_the_answers_can_be_read_without_scripts(open_page):  # noqa: F811
    page = open_page("chapters/en/linear-regression", scripts=False)
    check = page.locator('.bw-self_check:has(form[data-question="one-example"])')
    assert check.locator("button").first.is_disabled()
    assert "18" in check.locator(".bw-solutions").text_content()
