"""What all widgets have in common: their source, their words, and the checks of what they are given."""

import json
import math
from numbers import Real
from pathlib import Path

import anywidget
import torch
import traitlets

from helpers import LANGUAGES, checks, language

FOLDER = Path(__file__).parent
SHARED = ("numbers", "markup", "random", "activations", "network", "svg", "pen", "picture", "points", "share", "kit")
FEWER = {"self_check": ("numbers", "markup")}  # of those, what a widget without pictures needs
NARROWEST = 1e-80  # (the same number stands in shared/picture.js)
# helpers.site carries what stands above this line once a page, not once a widget.
END_OF_SHARED = "// ---- end of the shared part ----"


# What came with a bad value is taken back by traitlets only after an error of its own kind.

class BadType(traitlets.TraitError, TypeError):
    """Something is not of the kind that a trait holds."""


class BadValue(traitlets.TraitError, ValueError):
    """Something is of the right kind, and cannot be."""


def _read(path):
    return path.read_text(encoding="utf-8")


def words(section):
    """Return the strings of a widget, and those that all share: ``{key: {language: text}}``."""
    table = json.loads(_read(FOLDER / "words.json"))
    return table["common"] | table[section]


def source(name):
    """Return the JavaScript of the widget ``name`` as one module: what all share, its words, its own file.

    They are joined as text, so that the book needs no build step for JavaScript.
    """
    shared = "\n".join(_read(FOLDER / f"shared/{part}.js") for part in FEWER.get(name, SHARED))
    strings = json.dumps(words(name), ensure_ascii=False)
    return f"{shared}\n{END_OF_SHARED}\nconst WORDS = {strings};\n{_read(FOLDER / f'{name}.js')}"


class Widget(anywidget.AnyWidget):
    """A widget of the book: ``helpers/widgets/<name>.py`` with ``<name>.js`` beside it.

    Attributes
    ----------
    language : str
        The language of its words, ``"en"`` or ``"ko"``; at first that of
        :func:`helpers.use_language`.
    """

    language = traitlets.Enum(LANGUAGES).tag(sync=True)

    def __init_subclass__(cls, **kwargs):
        if not hasattr(cls, "_esm"):  # classes derived from one of ours (anywidget itself derives some) have it
            cls._esm = source(cls.__module__.rpartition(".")[2])
            cls._css = _read(FOLDER / "widget.css")
        super().__init_subclass__(**kwargs)

    def __init__(self, **traits):
        self._from_reader = frozenset()
        super().__init__(language=language(), **traits)

    def __repr__(self):
        """Say what it is and how it is set: without its data, and without an address that is new in each run."""
        values = {name: getattr(self, name) for name in sorted(self.keys) if name[0] != "_" and name != "language"}
        settings = [f"{name}={value:g}" if isinstance(value, float) else f"{name}={value!r}"
                    for name, value in values.items() if isinstance(value, (int, float, str))]
        return f"{type(self).__name__}({', '.join(settings)})"

    def set_state(self, sync_data):
        """Take over what the reader has changed (called by ipywidgets).

        Raises
        ------
        traitlets.TraitError
            If a value is refused (:class:`BadValue` if it is another one for a trait that only Python
            sets).  Nothing is taken over then.
        """
        for name, value in sync_data.items():
            trait = self.traits().get(name)
            if trait is not None and trait.read_only and not trait.metadata.get("by_reader") and value != getattr(self, name):
                raise BadValue(f"{name} must stay what it is on the page, got {value!r:.80}")
        self._from_reader = frozenset(sync_data)
        try:
            super().set_state(sync_data)
        finally:
            self._from_reader = frozenset()

    def _is_by_reader(self, change):
        """Tell whether a change came from the page, which has then answered it already."""
        return change["name"] in self._from_reader


def number(lowest=-math.inf, highest=math.inf):
    """Return a trait that holds a finite number from ``lowest`` to ``highest``."""
    return _Number(0.0, lowest, highest).tag(sync=True)


