"""Pages that are magnified, and letters with more room (WCAG 1.4.10 and 1.4.12): nothing is lost.

A window of 1280 × 1024 pixels at 400 % is one of 320 × 256.  Whoever needs more room between letters, words and lines
sets it for all pages, by a style sheet of their own.
"""

import pytest

from tests.test_accessible import NAMES, open_ready
from tests.test_browser import open_page  # noqa: F401 (a fixture)

ZOOMED = (320, 256)
SPACED = """() => {
    const sheet = new CSSStyleSheet(); // (a <style> would be against the page's policy)
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
        p { margin-block-end: 2em !important }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
# What is cut off: text that sticks out of the window, or out of a part of the page that neither shows it nor scrolls.
# And what lies over each other: lines of text in the same place.
LOST = """() => {
    const lost = [], said = element => element.outerHTML.replace(/\\s+/g, " ").slice(0, 100);
    const [width, style] = [document.documentElement.clientWidth, element => getComputedStyle(element)];
    if (document.documentElement.scrollWidth > width) lost.push(`the page is ${document.documentElement.scrollWidth} wide`);
    const spoken = element => element.closest(".visually-hidden, .sr-only, .bw-said, .skip-link, math annotation");
    // How far to the left, up, to the right and down an element may reach and be seen: as far as what is around it does
    // not cut it off.  To scroll is to cut off what is seen now, but not to lose it.
    const memory = { lost: new Map(), now: new Map() };
    const bounds = (element, kind) => {
        if (!element) return kind === "lost" ? [0, -Infinity, width, Infinity] : [-Infinity, -Infinity, Infinity, Infinity];
        if (!memory[kind].has(element)) {
            const box = element.getBoundingClientRect(), { overflowX, overflowY, display } = style(element);
            let [left, top, right, bottom] = bounds(element.parentElement, kind);
            const all = kind === "lost" && /auto|scroll/, cuts = /hidden|clip|auto|scroll/;
            if (all && all.test(overflowX)) [left, right] = [-Infinity, Infinity];
            else if (display !== "inline" && cuts.test(overflowX)) [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
            if (all && all.test(overflowY)) [top, bottom] = [-Infinity, Infinity];
            else if (display !== "inline" && cuts.test(overflowY)) [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
            memory[kind].set(element, [left, top, right, bottom]);
        }
        return memory[kind].get(element);
    };
    const lines = [], range = document.createRange(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text; (text = texts.nextNode());) {
        const element = text.parentElement;
        if (!text.data.trim() || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || spoken(element)) continue;
        range.selectNodeContents(text);
        const [left, top, right, bottom] = bounds(element, "lost"), now = bounds(element, "now");
        for (const box of range.getClientRects()) {
            if (!box.width) continue;
            // (A line is higher than its letters: half of the letters' size may lie beyond an edge.  The box of an
            // arrow in a formula is not where the arrow is drawn.)
            const slack = element.closest("math") ? Infinity : parseFloat(style(element).fontSize) / 2;
            if (box.left < left - 2 || box.right > right + 2 || box.top < top - slack || box.bottom > bottom + slack) {
                lost.push(`cut off ${[box.left, box.top, box.right, box.bottom].map(Math.round)} of ${[left, top, right, bottom].map(Math.round)}: ${said(element)}`);
            }
            if (element.closest("svg, math")) continue;
            const part = { left: Math.max(box.left, now[0]), top: Math.max(box.top, now[1]), right: Math.min(box.right, now[2]), bottom: Math.min(box.bottom, now[3]), height: box.height };
            if (part.right > part.left && part.bottom > part.top) lines.push([part, element]);
        }
    }
    // Text over text, in what does not stay while the page is scrolled.
    const stays = element => element.closest(".bd-header-article, .bd-sidebar-primary, .bd-sidebar-secondary, #pst-back-to-top");
    const still = lines.filter(([, element]) => !stays(element)).sort(([a], [b]) => a.top - b.top);
    still.forEach(([a, one], i) => {
        for (let j = i + 1; j < still.length && still[j][0].top < a.bottom; j++) {
            const [b, other] = still[j];
            const [across, down] = [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
            if (across > 3 && down > 0.5 * Math.min(a.height, b.height)) lost.push(`lie over each other: ${said(one)} and ${said(other)}`);
        }
    });
    // Fields and buttons hold what they say.
    for (const element of document.querySelectorAll("button, select, summary, input")) {
        if (!element.checkVisibility({ visibilityProperty: true }) || spoken(element)) continue;
        const box = element.getBoundingClientRect(), [left, , right] = bounds(element.parentElement, "lost");
        if (box.left < left - 1 || box.right > right + 1) lost.push(`cut off: ${said(element)}`);
        if (element.tagName === "BUTTON" && style(element).overflow !== "visible" && element.scrollWidth > element.clientWidth + 1) lost.push(`cut off inside: ${said(element)}`);
    }
    return lost;
}"""
# What of the window is left for reading once the page has been scrolled, and controls that nothing lies over.
COVERED = """async () => {
    scrollTo(0, 2000);
    await new Promise(done => setTimeout(done, 300));
    const staying = [...document.querySelectorAll("body *")].filter(element => ["fixed", "sticky"].includes(getComputedStyle(element).position)
        && element.checkVisibility({ visibilityProperty: true }));
    const covered = staying.map(element => element.getBoundingClientRect()).filter(box => box.bottom > 0 && box.top < innerHeight && box.width > innerWidth / 2)
        .reduce((sum, box) => sum + Math.min(box.bottom, innerHeight) - Math.max(box.top, 0), 0);
    const hidden = [];
    for (const element of document.querySelectorAll(".book-widget :is(input, select, button, summary)")) {
        if (!element.checkVisibility({ visibilityProperty: true })) continue;
        element.scrollIntoView({ block: "center", behavior: "instant" });
        const box = element.getBoundingClientRect(), hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        if (!element.contains(hit) && !hit?.contains(element)) hidden.push(element.outerHTML.slice(0, 100));
    }
    return { covered: covered / innerHeight, hidden };
}"""


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost(open_page, name):  # noqa: F811
    page = open_ready(open_page, name)
    lost = {}
    for how, (width, height) in [("zoomed", ZOOMED), ("spaced, zoomed", ZOOMED), ("spaced, desktop", (1280, 900)), ("spaced, phone", (390, 844))]:
        page.set_viewport_size({"width": width, "height": height})
        if how == "spaced, zoomed":
            assert page.evaluate(COVERED) == {"covered": 0, "hidden": []}
            page.evaluate(SPACED)
        page.wait_for_timeout(500)
        page.evaluate("() => scrollTo(0, 0)")
        lost[how] = page.evaluate(LOST)
    assert {how: them for how, them in lost.items() if them} == {}
