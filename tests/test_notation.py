"""The notation page, compared with the pages: where a symbol first stands, its name in code, and what is missing."""

import re

import jupytext
import pytest

from tests.notebooks import CHAPTERS, LANGUAGES, code_cells, pages

STEMS = ["linear-regression", "multilayer-perceptron"]  # in the order of the book
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]+\$|```\{math\}.*?```", re.DOTALL)
CODE = re.compile(r"^```\{code-cell\}.*?^```$", re.MULTILINE | re.DOTALL)
# Bold and script letters that stand for something in a single exercise or formula, where they are explained.
ELSEWHERE = {r"\mathbf{v}", r"\mathbf{c}", r"\mathbf{M}", r"\mathbf{0}", r"\mathbf{1}", r"\mathbf{x}", r"\mathbf{A}", r"\mathbf{U}", r"\mathbf{V}",
             r"\boldsymbol{\Sigma}", r"\mathbf{W}", r"\mathbf{b}", r"\mathbb{R}", r"\mathcal{N}"}


def rows(code):
    """Return ``[(symbol, meaning, shape, name in code, section)]``."""
    text = (CHAPTERS / code / "notation.md").read_text(encoding="utf-8")
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\| \$.*\|$", text, re.MULTILINE)]
    return [(symbol.strip("$"), meaning, shape, name.strip("`"), re.fullmatch(rf"\{{ref\}}`{code}-(.+)`", where)[1])
            for symbol, meaning, shape, name, where in cells]


def sections(code, stem):
    """Return ``[(label, formulas)]`` of a page, without its code cells and without words in formulas."""
    text = CODE.sub("", (CHAPTERS / code / f"{stem}.md").read_text(encoding="utf-8"))
    _, *parts = re.split(rf"^\({code}-(sec-[\w-]+)\)=$", text, flags=re.MULTILINE)
    return [(name, [re.sub(r"\\(?:text|mathrm|operatorname)\{[^}]*\}", "", formula) for formula in FORMULA.findall(body)])
            for name, body in zip(parts[::2], parts[1::2], strict=True)]


def stands_in(symbol, formulas):
    letter = re.fullmatch(r"[A-Za-z]", symbol)
    pattern = rf"(?<![A-Za-z\\{{_^]){symbol}(?![A-Za-z}}])" if letter else re.escape(symbol) + (r"(?![A-Za-z])" if symbol[-1].isalpha() else "")
    return any(re.search(pattern, formula) for formula in formulas)


def test_both_languages_have_the_same_symbols():
    english, korean = (rows(code) for code in LANGUAGES)
    assert len(english) > 30
    assert [(symbol, shape, name, where) for symbol, _, shape, name, where in english] == [
        (symbol, shape, name, where) for symbol, _, shape, name, where in korean]
    assert all(re.search("[가-힣]", meaning) for _, meaning, *_ in korean)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_symbol_first_stands_where_the_page_says(code):
    where_stems = {name: stem for stem in STEMS for name, _ in sections(code, stem)}
    wrong = []
    for symbol, _, _, _, where in rows(code):
        first = next(name for name, formulas in sections(code, where_stems[where]) if stands_in(symbol, formulas))
        if first != where:
            wrong.append((symbol, where, first))
    assert wrong == []


def test_the_order_is_that_of_the_book():
    order = [name for stem in STEMS for name, _ in sections("en", stem)]
    stems = [stem for _, _, _, _, where in rows("en") for stem in STEMS if where in [name for name, _ in sections("en", stem)]]
    assert stems == sorted(stems, key=STEMS.index) and all(where in order for *_, where in rows("en"))


@pytest.mark.parametrize("stem", STEMS)
def test_names_stand_in_the_code_of_the_chapter(stem):
    source = "\n".join(cell.source for cell in code_cells(jupytext.read(CHAPTERS / "en" / f"{stem}.md")))
    here = [name for name, _ in sections("en", stem)]
    names = [name for _, _, _, name, where in rows("en") if where in here and name]
    assert len(names) >= 5 and [name for name in names if not re.search(rf"\b{name}\b", source)] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_symbol_is_missing(code):
    listed = " ".join(f"${symbol}$" for symbol, *_ in rows(code))
    for stem in (page.stem for page in pages(code)):
        text = " ".join(formula for _, formulas in sections(code, stem) for formula in formulas)
        used = set(re.findall(r"\\(?:mathbf|boldsymbol|mathcal|mathbb)\{[^{}]*\}", text))
        used |= set(re.findall(r"\\(?:eta|alpha|sigma|lambda|epsilon|kappa|mu|ell)\b", text))
        assert sorted(symbol for symbol in used if symbol not in listed and symbol not in ELSEWHERE) == []
