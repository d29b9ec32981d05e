"""`make book`'s promises, on a book of two small pages in a folder of its own."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

from helpers.site.build import COLOR, Folders, _what_went_wrong
from helpers.site.kernels import processors
from tests.notebooks import ROOT, code_cells

HEADER = (ROOT / "chapters/en/linear-regression.md").read_text(encoding="utf-8").partition("\n---\n")[0] + "\n---\n"
PAGE = """
({language}-sec-small)=
# {title}

See {{eq}}`{language}-eq-small` and {{numref}}`{language}-fig-small`.

```{{math}}
:label: {language}-eq-small

\\mathbf{{y}} = \\tfrac12 \\mathbf{{x}}
```

```{{code-cell}} ipython3
from helpers.plotting import plot

print(1 + 1)  # {language}
plot([0, 1], [0, 1]);
```

```{{figure}}
:name: {language}-fig-small
:alt: A line from the lower left to the upper right.

A caption.
```
"""
TITLES = {"en": "A small page", "ko": "작은 페이지"}


def write_page(book, language, old="", new=""):
    text = HEADER + PAGE.format(language=language, title=TITLES[language])
    assert old in text
    (book / f"chapters/{language}/small.md").write_text(text.replace(old, new) if old else text, encoding="utf-8")


@pytest.fixture
def book(tmp_path):
    """A small book with the real settings, and a copy of the helpers to edit."""
    shutil.copytree(ROOT / "helpers", tmp_path / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("_config.yml", "requirements.txt", "chapters/references.bib"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for language in TITLES:
        (tmp_path / "chapters" / language).mkdir()
        write_page(tmp_path, language)
    (tmp_path / "index.md").write_text("(sec-front)=\n# Front\n", encoding="utf-8")
    parts = [{"caption": language, "numbered": 2, "chapters": [{"file": f"chapters/{language}/small"}]}
             for language in TITLES]
    (tmp_path / "_toc.yml").write_text(json.dumps({"format": "jb-book", "root": "index", "parts": parts}))
    return tmp_path


@pytest.mark.parametrize("error, told", [("AssertionError:", "AssertionError"), ("ValueError: no", "ValueError: no")])
def test_a_failing_cell_is_named_below_a_folder_with_spaces(error, told):
    folder = Path("/my 책 book")
    log = [f"myst_nb.core.execute.base.ExecutionError: {folder}/chapters/en/small.md", "Cell In[1], line 3", error]
    assert _what_went_wrong(log, folder) == f"{Path('chapters/en/small.md')}, code cell 1, line 3: {told}"


def command(book):
    # The folder comes first on the path, so that its own copy of the helpers is used.
    return dict(args=[sys.executable, "-m", "helpers.site.build", "."], cwd=book,
                env={**os.environ, "PYTHONPATH": str(book)})


def make_book(book):
    return subprocess.run(**command(book), capture_output=True, text=True)


def executed(done):
    """Return the notebooks that a build executed."""
    return sorted(re.findall(r"^chapters/(\w+/\w+): Executing notebook", COLOR.sub("", done.stdout), re.MULTILINE))


def published(book, language="en"):
    return (book / f"_build/html/chapters/{language}/small.html").read_text(encoding="utf-8")


def test_builds_says_where_and_does_nothing_again(book):
    first = make_book(book)
    assert first.returncode == 0, first.stdout + first.stderr
    assert str(Folders(book).site / "index.html") in first.stdout and "make serve" in first.stdout
    assert executed(first) == ["en/small", "ko/small"]
    before = (book / "_build/html/index.html").stat().st_mtime_ns
    second = make_book(book)
    assert second.returncode == 0 and "Nothing has changed" in second.stdout
    assert (book / "_build/html/index.html").stat().st_mtime_ns == before


def test_an_edited_sentence_executes_nothing(book):
    assert make_book(book).returncode == 0
    write_page(book, "en", "A caption.", "Another caption.")
    done = make_book(book)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Another caption." in published(book)
    assert not executed(done)


@pytest.mark.parametrize("edited", [["en"], ["ko"], ["en", "ko"]], ids="+".join)
def test_an_edited_cell_executes_its_own_notebook_and_no_other(book, edited):
    assert make_book(book).returncode == 0
    for language in edited:
        write_page(book, language, "print(1 + 1)", "print(40 + 2)")
    done = make_book(book)
    assert done.returncode == 0, done.stdout + done.stderr
    assert executed(done) == [f"{language}/small" for language in edited]
    assert [language for language in TITLES if ">42\n" in published(book, language)] == edited


@pytest.mark.skipif(processors() < 2, reason="one processor executes one notebook at a time")
def test_notebooks_are_executed_side_by_side(book):
    for language, other in (("en", "ko"), ("ko", "en")):
        wait = f"""\
import time
from pathlib import Path

Path("../{language}.started").touch()
while not Path("../{other}.started").exists():  # each waits for the other, until the build's time limit
    time.sleep(0.1)
