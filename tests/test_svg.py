"""Drawings that change in place (helpers/widgets/shared/svg.js)."""

import random

import pytest

from tests.javascript import WIDGETS, fresh_seed

SOURCE = "\n".join((WIDGETS / f"shared/{name}.js").read_text(encoding="utf-8") for name in ("numbers", "svg"))
# Show some drawings one after the other in one place.  Each must look as it does in a place of its own; returned are
# those that do not, and how many elements were made in all.
SHOW = """drawings => {
  const place = document.body.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "svg")), wrong = [];
  const make = document.createElementNS.bind(document);
  let shown = [], made = 0;
  document.createElementNS = (...args) => { made += 1; return make(...args); };
  for (const drawing of drawings) {
    shown = showElements(place, drawing, shown);
    const fresh = make("http://www.w3.org/2000/svg", "svg"), seen = place.cloneNode(true);
    fresh.innerHTML = drawing.map(svgText).join("");
    for (const away of seen.querySelectorAll("[display=none]")) away.remove();
    if (!seen.isEqualNode(fresh)) wrong.push([seen.innerHTML, fresh.innerHTML]);
  }
  document.createElementNS = make;
  place.remove();
  return [wrong, made];
}"""


@pytest.fixture
def show(browser):
    page = browser.new_page()
    yield lambda drawings: page.evaluate(f"drawings => {{ {SOURCE}\nreturn ({SHOW})(drawings); }}", drawings)
    page.close()


def element(tag, content, **attributes):
    return {"tag": tag, "attributes": attributes, "content": content}


def drawing(draw, depth=0):
    """Return some elements at random: groups of others, texts with and without markup, paths."""
    def one():
        attributes = {name: str(draw.randrange(3)) for name in ("class", "d", "x") if draw.random() < 0.7}
        kind = draw.choice(["path", "text", "g"] if depth < 2 else ["path", "text"])
        content = {"path": [], "text": draw.choice(["", "5", "a &lt; b", "<tspan>5</tspan>"]), "g": None}[kind]
        return element(kind, drawing(draw, depth + 1) if kind == "g" else content, **attributes)

    return [one() for _ in range(draw.randrange(5))]


def test_whatever_was_shown_before_a_drawing_is_what_it_is(show):
    draw = random.Random(seed := fresh_seed())
    wrong, _ = show([drawing(draw) for _ in range(500)])
    assert wrong == [], f"seed {seed}"


def test_what_was_there_before_comes_back(show):
    drawings = [[element("path", [], d=f"M{i} {k}") for i in range(count)] for k, count in enumerate([5, 2, 0, 4, 5])]
    assert show(drawings) == [[], 5]
