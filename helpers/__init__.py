"""The code that the chapters of *From Lines to Layers* share.

Each module is one idea, and a page imports from the module by name, for instance
``from helpers.timer import Timer``.  This file imports nothing heavy, so that the part that
makes the website (``helpers.site``) starts without loading PyTorch.
"""

__version__ = "0.1.0"

LANGUAGES = ("en", "ko")
_language = "en"


def use_language(code):
    """Choose the language in which the helpers speak to the reader.

    Every page calls it once, in its first cell.  It is the only cell that differs between a page
    and its twin in the other language.

    Parameters
    ----------
    code : str
        ``"en"`` (English) or ``"ko"`` (Korean).

    Raises
    ------
    ValueError
        If ``code`` is none of these.
    """
    global _language
    if not isinstance(code, str) or code not in LANGUAGES:
        raise ValueError(f"code must be one of {', '.join(map(repr, LANGUAGES))}, got {code!r}")
    _language = code


def language():
    """Return the code of the language chosen with :func:`use_language` (``"en"`` at first)."""
    return _language
