"""The pages by keyboard: Tab comes to everything that can be used, in the order of reading, and shows where it is."""

import pytest

from tests.notebooks import LANGUAGES
from tests.test_accessible import NAMES, open_ready
from tests.test_browser import VIEWS, open_page  # noqa: F401 (a fixture)

# Real keys are slow to press by the hundred.  So a page lists where Tab stops, and a walk by real keys on some pages
# says whether it does; on all pages a script gives the focus to one after another, forth and back as Tab and Shift+Tab.
STOPS = """
    const FOUND = "a[href], button, input, select, textarea, summary, [tabindex], [role=button], [role=link], [onclick], [contenteditable]";
    const visible = element => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
    // Of radio buttons, Tab stops at the one that is chosen, or at the first.
    const ofGroup = radio => {
        const group = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(radio.name)}"]`)].filter(other => other.form === radio.form);
        return group.find(other => other.checked) ?? group[0];
    };
    const isUsable = element => element.matches(FOUND) && visible(element)
        && element.getAttribute("tabindex") !== "-1" && !element.disabled
        && (element.type !== "radio" || !element.name || ofGroup(element) === element);
    const usable = () => [...document.querySelectorAll(FOUND)].filter(isUsable);
    // A browser stops by itself at what scrolls and holds nothing to stop at.
    const scrolls = element => /auto|scroll/.test(getComputedStyle(element).overflow)
        && (element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight);
    const said = element => element.outerHTML.replace(/\\s+/g, " ").slice(0, 120);
"""

SHOWN = "() => {" + STOPS + """
    const still = new CSSStyleSheet();
    still.replaceSync("* { transition: none !important; animation: none !important; scroll-behavior: auto !important; }");
    document.adoptedStyleSheets = [still];
    const wrong = [], tell = (what, element, more = "") => wrong.push(`${what} ${more}: ${said(element)}`);
    const stops = usable();

    for (const element of stops) if (element.tabIndex !== 0) tell("not reached in its place", element, element.tabIndex);
    // Upwards the order goes only into a column farther right.
    scrollTo(0, 0);
    const boxes = stops.map(element => element.getBoundingClientRect());
    for (let i = 1; i < stops.length; i++) {
        const [last, next] = [boxes[i - 1], boxes[i]];
        if (next.bottom <= last.top && next.left < last.right && !stops[i - 1].closest(".skip-link")) tell("comes after what is below it", stops[i]);
    }

    const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const over = (colours) => {
        pen.clearRect(0, 0, 1, 1);
        for (const colour of colours) { pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); }
        return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = rgb => {
        const [r, g, b] = rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
    // The grounds under an element, the lowest first.
    const grounds = element => element ? [...grounds(element.parentElement), getComputedStyle(element).backgroundColor] : ["white"];
    const look = element => {
        const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderTopColor, backgroundColor, color } = getComputedStyle(element);
        return { outlineStyle, outlineWidth, outlineColor, boxShadow, borderTopColor, backgroundColor, color };
    };
    // A ring by outline or shadow, two pixels or wider, with a contrast of 3 : 1 against what is around.
    const ring = (element, before) => {
        const now = look(element), around = grounds(element.parentElement);
        const rings = [];
        if (now.outlineStyle === "auto") return true; // the browser's own, in two colours
        if (now.outlineStyle !== "none") rings.push([parseFloat(now.outlineWidth), now.outlineColor]);
        if (now.boxShadow !== before.boxShadow && now.boxShadow !== "none") {
            for (const [, colour, width] of now.boxShadow.matchAll(/(rgba?\\([^)]*\\)) 0px 0px 0px ([\\d.]+)px(?! inset)/g)) rings.push([parseFloat(width), colour]);
        }
        return rings.some(([width, colour]) => width >= 2 && ratio(over([...around, colour]), over(around)) >= 3) || JSON.stringify([before, now, over(around)]);
    };
    const opacity = element => element ? getComputedStyle(element).opacity * opacity(element.parentElement) : 1;
    const before = new Map(stops.map(element => [element, look(element)]));
    for (const [way, elements] of [["forth", stops], ["back", [...stops].reverse()]]) {
        for (const element of elements) {
            element.focus();
            if (document.activeElement !== element) { tell("takes no focus", element); continue; }
            if (!element.matches(":focus-visible")) tell("is not shown to have the focus", element);
            if (way === "forth") {
                const shown = ring(element, before.get(element));
                if (shown !== true) tell("has no ring", element, shown);
                if (opacity(element) < 1) tell("is pale", element);
            }
            // In the window, and nothing lies over it: its first line, or the middle of what is to be seen of it.
            const { left, right, top, bottom } = element.getClientRects()[0];
            const [x, y] = [(Math.max(left, 0) + Math.min(right, innerWidth)) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
            const hit = document.elementFromPoint(x, y);
            if (!hit || !(element.contains(hit) || hit.contains(element) && !hit.matches("body, html, main, article"))) tell(`is hidden (${way})`, element, hit ? said(hit) : `${x} ${y}`);
        }
    }
    document.activeElement.blur();
    return { stops: stops.length, wrong };
}"""


