"""The built pages in a real browser, with everything off-site refused, as on a train."""

import pytest

from tests.notebooks import LANGUAGES, pages

PAGES = ["index"] + [f"chapters/{language}/{page.stem}" for language in LANGUAGES for page in pages(language)]
SEARCHES = [f"chapters/{language}/search" for language in LANGUAGES]
# Nothing is left to be laid out.
ARRIVED = """() => !document.querySelector("article section > section:not(.book-laid-out)")"""
# All widgets of the page have come alive.
ALIVE = """() => {
    const places = [...document.querySelectorAll(".book-widget-place")];
    return places.length && places.every(place => place.querySelector(".book-widget-alive:not(.book-widget-unseen)"));
}"""
VIEWS = {"desktop": (1280, 900), "phone": (390, 844), "narrow": (320, 640)}


def opener(browser, site, address):
    """Yield a function that opens a page and returns it, with what it asked of other sites and what went wrong on it."""
    contexts = []

    def open_it(name, view="desktop", scheme="light", scripts=True, file=False):
        width, height = VIEWS[view]
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme,
                                      java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.elsewhere, page.errors = [], []
        page.route("**/*", lambda route: route.continue_()
                   if route.request.url.startswith((address, "file:", "data:", "blob:"))
                   else (page.elsewhere.append(route.request.url), route.abort()))
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto((site / f"{name}.html").as_uri() if file else f"{address}/{name}.html", wait_until="load")
        if scripts:
            page.wait_for_function(ARRIVED)
        return page

    yield open_it
    for context in contexts:
        context.close()


open_page = pytest.fixture(opener)


