"""Exercises: each with a hint and a solution that is checked, folded on the page, and left out for a class."""

import re
import zipfile

import pytest

from helpers.site.exercises import BLOCK, without_solutions
from tests.notebooks import CHAPTERS, LANGUAGES, pages
from tests.test_browser import open_page  # noqa: F401 (a fixture)
from tests.test_build import book, make_book, write_page  # noqa: F401 (a fixture)

PAGES = [page for code in LANGUAGES for page in pages(code)]
LABEL = re.compile(r"^:label: (?:en|ko)-(?P<kind>ex|sol)-(?P<name>[\w-]+)$", re.MULTILINE)
WORDS = {"en": ("Hint", r"Solution of Exercise \d\.\d"), "ko": ("힌트", r"연습문제 \d\.\d 풀이")}


def exercises(page):
    """Return ``{name: (task, hint, solution)}``, each as it stands in the source."""
    text = page.read_text(encoding="utf-8")
    found = {}
    for part in re.split(r"^(?=```\{exercise\})", text, flags=re.MULTILINE)[1:]:
        task, hint, solution = (re.search(pattern, part, re.MULTILINE | re.DOTALL) for pattern in (
            r"^```\{exercise\}.*?^```$", r"^```\{admonition\} \S+\n:class: hint dropdown\n.*?^```$", BLOCK.pattern))
        assert task and hint and solution and task.start() < hint.start() < solution.start(), part[:80]
        found[LABEL.search(task[0])["name"]] = (task[0], hint[0], solution[0])
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_every_exercise_has_a_hint_and_a_solution_that_is_checked(page):
    found = exercises(page)
    assert len(found) >= 5
    for name, (task, hint, solution) in found.items():
        assert LABEL.search(solution)["name"] == name and f"ex-{name}" in solution.splitlines()[0]
        assert len(hint) > 80 and len(solution) > 600
        cells = re.findall(r"^```\{code-cell\}.*?^```$", solution, re.MULTILINE | re.DOTALL)
        assert any(re.search(r"^ *assert ", cell, re.MULTILINE) for cell in cells), name
        # Every part of the task is answered.
        assert re.findall(r"^\((\w)\)", task, re.MULTILINE) == re.findall(r"^\((\w)\)", solution, re.MULTILINE), name


def test_hard_exercises_are_marked_in_words_and_in_both_languages():
    """The mark is in the title, so that it is seen, heard, found, and there in JupyterLab too."""
    marked = {}
    for code, mark in (("en", "harder"), ("ko", "어려움")):
        for page in pages(code):
            titles = {name: task.splitlines()[0] for name, (task, _, _) in exercises(page).items()}
            marked.setdefault(code, set()).update(name for name, title in titles.items() if title.endswith(f" · {mark}"))
            # The mark is explained before the first exercise.
            before = page.read_text(encoding="utf-8").split("```{exercise}")[0].split("-exercises)=")[-1]
            assert f"*{mark}*" in before and "`check`" in before and "`...`" in before
    assert marked["en"] == marked["ko"] and 2 <= len(marked["en"]) <= 5


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("stem", [page.stem for page in pages("en")])
def test_hints_and_solutions_are_folded_without_scripts(open_page, code, stem):  # noqa: F811
    page = open_page(f"chapters/{code}/{stem}", scripts=False)
    folds = page.locator("details.book-fold")
    count = len(exercises(CHAPTERS / code / f"{stem}.md"))
    hint, solution = WORDS[code]
    words = page.locator("details.book-fold > summary").all_inner_texts()
    assert len(words) == 2 * count
    assert all(word == hint for word in words[::2]) and all(re.fullmatch(solution, word) for word in words[1::2])
    assert words[1::2] == sorted(words[1::2])
    fold = folds.nth(1)
    assert not fold.locator("p").first.is_visible()
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    assert fold.locator("p").first.is_visible() and fold.locator("div.cell").first.is_visible()


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_link_into_a_solution_opens_it(open_page, code):  # noqa: F811
    page = open_page(f"chapters/{code}/linear-regression")
    for place, inside in (("fig-log-residuals", "#fig-log-residuals"), ("sol-constant", "#sol-constant p >> nth=0")):
        assert not page.locator(inside).is_visible()
        page.evaluate("place => { location.hash = place; }", place)
        page.wait_for_timeout(500)
        assert page.locator(inside).is_visible()


def test_a_solution_is_taken_out_with_its_cells():
    text = "Task.\n\n```{solution-start} en-ex-a\n:label: en-sol-a\n```\n\nSecret.\n\n```{code-cell} ipython3\nsecret = 1\n```\n\n```{solution-end}\n```\n\nNext.\n"
    assert without_solutions(text) == "Task.\n\nNext.\n"
    for page in PAGES:
        rest = without_solutions(page.read_text(encoding="utf-8"))
        assert "solution" not in rest.replace("solutions", "") or "{solution" not in rest
        assert all(solution not in rest for _, _, solution in exercises(page).values())
        assert rest.count("\ncheck(\"ex-") == len(exercises(page))  # the cells to work in stay


SOLVED = """
```{{exercise}} A task
:label: {0}-ex-small

What is it?
```

```{{admonition}} Hint
:class: hint dropdown

Look at it.
```

```{{solution-start}} {0}-ex-small
:label: {0}-sol-small
:class: dropdown
```

It is a xylophone.

```{{code-cell}} ipython3
xylophone = 6 * 7
```

```{{solution-end}}
```
"""


def test_one_switch_leaves_nothing_of_the_solutions(book):  # noqa: F811
    for code in LANGUAGES:
        write_page(book, code, "A caption.\n```\n", "A caption.\n```\n" + SOLVED.format(code))
    config = (book / "_config.yml").read_text(encoding="utf-8")
    holders = {}
    for switch in ("true", "false"):
        (book / "_config.yml").write_text(re.sub(r"book_solutions: \w+", f"book_solutions: {switch}", config), encoding="utf-8")
        done = make_book(book)
        assert done.returncode == 0, done.stdout + done.stderr
        site = book / "_build/html"
        with zipfile.ZipFile(site / "from-lines-to-layers.zip") as packed:
            inside = {f"zip:{name}": packed.read(name) for name in packed.namelist()}
        files = {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()} | inside
        holders[switch] = {name for name, content in files.items() if b"xylophone" in content}
        assert b"Look at it." in files["chapters/en/small.html"]
    assert {"chapters/en/small.html", "chapters/both/small.html", "_static/sections-en.js", "zip:from-lines-to-layers/chapters/ko/small.html",
            "_sources/chapters/en/small.md", "_sources/chapters/en/small.ipynb"} <= holders["true"]
    assert holders["false"] == set()
