"""Drawings that become part of a page (helpers/site/figures.py)."""

from random import Random

import pytest

from helpers.site.compact import NUMBERS, PART, short_path
from helpers.site.figures import inline

SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}>{}</svg>'
SIZE = 'width="72pt" height="36.5"'


def drawn(inside="", attributes=SIZE, alt=""):
    return inline(SVG.format(attributes, inside), "drawing-1", alt)


def test_places_are_rounded_and_what_is_read_is_not():
    svg = drawn('<path d="M 1.23456 -0.98765 L 1.23456e-05 0"/><rect x="0.06" y="12" width="100"/>'
                '<text x="-0.04" transform="scale(0.0015)">0.005</text>', alt="π is 3.14159")
    assert 'd="m1.2-1l-1.2 1"' in svg and 'x=".1" y="12" width="100"' in svg and '<text x="0"' in svg
    assert ">0.005</text>" in svg and "scale(0.0015)" in svg and "3.14159" in svg


@pytest.mark.parametrize("seed", range(20))
def test_a_shortened_path_goes_where_the_path_went(seed):
    random = Random(seed)
    steps = [(letter, [[random.uniform(-500, 500), random.uniform(-5, 5)] for _ in range(NUMBERS[letter] // 2)])
             for letter in "M" + "".join(random.choices("MLCQZ", k=60))]
    path = " ".join(f"{letter} " + " ".join(f"{x:.6f} {y}" for x, y in places) for letter, places in steps)
    went, at, start, letter = [], (0, 0), (0, 0), ""
    parts = PART.findall(short_path(path, 1))
    while parts:  # as a browser reads it
        letter = parts.pop(0) if parts[0].isalpha() else letter
        ends = [(at[0] + float(parts.pop(0)), at[1] + float(parts.pop(0))) for _ in range(NUMBERS[letter.upper()] // 2)]
        at = ends[-1] if ends else start
        start = at if letter == "m" else start
        went.append((letter.upper(), ends))
    assert [letter for letter, _ in went] == [letter for letter, _ in steps]
    for (_, found), (_, wanted) in zip(went, steps, strict=True):
        assert [x for place in found for x in place] == pytest.approx([x for place in wanted for x in place], abs=0.0501)


def test_a_path_with_other_steps_stays():
    assert short_path("M 0.123 0.456 A 1.234 1 0 0 1 2 2", 1) == "M 0.123 0.456 A 1.234 1 0 0 1 2 2"
    assert short_path("m 0.123 0.456 l 1 1", 1) == "m 0.123 0.456 l 1 1"


def test_what_says_nothing_is_left_out():
    svg = drawn("""
      <defs/><g> <g>
        <path d="M 0 0 L 9 9" style="fill: none"/><path id="seen" d="M 0 0 L 9 9" style="fill: none; stroke: red"/>
        <text style="font-size: 10px; font-family: 'A', serif; fill: red" transform="rotate(-0 1 2)"> 1 <tspan>2</tspan> </text>
      </g> <g style="fill: red"><text style="font-family: 'A', serif">3</text></g> </g>""")
    assert svg.count("<path") == 1 and svg.count("<g") == 1 and "<defs" not in svg and "rotate" not in svg
    assert svg.count("font-family") == 1 and "style=\"--natural-width: 96px; font-family: 'A', serif\"" in svg
    assert "> 1 <tspan>2</tspan> </text><g" in svg  # of a text every space counts


def test_a_font_of_its_own_is_kept():
    svg = drawn("""<text style="font-family: A">1</text><text style="font-family: B">2</text>""")
    assert "font-family: A" in svg and "font-family: B" in svg


@pytest.mark.parametrize("attributes, width, height", [
    (SIZE, 96, 36),
    ('width="200px" height="100px"', 200, 100),
    ('viewBox="0 0 300 120"', 300, 120),
    ('width="100%" viewBox="0,0,300,120"', 300, 120),
])
def test_size_is_in_pixels(attributes, width, height):
    svg = drawn(attributes=attributes)
    assert f'width="{width}"' in svg and f'height="{height}"' in svg and f"--natural-width: {width}px" in svg


def test_a_drawing_without_any_size_is_refused():
    with pytest.raises(ValueError, match="needs a width and a height"):
        drawn(attributes='width="100%"')


@pytest.mark.parametrize("pointing", ['clip-path="url(#a)"', "clip-path=\"url('#a')\"", 'style="fill:#fff;clip-path:url(#a)"'])
def test_ids_are_the_drawings_own(pointing):
    svg = drawn(f'<clipPath id="a"/><g id="b" {pointing}/>')
    assert 'id="drawing-1-a"' in svg and "url(#drawing-1-a)" in svg and ("#fff" in pointing) == ("#fff" in svg)
    assert 'id="drawing-1-b"' not in svg  # nothing points to it
