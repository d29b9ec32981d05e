"""What the pages promise, read in their sources: the contract, the twins, their form."""

import io
import re
import tokenize
from itertools import zip_longest

import jupytext
import pytest
import yaml

from tests.notebooks import CHAPTERS, LANGUAGES, ROOT, code_cells, expected_path, is_notebook, is_timed, pages

# What the two chapters must contain, by label without its language.
CONTRACT = yaml.safe_load((ROOT / "tests/contract.yml").read_text(encoding="utf-8"))
SOURCES = sorted(CHAPTERS.glob("*/*.md"))
NOTEBOOKS = [page for language in LANGUAGES for page in pages(language)]
DIRECTIVE = re.compile(r"^(?P<fence>`{3,}|:{3,})\{(?P<name>[\w:-]+)\}(?P<argument>.*)$")


def name_of(page):
    return f"{page.parent.name}/{page.stem}"


def text_of(page):
    return page.read_text(encoding="utf-8")


def without_code(page):
    """Return the lines of a page that are no code cell, in order."""
    lines, fence = [], None
    for line in text_of(page).splitlines():
        if fence is None and line.startswith("```{code-cell}"):
            fence = "```"
        elif fence and line.strip() == fence:
            fence = None
        elif fence is None:
            lines.append(line)
    return lines


def directives(page):
    """Return (name, argument, options, body) of every directive of a page."""
    found, lines = [], iter(without_code(page))
    for line in lines:
        start = DIRECTIVE.match(line)
        if start:
            inside = []
            for line in lines:
                if line.rstrip() == start["fence"]:
                    break
                inside.append(line)
            options = {}
            while inside and (option := re.match(r"^:([\w-]+):\s*(.*)$", inside[0])):
                options[option[1]] = option[2]
                inside.pop(0)
            found.append((start["name"], start["argument"].strip(), options, "\n".join(inside).strip()))
    return found


def labels(page):
    """Return every label of a page, in order: of headings, and of directives."""
    targets = [match[1] for line in without_code(page) if (match := re.match(r"^\(([\w-]+)\)=$", line))]
    named = [options.get("label") or options.get("name") for _, _, options, _ in directives(page)]
    return targets + [label for label in named if label]


def plain(label, language):
    assert label.startswith(f"{language}-"), f"{label} must begin with {language}-"
    return label.removeprefix(f"{language}-")


def without_comments(source):
    """Return the lines of Python code without comments, blank lines and spaces at their ends."""
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    return [line.rstrip() for line in lines if line.strip()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stem", CONTRACT)
def test_page_holds_every_label_of_the_contract(stem, language):
    page = CHAPTERS / language / f"{stem}.md"
    found = {plain(label, language) for label in labels(page)}
    missing = [label for label in CONTRACT[stem] if label not in found]
    assert not missing


@pytest.mark.parametrize("page", SOURCES, ids=name_of)
def test_every_label_stands_once_and_names_its_language(page):
    found = [plain(label, page.parent.name) for label in labels(page)]
    assert sorted(found) == sorted(set(found))


@pytest.mark.parametrize("page", SOURCES, ids=name_of)
def test_every_heading_has_a_target(page):
    lines = without_code(page)
    headings = [i for i, line in enumerate(lines) if re.match(r"^#{1,6} ", line)]
    assert headings
    for i in headings:
        assert re.match(r"^\([\w-]+\)=$", lines[i - 1]), f"no target above: {lines[i]}"


@pytest.mark.parametrize("page", SOURCES, ids=name_of)
def test_headings_skip_no_level(page):
    levels = [len(line.split()[0]) for line in without_code(page) if re.match(r"^#{1,6} ", line)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))


@pytest.mark.parametrize("page", SOURCES, ids=name_of)
def test_figures_have_a_name_a_caption_and_a_text_alternative(page):
    figures = [directive for directive in directives(page) if directive[0] == "figure"]
    for _, argument, options, caption in figures:
        assert options.get("name"), f"a figure has no name: {argument or caption[:40]}"
        assert len(options.get("alt", "")) > 20, f"{options['name']} needs a text alternative"
        assert len(caption) > 20, f"{options['name']} needs a caption"


@pytest.mark.parametrize("page", SOURCES, ids=name_of)
def test_every_figure_and_every_numbered_equation_is_referred_to(page):
    text = text_of(page)
    for label in labels(page):
        role = {"fig": "numref", "eq": "eq"}.get(label.split("-")[1])
        assert role is None or f"{{{role}}}`{label}`" in text, f"nothing refers to {label}"


@pytest.mark.parametrize("page", NOTEBOOKS, ids=name_of)
def test_a_reference_to_another_page_has_its_own_words(page):
    """JupyterLab knows the titles of the page that is open alone."""
    bare = re.findall(r"\{(?:eq|numref|ref)\}`([\w-]+)`", "\n".join(without_code(page)))
    assert sorted(set(bare) - set(labels(page))) == []


@pytest.mark.parametrize("page", SOURCES, ids=name_of)
def test_references_lead_somewhere(page):
    everywhere = {label for source in SOURCES for label in labels(source)}
    for role, target in re.findall(r"\{(eq|numref|ref)\}`(?:[^`<]*<)?([\w-]+)>?`", "\n".join(without_code(page))):
        assert target in everywhere, f"{{{role}}}`{target}` leads nowhere"
        assert target.startswith(f"{page.parent.name}-"), f"{target} is in the other language"


