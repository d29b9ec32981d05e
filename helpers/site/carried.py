"""What a page carries of its widgets: their modules once, their state, and what stands in their place."""

import base64
import hashlib
import json
import math
import re
import struct
from collections import Counter
from pathlib import Path

from sphinx.util import logging

from helpers.site.languages import language_of
from helpers.site.modules import MARK, Broken, Refused, transform
from helpers.site.stills import Engine, StillError
from helpers.site.terse import for_readers

logger = logging.getLogger(__name__)

HOST = Path(__file__).with_name("host.js")
REFERENCE = re.compile(r"IPY_MODEL_(.+)")
ELSEWHERE = re.compile(r"@import|url\(\s*['\"]?\s*(?:https?:)?//|^\s*https?://", re.IGNORECASE)
WORDS = re.compile(r"^const WORDS = (\{.*\});$", re.MULTILINE)  # as helpers/widgets/base.py writes it
NAMED = re.compile(r'<section class="book-widget bw-(\w+)"')  # as helpers/widgets/shared/kit.js begins a widget
LINKED = 'data-control="copy_link"'
UNSAFE = re.compile("[<\ud800-\udfff]")
# What a model says of its own kind.  The module and the styles are in the page's two files.
OF_ITS_KIND = re.compile(r"_esm|_css|_anywidget_id|_(?:model|view)_(?:name|module|module_version|count)")

NOTICES = {
    "en": {
        "failed": "This widget could not start here. The rest of the page works as usual.",
        "needs-lab": "This control needs JupyterLab or Binder: open the page there to use it.",
    },
    "ko": {
        "failed": "이 위젯은 여기에서 실행할 수 없습니다. 페이지의 나머지 부분은 그대로 쓸 수 있습니다.",
        "needs-lab": "이 위젯은 JupyterLab이나 Binder에서 열어야 움직입니다.",
    },
}


