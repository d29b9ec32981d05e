"""The check below an exercise."""

import json
from pathlib import Path

import torch

from helpers import language
from helpers.exercises import linear_regression, multilayer_perceptron
from helpers.exercises.answers import Unanswered, Wrong, is_nothing

WORDS = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
EXERCISES = linear_regression.EXERCISES | multilayer_perceptron.EXERCISES


def check(name=None, *answers):
    """Say of each answer to an exercise whether it is right, or where it goes wrong.

    Explained in `sec-linear-regression-exercises` of the chapter on linear regression.

    Parameters
    ----------
    name : str
        The exercise's label without its language, for instance ``"ex-constant"``.
    *answers
        The answers, in the order in which the page asks for them; ``...`` is none yet.  Tensors, NumPy arrays, lists
        and numbers are all accepted.

    Notes
    -----
    It prints, returns nothing and raises nothing.  Functions are called with copies, and the random numbers of the
    page stay what they would be without the check.
    """
    print(verdict(name, answers))


def verdict(name, answers):
    """Return what :func:`check` prints: a line for each answer, or one for all while there is none."""
    if not isinstance(name, str) or name not in EXERCISES:
        return _say("unknown", names=", ".join(EXERCISES))
    questions = EXERCISES[name]
    if len(answers) > len(questions):
        return _say("too_many", count=len(questions), names=", ".join(questions))
    labels = [f"({part}) {called}" for called, (part, _) in questions.items()]
    answers = [*answers, *[...] * (len(questions) - len(answers))]
    lines = {label: _judge(judge, answer) for label, (_, judge), answer in zip(labels, questions.values(), answers)}
    if all(line is None for line in lines.values()):
        return _say("unanswered", names=", ".join(labels))
    return "\n".join(line(label) if line else _say("unanswered", names=label) for label, line in lines.items())


def _judge(judge, answer):
    """Return a function of the label that gives the line about one answer, or None if there is no answer."""
    if is_nothing(answer):
        return None
    try:
        # What a function of the reader's draws or switches must not change the rest of the page.
        with torch.random.fork_rng(devices=[]), torch.enable_grad():
            key, values = judge(answer)
        return lambda label: _say("right", label=label, tried=_say(key, values))
    except Unanswered:
        return None
    except Wrong as wrong:
        why = _say(wrong.key, wrong.values)
    except Exception as error:  # an answer so odd that reading it failed
        why = _say("odd", kind=type(error).__name__)
    return lambda label: _say("wrong", label=label, why=why)


def _say(key, values=None, **more):
    """Return a message in the language of the page, behind the input that it speaks of."""
    values = {**(values or {}), **more}
    where = values.pop("where", "")
    return (f"{where}: " if where else "") + WORDS[key][language()].format(**values)