def redrawn(page):
    """Wait until widgets show what has changed: they draw in the next frame, however long that takes a machine."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.mark.parametrize("file", [False, True], ids=["served", "file"])
@pytest.mark.parametrize("name", PAGES)
def test_page_opens_without_errors_and_asks_nobody_else(open_page, name, file):
    page = open_page(name, file=file)
    page.wait_for_timeout(500)
    assert page.elsewhere == []
    assert page.errors == []


@pytest.mark.parametrize("view", ["phone", "narrow"])
@pytest.mark.parametrize("name", PAGES + SEARCHES)
def test_page_is_no_wider_than_the_screen(open_page, name, view):
    page = open_page(name, view)
    assert page.evaluate("document.documentElement.scrollWidth") <= VIEWS[view][0]


@pytest.mark.parametrize("name", PAGES[1:])
def test_formulas_are_set_without_scripts(open_page, name):
    # (Chromium cannot be asked from outside what a page without scripts looks like; its layout can.)
    page = open_page(name, scripts=False)
    box = page.locator("div.math > math").first.bounding_box()
    assert box["height"] > 20 and box["width"] > 100
    assert page.locator("text=\\mathbf").count() == 0 or not page.locator("annotation").first.is_visible()


@pytest.mark.parametrize("name", PAGES[1:])
def test_the_book_font_sets_the_formulas(open_page, name):
    page = open_page(name)
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"Book Math\"', '∑'))")
    assert page.evaluate("[...document.fonts].filter(f => f.family.includes('Book Math')).map(f => f.status)") == ["loaded"]


def test_rows_of_an_aligned_formula_meet_at_their_signs(open_page):
    page = open_page("chapters/en/linear-regression")
    edges = page.evaluate("""[...document.querySelectorAll("#eq-sgd-linear mtd[columnalign=right]")].map(
        cell => Math.round(cell.lastElementChild.getBoundingClientRect().right))""")
    assert len(edges) == 2 and len(set(edges)) == 1


def test_bold_letters_are_upright(open_page):
    page = open_page("chapters/en/linear-regression")
    letters = page.evaluate("""[...document.querySelectorAll("#eq-linear-model math mi")].map(e => e.textContent)""")
    assert "𝐰" in letters and "𝐱" in letters and not {"𝒘", "𝒙"} & set(letters)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES[1:])
def test_drawings_can_be_read_in_light_and_dark(open_page, name, scheme):
    page = open_page(name, scheme=scheme)
    ratios = page.evaluate("""() => {
        const luminance = text => {
            const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map(c => c / 255)
                .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ground = luminance(getComputedStyle(document.body).backgroundColor);
        const probe = document.createElement("span");
        document.body.append(probe);
        return ["currentColor", ...["blue", "orange", "green", "purple", "red"].map(c => `var(--book-${c})`)].map(c => {
            probe.style.color = c === "currentColor" ? "" : c;
            const ink = luminance(getComputedStyle(probe).color);
            return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
        });
    }""")
    assert min(ratios) >= 4.5, ratios


def test_a_wide_drawing_can_be_moved_on_a_phone(open_page):
    page = open_page("chapters/en/linear-regression", "phone")
    widths = page.evaluate("""[...document.querySelectorAll("div.book-drawing")].map(
        d => [d.clientWidth, d.scrollWidth, d.tabIndex])""")
    assert all(tab == 0 for shown, whole, tab in widths if whole > shown + 1)
    # Its labels stay readable: 10 pt at no less than 0.67 of their size.
    assert page.evaluate("""[...document.querySelectorAll("div.book-drawing > svg")].every(
        svg => svg.getBoundingClientRect().width >= 0.66 * svg.getAttribute("width"))""")


@pytest.mark.parametrize("scheme, scripts", [("light", True), ("dark", True), ("light", False)])
def test_a_page_has_its_colours_before_any_script_has_come(browser, address, scheme, scripts):
    context = browser.new_context(color_scheme=scheme, java_script_enabled=scripts)
    page = context.new_page()
    page.route("**/*.js*", lambda route: route.abort())
    page.goto(f"{address}/chapters/en/linear-regression.html", wait_until="load")
    assert page.locator("html").get_attribute("data-theme") == scheme
    context.close()


@pytest.mark.parametrize("name, words", [("chapters/en/linear-regression", "Copy"), ("chapters/ko/linear-regression", "복사")])
def test_buttons_that_copy_code_speak_the_language_of_the_page(open_page, name, words):
    page = open_page(name)
    buttons = page.locator("button.copybtn")
    told = {(button.get_attribute("data-tooltip"), button.locator("title").text_content()) for button in buttons.all()[:3]}
    assert all(tooltip.startswith(words) and words in title for tooltip, title in told)


# Selects from the beginning of one element to the end of another, or a part of a text, and returns what a copy takes along.
COPIED = """([from, to]) => {
    const range = document.createRange();
    range.setStartBefore(document.querySelector(from));
    range.setEndAfter(document.querySelector(to));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    const usual = getSelection().toString(), data = new DataTransfer();
    const event = new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true });
    document.querySelector(from).dispatchEvent(event);
    const { startContainer, endContainer } = getSelection().getRangeAt(0);
    return { usual, text: data.getData("text/plain"), html: data.getData("text/html"), taken: event.defaultPrevented,
        kept: startContainer === range.startContainer && endContainer === range.endContainer, boxes: document.body.lastElementChild.tagName };
}"""


@pytest.fixture
def passage(open_page):
    page = open_page("chapters/en/linear-regression")
    page.evaluate("""() => {
        const formula = (display, tex, inner) => `<math display="${display}"><semantics>${inner}<annotation encoding="application/x-tex">${tex}</annotation></semantics></math>`;
        const passage = document.createElement("div");
        passage.innerHTML = `<p id="one">Let ${formula("inline", "\\\\hat{y} &lt; 1", "<mi>y</mi><mo>&lt;</mo><mn>1</mn>")} be <b>small</b>.</p>
            <div id="two" class="math">${formula("block", "\\\\sum_i x_i\\n= 0", "<mi>s</mi>")}</div>
            <p id="three">Nothing to <i>set</i>.</p><p id="four">The end.</p>`;
        document.querySelector("article").append(passage);
    }""")
    return page


def test_formulas_are_copied_as_tex_and_the_text_as_usual(passage):
    found = passage.evaluate(COPIED, ["#one", "#four"])
    assert found["text"] == "Let $\\hat{y} < 1$ be small.\n\n$$\\sum_i x_i\n= 0$$\nNothing to set.\n\nThe end."
    assert "<b>small</b>" in found["html"] and "<math" in found["html"]
    assert found["kept"] and found["boxes"] != "DIV" and passage.errors == []


def test_a_part_of_a_formula_is_copied_as_the_whole(passage):
    assert passage.evaluate(COPIED, ["#one mo", "#one mn"])["text"] == "$\\hat{y} < 1$"


def test_what_has_no_formula_is_left_to_the_browser(passage):
    found = passage.evaluate(COPIED, ["#three", "#four"])
    assert not found["taken"] and found["usual"] == "Nothing to set.\n\nThe end."


def test_a_real_passage_is_copied_with_its_tex_by_key(passage, browser):
    passage.context.grant_permissions(["clipboard-read", "clipboard-write"])
    passage.evaluate("""() => {
        const place = document.querySelector("#eq-linear-model"), range = document.createRange();
        range.selectNode(place);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
    }""")
    passage.keyboard.press("Control+c")
    text = passage.evaluate("navigator.clipboard.readText()")
    tex = passage.locator("#eq-linear-model annotation").text_content()
    assert text.startswith(f"$${tex}$$") and "(1." in text


@pytest.mark.parametrize("name", PAGES[1:])
def test_formulas_reach_screen_readers_as_what_they_are(open_page, name):
    page = open_page(name)
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    role = lambda node: node.get("role", {}).get("value")

    def below(node):
        for child in node.get("childIds", []):
            if child in by_id:
                yield by_id[child]
                yield from below(by_id[child])

    formulas = [list(below(node)) for node in nodes if role(node) == "MathMLMath" and not node["ignored"]]
    assert len(formulas) > 5 and all(map(len, formulas))
    said = [node["name"]["value"] for formula in formulas for node in formula if role(node) == "StaticText"]
    assert not [text for text in said if "\\" in text]  # TeX goes along, but is not read out
    kinds = {role(node) for formula in formulas for node in formula}
    assert {"MathMLIdentifier", "MathMLOperator"} <= kinds and kinds & {"MathMLSup", "MathMLSub"}
