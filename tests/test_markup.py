"""What a widget says in HTML: where words alone have changed they are changed in place, and it looks as if all was new."""

import random

import pytest

from tests.javascript import WIDGETS, fresh_seed

SEED = fresh_seed()
MARKUP = (WIDGETS / "shared/markup.js").read_text(encoding="utf-8")
# Each text is shown in one place, after the one before; in another place it is read anew.
SHOW = """texts => {
    const [place, fresh] = [document.createElement("div"), document.createElement("div")], found = [];
    let shown;
    for (const html of texts) {
        const first = place.firstElementChild;
        shown = showMarkup(place, html, shown);
        fresh.innerHTML = html;
        found.push({ now: place.innerHTML, anew: fresh.innerHTML, isKept: first !== null && first === place.firstElementChild });
    }
    return found;
}"""


@pytest.fixture
def show(browser):
    """A function that shows texts one after another, and returns of each what then stands there."""
    page = browser.new_page()
    page.evaluate(f"() => {{ {MARKUP}; window.showMarkup = showMarkup; }}")
    yield lambda *texts: page.evaluate(SHOW, texts)
    page.close()


def written(draw, depth=3):
    """Return a random piece of HTML; many are alike but for their words."""
    words = draw.choice(["", "loss", "0.25", "−3 · x", "a &lt; b", "R&amp;D", " ", "학습률"])
    if not depth or draw.random() < 0.3:
        return words
    tag = draw.choice(["b", "i", 'span class="bw-sum"', 'span title="a &gt; b"'])
    return f"{words}<{tag}>{written(draw, depth - 1)}</{tag.split()[0]}>{draw.choice(['', '.', written(draw, depth - 1)])}"


@pytest.mark.parametrize("seed", [SEED], ids="seed={}".format)
def test_what_stands_there_is_what_was_to_be_shown(show, seed):
    draw = random.Random(seed)
    found = show(*(written(draw) for _ in range(1000)))
    assert [step["now"] for step in found] == [step["anew"] for step in found]


def test_a_number_changes_in_its_place(show):
    [_, number, same, words] = show("<p>loss <b>0.5</b></p>", "<p>loss <b>0.25</b></p>", "<p>loss <b>0.25</b></p>", "<p>L: <b>0</b></p>")
    assert number["isKept"] and same["isKept"] and words["isKept"]


@pytest.mark.parametrize("html", ["<p>loss <i>0.5</i></p>", "<p>loss <b></b></p>", "<p>a &lt; <b>0.5</b></p>", "<p>loss</p>"])
def test_what_has_other_tags_is_written_anew(show, html):
    [_, step] = show("<p>loss <b>0.5</b></p>", html)
    assert step["now"] == step["anew"] and not step["isKept"]
