"""The widgets in JupyterLab with a kernel: driven by keyboard, while Python's traits follow, and the other way round."""

import json
import re
import urllib.request

import pytest
from jupyter_client import BlockingKernelClient

from tests.test_lab import WITH_WIDGETS_DRIVEN, check_opens_runs_and_is_saved_unchanged, in_view, lab, notebook, run_all, wait_until_at_rest  # noqa: F401 (fixtures)
from tests.test_widgets_on_site import STROKES

# For each widget: its name in the page, a slider, the trait behind it, and a value to be set from Python.
DRIVEN = {
    "linear-regression": [("fit_line", "fit_line", "w", 12.5), ("sgd_steps", "sgd_steps", "learning_rate", 0.25)],
    "multilayer-perceptron": [("folded_plane", "plane", "learning_rate", 0.25), ("hidden_units", "units", "num_hiddens", 5),
                              ("activation_explorer", "explorer", "x", 2.5), ("draw_digit", "digit", "pixel", 40)],
}


@pytest.fixture(scope="module")
def kernel(notebook, lab):  # noqa: F811
    """A function that evaluates an expression in the notebook's kernel."""
    if not notebook.has_run:
        run_all(notebook)
    with urllib.request.urlopen(f"{notebook.lab}/api/sessions") as answer:
        identifier = json.load(answer)[0]["kernel"]["id"]
    client = BlockingKernelClient(connection_file=str(lab[1].parent / f"runtime/kernel-{identifier}.json"))
    client.load_connection_file()
    client.start_channels()

    def evaluate(expression, statement=""):
        content = client.execute(statement, user_expressions={"value": expression}, reply=True, timeout=30)["content"]
        assert content["status"] == "ok", content
        assert content["user_expressions"]["value"]["status"] == "ok", content
        return eval(content["user_expressions"]["value"]["data"]["text/plain"])

    yield evaluate
    client.stop_channels()


def follows(page, evaluate, expression, holds):
    """Wait until a value in the kernel is as wanted."""
    for _ in range(50):
        value = evaluate(expression)
        if holds(value):
            return value
        page.wait_for_timeout(100)
    raise AssertionError(f"{expression} is {value}")


def at_rest(page, evaluate, expression):
    """Return a value in the kernel when no message changes it any more."""
    values = []
    while len(values) < 3 or len(set(values[-3:])) > 1:
        values.append(evaluate(expression))
        page.wait_for_timeout(200)
    return values[-1]


def cell_of(page, found):
    """The cell of PyTorch that a widget offers; links are offered on the website alone."""
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async text => { window.copied = text; } } })")
    assert found.locator('[data-control="copy_link"]').is_hidden()
    found.locator('[data-control="copy_torch"]').focus()
    page.keyboard.press("Enter")
    return page.evaluate("window.copied")


@pytest.mark.parametrize("notebook", WITH_WIDGETS_DRIVEN, ids="/".join, indirect=True)
def test_a_chapter_opens_runs_and_is_saved_unchanged(notebook):  # noqa: F811
    check_opens_runs_and_is_saved_unchanged(notebook)


@pytest.mark.parametrize("notebook", [("ko", "multilayer-perceptron")], ids="/".join, indirect=True)
def test_python_has_what_was_drawn_and_mended_by_keys(notebook, kernel):  # noqa: F811
    page = notebook
    found = in_view(page, "section.bw-draw_digit")
    found.locator('[data-panel="seen"]').focus()
    for key in ("ArrowUp", "ArrowUp", "Space"):  # the first key selects pixel 27
        page.keyboard.press(key)
    follows(page, kernel, "[k for k, _ in digit.mends[0]] if digit.mends else None", lambda now: now == [19])
    box = found.locator('[data-panel="paper"]').bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.8 * box["height"], steps=5)
    page.mouse.up()
    assert follows(page, kernel, "len(digit.strokes)", lambda now: now == 1)
    follows(page, kernel, "digit.probabilities['mlp'].argmax().item()", lambda now: now == 1)
    assert kernel("digit.example") == -1
    kernel("None", cell_of(page, found))  # in the notebook that has trained the two models
    assert kernel("max((p[name] - digit.probabilities[name]).abs().max().item() for name in p)") < 1e-9
    kernel("None", "digit.example = 2")
    page.wait_for_function("document.querySelector('section.bw-draw_digit [data-control=example]').value === '2'")
    found.locator(STROKES).wait_for(state="detached")  # (the strokes come in a message of their own)
    assert page.locator(".jp-NotebookPanel").count() == 1


