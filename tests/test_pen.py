"""Paths of drawings, written byte by byte (helpers/widgets/shared/pen.js)."""

import json
import random

import pytest

from tests.javascript import WIDGETS, Script, fresh_seed

FILES = ("shared/numbers.js", "shared/pen.js")
SEED = fresh_seed()
EDGES = [0, -0.0, 0.04, 0.05, -0.04, -0.05, 0.95, 9.95, -9.95, 10, 99.99, 100, 1e5, -1e5, 1e9, -1e300]
# The same path twice: by a pen, and joined from texts.
BOTH = """places => {
  const pen = new Pen(), text = places.map(([x, y]) => `M${pixels(x)} ${pixels(y)}L${pixels(y)} ${pixels(x)}H${pixels(x)}V${pixels(y)}h0`);
  pen.start();
  for (const [x, y] of places) pen.move(x, y).line(y, x).across(x).upright(y).write("h0");
  return [pen.text(), text.join("")];
}"""


@pytest.fixture(scope="module")
def script():
    return Script(*FILES)


def places(count):
    draw = random.Random(SEED)
    return [[draw.choice(EDGES) if draw.random() < 0.2 else draw.uniform(-1, 1) * 10 ** draw.uniform(-3, 6) for _ in range(2)]
            for _ in range(count)]


@pytest.mark.parametrize("count", [0, 1, 3, 1000], ids="{}-places".format)
def test_a_pen_writes_what_pixels_returns(script, count):
    written, joined = script(BOTH, places(count))
    assert written == joined and bool(written) == bool(count)


def test_a_browser_reads_the_bytes_alike(browser):
    page, source = browser.new_page(), "\n".join((WIDGETS / file).read_text(encoding="utf-8") for file in FILES)
    written, joined = page.evaluate(f"() => {{ {source}\nreturn ({BOTH})({json.dumps(places(1000))}); }}")
    page.close()
    assert written == joined and len(written) > 2**14  # more than a pen has room for at first


def test_a_path_that_breaks_off_leaves_nothing_to_the_next(script):
    text = script("""() => {
      const pen = new Pen().start();
      try { pen.move(1, 2).line(3, NaN); } catch (error) { return [error.message, pen.start().move(4, 5).text()]; }
    }""")
    assert text == ["a place in a picture must be a number, got NaN", "M4 5"]
