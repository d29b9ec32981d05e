"""What readers hand on, in a browser: what is copied, what a link opens, and what happens where nothing can be copied."""

import re

import pytest
from playwright.sync_api import expect

from tests.test_browser import open_page, redrawn  # noqa: F401 (a fixture)
from tests.test_share import run
from tests.test_widgets_on_site import STROKES, alive, control, drag, each_in_turn, handle_of, press, widget

COPIED = {"en": "Copied.", "ko": "복사했습니다."}
# Settings of each widget, with what is then to be seen in its controls.
CHANGES = {
    "fit_line": {"w": "12.5", "b": "30", "errors": "squares", "best": True},
    "sgd_steps": {"learning_rate": "0.2", "batch_size": "7", "seed": "5", "start_w": "3"},
    "folded_plane": {"dataset": "spiral", "num_hiddens": "3", "activation": "relu", "seed": "7", "w21": "0.5", "show_folds": False},
    "hidden_units": {"target": "bump", "num_hiddens": "5", "activation": "tanh", "b2": "0.25", "learning_rate": "0.3"},
    "activation_explorer": {"function": "leaky_relu", "alpha": "-0.5", "x": "-1.5", "compare": "gelu"},
    "draw_digit": {"example": "2", "show_numbers": True},
}


def fields(found, name):
    """The controls of a widget that a test sets, with what they show."""
    shown = {}
    for setting in CHANGES[name]:
        there = control(found, setting, ":not([type=range])")
        shown[setting] = there.is_checked() if there.get_attribute("type") == "checkbox" else there.input_value()
    return shown


def put(found, name):
    found.locator("summary").first.click()
    for setting, value in CHANGES[name].items():
        there = control(found, setting, ":not([type=range])")
        if isinstance(value, bool):
            there.set_checked(value)
        elif there.evaluate("e => e.tagName") == "SELECT":
            there.select_option(value)
        else:
            there.fill(value)
            there.press("Tab")
    redrawn(found.page)


def copied(found, name="copy_link"):
    """What a button copies; a test has a clipboard of its own."""
    found.page.evaluate("Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async text => { window.copied = text; } } })")
    control(found, name).click()
    expect(found.locator("[role=status]")).to_have_text(COPIED[found.get_attribute("lang")])
    return found.page.evaluate("window.copied")


@each_in_turn
def test_a_link_opens_the_page_at_the_widget_as_it_was(open_page, page_name, number, name):  # noqa: F811
    page = alive(open_page(page_name))
    found = widget(page, number)
    before = copied(found)
    assert before == f"{page.url}#{name}"
    put(found, name)
    set_, link = fields(found, name), copied(found)
    assert link.startswith(f"{page.url}?") and link.endswith(f"#{name}") and len(link) < len(page.url) + 300
    assert set_ == CHANGES[name]
    # As a reader opens it, who then changes something and hands it on.
    page.goto(link)
    other = alive(page).locator(f"section.bw-{name}")
    expect(other).to_be_in_viewport()
    other.locator("summary").first.click()
    redrawn(page)
    assert fields(other, name) == set_ and copied(other) == link
    assert found.locator(".bw-readout").text_content() == other.locator(".bw-readout").text_content()
    assert page.elsewhere == [] and page.errors == []


@each_in_turn
def test_what_is_copied_as_pytorch_runs(open_page, page_name, number, name):  # noqa: F811
    page = alive(open_page(page_name))
    found = widget(page, number)
    put(found, name)
    if control(found, "step").count():
        press(page, number, 3)
    cell = copied(found, "copy_torch")
    assert cell.startswith(f"# {found.get_attribute('aria-label')}\nimport torch\n")
    if name == "draw_digit":
        assert re.search("# nets: .*(page|페이지)", cell)
        compile(cell, name, "exec")
    else:
        assert run(cell)


