"""Run the JavaScript of the widgets in Python, to compare it with PyTorch."""

import json
import os
import re

import torch
from py_mini_racer import MiniRacer

from helpers.widgets import base
from tests.notebooks import ROOT

WIDGETS = ROOT / "helpers" / "widgets"

# JSON has no word for NaN, infinity and undefined and would leave them out or write null;
# and it forgets the sign of -0.
VALUE = """
globalThis.jsonOf = (result, args) => {
  if (typeof result === "function") result = result(...args);
  return JSON.stringify(result, (key, value) => {
    const lost = ["undefined", "function", "symbol"].includes(typeof value);
    if (lost || (typeof value === "number" && !Number.isFinite(value))) {
      throw new RangeError(`${key || "the result"} is ${String(value)}`);
    }
    if (Object.is(value, -0)) return JSON.rawJSON("-0.0");
    return ArrayBuffer.isView(value) ? Array.from(value) : value;
  });
};
"""


class Script:
    """Files of ``helpers/widgets``, joined as the book joins them, and what they define.

    Parameters
    ----------
    *files : str
        Paths below ``helpers/widgets``, in the order in which they are joined.  A widget's
        ``export default`` is then to be had as ``widget``.

    Examples
    --------
    >>> script = Script("shared/random.js")
    >>> script("(seed, n) => new Generator(seed).randperm(n)", 0, 4)
    [2, 0, 1, 3]
    """

    def __init__(self, *files):
        self._load("\n".join((WIDGETS / file).read_text(encoding="utf-8") for file in files), files)

    @classmethod
    def of(cls, name):
        """Load the whole widget ``name`` as a page gets it, its words included."""
        script = cls.__new__(cls)
        script._load(base.source(name), [name])
        return script

    def _load(self, source, files):
        source, exports = re.subn(r"^export default\b", "const widget =", source, flags=re.MULTILINE)
        assert exports <= 1, f"{exports} of `export default` in {', '.join(files)}"
        self._engine = MiniRacer()
        self._engine.eval(VALUE)
        # Modules, which the joined files become, are strict without saying so.
        self._engine.eval('"use strict";\n' + source)

    def __call__(self, code, *args):
        """Return the value of ``code``, or what it returns for ``args`` if it is a function.

        Numbers come back as they are, to the last bit.

        Raises
        ------
        ValueError
            If an argument is NaN or infinite.
        py_mini_racer.JSEvalException
            If the code throws, or if any part of the result is NaN, infinite, undefined or
            a function.
        """
        args = json.dumps(args, allow_nan=False)
        result = self._engine.eval(f"jsonOf(({code}), {args})")
        # JavaScript writes large whole numbers with as many digits as tell them apart, then zeros.
        return json.loads(result, parse_int=lambda digits: int(float(digits)))


def fresh_seed():
    """A new seed in every run; a test shows it in its name, and ``SEED=… pytest`` repeats the run.

    The processes that share the tests of a run share its seed (conftest.py sets it before they start).
    """
    return int(os.environ.get("SEED") or os.environ["SEED_OF_THIS_RUN"])


def check_close(found, expected, tolerance=1e-9, about=""):
    """Fail unless ``found`` is ``expected`` but for ``tolerance`` · max(1, |expected|).

    Parameters
    ----------
    found : number or nested list, from JavaScript
    expected : torch.Tensor, of the same shape
    tolerance : float
        0 for equality.
    about : object
        What the message says besides the numbers.
    """
    expected = expected.detach()
    found = torch.tensor(found, dtype=expected.dtype)
    assert found.shape == expected.shape, f"{about}: {tuple(found.shape)} instead of {tuple(expected.shape)}"
    wrong = ~((found - expected).abs() <= tolerance * expected.abs().clamp(min=1))
    assert not wrong.any(), f"{about}: {found[wrong][:5].tolist()} instead of {expected[wrong][:5].tolist()}"
