"""The questions of the self-checks, one file for each chapter, both languages side by side.

A file has two parts.  ``setup`` is Python that the test runs before the expressions of the file (it may import
``torch`` and ``helpers``; ``torch`` runs in float64).  ``checks`` lists, for each check, its questions in order.  A check
is named like the section at whose end it stands (``sec-loss``), or ``predict-…`` if it stands before a figure or a
widget and asks for a guess.

A question has a ``name`` (unique in its check; answers are remembered under it), a ``kind`` and a text ``ask``.  A text
has two languages, ``{en: …, ko: …}``, and inline Markdown: ``*w*₁``, ``**X**``, and ``code``.  The kinds:

``one``, ``many``
    ``choices``: texts with ``says`` (why it is right, or which mistake one makes who takes it), ``right: true`` if it is,
    and ``holds``, a Python expression by which the test finds that out.  ``one`` has exactly one right choice; ``many``
    at least one of each sort.
``number``
    ``answer``, the expression ``computed`` that gives it, and a ``tolerance`` (absolute).  ``right`` tells why.
    ``wrong`` lists numbers that a known mistake leads to: ``value``, ``computed`` (the mistake made on purpose), ``says``.
    ``otherwise`` is said of any other number.
``output``
    ``code``, and the ``answer`` that running it prints, compared without spaces.  ``right``, ``wrong`` (``value``,
    ``says``) and ``otherwise`` as above; a ``wrong`` of this kind has no ``computed``.

In a check ``predict-…`` each question has also ``then``: what to run or move now, and what to look at.
``states`` lists the numbers that the explanations of a question state and that are given nowhere else in it:
``{"502.6": "f'{loss:.1f}'"}``, an expression that gives the text.  The test recomputes them all.
"""

from functools import cache
from pathlib import Path

import yaml
from markdown_it import MarkdownIt

from helpers import LANGUAGES

FILES = sorted(Path(__file__).parent.glob("*.yml"))
# Only Markdown's own signs make markup here, not tags.
_markdown = MarkdownIt("commonmark", {"html": False})


@cache
def checks():
    """Return all checks as they are written: ``{name: [question, …]}``.

    Raises
    ------
    ValueError
        If two chapters have a check of the same name.
    """
    found = {}
    for path in FILES:
        for name, questions in yaml.safe_load(path.read_text(encoding="utf-8"))["checks"].items():
            if name in found:
                raise ValueError(f"name of a check must be unique, got {name!r} a second time in {path.name}")
            found[name] = questions
    return found


def questions(name, language):
    """Return the questions of a check for a widget: in one language, as HTML, and without what only the test needs.

    Parameters
    ----------
    name : str
        The name of the check, such as ``"sec-loss"``.
    language : str
        ``"en"`` or ``"ko"``.

    Raises
    ------
    ValueError
        If there is no such check.
    """
    if not isinstance(name, str) or name not in checks():
        raise ValueError(f"name must be one of {', '.join(sorted(checks()))}, got {name!r}")
    return [_spoken(question, language) for question in checks()[name]]


def _spoken(question, language):
    def say(text):
        return _markdown.renderInline(text[language])

    found = {key: question[key] for key in ("name", "kind", "code", "answer", "tolerance") if key in question}
    found |= {key: say(question[key]) for key in ("ask", "right", "otherwise", "then") if key in question}
    for key, own in ("choices", lambda choice: {"text": say(choice), "right": choice.get("right", False)}), \
                    ("wrong", lambda mistake: {"value": mistake["value"]}):
        if key in question:
            found[key] = [own(part) | {"says": say(part["says"])} for part in question[key]]
    return found