@pytest.mark.parametrize("notebook", WITH_WIDGETS_DRIVEN, ids="/".join, indirect=True)
def test_python_follows_the_keyboard_and_the_widget_follows_python(notebook, kernel):  # noqa: F811
    page = notebook
    language = page.path.parent.name
    for name, variable, trait, value in DRIVEN[page.path.stem]:
        found = in_view(page, f"section.bw-{name}")
        assert found.get_attribute("lang") == language
        # More controls, opened by keyboard.
        for fold in found.locator("summary").all():
            fold.focus()
            page.keyboard.press("Enter")
        # The keys go to the control and not to JupyterLab.
        slider = found.locator(f'[data-control="{trait}"][type=range]')
        before = kernel(f"{variable}.{trait}")
        slider.focus()
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        after = follows(page, kernel, f"{variable}.{trait}", lambda now: now != before)
        assert after > before, name
        # Typed into the field beside it.
        field = found.locator(f'[data-control="{trait}"][type=number]')
        field.focus()
        page.keyboard.press("Control+a")
        page.keyboard.type("3")
        page.keyboard.press("Enter")
        follows(page, kernel, f"{variable}.{trait}", lambda now: now == 3)
        # Set in Python.
        kernel("None", f"{variable}.{trait} = {value}")
        page.wait_for_function("([name, trait, value]) => Number(document.querySelector(`section.bw-${name} [data-control=${trait}][type=number]`).value) === value",
                               arg=[name, trait, value])
        if found.locator('[data-control="step"]').count():
            button = found.locator('[data-control="step"]')
            button.focus()
            for _ in range(2):
                page.keyboard.press("Enter")
            steps = {"sgd_steps": "len(sgd_steps.path) - 1"}.get(name, f"{variable}.step")
            follows(page, kernel, steps, lambda now: now == 2)
    # Its cell repeats what training has come to.
    name, variable, *_ = DRIVEN[page.path.stem][1]
    cell = cell_of(page, in_view(page, f"section.bw-{name}"))
    kernel("None", cell)
    weights = {"sgd_steps": "[w.item(), b.item()], sgd_steps.path[-1]", "hidden_units": "W2.tolist(), units.W2"}
    found, wanted = kernel(weights[name])
    assert found == pytest.approx(wanted, rel=1e-9)
    # A value and a language that come in one message, and a value after them.
    name, variable, trait, value = DRIVEN[page.path.stem][0]
    other = {"en": "ko", "ko": "en"}[language]
    in_view(page, f"section.bw-{name}")
    kernel("None", f"with {variable}.hold_sync():\n    {variable}.{trait} = {value}\n    {variable}.language = {other!r}")
    page.locator(f"section.bw-{name}[lang={other}]").first.wait_for()
    for fold in page.locator(f"section.bw-{name} summary").all():
        fold.click()  # what is folded away is not kept up to date
    kernel("None", f"{variable}.{trait} = {value / 2}")
    page.wait_for_function("([name, trait, value]) => Number(document.querySelector(`section.bw-${name} [data-control=${trait}][type=number]`).value) === value",
                           arg=[name, trait, value / 2])
    assert page.locator(".jp-NotebookPanel").count() == 1  # no key has opened, closed or deleted anything


