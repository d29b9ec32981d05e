"""The mathematical font of the site: STIX Two Math, cut down to the characters the pages use.

The whole font comes with the package ``ziamath`` (SIL Open Font License).
"""

import hashlib
import re
from html import unescape
from pathlib import Path

import ziamath
from fontTools import subset

SOURCE = Path(ziamath.__file__).parent / "fonts/STIXTwoMath-Regular.ttf"
TARGET = Path("_static/stix-two-math.woff2")
# What browsers set formulas with: letters without a dot, flat accents, and signs drawn for scripts.  Of these only the
# primes are kept, which are wrong without: the others would double the font, and Firefox alone would show them.
FEATURES = ["ssty", "dtls", "flac"]
PRIMES = {0x2032, 0x2033, 0x2034}
ROOT = 0x221A  # drawn by <msqrt>, in which it does not stand
# A browser shows a one-letter <mi> in italics by taking another character (MathML Core, "math-auto").
ITALIC = {letter: 0x1D434 + i for i, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")}
ITALIC |= {letter: 0x1D6E2 + i for i, letter in enumerate("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡϴΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ")}
ITALIC["h"] = 0x210E  # Planck's constant sits where the italic h would be


def characters(html):
    """Return the code points that the formulas of a page need."""
    needed = set()
    for formula in re.findall(r"<math.*?</math>", html, flags=re.DOTALL):
        shown = re.sub(r"<annotation.*?</annotation>", "", formula, flags=re.DOTALL)
        needed |= set(map(ord, unescape(re.sub(r"<[^>]*>", "", shown))))
        needed |= {ROOT} if "<msqrt" in shown or "<mroot" in shown else set()
        needed |= {ITALIC[letter] for letter in re.findall(r"<mi>(.)</mi>", shown) if letter in ITALIC}
    return needed


def write(app, exception):
    """Write the font for the pages of the site, unless it is there already."""
    if exception or app.builder.format != "html":
        return
    outdir = Path(app.outdir)
    needed = {ord(" ")}
    for page in outdir.rglob("*.html"):
        needed |= characters(page.read_text(encoding="utf-8"))
    mark = hashlib.sha256(f"{sorted(needed)}{FEATURES}{PRIMES}{SOURCE.stat().st_size}".encode()).hexdigest()
    target, stamp = outdir / TARGET, outdir.parent / "font.sha256"
    if target.exists() and stamp.exists() and stamp.read_text() == mark:
        return
    options = subset.Options(flavor="woff2", layout_features=FEATURES, hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 13])
    font = subset.load_font(str(SOURCE), options)
    _without_small_letters(font)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=needed)
    cutter.subset(font)
    target.parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(target), options)
    stamp.write_text(mark)


def _without_small_letters(font):
    """Of the signs drawn for scripts leave the primes."""
    primes = {name for code, name in font.getBestCmap().items() if code in PRIMES}
    rules = font["GSUB"].table
    numbers = {number for record in rules.FeatureList.FeatureRecord if record.FeatureTag == "ssty" for number in record.Feature.LookupListIndex}
    for number in numbers:
        for table in rules.LookupList.Lookup[number].SubTable:
            table.alternates = {name: others for name, others in table.alternates.items() if name in primes}


def setup(app):
    app.connect("build-finished", write)
