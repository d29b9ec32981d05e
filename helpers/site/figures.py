"""Figures: a caption for what a cell draws, and drawings that follow the page's light or dark.

A ``{figure}`` directive without a file captions the picture of the code cell above it.  So caption
and text alternative stand in the page's own Markdown, where JupyterLab shows them too.

Every SVG in a figure becomes part of the page, with the few colours of the book replaced by
variables of the style sheet (``static/book.css``), and is read out as its text alternative.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from sphinx.directives.patches import Figure as SphinxFigure
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from helpers.site.compact import compact

logger = logging.getLogger(__name__)

# The colours of helpers/plotting.py and of chapters/figures, by the names book.css gives them.
SHADES = {
    "#767676": "currentColor",
    "#1c7ed6": "var(--book-blue)",
    "#e8590c": "var(--book-orange)",
    "#2b8a3e": "var(--book-green)",
    "#ae3ec9": "var(--book-purple)",
    "#c92a2a": "var(--book-red)",
}
PIXELS_PER_POINT = 96 / 72
FITS_A_PHONE = 480  # pixels; a wider drawing is moved sideways there (book.css)


class Figure(SphinxFigure):
    """The ``figure`` directive, whose file may be left out."""

    required_arguments = 0
    optional_arguments = 1

    def run(self):
        if self.arguments:
            return super().run()
        figure = nodes.figure("", classes=list(self.options.get("figclass", [])))
        figure.source, figure.line = self.state_machine.get_source_and_line(self.lineno)
        self.state.nested_parse(self.content, self.content_offset, figure)
        if not figure.children or not isinstance(figure[0], nodes.paragraph):
            raise self.error("a figure without a file needs a caption")
        paragraph, *legend = figure.children
        caption = nodes.caption("", "", *paragraph.children)
        caption.source, caption.line = paragraph.source, paragraph.line
        figure.children = []
        figure += caption
        if legend:
            figure += nodes.legend("", *legend)
        figure["of_cell_above"] = self.options.get("alt", "")
        self.add_name(figure)
        return [figure]


class PicturesOfCells(SphinxTransform):
    """Move the picture that a cell drew into the figure below the cell."""

    default_priority = 200

    def apply(self, **kwargs):
        for figure in list(self.document.findall(nodes.figure)):
            if "of_cell_above" in figure:
                alt = figure.attributes.pop("of_cell_above")
                pictures = list(self.pictures_above(figure))
                if not pictures:
                    logger.warning("a figure without a file stands below no cell that drew a picture",
                                   location=figure)
                for picture in reversed(pictures):
                    output = picture.parent
                    output.remove(picture)
                    if not output.children:
                        output.parent.remove(output)
                    for image in picture.findall(nodes.image):
                        image["alt"] = alt
                    figure.insert(0, picture)
            if not any(image.get("alt") for image in figure.findall(nodes.image)):
                logger.warning("a figure needs a text alternative (:alt:)", location=figure)

    def pictures_above(self, figure):
        siblings = figure.parent.children
        for sibling in reversed(siblings[: siblings.index(figure)]):
            if isinstance(sibling, (nodes.comment, nodes.target)):
                continue
            if "cell" in sibling.get("classes", ()):
                for output in sibling.findall(lambda n: "cell_output" in getattr(n, "attributes", {}).get("classes", ())):
                    for bundle in list(output.children):
                        if any(True for _ in bundle.findall(nodes.image)):
                            yield bundle
            return


def inline_drawings(app, doctree, docname):
    """Put every SVG of a figure into the page itself."""
    if app.builder.format != "html":
        return
    for i, image in enumerate(list(doctree.findall(nodes.image))):
        path = Path(app.srcdir) / image["uri"]
        if path.suffix == ".svg" and path.exists():  # Sphinx has warned of a file that is not there
            try:
                svg = inline(path.read_text(encoding="utf-8"), f"drawing-{i + 1}", image.get("alt", ""))
            except (ValueError, ElementTree.ParseError) as error:
                logger.warning("%s: %s", image["uri"], error, location=image)
                continue
            image.replace_self(nodes.raw("", svg, format="html"))


def inline(text, name, alt):
    """Return an SVG file as an element of a page.

    Parameters
    ----------
    text : str
        The file.
    name : str
        Unique on the page; the ids in the drawing get it as a prefix, so that two drawings on
        one page do not take each other's parts.
    alt : str
        The text alternative.
    """
    root = ElementTree.fromstring(text)
    _forget_namespaces(root)
    _remove_styles(root)
    for side, pixels in zip(("width", "height"), _size(root)):
        root.set(side, f"{pixels:.0f}")
    root.set("role", "img")
    root.set("aria-label", alt)
    root.set("style", f"--natural-width: {root.get('width')}px; {root.get('style', '')}".strip())
    referred = _prefix_ids(root, name)
    for element in root.iter():
        if element.get("id") and element.get("id") not in referred:
            del element.attrib["id"]
    compact(root)
    svg = ElementTree.tostring(root, encoding="unicode")
    for color, shade in SHADES.items():
        svg = svg.replace(color, shade)
    by_keyboard = ' tabindex="0"' if float(root.get("width")) > FITS_A_PHONE else ""
    return f'<div class="book-drawing"{by_keyboard}>{svg}</div>'


def _size(root):
    """Return width and height in pixels, so that the browser knows them before it draws.

    Matplotlib measures in points.  A drawing that names no size, or a share of the page, has that
    of its viewBox.
    """
    sizes = [re.fullmatch(r"([\d.]+)(pt|px|)", root.get(side, "")) for side in ("width", "height")]
    if all(sizes):
        return [float(size[1]) * (PIXELS_PER_POINT if size[2] == "pt" else 1) for size in sizes]
    box = root.get("viewBox", "").replace(",", " ").split()
    if len(box) != 4:
        raise ValueError("a drawing needs a width and a height (in pt or px), or a viewBox")
    return float(box[2]), float(box[3])


def _forget_namespaces(root):
    """In HTML, SVG needs none: {http://www.w3.org/1999/xlink}href is href."""
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        element.attrib = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}


def _remove_styles(root):
    """Take out style sheets, which would hold for the whole page, and metadata.

    Matplotlib writes one rule for everything; on the drawing's own element it does the same.
    """
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == "style":
                rule = re.fullmatch(r"\s*\*\s*\{(.*)\}\s*", child.text or "", flags=re.DOTALL)
                if not rule:
                    raise ValueError(f"a drawing may not carry style rules of its own, got {(child.text or '').strip()!r}")
                root.set("style", rule[1].strip())
            if child.tag in ("style", "metadata"):
                parent.remove(child)


def _prefix_ids(root, name):
    """Prefix the ids of a drawing and all that points to them; return those pointed to."""
    referred = set()

    def rename(match):
        referred.add(f"{name}-{match[1]}")
        return f"#{name}-{match[1]}"

    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "id":
                element.set("id", f"{name}-{value}")
            elif key.endswith("href"):
                element.set(key, re.sub(r"^#(.+)$", rename, value))
            elif "url(" in value:
                element.set(key, re.sub(r"(?<=url\()['\"]?#([^)'\"]+)['\"]?(?=\))", rename, value))
    return referred


def setup(app):
    app.add_directive("figure", Figure, override=True)
    app.add_transform(PicturesOfCells)
    app.connect("doctree-resolved", inline_drawings)