def whole(lowest, highest=math.inf):
    """Return a trait that holds a whole number from ``lowest`` to ``highest``."""
    return _Whole(lowest, lowest, highest).tag(sync=True)


def choice(*values):
    """Return a trait that holds one of some strings, at first the first."""
    return _Choice(values, values[0]).tag(sync=True)


def flag():
    """Return a trait that is on or off, at first off."""
    return traitlets.Bool(False).tag(sync=True)


def numbers(ndim=1):
    """Return a trait that holds a list of finite numbers, or a list of such lists of equal length."""
    return _Numbers(ndim=ndim).tag(sync=True)


class _Number(traitlets.TraitType):
    expected = "a finite number"

    def __init__(self, default_value, lowest, highest):
        self.lowest, self.highest = lowest, highest
        super().__init__(default_value)

    def validate(self, obj, value):
        found = self.taken(value)
        if found is None or not self.lowest <= found <= self.highest:
            raise traitlets.TraitError(f"{self.name} must be {self.expected}{self._range()}, got {value!r}")
        return found

    def taken(self, value):
        value = value.item() if isinstance(value, torch.Tensor) and value.numel() == 1 else value
        if not isinstance(value, Real) or isinstance(value, bool):
            return None
        try:
            found = float(value)
        except OverflowError:  # a whole number beyond all floats
            return None
        return found if math.isfinite(found) else None

    def _range(self):
        if math.isinf(self.highest):
            return "" if math.isinf(self.lowest) else f" of at least {self.lowest:g}"
        return f" from {self.lowest:g} to {self.highest:g}"


class _Whole(_Number):
    expected = "a whole number"

    def taken(self, value):
        found = super().taken(value)
        return int(found) if found is not None and found == int(found) else None


class _Choice(traitlets.TraitType):
    def __init__(self, values, default_value):
        self.values = values
        super().__init__(default_value)

    def validate(self, obj, value):
        if not isinstance(value, str) or value not in self.values:
            raise traitlets.TraitError(f"{self.name} must be one of {', '.join(map(repr, self.values))}, got {value!r}")
        return value


class _Numbers(traitlets.TraitType):
    def __init__(self, ndim):
        self.ndim = ndim
        super().__init__()

    def default(self, obj=None):
        return []

    def validate(self, obj, value):
        return listed(self.name, value, self.ndim)


def listed(name, value, ndim):
    """Return ``value`` as a list of floats, or a list of lists of them.

    Parameters
    ----------
    name : str
        What the reader calls the argument.
    value : torch.Tensor, or what ``torch.as_tensor`` takes
        An empty list is allowed.
    ndim : int
        1 or 2.

    Raises
    ------
    BadType, a TypeError
        If it is not made of numbers.
    BadValue, a ValueError
        If it has another number of axes, rows of unequal length, or a number that is not finite.
    """
    if isinstance(value, (list, tuple)) and not value:
        return []
    kind = "a list of numbers" if ndim == 1 else "a list of rows of numbers, all of the same length"
    try:
        found = checks.real_numbers(name, value, kind)
    except TypeError as error:
        raise BadType(str(error)) from error
    try:
        return checks.tensor(name, found, ndim).tolist()
    except ValueError as error:
        raise BadValue(str(error)) from error


def spread_out(name, value):
    """Return ``value`` after checking that its numbers differ by enough to be reckoned with.

    Raises
    ------
    BadValue
        If they differ, but by less than 1e-80: squares of such differences are zero.
    """
    spread = max(value) - min(value)
    if 0 < spread < NARROWEST:
        raise BadValue(f"{name} must hold numbers that differ by at least {NARROWEST:g}, or not at all, got {spread:g}")
    return value


def at_most(name, value, limit):
    """Return ``value`` after checking that it holds no more than ``limit`` items.

    Raises
    ------
    BadValue
        If it holds more: a picture of them would be no picture.
    """
    if len(value) > limit:
        raise BadValue(f"{name} must hold at most {limit} examples, got {len(value)}")
    return value
