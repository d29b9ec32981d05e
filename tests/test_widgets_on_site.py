"""The widgets on the built pages, in a real browser with everything off-site refused."""

import functools
import random
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.javascript import fresh_seed
from tests.notebooks import LANGUAGES, ROOT, pages
from tests.test_browser import ALIVE, ARRIVED, open_page, opener, redrawn  # noqa: F401 (a fixture)

READER = (Path(__file__).parent / "reader.js").read_text(encoding="utf-8")
SEED = fresh_seed()
SHORT, LONG = 250, 10_000
# The widgets of each page, in their order.
# The strokes on the paper of draw_digit that are seen: those taken back stay in the page unseen.
STROKES = '[data-panel="paper"] .bw-pen:not([display])'
WIDGETS = {"linear-regression": ["fit_line", "sgd_steps"],
           "multilayer-perceptron": ["folded_plane", "hidden_units", "activation_explorer", "draw_digit"]}
PAGES = [f"chapters/{language}/{page.stem}" for language in LANGUAGES for page in pages(language) if page.stem in WIDGETS]
EVERY = [(page, number, name) for page in PAGES for number, name in enumerate(WIDGETS[page.split("/")[-1]])]
by_name = pytest.mark.parametrize("page_name, number, name", EVERY, ids=[f"{page[9:11]}-{name}" for page, _, name in EVERY])


def in_turns(names):
    """Each of these widgets in one language, the next one in the other; in all languages in `make test-long`.

    For what widgets do and do not say: that is the same code in all languages.
    """
    def case(page, number, name):
        its_turn = f"/{LANGUAGES[names.index(name) % len(LANGUAGES)]}/" in page
        return pytest.param(page, number, name, id=f"{page[9:11]}-{name}", marks=[] if its_turn else pytest.mark.long)

    return pytest.mark.parametrize("page_name, number, name", [case(*one) for one in EVERY if one[2] in names])


each_in_turn = in_turns([name for names in WIDGETS.values() for name in names])
each_that_steps = in_turns(["sgd_steps", "folded_plane", "hidden_units"])


def alive(page):
    """Wait until all widgets of the page are alive."""
    page.wait_for_function(ALIVE)
    return page


@pytest.fixture(scope="module")
def shared_page(browser, site, address):
    """Open a page once for all tests that take a widget as they find it, and leave the looks of the page as they were.

    To open one of these pages and to wait for its widgets takes longer than most of what is then looked at.
    """
    open_it = opener(browser, site, address)
    yield functools.cache(lambda name, view="desktop", make=next(open_it): alive(make(name, view)))
    next(open_it, None)  # closes them


def widget(page, number):
    found = page.locator("section.book-widget").nth(number)
    found.scroll_into_view_if_needed()
    return found


def control(found, name, kind=""):
    return found.locator(f'[data-control="{name}"]{kind}')


@pytest.mark.parametrize("file", [False, True], ids=["served", "file"])
@pytest.mark.parametrize("name", PAGES)
def test_every_widget_comes_alive(open_page, name, file):  # noqa: F811
    page = alive(open_page(name, file=file))
    classes = page.evaluate("[...document.querySelectorAll('section.book-widget')].map(e => e.className)")
    assert [re.search(r"bw-(\w+)", c)[1] for c in classes] == WIDGETS[name.split("/")[-1]]
    assert page.locator(".book-widget-notice").count() == 0
    assert page.elsewhere == [] and page.errors == []