class Widgets:
    """The widgets of one page."""

    def __init__(self, docname, saved):
        self.docname, self.saved, self.language = docname, saved, language_of(docname)
        self.engine = Engine()
        self.names = {}  # what a model is called on the page, by its random id
        self.models = {}  # what the page carries of each
        self.modules = {}  # by key, in order of appearance
        self.styles = {}
        self.told = set()
        self.shown = Counter()  # of those that have an address, by name

    def place(self, identifier):
        """Return the HTML that stands where a widget is shown."""
        if identifier not in self.saved or not self.module(identifier):
            notice = NOTICES[self.language]["needs-lab"]
            return f'<div class="book-widget-place"><p class="book-widget-notice" role="note">{notice}</p></div>'
        known, still = set(self.models), ""
        name = self.carry(identifier)
        model = self.models[name]
        try:
            still = self.engine.still(model["module"], model["state"], self.language)
        except StillError as error:
            self.warn(identifier, f"its still picture failed: {error}")
        # Beside the picture, which says much the same: so the two compress as one.
        state = self.state({name: model for name, model in self.models.items() if name not in known})
        address = self.address(still)
        return (f'<div class="book-widget-place" data-model="{name}"{address}><div class="book-widget-still">{still}</div>'
                f"{state}</div>")

    def address(self, still):
        """Return the id of a widget to which its readers make links: its name, with a number from the second one on."""
        named = NAMED.match(still)
        if not named or LINKED not in still:
            return ""
        self.shown[named[1]] += 1
        number = self.shown[named[1]]
        return f' id="{named[1]}{f"-{number}" if number > 1 else ""}"'

    def carry(self, identifier):
        """Note a model, and those it refers to, as needed on the page; return its name there."""
        if identifier in self.names:
            return self.names[identifier]
        # Random ids would make every build another one.
        name = self.names[identifier] = f"w{len(self.names) + 1}"
        saved, module = self.saved[identifier], self.module(identifier)
        model = self.models[name] = {"module": module} if module else {}
        state = {key: self.renamed(value) for key, value in sorted(saved["state"].items())
                 if not OF_ITS_KIND.fullmatch(key)}
        if saved.get("model_name") == "LayoutModel":  # fifty properties, hardly one of them set
            state = {key: value for key, value in state.items() if value is not None}
        if module and "language" in state:
            state["language"] = self.language
        model["state"] = state
        if saved.get("buffers"):
            model["buffers"] = [{"path": buffer["path"], "data": buffer["data"]} for buffer in saved["buffers"]]
        return name

    def renamed(self, value):
        """Return a value of a model's state with the names of the page for other models."""
        if isinstance(value, dict):
            return {key: self.renamed(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.renamed(inner) for inner in value]
        if isinstance(value, float) and not math.isfinite(value):
            return None  # as JavaScript itself does it: JSON has no word for NaN
        refers = REFERENCE.fullmatch(value) if isinstance(value, str) else None
        return f"IPY_MODEL_{self.carry(refers[1])}" if refers and refers[1] in self.saved else value

    def module(self, identifier):
        """Return the key of the module of a model, or ``None`` if it has none that can live on a page."""
        state = self.saved[identifier]["state"]
        if self.saved[identifier].get("model_module") != "anywidget":
            return None
        text, styles = state.get("_esm", ""), state.get("_css") or ""
        key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        try:
            if ELSEWHERE.search(styles):
                raise Refused("its style sheet loads something from another site")
            if key not in self.modules:
                self.modules[key] = None  # unless it passes; in any case it is looked at once
                module = transform(WORDS.sub(self.own_words, text) if _is_ours(state) else text)
                problem = self.engine.load(key, module)
                if problem and _is_ours(state):
                    raise Refused(f"it cannot be evaluated without a document: {problem}")
                self.modules[key] = module
        except Refused as error:
            if _is_ours(state) or isinstance(error, Broken) and _class(state).startswith("__main__."):
                self.warn(identifier, str(error))
            return None
        if self.modules[key] is None:
            return None
        self.styles[styles] = True
        return key

    def own_words(self, table):
        """Return the table of a widget's strings with those of the page's language alone."""
        both = json.loads(table[1])
        return f"const WORDS = {_json({key: {self.language: texts[self.language]} for key, texts in both.items()})};"

    def warn(self, identifier, problem):
        name = _class(self.saved[identifier]["state"])
        if name not in self.told:
            self.told.add(name)
            logger.warning("the widget %s: %s", name, problem, location=self.docname)

    def state(self, models):
        """Return the state of models as data in the page."""
        if not models:
            return ""
        carried = {"notice": NOTICES[self.language]["failed"], "models": models}
        text = _json(packed(carried))
        # Without "<" no text can end the element, or open a comment in it; half a pair of surrogates is no letter.
        text = UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
        return f'<script type="application/json" class="book-widget-state">{text}</script>'

    def script(self):
        """Return the page's script: the host, and the modules as functions.

        Nothing of it is global, and of the host the modules see one name.
        """
        alone, sharing = [], {}
        for key, module in self.modules.items():
            if module:
                define = f"bookWidgets.define({json.dumps(key)}, {module.function});\n"
                (sharing.setdefault(module.shared, []) if module.shared else alone).append(define)
        blocks = [f"try {{\n{shared}\n{''.join(own)}}} catch (error) {{\nconsole.error(error);\n}}\n"
                  for shared, own in sharing.items()]
        host = HOST.read_text(encoding="utf-8")
        return for_readers(f'(() => {{\n"use strict";\nconst bookWidgets = (() => {{\n{host}\nreturn {{ define, mount }};\n'
                           f"}})();\n{''.join(blocks + alone)}bookWidgets.mount();\n}})();\n")


def packed(value):
    """Return data with long lists of numbers as ``{"book-doubles": base64}``, where that is shorter than their digits.

    It is the same numbers to the last bit: the bytes of each in IEEE 754's double precision, the lowest first.
    """
    if isinstance(value, dict):
        return {key: packed(inner) for key, inner in value.items()}
    if not isinstance(value, list):
        return value
    if value and all(isinstance(number, float) for number in value):
        text = base64.b64encode(struct.pack(f"<{len(value)}d", *value)).decode("ascii")
        shorter = {"book-doubles": text}
        return shorter if len(_json(shorter)) < len(_json(value)) else value
    return [packed(inner) for inner in value]


def _json(value):
    return json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def _class(state):
    return state.get("_anywidget_id", "")


def _is_ours(state):
    return _class(state).startswith("helpers.") or MARK in state.get("_esm", "")