@pytest.mark.parametrize("page", NOTEBOOKS, ids=name_of)
def test_page_is_in_jupytexts_normal_form(page):
    """So that JupyterLab saves it back without changing what nobody edited."""
    assert jupytext.writes(jupytext.read(page), fmt="md:myst") == text_of(page)


@pytest.mark.parametrize("page", NOTEBOOKS, ids=name_of)
def test_code_is_narrow_enough_for_the_page(page):
    for cell in code_cells(jupytext.read(page)):
        for line in cell.source.splitlines():
            # A Hangul syllable is as wide as two letters.
            width = sum(2 if "\u1100" <= character <= "\ud7a3" else 1 for character in line)
            assert width <= 79, line


@pytest.mark.parametrize("page", NOTEBOOKS, ids=name_of)
def test_no_cell_hides_its_result_by_a_semicolon(page):
    """IPython honours it and nbval does not, so what `make expected` records would never be met."""
    assert not [cell.source for cell in code_cells(jupytext.read(page)) if cell.source.rstrip().endswith(";")]


@pytest.mark.parametrize("page", NOTEBOOKS, ids=name_of)
def test_only_cells_that_measure_time_are_left_uncompared(page):
    for cell in code_cells(jupytext.read(page)):
        if is_timed(cell):
            assert "Timer" in cell.source or "timer" in cell.source


def test_every_page_has_its_twin():
    english, korean = ({page.name for page in (CHAPTERS / language).glob("*.md")} for language in LANGUAGES)
    assert english == korean


@pytest.mark.parametrize("stem", [page.stem for page in pages("en")])
def test_twins_have_the_same_code_but_for_comments_and_the_language(stem):
    english, korean = (code_cells(jupytext.read(CHAPTERS / language / f"{stem}.md")) for language in LANGUAGES)
    assert without_comments(english[0].source) == ["import helpers", 'helpers.use_language("en")']
    assert without_comments(korean[0].source) == ["import helpers", 'helpers.use_language("ko")']
    for number, (one, other) in enumerate(zip_longest(english[1:], korean[1:]), start=2):
        assert one and other, f"only one of the twins has a code cell {number}"
        assert without_comments(one.source) == without_comments(other.source), f"code cell {number}"
        assert one.metadata == other.metadata, f"code cell {number}"


@pytest.mark.parametrize("stem", [page.stem for page in pages("en")])
def test_twins_have_the_same_headings_figures_equations_and_exercises(stem):
    english, korean = (CHAPTERS / language / f"{stem}.md" for language in LANGUAGES)
    assert [plain(label, "en") for label in labels(english)] == [plain(label, "ko") for label in labels(korean)]
    formulas = [[body for name, _, _, body in directives(page) if name == "math"] for page in (english, korean)]
    assert formulas[0] == formulas[1]
    drawings = [[argument for name, argument, _, _ in directives(page) if name == "figure"] for page in (english, korean)]
    assert drawings[0] == drawings[1]
    cited = [sorted(re.findall(r"\{cite:\w\}`(?:en|ko)-([\w-]+)`", text_of(page))) for page in (english, korean)]
    assert set(cited[0]) == set(cited[1])


def test_printed_words_are_the_same_in_both_languages():
    """What a cell prints is numbers, symbols and names: a page may not print a sentence."""
    for stem in (page.stem for page in pages("en")):
        for cell in code_cells(jupytext.read(CHAPTERS / "en" / f"{stem}.md")):
            for text in re.findall(r"print\(f?\"([^\"]*)\"", cell.source):
                words = re.findall(r"(?<![\w{.\\$])[a-z]{3,}(?: [a-z]{3,}){2,}", re.sub(r"\{[^}]*\}", "", text))
                assert not words, f"{stem}: {text}"


@pytest.mark.parametrize("stem", [page.stem for page in pages("en")])
def test_only_checks_of_exercises_speak_the_language_of_the_page(stem):
    recorded = yaml.safe_load(expected_path(CHAPTERS / "en" / f"{stem}.md").read_text(encoding="utf-8"))
    for cell, record in zip(code_cells(jupytext.read(CHAPTERS / "en" / f"{stem}.md")), recorded, strict=True):
        speaks = [text for part in record["outputs"] for text in part.values() if not isinstance(text, str)]
        assert len(speaks) == bool(re.search(r"^check\(", cell.source, re.MULTILINE)), cell.source
        assert all(set(text) == set(LANGUAGES) for text in speaks)


RULED_OUT = yaml.safe_load((ROOT / "tests/ruled_out.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", [page for page in SOURCES if page.parent.name == "ko"], ids=name_of)
def test_korean_avoids_what_machine_translation_says(page):
    text = text_of(page)
    assert not [phrase for phrase in RULED_OUT if phrase in text]


def test_korean_words_of_widgets_and_site_avoid_it_too():
    for file in ("helpers/widgets/words.json", "helpers/site/words.json", "helpers/exercises/words.json", "index.md"):
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not [phrase for phrase in RULED_OUT if phrase in text], file


@pytest.mark.parametrize("page", SOURCES, ids=name_of)
def test_citations_are_in_the_bibliography(page):
    known = set(re.findall(r"^@\w+\{([\w-]+),", (CHAPTERS / "references.bib").read_text(encoding="utf-8"), re.MULTILINE))
    for key in re.findall(r"\{cite:\w\}`([^`]+)`", text_of(page)):
        for one in key.split(","):
            assert plain(one.strip(), page.parent.name) in known


def test_contract_names_both_chapters():
    assert set(CONTRACT) == {page.stem for page in pages("en")} == {
        page.stem for page in SOURCES if page.parent.name == "ko" and is_notebook(page)}
