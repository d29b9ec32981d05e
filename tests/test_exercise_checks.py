"""The checks of the exercises: right answers pass, mistakes are named, nothing is given away, and nothing raises."""

import ast
import random
import re

import jupytext
import numpy as np
import pytest
import torch
from nbclient import NotebookClient
from torch import nn

import helpers
from helpers.exercises import linear_regression, multilayer_perceptron
from helpers.exercises.answers import Unanswered, Wrong
from helpers.exercises.check import EXERCISES, WORDS, check, verdict
from helpers.houses import house_sales
from tests.notebooks import CHAPTERS, LANGUAGES, ROOT, SECONDS_A_CELL, assemble, code_cells, is_timed, pages
from tests.test_exercises import LABEL, exercises
from tests.test_pages import RULED_OUT
from tests.test_widgets_in_lab import DRIVEN

QUESTIONS = {called: (name, judge) for name, questions in EXERCISES.items() for called, (_, judge) in questions.items()}
CELL = re.compile(r"^```\{code-cell\} ipython3\n(?P<tags>(?::[^\n]*\n)*)(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)


def lad(Z, y, rate=lambda step: 10 / step**0.5, squares=False, bias=True):
    """A minibatch SGD for absolute errors, as in the solution of the page; or for squares, or without a bias."""
    generator = torch.Generator().manual_seed(0)
    w, b, step = torch.zeros(Z.shape[1]), y.median() if bias else torch.tensor(0.0), 0
    for _ in range(100):
        for rows in torch.randperm(len(y), generator=generator).split(20):
            step += 1
            error = Z[rows] @ w + b - y[rows]
            pull = error / 20 if squares else torch.sign(error)
            w = w - rate(step) * (pull @ Z[rows]) / len(rows)
            b = b - rate(step) * pull.mean() * bias
    return w, b


def gradient(X, y, w):
    return X.T @ (X @ w - y) / len(y)


def nll(X, y, w, b):
    return (y - X @ w - b).abs().sum() + len(y) * np.log(2)


def fit_log(Z, y):
    solution = torch.linalg.lstsq(torch.cat([Z, torch.ones(len(y), 1)], dim=1), torch.log(y)).solution
    return solution[:-1], solution[-1]


def by_x(x, alpha):
    return torch.where(x > 0, 1.0, alpha)


def pieces(h):
    return torch.ones(h), -torch.arange(h), torch.ones(h)


def twin(W_1, b_1, W_2, b_2):
    return 2 * W_1, 2 * b_1, 2 * W_2, b_2 - W_2.sum(dim=0)


def other_rows(f, A):
    return any(not torch.allclose(f(A)[[i]], f(A[[i]])) for i in range(len(A)))


def ready(A_train):
    mean, std = A_train.mean(dim=0), A_train.std(dim=0)
    return lambda A: (A - mean) / std


def factors(W, h):
    U, S, V_t = torch.linalg.svd(W, full_matrices=False)
    return U[:, :h] * S[:h], V_t[:h]


def bound(x, w):
    return abs(x) * w[1:].abs().prod() / 4 ** len(w)


def first_gradient(x, w, b):
    w = w.clone().requires_grad_()
    h = x
    for w_k, b_k in zip(w, b):
        h = torch.sigmoid(w_k * h + b_k)
    h.backward()
    return w.grad[0].abs()


THREE = [[1, 0, -1], [0, 1, -1]]

# Right answers to each question, in several forms.
RIGHT = {
    "constant_for_squares": [torch.mean, lambda x: x.mean().item(), lambda x: x.float().mean(), lambda x: [x.numpy().mean()]],
    "constant_for_sizes": [torch.median, lambda x: np.median(x.numpy()), lambda x: x.float().quantile(0.5),
                           lambda x: sorted(x.tolist())[len(x) // 2]],
    "loss_gradient": [gradient, lambda X, y, w: gradient(X.float(), y.float(), w.float()), lambda X, y, w: gradient(X, y, w).tolist()],
    "least_squares_weights": [lambda X, y: torch.linalg.lstsq(X, y).solution, lambda X, y: torch.linalg.inv(X.T @ X) @ X.T @ y,
                              lambda X, y: np.linalg.lstsq(X.numpy(), y.numpy(), rcond=None)[0]],
    "laplace_nll": [nll, lambda X, y, w, b: nll(X, y, w, b).item(),
                    lambda X, y, w, b: -torch.distributions.Laplace(0, 1).log_prob(y - X @ w - b).sum()],
    "laplace_fit": [lad],
    "shortest_weights": [lambda w: torch.stack([(w[0] + w[2]) / 2, w[1], (w[0] + w[2]) / 2]),
                         lambda w: [(w[0] + w[2]) / 2, w[1], (w[0] + w[2]) / 2]],
    "end_of_sgd": [lambda start, total: start + (total - start.sum()) / 2,
                   lambda start, total: ((total + start[0] - start[1]) / 2, (total - start[0] + start[1]) / 2)],
    "fit_log_price": [fit_log, lambda Z, y: [part.float() for part in fit_log(Z, y)]],
    "percent_per_unit": [lambda w, s: 100 * (torch.exp(w / s) - 1), lambda w, s: 100 * np.expm1(float(w) / float(s))],
    "prelu_by_x": [by_x, lambda x, alpha: [1 if v > 0 else alpha for v in x], lambda x, alpha: (x > 0) + alpha * (x < 0)],
    "prelu_by_alpha": [lambda x, alpha: x.clamp(max=0), lambda x, alpha: torch.minimum(x, torch.zeros(1)).numpy(),
                       lambda x, alpha: [min(v.item(), 0) for v in x]],
    "many_pieces": [pieces, lambda h: ([1] * h, list(range(h)), [(-1) ** k for k in range(h)])],
    "three_units": [(THREE, [0.5, 0.5, 0.5]), (torch.tensor(THREE), torch.ones(3)), (np.array(THREE), np.ones(3))],
    "tanh_by_sigmoid": [lambda x: 2 * torch.sigmoid(2 * x) - 1, lambda x: (2 * torch.sigmoid(2 * x) - 1).float().tolist()],
    "sigmoid_twin": [twin, lambda *network: [part.tolist() for part in twin(*network)]],
    "looks_at_other_rows": [other_rows, lambda f, A: not torch.allclose(f(A)[:1], f(A[:1])) or not torch.allclose(f(A)[-1:], f(A[-1:])),
                            lambda f, A: torch.tensor(other_rows(f, A))],
    "normaliser": [ready, lambda A_train: lambda A: ((A - A_train.mean(dim=0)) / A_train.std(dim=0, correction=0)).numpy()],
    "is_reachable": [lambda W, h: torch.linalg.matrix_rank(W) <= h, lambda W, h: np.linalg.matrix_rank(W.numpy()) <= h],
    "two_factors": [factors, lambda W, h: [part.tolist() for part in factors(W, h)]],
    "saves_parameters": [lambda d, h, q: d * h + h + h * q + q < d * q + q],
    "gradient_bound": [bound, lambda x, w: bound(x, w).item(), lambda x, w: abs(x) * abs(np.prod(w[1:].numpy())) / 4 ** len(w)],
    "first_gradient": [first_gradient, lambda x, w, b: first_gradient(x, w, b).item()],
    "weight_needed": [4, 4.0, torch.tensor(4), np.float32(4), [4]],
}


def squares_solution(Z, y):
    w = torch.linalg.lstsq(Z, y - y.mean()).solution
    return w, y.mean()


# Mistakes that readers make, and the message that each of them gets.
MISTAKES = {
    "constant_for_squares": [
        ("a_sum", torch.sum), ("for_sizes", torch.median), ("extremes", lambda x: (x.min() + x.max()) / 2),
        ("order", lambda x: x[len(x) // 2]), ("too_large", torch.max), ("too_small", torch.min), ("no_function", 3.0),
        ("one_number", lambda x: x), ("no_return", lambda x: print(end=""))],
    "constant_for_sizes": [
        ("for_squares", torch.mean), ("order", lambda x: x[len(x) // 2]), ("too_small", lambda x: 0), ("too_large", torch.max),
        ("a_sum", torch.sum)],
    "loss_gradient": [
        ("opposite", lambda X, y, w: -gradient(X, y, w)), ("twice", lambda X, y, w: 2 * gradient(X, y, w)),
        ("not_averaged", lambda X, y, w: len(y) * gradient(X, y, w)), ("no_labels", lambda X, y, w: X.T @ X @ w / len(y)),
        ("twice_not_averaged", lambda X, y, w: 2 * X.T @ (X @ w - y)), ("raised", lambda X, y, w: X @ (X @ w - y)),
        ("shape", lambda X, y, w: X @ w - y), ("shape", lambda X, y, w: gradient(X, y, w)[:, None]),
        ("other_gradient", lambda X, y, w: w)],
    "least_squares_weights": [
        ("opposite", lambda X, y: -torch.linalg.lstsq(X, y).solution), ("one_by_one", lambda X, y: X.T @ y / (X * X).sum(dim=0)),
        ("with_bias", lambda X, y: squares_solution(X - X.mean(dim=0), y)[0]), ("raised", lambda X, y: torch.linalg.solve(X, y)),
        ("raised", lambda X, y: torch.linalg.inv(X) @ y), ("not_lowest", lambda X, y: X.T @ y)],
    "laplace_nll": [
        ("averaged", lambda X, y, w, b: nll(X, y, w, b) / len(y)), ("opposite", lambda X, y, w, b: -nll(X, y, w, b)),
        ("no_constant", lambda X, y, w, b: (y - X @ w - b).abs().sum()), ("constant_once", lambda X, y, w, b: (y - X @ w - b).abs().sum() + np.log(2)),
        ("constant_sign", lambda X, y, w, b: (y - X @ w - b).abs().sum() - len(y) * np.log(2)),
        ("squared", lambda X, y, w, b: ((y - X @ w - b) ** 2).sum() / 2), ("no_bias", lambda X, y, w, b: nll(X, y, w, 0)),
        ("no_size", lambda X, y, w, b: (y - X @ w - b).sum() + len(y) * np.log(2)), ("other_number", lambda X, y, w, b: 1),
        ("one_number", lambda X, y, w, b: (y - X @ w - b).abs())],
    "laplace_fit": [
        ("jumping", lambda Z, y: lad(Z, y, lambda step: 3)), ("far_away", lambda Z, y: (torch.zeros(2), y.mean())),
        ("no_bias", lambda Z, y: lad(Z, y, bias=False)), ("for_squares", squares_solution), ("shape", lambda Z, y: (torch.zeros(3), 1)),
        ("several", lambda Z, y: torch.zeros(3)), ("not_finite", lambda Z, y: (torch.full((2,), torch.nan), 1))],
    "shortest_weights": [
        ("not_shortest", lambda w: w), ("not_shortest", lambda w: [w[0] + w[2], w[1], 0]), ("second_weight", lambda w: [0, 0, 0]),
        ("other_predictions", lambda w: [w[0], w[1], w[0]]), ("other_predictions", lambda w: w / torch.tensor([2, 1, 2])),
        ("shape", lambda w: w[:2])],
    "end_of_sgd": [
        ("forgets_start", lambda start, total: [total / 2, total / 2]), ("other_total", lambda start, total: start),
        ("other_end", lambda start, total: [total, 0]), ("other_end", lambda start, total: start * total / start.sum()),
        ("swapped", lambda start, total: (start + (total - start.sum()) / 2).flip(0))],
    "fit_log_price": [
        ("no_logarithm", lambda Z, y: fit_log(Z, y.exp())), ("other_base", lambda Z, y: [part / np.log(10) for part in fit_log(Z, y)]),
        ("no_bias", lambda Z, y: (torch.linalg.lstsq(Z, y.log()).solution, 0)), ("several", lambda Z, y: fit_log(Z, y)[0]),
        ("not_lowest_log", lambda Z, y: (torch.zeros(Z.shape[1]), y.log().mean()))],
    "percent_per_unit": [
        ("factor", lambda w, s: (w / s).exp()), ("factor_percent", lambda w, s: 100 * (w / s).exp()), ("share", lambda w, s: (w / s).exp() - 1),
        ("difference", lambda w, s: w / s), ("difference", lambda w, s: 100 * w / s), ("per_deviation", lambda w, s: 100 * (w.exp() - 1)),
        ("times_s", lambda w, s: 100 * ((w * s).exp() - 1)), ("other_percent", lambda w, s: w), ("raised", lambda w, s: w.nothing)],
    "prelu_by_x": [
        ("only_positive", lambda x, alpha: (x > 0).float()), ("sides_swapped", lambda x, alpha: torch.where(x < 0, 1, alpha)),
        ("function_itself", lambda x, alpha: torch.where(x > 0, x, alpha * x)), ("always_alpha", lambda x, alpha: alpha.repeat(len(x))),
        ("raised", lambda x, alpha: 1 if x > 0 else alpha), ("not_finite", lambda x, alpha: by_x(x, alpha) * x / x),
        ("shape", lambda x, alpha: by_x(x, alpha).mean()), ("other_slope", lambda x, alpha: x**2)],
    "prelu_by_alpha": [
        ("both_sides", lambda x, alpha: x), ("opposite", lambda x, alpha: -x.clamp(max=0)), ("sides_swapped", lambda x, alpha: x.clamp(min=0)),
        ("with_alpha", lambda x, alpha: alpha * x.clamp(max=0)), ("no_amount", lambda x, alpha: (x < 0).long()), ("by_x", by_x),
        ("shape", lambda x, alpha: x.clamp(max=0).sum()), ("other_by_alpha", lambda x, alpha: x**2)],
    "many_pieces": [
        ("same_kink", lambda h: (torch.ones(h), torch.zeros(h), torch.ones(h))), ("silent", lambda h: (torch.ones(h), torch.arange(h), torch.zeros(h))),
        ("no_kink", lambda h: (torch.zeros(h), torch.arange(h), torch.ones(h))), ("shape", lambda h: (torch.ones(3), torch.arange(3), torch.ones(3))),
        ("several", lambda h: h + 1)],
    "three_units": [
        ("one_point", (THREE, [0, 0, 0])), ("parallel_lines", ([[1, 1, 0], [0, 0, 1]], [0, 1, 0])), ("no_line", ([[1, 0, 0], [0, 1, 0]], [1, 1, 1])),
        ("parallel_lines", ([[1, -2, 0], [0, 0, 1]], [0, 1, 0])), ("shape", (np.array(THREE).T, [1, 1, 1])), ("no_pair", lambda: 7), ("several", 7)],
    "tanh_by_sigmoid": [
        ("too_high", lambda x: 2 * torch.sigmoid(2 * x)), ("too_flat", lambda x: 2 * torch.sigmoid(x) - 1), ("sigmoid_itself", torch.sigmoid),
        ("too_low", lambda x: torch.sigmoid(2 * x) - 0.5), ("not_moved", lambda x: torch.sigmoid(2 * x)), ("opposite", lambda x: -torch.tanh(x)),
        ("not_only_sigmoid", torch.tanh), ("not_only_sigmoid", lambda x: 2 / (1 + torch.exp(-2 * x)) - 1), ("not_tanh", lambda x: x)],
    "sigmoid_twin": [
        ("same_hidden", lambda W, b, V, c: (W, b, 2 * V, c - V.sum(dim=0))), ("hidden_bias", lambda W, b, V, c: (2 * W, b, 2 * V, c - V.sum(dim=0))),
        ("hidden_weights", lambda W, b, V, c: (W, 2 * b, 2 * V, c - V.sum(dim=0))), ("constant_left", lambda W, b, V, c: (2 * W, 2 * b, 2 * V, c)),
        ("constant_left", lambda W, b, V, c: (2 * W, 2 * b, 2 * V, c - 1)), ("output_layer", lambda W, b, V, c: (2 * W, 2 * b, V, c)),
        ("not_twin", lambda W, b, V, c: (W / 2, b / 2, V / 2, c)), ("raised", lambda W, b, V, c: (2 * W, 2 * b, 2 * V, c - V.sum(dim=1)))],
    "looks_at_other_rows": [
        ("mixes", lambda f, A: False), ("mixes_not", lambda f, A: True), ("no_truth", lambda f, A: 1), ("mixes", lambda f, A: bool(f(A).isnan().any())),
        ("mixes_not", lambda f, A: not torch.allclose(f(A), torch.softmax(A, dim=0))), ("mixes", lambda f, A: bool(f(A[:1]).isnan().any()))],
    "normaliser": [
        ("company", lambda T: lambda A: torch.softmax(A, dim=0)), ("not_finite", lambda T: lambda A: (A - A.mean(dim=0)) / A.std(dim=0, correction=0)),
        ("not_divided", lambda T: lambda A: A - T.mean(dim=0)), ("not_centred", lambda T: lambda A: A / T.std(dim=0)),
        ("by_variance", lambda T: lambda A: (A - T.mean(dim=0)) / T.var(dim=0)), ("not_by_column", lambda T: lambda A: (A - T.mean()) / T.std()),
        ("not_normalised", lambda T: lambda A: A), ("no_function_back", lambda T: T.mean(dim=0)),
        ("company", lambda T: lambda A: (A - A.mean(dim=0)) / T.std(dim=0))],
    "is_reachable": [
        ("not_reachable", lambda W, h: True), ("reachable", lambda W, h: False), ("not_reachable", lambda W, h: min(W.shape) > h),
        ("reachable", lambda W, h: bool(torch.linalg.matrix_rank(W) < h)), ("reachable", lambda W, h: bool(torch.linalg.matrix_rank(W) == h)),
        ("no_truth", lambda W, h: torch.linalg.matrix_rank(W))],
    "two_factors": [
        ("no_sizes", lambda W, h: (factors(W, h)[0] / torch.linalg.svdvals(W)[:h].clamp(min=1e-9), factors(W, h)[1])),
        ("sizes_twice", lambda W, h: (factors(W, h)[0], torch.linalg.svdvals(W)[:h, None] * factors(W, h)[1])),
        ("shape", lambda W, h: factors(W, len(W))), ("other_product", lambda W, h: (W[:, :h], torch.eye(h, W.shape[1]))),
        ("shape", lambda W, h: factors(W.T, h)), ("several", lambda W, h: W), ("opposite", lambda W, h: (-factors(W, h)[0], factors(W, h)[1]))],
    "saves_parameters": [
        ("biases", lambda d, h, q: d * h + h * q < d * q), ("other_count", lambda d, h, q: d * h + h + h * q + q < d * q),
        ("other_count", lambda d, h, q: h < min(d, q)), ("no_truth", lambda d, h, q: d * h), ("other_count", lambda d, h, q: False)],
    "gradient_bound": [
        ("generous", lambda x, w: 4 * bound(x, w)), ("first_weight", lambda x, w: bound(x, w) * abs(w[0])), ("exceeded", lambda x, w: bound(x, w) / 4),
        ("negative_bound", lambda x, w: x * w[1:].abs().prod() / 4 ** len(w)), ("negative_bound", lambda x, w: abs(x) * w[1:].prod() / 4 ** len(w)),
        ("exceeded", lambda x, w: abs(x) * w[1:].abs().prod() / 4**10 if len(w) < 10 else bound(x, w)), ("exceeded", lambda x, w: 0),
        ("generous", lambda x, w: abs(x) * w[1:].abs().prod()), ("generous_zero", lambda x, w: bound(x, w) + (bound(x, w) == 0))],
    "first_gradient": [
        ("other_gradient_size", lambda x, w, b: bound(x, w)), ("one_number", lambda x, w, b: w), ("other_gradient_size", lambda x, w, b: 0),
        ("by_input", lambda x, w, b: first_gradient(x, w, b) * w[0] / x), ("raised", lambda x, w, b: torch.autograd.grad(x * w[0], w))],
    "weight_needed": [("still_shrinks", 1), ("still_shrinks", 3.9), ("smaller_will_do", 10), ("negative_size", -4), ("no_number", lambda: 4),
                      ("one_number", [4, 4]), ("no_numbers", "4")],
}

# What would tell the answer, in either language.
TELLING = {
    "ex-constant": r"median|average|중앙값|평균", "ex-normal-equations": r"X\.T|\^T|inv|역행렬|⊤", "ex-laplace": r"sign\(|log 2|log\(2|sqrt|decreas|학습률",
    "ex-rank": r"differen|half|/ 2|equal|차이|절반|같은 값", "ex-log-price": r"exp|지수", "ex-prelu-grad": r"\b1\b|min\(|clamp",
    "ex-piecewise": r"\bh ?\+|seven|일곱|\b7\b|-0\.5", "ex-tanh-sigmoid": r"2 ?\*|2x|twice|double|두 배", "ex-batch-activation": r"running|이동 평균",
    "ex-collapse": r"rank|랭크|행렬의 계수|svd|singular|특잇값|<", "ex-vanishing": r"\b4\b|¼|1/4|0\.25|quarter",
}


@pytest.fixture(autouse=True)
def as_on_the_pages():
    """Numbers of 64 bits and English, and back to what was before."""
    before, language = torch.get_default_dtype(), helpers.language()
    torch.set_default_dtype(torch.float64)
    helpers.use_language("en")
    yield
    torch.set_default_dtype(before)
    helpers.use_language(language)


def outcome(called, answer):
    """Return the name of the message about an answer to one question."""
    try:
        return QUESTIONS[called][1](answer)[0]
    except Unanswered:
        return "unanswered"
    except Wrong as wrong:
        return wrong.key


def said(called, answer):
    """Return what a reader reads about an answer, if there is none to the other questions."""
    name = QUESTIONS[called][0]
    answers = [answer if question == called else ... for question in EXERCISES[name]]
    return "\n".join(line for line in verdict(name, answers).splitlines() if called in line)


def test_every_question_is_tried_here():
    assert set(QUESTIONS) == set(RIGHT) == set(MISTAKES) and set(EXERCISES) == set(TELLING)
    assert all(len(mistakes) >= 4 and len(dict(mistakes)) >= 3 for mistakes in MISTAKES.values())


@pytest.mark.parametrize("called", QUESTIONS)
def test_right_answers_pass_in_every_form(called):
    for answer in RIGHT[called]:
        helpers.use_language("en")
        assert f"{called}: right. " in said(called, answer)
        helpers.use_language("ko")
        assert f"{called}: 맞았습니다. " in said(called, answer)


@pytest.mark.parametrize("called", QUESTIONS)
def test_right_answers_pass_with_numbers_of_32_bits(called):
    torch.set_default_dtype(torch.float32)
    for answer in RIGHT[called]:
        assert f"{called}: right. " in said(called, answer)


@pytest.mark.parametrize("called, key, answer", [(called, *mistake) for called, mistakes in MISTAKES.items() for mistake in mistakes],
                         ids=[f"{called}-{key}" for called, mistakes in MISTAKES.items() for key, _ in mistakes])
def test_mistakes_are_named_and_the_answer_is_not(called, key, answer):
    assert outcome(called, answer) == key
    for code, begins in (("en", "not right yet. "), ("ko", "아직 맞지 않습니다. ")):
        helpers.use_language(code)
        text = said(called, answer)
        assert f") {called}: {begins}" in text
        # The input, and the words of the reader's own error, may hold anything.
        told = WORDS[key][code]
        assert not re.search(TELLING[QUESTIONS[called][0]], told), told
        assert not [phrase for phrase in RULED_OUT if phrase in told]


@pytest.mark.parametrize("called", ["constant_for_squares", "loss_gradient", "least_squares_weights", "laplace_nll", "percent_per_unit",
                                    "gradient_bound", "first_gradient"])
def test_the_right_numbers_are_in_no_message(called):
    given = []
    outcome(called, lambda *arguments: given.append(arguments))
    right = {f"{value:.3g}" for value in torch.as_tensor(RIGHT[called][0](*given[0])).flatten().tolist()}
    for key, answer in MISTAKES[called]:
        assert key == "raised" or not any(value in said(called, answer) for value in right), right


def test_one_line_for_each_answer():
    assert verdict("ex-constant", (torch.mean, ...)).splitlines() == [
        "(a) constant_for_squares: right. Tried on 100 random inputs.", "Not answered yet: (c) constant_for_sizes"]
    assert verdict("ex-constant", (torch.max,)).startswith(
        "(a) constant_for_squares: not right yet. x = [20, 4, 1, 6.5, 2]: A somewhat smaller b makes")
    assert verdict("ex-constant", ()) == "Not answered yet: (a) constant_for_squares, (c) constant_for_sizes"
    assert "constant_for_squares, constant_for_sizes" in verdict("ex-constant", (1, 2, 3))
    for name in (None, "ex-nothing", 3, [], ["ex-constant"]):
        assert ", ".join(EXERCISES) in verdict(name, (1,))


def test_it_prints_and_returns_nothing(capsys):
    assert check("ex-constant", torch.mean, torch.mean) is None
    assert check() is None
    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.parametrize("called", QUESTIONS)
def test_nothing_is_not_answered_yet(called):
    def stub(*arguments):
        ...

    for answer in (None, ..., stub, lambda *arguments: ..., lambda *arguments: None):
        if not (callable(answer) and called in ("three_units", "weight_needed")):
            assert answer is None or answer is ... or outcome(called, answer) == "unanswered"
            assert said(called, answer).startswith("Not answered yet: ")


class Hostile:
    """Raises whatever is done with it."""

    def __getattribute__(self, name):
        raise RuntimeError(f"no {name}")

    def _raise(self, *arguments):
        raise RuntimeError("no")

    __call__ = __eq__ = __len__ = __iter__ = __bool__ = __float__ = __repr__ = __str__ = __hash__ = __getitem__ = _raise


class Mute(Exception):
    def __str__(self):
        raise RuntimeError("no words")


def raises(error):
    def function(*arguments):
        raise error
    return function


def endless(*arguments):
    return endless(*arguments)


loop = []
loop.append(loop)
JUNK = ["", "right", b"x", True, 0, -1, 10**400, float("nan"), float("inf"), 1j, [], (), {}, {"a": 1}, set(), object(), Hostile(), [Hostile()], [None],
        [..., 1], (..., ...), range(3), loop, int, nn.Linear(2, 2), torch.tensor([]), torch.tensor(1j), torch.zeros(0, 3), torch.tensor(True),
        torch.zeros(3, requires_grad=True), torch.zeros(2, 2).to_sparse(), torch.zeros(2, device="meta"), np.array("x"), np.array([None]), np.float16(1),
        np.zeros((2, 3)), [[1], [1, 2]], [torch.zeros(2), 1], (1, 2, 3, 4, 5), torch, lambda: 1, lambda a, b, c, d, e, f: 1, endless]
FUNCTIONS = [raises(error) for error in (ValueError("bad"), KeyError(), SystemExit(1), Mute(), MemoryError("{names}"), StopIteration(), AssertionError(),
                                         RecursionError("deep"), Warning("w"), ExceptionGroup("two", [ValueError(1)]))]


@pytest.mark.parametrize("called", QUESTIONS)
def test_it_never_raises(called):
    for code in LANGUAGES:
        helpers.use_language(code)
        for value in JUNK:
            for answer in (value, lambda *arguments: value, lambda *arguments: (value,) * len(arguments), lambda *arguments: lambda A: value):
                text = said(called, answer)
                assert text and "\n" not in text and "right. " not in text.replace("not right yet. ", "") and "맞았습니다" not in text
        for function in FUNCTIONS:
            assert said(called, function)


@pytest.mark.parametrize("seed", range(5))
def test_it_never_raises_whatever_comes(seed):
    draw = random.Random(seed)

    def anything(depth=0):
        kind = draw.randrange(9 if depth < 3 else 6)
        size = [draw.randrange(4) for _ in range(draw.randrange(4))]
        return [lambda: draw.choice(JUNK), lambda: draw.uniform(-9, 9), lambda: torch.randn(size), lambda: np.ones(size), lambda: draw.choice("ab"),
                lambda: draw.randrange(-9, 9), lambda: [anything(depth + 1) for _ in range(draw.randrange(4))],
                lambda: tuple(anything(depth + 1) for _ in range(draw.randrange(5))), lambda: (lambda *arguments: anything(depth + 1))][kind]()

    for _ in range(300):
        name = draw.choice(list(EXERCISES))
        text = verdict(name, [anything() for _ in range(draw.randrange(4))])
        assert isinstance(text, str) and text


def test_a_function_may_spoil_what_it_gets_and_the_page_stays_as_it_was():
    def spoils(x):
        best = x.mean()
        x.zero_()
        torch.manual_seed(0)
        torch.set_grad_enabled(False)
        return best

    torch.manual_seed(7)
    wanted = torch.rand(3)
    torch.manual_seed(7)
    assert "right. " in said("constant_for_squares", spoils)
    assert torch.is_grad_enabled() and torch.equal(torch.rand(3), wanted)
    torch.manual_seed(7)
    for called, (first, *_) in RIGHT.items():
        said(called, first)
    assert torch.equal(torch.rand(3), wanted)


def test_the_reader_can_stop_a_check():
    with pytest.raises(KeyboardInterrupt):
        check("ex-constant", raises(KeyboardInterrupt()))


def test_every_message_is_in_both_languages_and_used():
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "helpers/exercises").glob("*.py")))
    literals = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert set(WORDS) <= literals
    for key, words in WORDS.items():
        assert set(words) == set(LANGUAGES) and all(words.values()), key
        fields = [sorted(re.findall(r"\{(\w+)\}", words[code])) for code in LANGUAGES]
        assert fields[0] == fields[1], key
        assert not re.search(r"\{\w+\}(?:은|는|이|가|을|를|와|과|으로|로)(?=\s)", words["ko"]), f"{key}: no particle may follow a value"


# --- the pages ---

def work_cells(page):
    """Return ``{exercise: (tags, code)}`` of the cells between a task and its hint."""
    text = page.read_text(encoding="utf-8")
    found = {}
    for task, hint, _ in exercises(page).values():
        between = text[text.index(task) + len(task):text.index(hint)]
        cells = list(CELL.finditer(between))
        assert len(cells) == 1 and between.strip() == cells[0][0], between
        found[f"ex-{LABEL.search(task)['name']}"] = (cells[0]["tags"], cells[0]["code"])
    return found


PAGES = [page for code in LANGUAGES for page in pages(code)]
ids = pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}-{page.stem}")


@ids
def test_every_exercise_has_its_work_cell(page):
    module = {"linear-regression": linear_regression, "multilayer-perceptron": multilayer_perceptron}[page.stem]
    cells = work_cells(page)
    assert set(cells) == set(module.EXERCISES)
    for name, (tags, code) in cells.items():
        assert "remove-cell" in tags  # the static page has no kernel
        called = list(EXERCISES[name])
        assert re.search(rf'^check\("{name}", {", ".join(called)}\)\s*$', code, re.MULTILINE), code
        # Each stub says which part of the task it answers.
        parts = [part for part, _ in EXERCISES[name].values()]
        assert re.findall(r"^# \((\w)\) ", code, re.MULTILINE) == parts
        task = next(task for task, _, _ in exercises(page).values() if f"-{name}\n" in task)
        assert all(f"\n({part}) " in task or task.count("\n(") == 0 for part in parts)


@ids
def test_names_of_work_cells_are_used_nowhere_else(page):
    """So that a reader's work changes nothing on the page, and the page nothing of it."""
    mine = {called for name in work_cells(page) for called in EXERCISES[name]}
    codes = {code.strip() for _, code in work_cells(page).values()}
    others = [cell.source for cell in code_cells(jupytext.read(page)) if cell.source.strip() not in codes]
    names = {node.id for code in others for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    names |= {node.name for code in others for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)}
    assert not mine & names and "check" not in names
    assert not mine & {variable for _, variable, _, _ in DRIVEN[page.stem]}
    for code in codes:  # nor does a stub bind anything else
        bound = {getattr(node, "name", None) or getattr(node.targets[0], "id", None) for node in ast.parse(code).body
                 if isinstance(node, (ast.FunctionDef, ast.Assign))}
        assert bound <= mine


@ids
def test_stubs_take_what_the_check_gives(page):
    """A stub is not answered yet, and it is not the signature's fault."""
    for name, (_, code) in work_cells(page).items():
        lines = []
        names = {"check": lambda *answers: lines.append(verdict(answers[0], answers[1:]))}
        exec(code, names)
        assert lines == [verdict(name, ())]
        signatures = dict(re.findall(r"^def (\w+)\((.*)\):$", code, re.MULTILINE))
        for called, arguments in signatures.items():
            given = []

            def spy(*values):
                given.append(len(values))

            outcome(called, spy)
            assert given[0] == len(arguments.split(", "))


@pytest.mark.parametrize("code, stem", [("en", "linear-regression"), ("ko", "multilayer-perceptron")])
def test_a_reader_who_answers_everything_changes_nothing_else_on_the_page(code, stem):
    """The whole page in a kernel, its stubs filled with right answers."""
    page = CHAPTERS / code / f"{stem}.md"
    notebook, expected = jupytext.read(page), code_cells(assemble(page))
    cells = code_cells(notebook)
    cells[0].source += f"\nimport sys; sys.path.append({str(ROOT)!r}); from tests.test_exercise_checks import RIGHT as _right"
    for cell in cells:
        if call := re.search(r'^check\("(.+)", (.+)\)$', cell.source, re.MULTILINE):
            cell.source = "\n".join([f"{called} = _right[{called!r}][0]" for called in call[2].split(", ")] + [call[0]])
    NotebookClient(notebook, timeout=SECONDS_A_CELL, resources={"metadata": {"path": str(page.parent)}}).execute()
    right = {"en": ": right. ", "ko": ": 맞았습니다. "}[code]
    for cell, wanted in zip(cells, expected, strict=True):
        printed, planned = ("".join(output.get("text", "") for output in one.outputs if output.get("name") == "stdout") for one in (cell, wanted))
        if cell.source.startswith(tuple(QUESTIONS)):
            assert printed.count(right) == len(printed.splitlines()) == cell.source.count("_right["), printed
        elif not is_timed(cell):
            assert printed == planned


def test_solutions_of_the_page_pass():
    """What a page says and does in its solutions is right by the checks, where it can be called."""
    solutions = {}
    for page in pages("en"):
        for name, (_, _, solution) in exercises(page).items():
            solutions[name] = "\n".join(cell["code"] for cell in CELL.finditer(solution))
    names = {"torch": torch, "nn": nn}
    exec(solutions["vanishing"].partition("torch.manual_seed")[0], names)
    assert outcome("first_gradient", lambda x, w, b: names["gradient_and_bound"](x, w, b)[0]) == "tried"
    assert outcome("gradient_bound", lambda x, w: names["gradient_and_bound"](x, w, torch.zeros(len(w)))[1] * 4.0 ** (10 - len(w))) == "tried"
    exec(solutions["batch-activation"], names)
    assert outcome("looks_at_other_rows", lambda f, A: not torch.allclose(f(A)[[3]], f(A[[3]]))) == "tried_functions"
    exec(solutions["tanh-sigmoid"], names)
    layers = [names["by_sigmoid"][k] for k in (0, 2)]
    assert all(layer.weight.requires_grad for layer in layers)
    # What is trained in the solution, on the same data as in the check.
    houses = house_sales("train")
    assert len(houses.y) == 257 and outcome("laplace_fit", lad) == "tried_houses"