@pytest.mark.parametrize("view", ["desktop", "phone", "narrow"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_shifts_when_widgets_come_alive(open_page, name, view):  # noqa: F811
    def heights(page):
        return page.evaluate("[...document.querySelectorAll('.book-widget-place')].map(e => e.getBoundingClientRect().height)")

    still = heights(open_page(name, view, scripts=False))
    moving = heights(alive(open_page(name, view)))
    checks = (ROOT / f"{name}.md").read_text(encoding="utf-8").count("\nSelfCheck(")
    assert checks and len(still) == len(WIDGETS[name.split("/")[-1]]) + checks
    assert moving == pytest.approx(still, abs=1)


@pytest.mark.parametrize("name", PAGES)
def test_without_scripts_a_picture_stands_in_the_place(open_page, name):  # noqa: F811
    page = open_page(name, scripts=False)
    for box in page.evaluate("[...document.querySelectorAll('.book-widget-still svg[role=img]')].map(e => e.getBoundingClientRect().height)"):
        assert box > 80


# What has to be chosen before the other controls of a widget are there.
FURTHER = {"fit_line": {"tool": "points", "selected": "2"}, "activation_explorer": {"function": "leaky_relu"},
           "folded_plane": {"num_hiddens": "3"}, "hidden_units": {"tool": "points", "point": "3"}}


def unfolded(found, name, further=False):
    """Open all that is folded, and choose what brings the other controls."""
    found.evaluate("e => e.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    for choice, value in FURTHER.get(name, {}).items() if further else ():
        field = control(found, choice, ":not([type=range])")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    redrawn(found.page)


@pytest.mark.parametrize("name, scheme, further", [
    pytest.param(name, scheme, further, id=f"{name}-{scheme}", marks=[] if f"/{code}/" in name else pytest.mark.long)
    for code, scheme, further in (("en", "light", False), ("ko", "dark", True)) for name in PAGES])
def test_axe_finds_nothing_on_a_narrow_page(open_page, name, scheme, further):  # noqa: F811
    """Where widgets are narrowest; wider ones are looked at with their pages (test_accessible.py)."""
    page = alive(open_page(name, "narrow", scheme))
    for number, kind in enumerate(WIDGETS[name.split("/")[-1]]):
        unfolded(widget(page, number), kind, further)
    results = Axe().run(page, context=".book-widget-place", options={"resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()


@by_name
@pytest.mark.parametrize("further", [False, True])
def test_targets_are_large_enough(shared_page, page_name, number, name, further):
    page = shared_page(page_name, "narrow")
    unfolded(widget(page, number), name, further)
    for box in page.evaluate("""number => [...document.querySelectorAll("section.book-widget")[number]
            .querySelectorAll("[data-control], summary")].filter(e => e.offsetParent)
            .map(e => [e.dataset.control ?? e.textContent, e.getBoundingClientRect().width, e.getBoundingClientRect().height])""", number):
        # A box to be ticked is as large as its words.
        assert min(box[1:]) >= 24 or box[1] >= 20 and "switch" in str(page.locator(f"[data-control={box[0]}]").first.evaluate("e => e.closest('.bw-control').className")), box


@pytest.mark.parametrize("further", [False, True])
@pytest.mark.parametrize("name", PAGES)
def test_widgets_are_no_wider_than_a_narrow_phone(open_page, name, further):  # noqa: F811
    page = alive(open_page(name, "narrow"))
    for number, kind in enumerate(WIDGETS[name.split("/")[-1]]):
        unfolded(widget(page, number), kind, further)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for number in range(page.locator("section.book-widget").count()):
        over = page.evaluate("""number => {
            const widget = document.querySelectorAll("section.book-widget")[number], edge = widget.getBoundingClientRect().right + 1;
            return [...widget.querySelectorAll(".bw-control, .bw-readout *, .bw-panel")]
                .filter(e => e.getBoundingClientRect().right > edge).map(e => e.outerHTML.slice(0, 120));
        }""", number)
        assert over == []


@each_in_turn
@pytest.mark.parametrize("further", [False, True])
def test_every_control_is_reached_and_used_by_keyboard(open_page, page_name, number, name, further):  # noqa: F811
    page = alive(open_page(page_name))
    found = widget(page, number)
    for fold in found.locator("summary").all():
        fold.focus()
        page.keyboard.press("Enter")
    assert found.locator("details:not([open])").count() == 0
    unfolded(found, name, further)
    page.evaluate("""number => {
        const widget = document.querySelectorAll("section.book-widget")[number];
        const before = document.createElement("button");
        widget.before(before);
        before.focus();
    }""", number)
    reached = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        now = page.evaluate("""number => {
            const widget = document.querySelectorAll("section.book-widget")[number], here = document.activeElement;
            return widget.contains(here) ? [here.dataset.control ?? here.textContent.slice(0, 20), here.type ?? "",
                getComputedStyle(here).outlineStyle !== "none"] : null;
        }""", number)
        if now is None:
            break
        assert now[2], f"no focus to be seen on {now[0]}"
        reached.add((now[0], now[1]))
    wanted = page.evaluate("""number => [...document.querySelectorAll("section.book-widget")[number]
        .querySelectorAll("[data-control]")].filter(e => e.offsetParent).map(e => [e.dataset.control, e.type])""", number)
    assert {tuple(pair) for pair in wanted} <= reached
    # The first slider answers to the keys.
    slider = found.locator("input[type=range]:visible").first
    before = slider.get_attribute("aria-valuetext")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    redrawn(page)
    after = slider.get_attribute("aria-valuetext")
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    redrawn(page)
    assert after != before or slider.get_attribute("aria-valuetext") != before


@each_in_turn
def test_nothing_moves_by_itself(shared_page, page_name, number, name):
    page = shared_page(page_name)
    found = widget(page, number)
    before = found.inner_html()
    page.wait_for_timeout(600)
    assert found.inner_html() == before


@each_that_steps
def test_a_step_is_told_and_playing_is_not_told_at_each_tick(open_page, page_name, number, name):  # noqa: F811
    page = alive(open_page(page_name))
    found = widget(page, number)
    said = found.locator("[role=status]")
    assert said.text_content() == ""
    control(found, "step").click()
    first = said.text_content()
    assert re.search(r"\d", first)
    page.evaluate("""number => {
        const said = document.querySelectorAll("section.book-widget")[number].querySelector("[role=status]");
        window.tellings = 0;
        new MutationObserver(() => { window.tellings += 1; }).observe(said, { childList: true, characterData: true, subtree: true });
    }""", number)
    control(found, "play").click()
    page.wait_for_timeout(1500)
    assert page.evaluate("window.tellings") == 0
    control(found, "play").click()
    redrawn(page)
    assert page.evaluate("window.tellings") == 1 and said.text_content() != first


@pytest.mark.parametrize("name, number, control_name", [("linear-regression", 1, "batch_size"), ("multilayer-perceptron", 1, "num_hiddens")])
def test_a_slider_is_told_when_it_is_let_go(open_page, name, number, control_name):  # noqa: F811
    page = alive(open_page(f"chapters/en/{name}"))
    said, slider = widget(page, number).locator("[role=status]"), control(widget(page, number), control_name, "[type=range]")
    for value in range(3, 9):
        slider.evaluate("(e, value) => { e.value = value; e.dispatchEvent(new Event('input', { bubbles: true })); }", value)
        assert said.text_content() == ""
    slider.dispatch_event("change", {"bubbles": True})
    assert re.match(r"A new run|New weights", said.text_content())


@by_name
def test_colours_follow_the_theme_at_once(shared_page, page_name, number, name):
    page = shared_page(page_name)
    look = """number => {
        const section = document.querySelectorAll("section.book-widget")[number];
        const curve = section.querySelector("svg [class*=bw-blue]");
        return [getComputedStyle(section).backgroundColor, getComputedStyle(curve).stroke + getComputedStyle(curve).fill];
    }"""
    light = page.evaluate(look, number)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    dark = page.evaluate(look, number)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert light[0] != dark[0] and light[1] != dark[1]


# ---- a reader who does anything in any order ----

KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", "Space", "Backspace", "Delete", "Escape", "5", "-"]


def wander(page, number, seed, count):
    """Use a widget at random; fails with what was done last."""
    found = widget(page, number)
    chance = random.Random(f"{seed} {found.get_attribute('lang')}")  # another reader in each language
    done = 0
    while done < count:
        part = min(50, count - done)
        wrong = page.evaluate(READER, {"widget": number, "seed": chance.randrange(2**31), "count": part})
        assert wrong is None, f"seed {seed}: {wrong}"
        done += part
        panel = found.locator(".bw-panel").nth(chance.randrange(found.locator(".bw-panel").count()))
        panel.scroll_into_view_if_needed()
        box = panel.bounding_box()
        place = lambda: (box["x"] + chance.uniform(-0.2, 1.2) * box["width"], box["y"] + chance.uniform(-0.2, 1.2) * box["height"])  # noqa: E731
        page.mouse.move(box["x"] + chance.random() * box["width"], box["y"] + chance.random() * box["height"])
        page.mouse.down()
        for _ in range(4):
            page.mouse.move(*place())
            wrong = page.evaluate(READER, {"widget": number, "seed": chance.randrange(2**31), "count": 1})
            assert wrong is None, f"seed {seed}, during a drag: {wrong}"
        page.mouse.up()
        there = found.locator(":is([data-control], [tabindex='0'], summary):visible")
        there.nth(chance.randrange(there.count())).focus()
        for key in chance.sample(KEYS, 4):
            page.keyboard.press(key)
        page.set_viewport_size({"width": chance.choice([320, 390, 800, 1280]), "height": chance.choice([500, 900])})
        assert page.errors == [], f"seed {seed}: {page.errors}"
    return found


def answers(page, found):
    """Whether the first slider still does what it is for."""
    found.evaluate("e => e.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    slider = found.locator("input[type=range]:visible").first
    values = []
    for end in ("Home", "End"):
        slider.focus()
        page.keyboard.press(end)
        redrawn(page)
        values.append(slider.get_attribute("aria-valuetext"))
    return values[0] != values[1]


@pytest.mark.parametrize("seed", [SEED])
@each_in_turn
def test_no_reader_can_break_it(open_page, page_name, number, name, seed):  # noqa: F811
    page = alive(open_page(page_name))
    found = wander(page, number, seed, SHORT)
    assert answers(page, found), f"seed {seed}"
    assert page.elsewhere == []


@pytest.mark.long
@pytest.mark.parametrize("seed", [SEED])
@by_name
def test_no_patient_reader_can_break_it(open_page, page_name, number, name, seed):  # noqa: F811
    page = alive(open_page(page_name))
    found = wander(page, number, seed, LONG)
    assert answers(page, found), f"seed {seed}"


# ---- what the page says of a widget, and what the widget shows ----

def printed_below(page, number, pattern):
    """The first match of a pattern in what the cells below a widget print."""
    return page.evaluate("""([number, pattern]) => {
        const widget = document.querySelectorAll("section.book-widget")[number];
        for (const output of document.querySelectorAll(".cell_output .highlight")) {
            const match = output.textContent.match(new RegExp(pattern));
            if (match && widget.compareDocumentPosition(output) & Node.DOCUMENT_POSITION_FOLLOWING) return match.slice(1);
        }
    }""", [number, pattern])


def press(page, number, times):
    page.evaluate("""([number, times]) => {
        const step = document.querySelectorAll("section.book-widget")[number].querySelector("[data-control=step]");
        for (let k = 0; k < times; k++) step.click();
    }""", [number, times])
    redrawn(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_epoch_in_the_widget_is_the_epoch_in_pytorch(open_page, language):  # noqa: F811
    page = alive(open_page(f"chapters/{language}/linear-regression"))
    press(page, 1, 13)
    w, b, loss = printed_below(page, 1, r"w = ([\d.]+), b = ([\d.]+), L = ([\d.]+)")
    told = widget(page, 1).locator("[role=status]").text_content()
    shown = map(float, re.search(r"\(([\d.]+), ([\d.]+)\)\D+(\d+\.\d+)", told).groups())
    assert [f"{value:.{digits}f}" for value, digits in zip(shown, (2, 2, 1))] == [w, b, loss]
    prose = " ".join(page.locator("#sec-sgd-steps p").all_text_contents())
    assert all(number in prose for number in (w, b, loss))


@pytest.mark.parametrize("number, steps", [(0, 500), (1, 3000)], ids=["folded_plane", "hidden_units"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_training_in_the_widget_is_the_training_in_pytorch(open_page, language, number, steps):  # noqa: F811
    page = alive(open_page(f"chapters/{language}/multilayer-perceptron"))
    press(page, number, steps)
    loss, = printed_below(page, number, r"^l = (0\.\d+)")
    shown = widget(page, number).locator(".bw-readout").text_content()
    found = [float(value) for value in re.findall(r"0\.\d+", shown)]
    assert any(abs(value - float(loss)) <= 0.6 * 10 ** -(len(loss) - 2) for value in found), (loss, shown)


# ---- two views of one widget ----

@pytest.fixture
def twice(browser, site, address):
    """A page on which the widget that steps stands a second time, below the first."""
    text = (site / "chapters/en/linear-regression.html").read_text(encoding="utf-8")
    place = re.search(r'<div class="book-widget-place"[^>]*><div class="book-widget-still"><section class="book-widget bw-sgd_steps.*?</script></div>', text, re.DOTALL)
    page = browser.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.route("**/linear-regression.html", lambda route: route.fulfill(body=text.replace(place[0], place[0] * 2), content_type="text/html"))
    page.goto(f"{address}/chapters/en/linear-regression.html")
    yield alive(page)
    page.close()


def test_two_views_that_play_take_turns(twice):
    one, other = (twice.locator(".bw-sgd_steps").nth(i) for i in range(2))
    buttons = [control(view, "play") for view in (one, other)]
    for turn in range(6):
        before = one.locator(".bw-readout").text_content()
        buttons[turn % 2].click()
        expect(buttons[turn % 2]).to_have_text("Pause")
        expect(buttons[1 - turn % 2]).to_have_text("Play")  # two hands on one widget: the other one lets go
        expect(one.locator(".bw-readout")).not_to_have_text(before)
    buttons[1].click()
    expect(buttons[1]).to_have_text("Play")
    twice.wait_for_function("""() => new Set([...document.querySelectorAll(".bw-sgd_steps .bw-readout")].map(e => e.textContent)).size === 1""")
    control(other, "reset").click()
    for view in (one, other):
        expect(view.locator(".bw-readout")).to_contain_text("Steps taken: 0")
    assert twice.errors == []


# ---- what would make a reader press or move something else ----

@each_that_steps
def test_a_button_stays_under_the_finger(open_page, page_name, number, name):  # noqa: F811
    page = alive(open_page(page_name, "narrow"))
    found = widget(page, number)
    control(found, "step").scroll_into_view_if_needed()
    box = control(found, "step").bounding_box()
    for _ in range(13):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        redrawn(page)
    assert re.search(r"(?<!\d)13(?!\d)", found.locator(".bw-readout").text_content())
    assert control(found, "step").bounding_box() == box


def test_a_finger_that_scrolls_the_page_leaves_a_slider_where_it_was(open_page):  # noqa: F811
    page = alive(open_page(PAGES[0], "phone"))
    found = widget(page, 1)
    for _ in range(3):
        control(found, "step").click()
    slider, said = control(found, "batch_size", "[type=range]"), found.locator("[role=status]")
    slider.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    told, box = said.text_content(), slider.bounding_box()
    touch = page.context.new_cdp_session(page)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    place = {"x": box["x"] + box["width"] * 0.6, "y": box["y"] + box["height"] / 2}
    scrolled = page.evaluate("scrollY")
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [place]})
    for k in range(1, 11):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [place | {"y": place["y"] - 20 * k}]})
        page.wait_for_timeout(20)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") > scrolled + 50
    assert control(found, "batch_size", "[type=number]").input_value() == "20"
    assert "3" in found.locator(".bw-readout b").first.text_content()
    assert said.text_content() == told
    # What the slider would have told of is forgotten too: the next number that is typed begins no new run.
    found.locator("summary").first.click()
    control(found, "learning_rate", "[type=number]").fill("0.02")
    page.keyboard.press("Tab")
    assert said.text_content() != told and "A new run" not in said.text_content()


def test_a_second_finger_does_not_take_the_handle_from_the_first(open_page):  # noqa: F811
    page = alive(open_page(PAGES[0], "phone"))
    found = widget(page, 0)
    page.wait_for_timeout(200)
    touch = page.context.new_cdp_session(page)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def fingers(kind, *places):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [dict(x=x, y=y, id=k) for k, x, y in places]})
        redrawn(page)

    def slope():
        return float(control(found, "w", "[type=number]").input_value())

    box = found.locator(".bw-handle").last.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    fingers("touchStart", (0, x, y))
    fingers("touchMove", (0, x, y - 40))
    dragged = slope()
    assert dragged > 0
    # The other one comes down, moves about and leaves.
    fingers("touchStart", (0, x, y - 40), (1, x - 120, y - 60))
    for k in range(1, 5):
        fingers("touchMove", (0, x, y - 40), (1, x - 120 + 10 * k, y - 60 + 20 * k))
    assert slope() == dragged
    fingers("touchMove", (0, x, y - 40))  # (to a browser, one that is no longer named has left)
    fingers("touchMove", (0, x, y - 60))
    assert slope() > dragged
    fingers("touchEnd")
    assert page.errors == []



def test_arrow_keys_meet_round_numbers(open_page):  # noqa: F811
    page = alive(open_page("chapters/en/multilayer-perceptron"))
    found = widget(page, 2)
    control(found, "x", "[type=range]").focus()
    seen = []
    for key in ["ArrowLeft"] * 20 + ["PageUp", "ArrowUp", "Home", "End"]:
        page.keyboard.press(key)
        redrawn(page)
        seen.append(float(control(found, "x", "[type=number]").input_value()))
    assert seen[:3] == [0.95, 0.9, 0.85] and seen[19:] == [0, 0.5, 0.55, -8, 8]


def test_a_number_beyond_what_can_be_is_told(open_page):  # noqa: F811
    page = alive(open_page("chapters/en/multilayer-perceptron"))
    found = widget(page, 2)
    field = control(found, "x", "[type=number]")
    field.fill("100")
    field.press("Enter")
    assert found.locator("[role=status]").text_content() == "Only numbers from −8 to 8 count here."
    expect(field).to_have_value("8")


@each_that_steps
def test_on_paper_a_widget_is_light_whole_and_says_how_it_is_set(open_page, page_name, number, name):  # noqa: F811
    page = alive(open_page(page_name, "desktop", "dark"))
    page.emulate_media(media="print")
    found = widget(page, number)
    assert found.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    assert found.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    line = found.locator(".bw-paper")
    assert line.is_visible() and re.search(r"\d", line.inner_text()) and not control(found, "step").is_visible()


# ---- what hands do at the same time, or nearly ----

def drag(page, found, panel, start, end, up=True):
    """Drag in a panel from and to a place, both in parts of its width and height."""
    box = found.locator(f'[data-panel="{panel}"]').bounding_box()
    place = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*place[0])
    page.mouse.down()
    page.mouse.move(*place[1], steps=5)
    if up:
        page.mouse.up()
    redrawn(page)


def handle_of(found, panel, index=0):
    """Where a handle is, in parts of a panel's width and height."""
    return found.evaluate("""(e, [panel, index]) => {
        const place = e.querySelector(`[data-panel="${panel}"]`).getBoundingClientRect();
        const box = e.querySelectorAll(`[data-panel="${panel}"] .bw-handle`)[index].getBoundingClientRect();
        return [(box.x + box.width / 2 - place.x) / place.width, (box.y + box.height / 2 - place.y) / place.height];
    }""", [panel, index])


def value_of(found, name):
    return float(control(found, name, "[type=number]").input_value())


def test_what_was_typed_does_not_undo_what_was_dragged(open_page):  # noqa: F811
    page = alive(open_page("chapters/en/linear-regression"))
    found = widget(page, 0)
    control(found, "w", "[type=number]").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("5")
    redrawn(page)
    drag(page, found, "line", handle_of(found, "line", 1), (0.84, 0.3))
    dragged = value_of(found, "w")
    assert dragged != 5
    page.keyboard.press("Tab")
    redrawn(page)
    assert value_of(found, "w") == dragged


def test_to_leave_a_field_begins_no_new_run(open_page):  # noqa: F811
    page = alive(open_page("chapters/en/linear-regression"))
    found = widget(page, 1)
    control(found, "batch_size", "[type=number]").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("7")
    control(found, "play").evaluate("e => e.click()")  # the focus stays in the field
    expect(found.locator(".bw-readout")).to_contain_text(re.compile(r"taken: ([2-9]|\d\d)"))
    control(found, "play").evaluate("e => e.click()")
    page.keyboard.press("Tab")
    redrawn(page)
    assert int(re.search(r"taken: (\d+)", found.locator(".bw-readout").text_content())[1]) >= 2


def test_to_press_a_mark_selects_its_unit_and_nothing_else(open_page):  # noqa: F811
    page = alive(open_page("chapters/en/multilayer-perceptron"))
    found = widget(page, 1)
    press(page, 1, 5)
    before = found.locator(".bw-readout p").first.text_content()
    x, y = handle_of(found, "sum")
    drag(page, found, "sum", (x, y), (x + 0.006, y))  # a hand trembles by two pixels
    assert found.locator(".bw-readout p").first.text_content() == before


def test_a_drag_on_an_empty_place_is_no_click(open_page):  # noqa: F811
    page = alive(open_page("chapters/en/linear-regression"))
    found = widget(page, 1)
    press(page, 1, 3)
    drag(page, found, "surface", (0.3, 0.2), (0.7, 0.2))
    assert "taken: 3" in found.locator(".bw-readout").text_content()
    drag(page, found, "surface", (0.3, 0.2), (0.3, 0.2))
    assert "taken: 0" in found.locator(".bw-readout").text_content()


def test_what_is_only_shown_does_not_stop_the_training(open_page):  # noqa: F811
    page = alive(open_page("chapters/en/multilayer-perceptron"))
    found = widget(page, 0)
    found.locator('select[data-control="num_hiddens"]').select_option("3")
    control(found, "play").click()
    control(found, "edge_on").click()
    drag(page, found, "hidden", (0.5, 0.5), (0.8, 0.5))
    found.locator("summary").first.click()
    control(found, "show_sheet").click()
    expect(control(found, "play")).to_have_text("Pause")
    control(found, "step").click()
    expect(control(found, "play")).to_have_text("Play")


@pytest.mark.parametrize("view", ["desktop", "phone"])
@each_that_steps
def test_nothing_to_be_pressed_moves_while_it_plays(shared_page, page_name, number, name, view):
    page = shared_page(page_name, view)
    found = widget(page, number)
    if name == "folded_plane":  # with three units its formulas take now two lines, now three
        control(found, "num_hiddens").select_option("3")
    more, numbers = page.evaluate("""async number => {
        const widget = document.querySelectorAll("section.book-widget")[number], seen = [[], []];
        const frame = () => new Promise(requestAnimationFrame);
        const play = widget.querySelector("[data-control=play]");
        await frame(), await frame();  // what was chosen is on the page
        const end = performance.now() + 2500;
        for (play.click(); performance.now() < end || seen[0].length < 10; await frame()) {
            ["more", "numbers"].forEach((fold, i) => seen[i].push(widget.querySelector(`.bw-${fold}`).offsetTop));
        }
        play.click();
        return seen;
    }""", number)
    assert len(more) >= 10 and len(set(more)) == 1
    assert numbers == sorted(numbers)  # (below what is read: a line may be added, and none goes)


@pytest.mark.parametrize("view", ["desktop", "phone"])
@each_that_steps
def test_what_stands_below_stays_while_one_steps(open_page, page_name, number, name, view):  # noqa: F811
    """What is read grows by a line now and then, and gives it back when something else is chosen, or the page is wider."""
    page = alive(open_page(page_name, view))
    found = widget(page, number)
    if name == "folded_plane":  # with three units its formulas take now two lines, now three
        control(found, "num_hiddens").select_option("3")
    redrawn(page)
    heights = page.evaluate("""async number => {
        const widget = document.querySelectorAll("section.book-widget")[number], heights = [];
        for (let step = 0; step < 80; step++) {
            widget.querySelector("[data-control=step]").click();
            for (let k = 0; k < 2; k++) await new Promise(requestAnimationFrame);
            heights.push(widget.getBoundingClientRect().height);
        }
        return heights;
    }""", number)
    assert heights == sorted(heights)
    if name == "folded_plane":
        control(found, "num_hiddens").select_option("2")
        expect_lower(page, found, heights[-1])
        readout = found.locator(".bw-readout")
        height = readout.bounding_box()["height"]
        if view == "phone":
            page.set_viewport_size({"width": 800, "height": 844})
            expect_lower(page, readout, height)


def expect_lower(page, found, height):
    page.wait_for_function("([element, height]) => element.getBoundingClientRect().height < height", arg=[found.element_handle(), height])


def test_less_motion_is_no_less_training(browser, address):  # noqa: F811
    page = browser.new_page(reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    try:
        page.goto(f"{address}/chapters/en/multilayer-perceptron.html")
        page.wait_for_function(ARRIVED)
        found = widget(alive(page), 1)
        found.evaluate("""e => { window.pictures = 0; window.began = performance.now(); new MutationObserver(() => { window.pictures += 1; })
            .observe(e.querySelector('[data-panel="sum"]'), { childList: true, subtree: true, attributeFilter: ["d"] }); }""")
        control(found, "play").click()
        expect(found.locator(".bw-readout")).to_contain_text(re.compile(r"taken: (20[1-9]|2[1-9]\d|[3-9]\d\d|\d{4,})"), timeout=60_000)
        pictures, seconds = page.evaluate("[window.pictures, (performance.now() - window.began) / 1000]")
        control(found, "play").click()
        assert 2 <= pictures <= seconds + 1
    finally:
        page.close()


@pytest.mark.parametrize("away, then", [(200, "Pause"), (2500, "Play")])
def test_what_is_off_the_page_for_a_moment_plays_on(open_page, away, then):  # noqa: F811
    """As JupyterLab takes out a cell and puts it in again, when those around it change."""
    page = alive(open_page("chapters/en/multilayer-perceptron"))
    found = widget(page, 1)
    control(found, "play").click()
    expect(found.locator(".bw-readout")).to_contain_text(re.compile(r"taken: [1-9]"))
    page.evaluate("""([number, away]) => new Promise(done => {
        const section = document.querySelectorAll("section.book-widget")[number], place = section.parentNode;
        section.remove();
        setTimeout(() => { place.append(section); setTimeout(done, 100); }, away);
    })""", [1, away])
    expect(control(found, "play")).to_have_text(then)


def test_a_seed_is_shown_whole(open_page):  # noqa: F811
    page = alive(open_page("chapters/en/multilayer-perceptron"))
    found = widget(page, 1)
    field = control(found, "seed", "[type=number]")
    found.locator("summary").first.click()
    field.fill("4294967295")
    field.press("Tab")
    redrawn(page)
    assert field.input_value() == "4294967295"


def test_a_table_opened_while_playing_is_filled(open_page):  # noqa: F811
    page = alive(open_page("chapters/en/linear-regression"))
    found = widget(page, 1)
    control(found, "play").click()
    found.locator("summary").last.click()
    page.wait_for_timeout(300)
    assert found.locator(".bw-scroll tbody tr").count() >= 1
