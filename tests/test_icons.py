"""The theme's icons: drawn in the page, by no script and no font."""

import re

import pytest

from helpers.site.icons import icon, with_icons
from tests.test_browser import PAGES, open_page  # noqa: F401 (a fixture)


def test_an_icon_is_taken_from_its_pack():
    assert icon("fas", "file") != icon("far", "file")  # filled, and outlined
    width, height, path = icon("fab", "github")
    assert int(width) > 100 and int(height) > 100 and path.startswith("M")


@pytest.mark.parametrize("pack, name", [("fas", "github"), ("fas", "no-such"), ("xyz", "file"), ("fas", "fil.")])
def test_an_unknown_icon_is_refused(pack, name):
    with pytest.raises(LookupError, match="pack must be .* got 'xyz'" if pack == "xyz" else f"name must be .* {pack}, got '{name}'"):
        icon(pack, name)


def test_words_with_fa_in_them_stay():
    text = '<i class="fable">x</i><span class="fa-solid fa-list">3</span><i class="sofa bed"></i>'
    assert with_icons(text, {}) == text


def test_the_script_and_the_fonts_are_gone(site):
    assert not list(site.rglob("*fontawesome*"))
    for page in site.rglob("*.html"):
        assert not re.search(r'<(?:i|span) class="(?:[^"]* )?fa[srb]? |fontawesome', page.read_text(encoding="utf-8")), page


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("name", PAGES)
def test_the_icons_are_seen(open_page, name, scripts):  # noqa: F811
    page = open_page(name, scripts=scripts)
    seen = [icon.bounding_box() for icon in page.locator("svg.book-icon").all() if icon.is_visible()]
    assert len(seen) >= 3 and all(8 <= box["height"] <= 32 and box["width"] >= 8 for box in seen)
    if scripts:  # of the three signs for light and dark, the one that holds
        assert page.locator("svg.theme-switch:visible").count() == 1
