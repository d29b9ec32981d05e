"""Drawings that become part of a page (helpers/site/figures.py)."""

import pytest

from helpers.site.figures import inline

SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}>{}</svg>'
SIZE = 'width="72pt" height="36.5"'


def drawn(inside="", attributes=SIZE, alt=""):
    return inline(SVG.format(attributes, inside), "drawing-1", alt)


def test_places_are_rounded_and_what_is_read_is_not():
    svg = drawn('<path d="M 1.23456 -0.98765 1.23456e-05"/><text transform="scale(0.0015)">0.005</text>', alt="π is 3.14159")
    assert 'd="M 1.23 -0.99 1.23456e-05"' in svg
    assert ">0.005</text>" in svg and "scale(0.0015)" in svg and "3.14159" in svg


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
