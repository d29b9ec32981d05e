"""A chapter in JupyterLab, driven in a real browser: opened, run from top to bottom, saved."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.notebooks import LANGUAGES, ROOT, pages
from tests.ports import free_port

RUN_ALL_SECONDS = 180


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on a copy of the chapters, with the settings of .binder; gives address and folder."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "chapters", folder / "book/chapters")
    (folder / "settings").mkdir()
    shutil.copy(ROOT / ".binder/overrides.json", folder / "settings/overrides.json")
    port = free_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
               "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True",
               f"--ServerApp.root_dir={folder / 'book'}", f"--LabApp.app_settings_dir={folder / 'settings'}"]
    own = {"JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTER_RUNTIME_DIR": str(folder / "runtime"), "TQDM_DISABLE": ""}
    log = (folder / "lab.log").open("w")
    with subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=log) as process:
        address = f"http://127.0.0.1:{port}"
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=5)
                break
            except OSError:
                assert process.poll() is None, (folder / "lab.log").read_text()
                time.sleep(0.5)
        yield address, folder / "book"
        process.terminate()


@pytest.fixture(scope="module")
def notebook(browser, lab, request):
    """A chapter, opened as the launch link of its page opens it; the tests of a chapter share it."""
    address, folder = lab
    path = f"chapters/{request.param[0]}/{request.param[1]}.md"
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    page = context.new_page()
    page.path, page.lab, page.has_run = folder / path, address, False
    page.goto(f"{address}/lab/tree/{path}?reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-Notebook", timeout=60_000)
    yield page
    context.close()
    with urllib.request.urlopen(f"{address}/api/sessions") as answer:
        for session in json.load(answer):
            urllib.request.urlopen(urllib.request.Request(f"{address}/api/sessions/{session['id']}", method="DELETE"))


def menu(page, name, item):
    page.locator(".lm-MenuBar-item", has_text=name).first.click()
    page.locator(".lm-Menu-item:not(.lm-mod-disabled) .lm-Menu-itemLabel").get_by_text(item, exact=True).click()


def wait_until_idle(page):
    """Wait until the kernel has had nothing to do for two seconds."""
    idle, deadline = 0, time.monotonic() + RUN_ALL_SECONDS
    while idle < 2:
        assert time.monotonic() < deadline, "the notebook is still running"
        page.wait_for_timeout(1000)
        with urllib.request.urlopen(f"{page.lab}/api/kernels") as answer:
            states = [kernel["execution_state"] for kernel in json.load(answer)]
        idle = idle + 1 if states == ["idle"] else 0


def run_all(page):
    """Run all cells, and wait until they have run."""
    wait_until_idle(page)  # the kernel has started
    menu(page, "Run", "Run All Cells")
    page.has_run = True
    wait_until_idle(page)
    # On a busy machine the kernel can seem to be at rest between two cells; a cell that waits for its turn has a star.
    page.wait_for_function("![...document.querySelectorAll('.jp-InputPrompt')].some(prompt => prompt.textContent.includes('*'))",
                           timeout=1000 * RUN_ALL_SECONDS)


def wait_until_at_rest(page, found):
    """Wait until something has kept its place for a second: as cells around it are drawn, JupyterLab takes it out and
    puts it in again, and the focus is gone."""
    places = []
    while len(places) < 5 or len({str(place) for place in places[-5:]}) > 1:
        assert len(places) < 150, "the notebook is still moving"
        places.append(found.bounding_box())
        page.wait_for_timeout(250)


def in_view(page, selector):
    """Scroll the notebook until something is there."""
    page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0")
    for _ in range(400):
        found = page.locator(selector)
        if found.count():
            found.first.scroll_into_view_if_needed()
            wait_until_at_rest(page, found.first)
            return found.first
        page.evaluate("""() => { const panel = document.querySelector(".jp-WindowedPanel-outer");
                                 panel.scrollTop += panel.clientHeight * 0.6; }""")
        page.wait_for_timeout(120)
    raise AssertionError(f"no {selector} in the notebook")


def scroll_through(page, see, settled="true"):
    """Scroll down the notebook, cell by cell as it is drawn, and collect what ``see`` (JavaScript) returns."""
    seen, still = set(), 0
    page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0")
    while still < 4:  # cells are laid out while one scrolls, so the end may still move away
        page.wait_for_timeout(250)
        page.wait_for_function(settled)
        seen.update(page.evaluate(see))
        at_the_end = page.evaluate("""() => {
            const panel = document.querySelector(".jp-WindowedPanel-outer"), before = panel.scrollTop;
            panel.scrollTop += panel.clientHeight * 0.8;
            return panel.scrollTop === before;
        }""")
        still = still + 1 if at_the_end else 0
    return seen


# To run a chapter takes long: where the widgets of one are driven (test_widgets_in_lab.py), it is looked at too.
WITH_WIDGETS_DRIVEN = [("en", "linear-regression"), ("ko", "multilayer-perceptron")]
OTHERS = [(language, page.stem) for language in LANGUAGES for page in pages(language)
          if (language, page.stem) not in WITH_WIDGETS_DRIVEN]


def check_opens_runs_and_is_saved_unchanged(notebook):
    before, saved = notebook.path.read_text(encoding="utf-8"), notebook.path.stat().st_mtime_ns
    run_all(notebook)
    seen = scroll_through(notebook, """[
        ...[...document.querySelectorAll(".jp-InputPrompt")].map(e => "prompt " + e.textContent),
        ...[...document.querySelectorAll("figcaption")].map(e => "caption " + e.textContent.slice(0, 60)),
        ...[...document.querySelectorAll('[data-mime-type*="stderr"], [data-mime-type*="error"]')]
            .map(e => "error " + e.textContent.slice(0, 400))]""")
    assert not [text for text in seen if text.startswith("error ")]
    number_of_cells = before.count("\n```{code-cell}")
    assert {f"prompt [{number}]:" for number in range(1, number_of_cells + 1)} <= seen
    # A figure without a file, and one with, are both shown with their captions.
    assert len([text for text in seen if text.startswith("caption ")]) >= before.count("```{figure}")
    notebook.keyboard.press("Control+s")
    notebook.wait_for_selector(".lm-TabBar-tab.lm-mod-current:not(.jp-mod-dirty)")
    notebook.wait_for_timeout(2000)
    assert notebook.path.stat().st_mtime_ns > saved
    assert notebook.path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("notebook", OTHERS, ids="/".join, indirect=True)
def test_a_chapter_opens_runs_and_is_saved_unchanged(notebook):
    check_opens_runs_and_is_saved_unchanged(notebook)


@pytest.mark.parametrize("notebook", [("en", "multilayer-perceptron")], ids="/".join, indirect=True)
def test_directives_are_shown_and_not_their_source(notebook):
    # A cell that comes into view shows its source for a moment; it may not stay.
    see = "[...document.querySelectorAll('.jp-MarkdownCell')].map(e => e.innerText)"
    source = ["```{", "{eq}`", "{numref}`", ":name:", ":label:", "(en-sec-"]
    text = "\n".join(scroll_through(notebook, see, settled=f"!{source}.some(raw => {see}.join().includes(raw))"))
    assert "Figure" in text and "Exercise" in text


@pytest.mark.parametrize("notebook", [("ko", "linear-regression")], ids="/".join, indirect=True)
def test_a_reader_works_in_the_cell_below_an_exercise(notebook):
    """Without an answer, with a wrong one and with a right one: told below the cell, in the language of the page."""
    wait_until_idle(notebook)
    cell = in_view(notebook, '.jp-CodeCell:has-text("constant_for_sizes")')
    imports = 'import helpers\nfrom helpers.exercises.check import check\nhelpers.use_language("ko")\n'
    for function, said in (("...", "않았습니다: (a) constant_for_squares"), ("sum", "(a) constant_for_squares: 아직"),
                           ("lambda x: sum(x) / len(x)", "(a) constant_for_squares: 맞았습니다")):
        cell.locator(".cm-content").click()
        notebook.keyboard.press("Control+a")
        notebook.keyboard.insert_text(f'{imports}constant_for_sizes = ...\ncheck("ex-constant", {function}, constant_for_sizes)')
        notebook.keyboard.press("Control+Enter")
        cell.locator(".jp-OutputArea-output", has_text=said).wait_for(timeout=30_000)
        assert not cell.locator('[data-mime-type*="error"]').count()