@each_in_turn
def test_both_buttons_are_used_by_keyboard_and_answer(open_page, page_name, number, name):  # noqa: F811
    page = alive(open_page(page_name, "phone"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    found = widget(page, number)
    for button in ("copy_link", "copy_torch"):
        control(found, button).focus()
        page.keyboard.press("Enter")
        done = found.locator(".bw-done")
        expect(done).to_have_text(COPIED[found.get_attribute("lang")])
        expect(done).to_be_visible()
        assert found.locator("[role=status]").text_content().strip() == COPIED[found.get_attribute("lang")]
        expect(found.locator("textarea")).to_be_hidden()
    assert "import torch" in page.evaluate("navigator.clipboard.readText()")
    expect(done).to_have_text("")  # after some seconds


@pytest.mark.parametrize("refused", ["undefined", "{ writeText: () => Promise.reject(new Error('no')) }"], ids=["absent", "refused"])
@pytest.mark.parametrize("page_name, number", [("chapters/en/linear-regression", 0), ("chapters/ko/multilayer-perceptron", 1)])
def test_where_nothing_can_be_copied_the_text_is_there_and_selected(open_page, page_name, number, refused):  # noqa: F811
    page = alive(open_page(page_name, "narrow"))
    page.evaluate(f"() => Object.defineProperty(navigator, 'clipboard', {{ value: {refused} }})")
    found = widget(page, number)
    for button, text in (("copy_link", page.url + "#"), ("copy_torch", "import torch")):
        control(found, button).click()
        field = found.locator("textarea")
        expect(field).to_be_visible()
        expect(field).to_be_focused()
        value = field.input_value()
        assert text in value and field.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)") == value
        assert field.evaluate("e => e.readOnly") and field.get_attribute("aria-label") == found.locator("[role=status]").text_content().strip()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.errors == []


def test_a_drawing_is_handed_on(open_page):  # noqa: F811
    page = alive(open_page("chapters/en/multilayer-perceptron"))
    found = widget(page, 3)
    drag(page, found, "paper", (0.5, 0.2), (0.5, 0.8))
    drag(page, found, "paper", (0.3, 0.8), (0.7, 0.8))
    drag(page, found, "seen", (0.3, 0.3), (0.4, 0.3))
    link, pictures = copied(found), found.locator(".bw-panels").inner_html()
    page.goto(link)
    again = alive(page).locator("section.bw-draw_digit")
    assert again.locator(STROKES).count() == 2
    assert again.locator(".bw-panels").inner_html() == pictures
    assert copied(again) == link


def test_a_link_is_followed_once_and_by_its_own_widget(open_page):  # noqa: F811
    page = alive(open_page("chapters/en/linear-regression"))
    page.goto(page.url + "?w=12.5&b=30&batch_size=3&learning_rate=0.2#fit_line")
    line, sgd = (alive(page).locator(f"section.bw-{name}") for name in ("fit_line", "sgd_steps"))
    assert control(line, "w", "[type=number]").input_value() == "12.5"
    assert control(sgd, "batch_size", "[type=number]").input_value() == "20"
    # Taken off the page and put back, the widget is as the reader left it.
    control(line, "w", "[type=number]").fill("7")
    page.evaluate("""() => new Promise(done => {
        const place = document.querySelector("#fit_line"), next = place.nextSibling, parent = place.parentNode;
        place.remove();
        setTimeout(() => { parent.insertBefore(place, next); setTimeout(done, 300); }, 300);
    })""")
    alive(page)
    assert control(page.locator("section.bw-fit_line"), "w", "[type=number]").input_value() == "7"
    drag(page, line, "line", handle_of(line, "line", 1), (0.84, 0.3))
    assert re.search(r"\?w=-?[\d.]+&b=-?[\d.]+#fit_line$", copied(line))


@pytest.mark.parametrize("query", ["", "&", "w", "w=", "w=NaN&b=Infinity", "w=1e999", "w=%", "w=%ff%00", "errors=<script>", "constructor=1&__proto__=1",
                                   "w=1,2,3", "best=maybe", "given=1&X=1,2&y=3", "w=7&" + "a" * 4000, "selected=-5", "w=" + "9" * 400], ids=range(16))
def test_hostile_links_open_the_page_as_it_is_or_at_the_limits(open_page, address, query):  # noqa: F811
    page = open_page("404")  # (a light one)
    page.goto(f"{address}/chapters/en/linear-regression.html?{query}#fit_line")
    found = alive(page).locator("section.bw-fit_line")
    assert page.locator(".book-widget-notice").count() == 0 and page.errors == []
    slope = float(control(found, "w", "[type=number]").input_value())
    assert slope == (1e100 if query in ("w=1e999", "w=" + "9" * 400) else 0)
    assert not re.search("NaN|Infinity|undefined", found.inner_html())


def test_a_page_opened_from_a_file_has_links_too(open_page):  # noqa: F811
    page = alive(open_page("chapters/en/linear-regression", file=True))
    control(page.locator("section.bw-fit_line"), "errors").select_option("squares")
    link = copied(page.locator("section.bw-fit_line"))
    assert link == f"{page.url}?errors=squares#fit_line"
    page.goto(link)
    assert control(alive(page).locator("section.bw-fit_line"), "errors").input_value() == "squares"
