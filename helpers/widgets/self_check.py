"""Questions that a reader answers before going on."""

import traitlets

from helpers import questions
from helpers.widgets.base import Widget


class SelfCheck(Widget):
    """A self-check: a few questions, each answer explained.

    Explained in `sec-regression-questions` of the chapter on linear regression.  The answers stay in the reader's
    browser, from one visit to the next, until they are cleared.

    Parameters
    ----------
    name : str
        Which one, as in ``helpers/questions``: ``"sec-loss"``.

    Attributes
    ----------
    questions : list of dict
        Its questions, in the language of the page, as :func:`helpers.questions.questions` returns them.
    answers : dict
        What the reader has answered: the name of a question → the number of a choice (from 0), a list of such
        numbers, or what was typed.

    Raises
    ------
    ValueError
        If there is no such check.
    traitlets.TraitError
        If ``answers`` is set to something that is no answer.
    """

    name = traitlets.Unicode(read_only=True).tag(sync=True)
    questions = traitlets.List(read_only=True).tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)

    def __init__(self, name):
        super().__init__()
        self.set_trait("name", name)
        self.set_trait("questions", questions.questions(name, self.language))

    @traitlets.observe("language")
    def _speak(self, change):
        if self.name:
            self.set_trait("questions", questions.questions(self.name, change["new"]))

    @traitlets.validate("answers")
    def _check_answers(self, proposal):
        kinds = {question["name"]: question for question in self.questions}
        for name, answer in proposal["value"].items():
            if name not in kinds:
                raise traitlets.TraitError(f"answers must be to {', '.join(kinds)}, got {name!r}")
            if not _is_answer(answer, kinds[name]):
                raise traitlets.TraitError(f"the answer to {name} must be {EXPECTED[kinds[name]['kind']]}, got {answer!r}")
        return proposal["value"]


EXPECTED = {"one": "the number of a choice, from 0", "many": "a list of numbers of choices, from 0",
            "number": "a text with a number", "output": "a text"}


def _is_answer(answer, question):
    if question["kind"] in ("number", "output"):
        return isinstance(answer, str)
    choices = range(len(question["choices"]))
    if question["kind"] == "many":
        return isinstance(answer, (list, tuple)) and all(type(i) is int and i in choices for i in answer)
    return type(answer) is int and answer in choices