def looks(name):
    """A page on a desktop and on a phone; of twins, which are built alike, one each (`make test-long`: both)."""
    is_korean, is_english = "/ko/" in name, "/en/" in name
    return [pytest.param(name, "desktop", "light", id=f"{name}-desktop", marks=[pytest.mark.long] if is_korean else []),
            pytest.param(name, "phone", "dark", id=f"{name}-phone", marks=[pytest.mark.long] if is_english else [])]


@pytest.mark.parametrize("name, view, scheme", [look for name in NAMES for look in looks(name)])
def test_focus_comes_to_everything_in_order_and_is_seen(open_page, name, view, scheme):  # noqa: F811
    page = open_ready(open_page, name)
    width, height = VIEWS[view]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.wait_for_timeout(500)
    page.keyboard.press("Tab")  # who moves by keys is shown where they are
    seen = page.evaluate(SHOWN)
    assert seen["wrong"] == []
    assert seen["stops"] > (1 if name == "404" else 15)


@pytest.mark.parametrize("name, view", [("index", "phone"), ("chapters/en/linear-regression", "desktop"),
                                        ("chapters/ko/search", "desktop"), ("chapters/both/teaching", "phone")])
def test_tab_goes_through_a_page_once(open_page, name, view):  # noqa: F811
    page = open_page(name, view)
    page.wait_for_timeout(1000)
    page.evaluate("() => {" + STOPS + """
        // The contents unfold the section that is being read, so what can be used is asked when Tab comes to it.
        Object.assign(window, { usable, said, walked: [], unknown: new Set() });
        addEventListener("focusin", ({ target }) => {
            walked.push(target);
            if (!isUsable(target) && !scrolls(target)) unknown.add(target);
        });
    }""")
    expected = page.evaluate("() => usable().length")
    for _ in range(expected + 40):
        page.keyboard.press("Tab")
    # Nothing is left out, nothing comes before its turn, and after the last one it begins anew.
    # (A page for searching begins at its field.)
    assert page.evaluate("""() => {
        const again = walked.findIndex((element, i) => i && element === walked[0]);
        const once = walked.slice(0, again === -1 ? undefined : again), known = usable();
        known.push(...known.splice(0, known.indexOf(once[0])));
        return {
            left: known.filter(element => !once.includes(element)).map(said),
            more: once.filter(element => unknown.has(element)).map(said),
            order: once.filter(element => known.includes(element)).every((element, i) => element === known[i]),
        };
    }""") == {"left": [], "more": [], "order": True}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_first_stop_skips_to_the_text(open_page, code):  # noqa: F811
    page = open_page(f"chapters/{code}/glossary")
    page.keyboard.press("Tab")
    skip = page.locator(".skip-link a")
    assert skip.evaluate("link => link === document.activeElement")
    page.wait_for_timeout(500)  # it slides in
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.querySelector('#main-content').contains(document.activeElement)")


@pytest.mark.parametrize("which", ["primary", "secondary"])
def test_a_list_of_contents_on_a_phone_keeps_the_focus_until_it_is_closed(open_page, which):  # noqa: F811
    page = open_page("chapters/en/linear-regression", "phone")
    button = page.locator(f".header-article-items .{which}-toggle")
    has_focus = "() => document.querySelector('#pst-%s-sidebar-modal').contains(document.activeElement)" % which
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(has_focus)
    for _ in range(60):
        page.keyboard.press("Tab")
    # (Between the last and the first a browser stops at its own window, where nothing on the page has the focus.)
    assert page.evaluate("() => document.activeElement === document.body") or page.evaluate(has_focus)
    page.keyboard.press("Escape")
    page.wait_for_function("button => button === document.activeElement", arg=button.element_handle())


@pytest.mark.parametrize("button", [".theme-switch-button", ".btn-fullscreen-button", ".primary-toggle"])
def test_a_button_that_is_pressed_by_key_keeps_the_focus(open_page, button):  # noqa: F811
    page = open_page("chapters/ko/glossary")
    button = page.locator(f".bd-header-article {button}")
    button.focus()
    page.keyboard.press("Enter")
    assert button.evaluate("button => button === document.activeElement")
