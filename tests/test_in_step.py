"""The two languages are changed together."""

import yaml

from tests import in_step


def test_no_section_has_changed_in_one_language_alone():
    recorded = yaml.safe_load(in_step.RECORD.read_text(encoding="utf-8"))
    assert list(in_step.differences(recorded, in_step.fingerprints())) == []


def test_all_sections_are_recorded():
    assert {page: len(found) for page, found in in_step.fingerprints().items()}["multilayer-perceptron"] > 25


def page(code, text, cell="x = 1"):
    return f"({code}-sec-a)=\n# A\n\n{text}\n\n```{{code-cell}} ipython3\n{cell}\n```\n\n({code}-sec-b)=\n## B\n\nMore.\n"


def test_what_is_a_section():
    assert in_step.sections(page("en", "One.")) == {"sec-a": "# A One.", "sec-b": "## B More."}
    assert in_step.sections(page("ko", "One.", "y = 2  # 하나")) == in_step.sections(page("en", "One.\n"))


def test_a_change_is_named_with_its_side():
    before = {"page": {"sec-a": {"en": "1", "ko": "2"}, "sec-b": {"en": "3", "ko": "4"}}}
    now = {"page": {"sec-a": {"en": "1", "ko": "9"}, "sec-b": {"en": "5", "ko": "6"}, "sec-c": {"en": "7"}}}
    assert list(in_step.differences(before, before)) == []
    assert list(in_step.differences(before, now)) == [
        "page, sec-a: changed in ko and not in en; look at both, then run `make in-step`",
        "page, sec-b: changed in both languages; if they say the same, run `make in-step`",
        "page, sec-c: changed in en and not in ko; look at both, then run `make in-step`"]
