"""Drawings in fewer letters: what Matplotlib writes for every tick and point, a page carries to every reader.

Nothing that is seen changes by more than a twentieth of a pixel.
"""

import base64
import io
import re

from PIL import Image

PNG = "data:image/png;base64,"
PLACES = {"points", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "width", "height"}
PART = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
NUMBERS = {"M": 2, "L": 2, "C": 6, "Q": 4, "Z": 0}  # of each step of a path, as Matplotlib writes them
LONG = re.compile(r"-?\d*\.\d{2,}(?!\d*e)")
UNTURNED = re.compile(r"rotate\(-?0(?: [^)]*)?\)")
FONT = re.compile(r"font-family: ([^;]+)(?:; )?")


def compact(root):
    """Rewrite a drawing, an element without namespaces, in place."""
    _share_the_font(root)
    _without_empty_groups(root)
    in_definitions = {inner for definitions in root.iter("defs") for inner in definitions.iter()}
    for element in root.iter():
        # (A marker is drawn once and shown many times, so its shape may be finer.)
        digits = 2 if element in in_definitions else 1
        # Only places are rounded: a tick label of 0.005 is text, and a scale of 0.005 is no length.
        for key in PLACES & element.attrib.keys():
            element.set(key, LONG.sub(lambda number: short(float(number[0]), digits), element.get(key)))
        if "d" in element.attrib:
            element.set("d", short_path(element.get("d"), digits))
        if element.get("href", "").startswith(PNG):
            element.set("href", PNG + smaller(element.get("href").removeprefix(PNG)))
        if UNTURNED.fullmatch(element.get("transform", "")):
            del element.attrib["transform"]


def smaller(png):
    """Return a PNG in base64 with the fewest colours and bytes that show the same."""
    given = base64.b64decode(png)
    image = Image.open(io.BytesIO(given)).convert("RGBA")
    red, green, blue, alpha = image.split()
    gray = red if alpha.getextrema() == (255, 255) and red.tobytes() == green.tobytes() == blue.tobytes() else image
    written = io.BytesIO()
    gray.save(written, "PNG", optimize=True)
    return base64.b64encode(min(written.getvalue(), given, key=len)).decode("ascii")


def short(number, digits):
    """Return a number rounded, and without zeros that say nothing."""
    text = f"{number:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return re.sub(r"^(-?)0(?=\.)", r"\1", text) if text not in ("-0", "") else "0"


def short_path(path, digits):
    """Return a path whose steps are told from where the last one ended.

    Each place is rounded, and not each step: so the errors do not add up.  A path with other steps than those of
    :data:`NUMBERS` stays as it is.
    """
    parts = PART.findall(path)
    if set(filter(str.isalpha, parts)) - NUMBERS.keys() - {"z"}:
        return path
    written, at, start, scale, last = [], (0, 0), (0, 0), 10 ** digits, ""
    while parts:
        step = parts.pop(0).upper() if parts[0].isalpha() else last
        numbers, parts = parts[:NUMBERS[step]], parts[NUMBERS[step]:]
        ends = [round(float(number) * scale) for number in numbers]
        moves = [place - at[i % 2] for i, place in enumerate(ends)]
        at = tuple(ends[-2:]) if ends else start
        start = at if step == "M" else start
        # (A letter holds for what follows, but what follows a move would be a line.)
        written.append(_joined("" if step == last and step in "LCQ" else step.lower(), [short(move / scale, digits) for move in moves]))
        last = step
    return "".join(written)


def _joined(letter, numbers):
    """Return a step, with a space only where two numbers would run into each other."""
    return letter + "".join(text if i == 0 and letter or text[0] == "-" else f" {text}" for i, text in enumerate(numbers))


def _share_the_font(root):
    """Name the font once, if all texts have the same."""
    texts = list(root.iter("text"))
    fonts = {match and match[1] for match in (FONT.search(text.get("style", "")) for text in texts)}
    if len(fonts) == 1 and None not in fonts:
        for text in texts:
            text.set("style", FONT.sub("", text.get("style")).removesuffix("; "))
        root.set("style", f"{root.get('style', '').rstrip('; ')}; font-family: {fonts.pop()}".removeprefix("; "))


def _without_empty_groups(element):
    """Take out groups that say nothing, outlines that are not drawn, and the line ends between elements."""
    if element.tag == "text":
        return
    children = []
    for child in element:
        _without_empty_groups(child)
        if child.tag == "path" and child.attrib.keys() <= {"d", "style"} and child.get("style") == "fill: none":
            continue
        if child.tag == "defs" and not len(child):
            continue
        children.extend(child if child.tag == "g" and not child.attrib else [child])
    element[:] = children
    if element.text and not element.text.strip():
        element.text = None
    for child in children:
        if child.tail and not child.tail.strip():
            child.tail = None
