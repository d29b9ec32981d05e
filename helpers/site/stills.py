"""The picture of a widget while it is not alive: before scripts run, without them, and in print.

A widget may bring one itself: a function ``still(state, language)`` in its default export, which
returns HTML.  It is called here, at build time, in a JavaScript engine without a document.
"""

import json

from py_mini_racer import JSEvalException, JSParseException, JSTimeoutException, MiniRacer

from helpers.site.modules import Broken

SECONDS = 20  # for one module or one still; either takes some milliseconds

# Modules may speak to the console, but what they say at build time is of no use to anyone.
BOOK = """
globalThis.console = Object.fromEntries(["debug", "error", "info", "log", "warn"].map(name => [name, () => {}]));
globalThis.bookEngine = {
  evaluate(body) {
    const outcome = { exports: {} };
    const fail = error => { outcome.error = String(error?.stack ?? error); };
    try {
      Promise.resolve(body()(outcome.exports)).catch(fail);
    } catch (error) {
      fail(error);
    }
    return outcome;
  },
  hasStill: outcome => !outcome.error && typeof outcome.exports.default?.still === "function",
  still(outcome, state, language) {
    const html = outcome.exports.default.still(JSON.parse(state), language);
    if (typeof html !== "string") throw new TypeError(`still returned ${html}, which is no text`);
    return html;
  },
};
"""


class Engine:
    """Evaluates the modules of one page, each once."""

    def __init__(self):
        self.context = MiniRacer()
        self.context.eval(BOOK)

    def close(self):
        self.context.close()

    def load(self, key, module):
        """Evaluate a module; return why that failed, or an empty string.

        Failing is nothing bad in itself: a module from elsewhere may need a document at once.

        Raises
        ------
        Broken
            If it is no JavaScript.  (The parser of ``modules`` lets some things pass.)
        """
        body = f"() => {{\n{module.shared}\nreturn {module.function}; }}"
        try:
            self.context.eval(f"'use strict'; void ({body})")
        except JSParseException as error:
            raise Broken(f"it does not parse ({_first_line(error)})") from error
        try:
            self._run(f"'use strict'; bookEngine[{json.dumps(key)}] = bookEngine.evaluate({body}); undefined")
        except StillError as error:  # it ran too long
            self.context.eval(f"bookEngine[{json.dumps(key)}] = {{ error: 'too long' }}; undefined")
            return str(error)
        # What a module waits for has come by now, or will never come without a browser.
        return self.context.eval(f"bookEngine[{json.dumps(key)}].error ?? ''")

    def still(self, key, state, language):
        """Return the HTML that the module draws of a state, or an empty string if it draws none.

        Raises
        ------
        StillError
            If ``still`` throws, or returns something else.
        """
        key = json.dumps(key)
        if not self.context.eval(f"bookEngine.hasStill(bookEngine[{key}])"):
            return ""
        state, language = json.dumps(json.dumps(state)), json.dumps(language)
        return self._run(f"bookEngine.still(bookEngine[{key}], {state}, {language})")

    def _run(self, code):
        try:
            return self.context.eval(code, timeout_sec=SECONDS)
        except JSTimeoutException as error:
            raise StillError(f"it took more than {SECONDS} s") from error
        except JSEvalException as error:
            raise StillError(_first_line(error)) from error


class StillError(ValueError):
    """A widget could not draw its still picture."""


def _first_line(error):
    """Return what was wrong; the lines below it quote the script."""
    return str(error).strip().split("\n")[0].removeprefix("<anonymous>:")