@pytest.mark.parametrize("notebook", WITH_WIDGETS_DRIVEN, ids="/".join, indirect=True)
def test_every_kind_of_control_answers_to_keys(notebook, kernel):  # noqa: F811
    page, kinds = notebook, set()
    for name, variable, *_ in DRIVEN[page.path.stem]:
        found = in_view(page, f"section.bw-{name}")
        found.evaluate("e => e.querySelectorAll('details').forEach(fold => { fold.open = true; })")

        def press(element, key):
            element.focus()
            page.keyboard.press(key)

        for kind, key in {"select": "ArrowDown", "input[type=checkbox]": "Space"}.items():
            for element in found.locator(f"{kind}[data-control]:visible").all():
                trait = element.get_attribute("data-control")
                if trait != "speed":  # (how fast it plays is this view's alone)
                    before = kernel(f"{variable}.{trait}")
                    press(element, key)
                    follows(page, kernel, f"{variable}.{trait}", lambda now: now != before)
                    kinds.add(kind)
        wait_until_at_rest(page, found)  # what was chosen has brought other controls
        if found.locator('[data-control="play"]').count():
            step, play, reset = (found.locator(f'[data-control="{what}"]') for what in ("step", "play", "reset"))
            steps = {"sgd_steps": "len(sgd_steps.path) - 1"}.get(name, f"{variable}.step")
            press(reset, "Enter")
            follows(page, kernel, steps, lambda now: now == 0)
            label = play.text_content()
            press(play, "Enter")
            follows(page, kernel, steps, lambda now: now > 3)
            press(play, "Space")
            page.wait_for_function("([name, label]) => document.querySelector(`section.bw-${name} [data-control=play]`).textContent === label", arg=[name, label])
            taken = at_rest(page, kernel, steps)
            press(step, "Space")
            follows(page, kernel, steps, lambda now: now == taken + 1)
            kinds.add("play")
        # The table is scrolled, and JupyterLab stays at its cell.
        table, active = found.locator(".bw-scroll"), "[...document.querySelectorAll('.jp-Cell')].findIndex(cell => cell.matches('.jp-mod-active'))"
        before = page.evaluate(active)
        for _ in range(3):
            press(table, "ArrowDown")
        assert page.evaluate(active) == before
        if table.evaluate("e => e.scrollHeight > e.clientHeight + 20"):
            page.wait_for_function("name => document.querySelector(`section.bw-${name} .bw-scroll`).scrollTop > 0", arg=name)
            kinds.add("table")
    assert kinds == {"select", "input[type=checkbox]", "play", "table"}
    assert page.locator(".jp-NotebookPanel").count() == 1 and page.locator(".jp-mod-editMode").count() == 0


@pytest.mark.parametrize("notebook", [("en", "linear-regression")], ids="/".join, indirect=True)
def test_a_self_check_is_answered_by_keyboard_and_python_knows(notebook, kernel):  # noqa: F811
    page = notebook
    answers = """next(widget.answers for widget in __import__("ipywidgets").widgets.widget._instances.values()
                      if getattr(widget, "name", "") == "sec-loss")"""
    form = in_view(page, 'form[data-question="one-example"]')
    form.locator("input").focus()
    page.keyboard.type("18")
    assert form.locator("input").input_value() == "18"
    page.keyboard.press("Enter")
    assert follows(page, kernel, answers, bool)["one-example"] == "18"
    assert "Right." in form.locator(".bw-outcome").inner_text()
    assert page.locator(".jp-NotebookPanel").count() == 1 and page.locator(".jp-mod-editMode").count() == 0


@pytest.mark.parametrize("notebook", [("en", "linear-regression")], ids="/".join, indirect=True)
def test_two_views_stay_in_step_and_two_widgets_apart(notebook, kernel):  # noqa: F811
    page = notebook
    kernel("None", "from helpers.widgets.sgd_steps import SGDSteps\none, two = SGDSteps([1, 2, 3], [1, 2, 2]), SGDSteps([1, 2, 3], [1, 2, 2])")
    page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop = 1e9")
    page.locator(".jp-Notebook .jp-Cell").last.click()
    for line in ("one", "one", "two"):
        page.keyboard.press("Escape")
        page.keyboard.press("b")
        page.keyboard.press("y")
        page.keyboard.press("Enter")
        page.keyboard.type(line)
        page.keyboard.press("Shift+Enter")
        page.wait_for_timeout(800)
    tail = page.locator("section.bw-sgd_steps")
    views = [tail.nth(tail.count() - k) for k in (3, 2, 1)]
    views[0].scroll_into_view_if_needed()
    views[0].locator('[data-control="step"]').click()
    follows(page, kernel, "len(one.path)", lambda now: now == 2)
    assert kernel("len(two.path)") == 1
    page.wait_for_timeout(300)
    texts = [view.locator(".bw-readout b").first.text_content() for view in views]
    assert texts[0] == texts[1] != texts[2]
    assert re.search(r"\b1\b", texts[0]) and re.search(r"\b0\b", texts[2])