print(1 + 1)"""
        write_page(book, language, "print(1 + 1)", wait)
    done = make_book(book)
    assert done.returncode == 0, done.stdout + done.stderr
    assert executed(done) == ["en/small", "ko/small"]


def test_what_is_executed_side_by_side_says_what_it_says_alone(book):
    assert make_book(book).returncode == 0
    for language in TITLES:
        folder = book / "chapters" / language
        alone = jupytext.read(folder / "small.md")
        NotebookClient(alone, resources={"metadata": {"path": str(folder)}}).execute()
        offered = nbformat.read(book / f"_build/html/_sources/chapters/{language}/small.ipynb", as_version=4)
        assert [cell.outputs for cell in code_cells(offered)] == [cell.outputs for cell in code_cells(alone)]
        assert code_cells(offered)[0].outputs[0].text == "2\n"


def test_an_edit_in_the_sites_own_code_style_or_contents_is_seen(book):
    contents = book / "_toc.yml"
    with_third = json.loads(contents.read_text())
    without_third = contents.read_text()
    with_third["parts"][0]["chapters"].append({"file": "chapters/en/third"})
    contents.write_text(json.dumps(with_third))
    (book / "chapters/en/third.md").write_text("(en-sec-third)=\n# Third\n", encoding="utf-8")
    assert make_book(book).returncode == 0
    assert (book / "_build/html/chapters/en/third.html").exists()
    style = re.search(r"book-\w+\.css", published(book))[0]
    contents.write_text(without_third)
    for name, old, new in (("figures.py", '["alt"] = alt', '["alt"] = alt.upper()'), ("static/book.css", "}", "}\n")):
        path = book / "helpers/site" / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    done = make_book(book)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not executed(done)
    assert not (book / "_build/html/chapters/en/third.html").exists()
    assert "A LINE FROM" in published(book)
    assert style not in published(book)  # or browsers would go on with the old one


def test_an_edit_in_the_helpers_executes_again(book):
    assert make_book(book).returncode == 0
    plotting = book / "helpers/plotting.py"
    plotting.write_text(plotting.read_text().replace('"lines.linewidth": 1.8', '"lines.linewidth": 7.3'))
    done = make_book(book)
    assert done.returncode == 0 and executed(done) == ["en/small", "ko/small"]
    assert "stroke-width: 7.3" in published(book)


@pytest.mark.parametrize("language", TITLES)
def test_a_failing_cell_is_named_and_the_last_good_site_stays(book, language):
    assert make_book(book).returncode == 0
    good = published(book, language)
    write_page(book, language, "print(1 + 1)", "print(1 / 0)  #")
    for _ in range(2):  # the second run fails like the first
        done = make_book(book)
        assert done.returncode != 0
        assert f"chapters/{language}/small.md, code cell 1, line 3: ZeroDivisionError: division by zero" in done.stderr
        assert "last good site is still in" in done.stderr
        assert published(book, language) == good
    write_page(book, language)
    assert make_book(book).returncode == 0


@pytest.mark.parametrize("old, new, told", [
    ("{eq}`en-eq-small`", "{eq}`en-eq-none`", "en-eq-none"),
    (":alt: A line from the lower left to the upper right.\n", "", "text alternative"),
    ("plot([0, 1], [0, 1]);", "", "no cell that drew a picture"),
    (r"\tfrac12", r"\tfrac{1}{", "cannot be set as MathML"),
], ids=["reference", "alternative", "picture", "formula"])
def test_a_warning_fails_the_build_the_second_time_too(book, old, new, told):
    write_page(book, "en", old, new)
    for _ in range(2):
        done = make_book(book)
        assert done.returncode != 0
        assert told in done.stderr and "chapters/en/small.md" in done.stderr
        assert not (book / "_build/html").exists()


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups to interrupt")
def test_a_build_that_was_interrupted_leaves_the_site_and_recovers(book):
    assert make_book(book).returncode == 0
    good = published(book)
    sleep = "import os, time; from pathlib import Path; Path('kernel').write_text(str(os.getpid())); time.sleep(60)"
    for language in TITLES:
        write_page(book, language, "print(1 + 1)", sleep)
    kernels = [book / f"chapters/{language}/kernel" for language in TITLES]
    with subprocess.Popen(**command(book), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          start_new_session=True) as process:
        while not all(path.exists() and path.read_text() for path in kernels[:processors()]):
            assert process.poll() is None
            time.sleep(0.1)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode != 0 and "last good site is still in" in told
    assert published(book) == good
    assert not any(is_alive(int(path.read_text())) for path in kernels if path.exists())
    for language in TITLES:
        write_page(book, language, "A caption.", "A third caption.")
    done = make_book(book)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "A third caption." in published(book)


def test_a_run_that_was_cut_off_while_publishing_is_undone(book):
    assert make_book(book).returncode == 0
    at = Folders(book)
    good = published(book)
    at.site.rename(at.last)  # as it is between the two renames
    done = make_book(book)
    assert done.returncode == 0 and published(book) == good and not at.last.exists()


def test_plain_jupyter_book_builds_it_too(book):
    done = subprocess.run([sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", ".", "-W"],
                          cwd=book, env=command(book)["env"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert '<html lang="ko"' in published(book, "ko")
