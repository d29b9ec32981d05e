"""The exercises of the chapter on linear regression.

Each function takes the reader's answer to one question.  If it is right, the function returns the name of a message
and what stands in it; if not, it raises ``Wrong``, and ``Unanswered`` if there is no answer yet.
"""

import math

import torch

from helpers.exercises.answers import TRIED, Wrong, ask, close, compare, read, read_several, trials


def best_by_squares(answer):
    """Check the constant with the least sum of squares: ``constant(x)``, x of shape (n,)."""
    return _best_constant(answer, 0)


def best_by_sizes(answer):
    """Check a constant with the least sum of absolute values: ``constant(x)``, x of shape (n,)."""
    return _best_constant(answer, 1)


def _best_constant(answer, asked):
    for trial, draw in trials():
        # The first numbers are such that different mistakes give different answers.
        x = torch.tensor([20.0, 4.0, 1.0, 6.5, 2.0]) if trial == 0 else draw.normal(draw.whole(1, 9)) ** 2
        value, where = ask(answer, x=x)
        b, ordered, n = read(value, where), x.double().sort().values, len(x)
        # From where to where a constant is best, for squares and for absolute values.
        best = [(ordered.mean(), ordered.mean()), (ordered[(n - 1) // 2], ordered[n // 2])]
        fits = [low - 1e-4 <= b <= high + 1e-4 for low, high in best]
        if fits[asked]:
            continue
        if fits[1 - asked]:
            raise Wrong(("for_sizes", "for_squares")[asked], where=where)
        if close(b, ordered.sum()):
            raise Wrong("a_sum", where=where)
        if close(b, (ordered[0] + ordered[-1]) / 2):
            raise Wrong("extremes", where=where)
        if not close(read(ask(answer, x=x.sort().values)[0], where), b):
            raise Wrong("order", where=where)
        raise Wrong("too_large" if b > best[asked][1] else "too_small", where=where)
    return TRIED


def _least_squares_data(draw, trial):
    """Return X (n × d) of full column rank and y (n), the first with n = 6 and d = 3."""
    d = 3 if trial == 0 else draw.whole(1, 3)
    n = 6 if trial == 0 else draw.whole(d + 2, 9)
    X = draw.normal(n, d)
    while torch.linalg.cond(X.double()) > 20:
        X = draw.normal(n, d)
    return X, draw.normal(n)


def loss_gradient(answer):
    """Check the gradient of half the mean squared error: ``gradient(X, y, w)``."""
    for trial, draw in trials():
        X, y = _least_squares_data(draw, trial)
        w = draw.normal(X.shape[1])
        value, where = ask(answer, X=X, y=y, w=w)
        X, y, w, n = X.double(), y.double(), w.double().requires_grad_(), len(y)
        right = torch.autograd.grad(((X @ w - y) ** 2).mean() / 2, w)[0]
        without = torch.autograd.grad(((X @ w) ** 2).mean() / 2, w)[0]
        compare(read(value, where, w.shape), right, where, {
            "opposite": -right, "twice": 2 * right, "not_averaged": n * right, "twice_not_averaged": 2 * n * right,
            "no_labels": without}, "other_gradient")
    return TRIED


def least_squares(answer):
    """Check the solution of the normal equations: ``weights(X, y)``."""
    for trial, draw in trials():
        X, y = _least_squares_data(draw, trial)
        value, where = ask(answer, X=X, y=y)
        X, y = X.double(), y.double()
        right = torch.linalg.lstsq(X, y).solution
        with_bias = torch.linalg.lstsq(X - X.mean(dim=0), y - y.mean()).solution
        compare(read(value, where, right.shape), right, where, {
            "opposite": -right, "one_by_one": X.T @ y / (X * X).sum(dim=0), "with_bias": with_bias}, "not_lowest")
    return TRIED


def laplace_nll(answer):
    """Check the negative log-likelihood with Laplace noise: ``nll(X, y, w, b)``."""
    for trial, draw in trials():
        n, d = (5, 2) if trial == 0 else (draw.whole(1, 7), draw.whole(1, 3))
        X, y, w, b = draw.normal(n, d), draw.normal(n), draw.normal(d), draw.normal()
        value, where = ask(answer, X=X, y=y, w=w, b=b)
        X, y, w, b = (part.double() for part in (X, y, w, b))
        error, found = y - X @ w - b, read(value, where)
        right = -torch.distributions.Laplace(0.0, 1.0).log_prob(error).sum()
        compare(found, right, where, {
            "opposite": -right, "averaged": right / n, "no_constant": error.abs().sum(),
            "constant_sign": error.abs().sum() - n * math.log(2), "constant_once": error.abs().sum() + math.log(2),
            "squared": ((error**2).sum() + n * math.log(2), (error**2).sum() / 2 + n * math.log(2), (error**2).sum() / 2,
                        (error**2).sum()), "no_bias": (y - X @ w).abs().sum() + n * math.log(2),
            "no_size": error.sum() + n * math.log(2)}, "other_number")
    return TRIED


def laplace_fit(answer):
    """Check a training with absolute errors: ``fit(Z, y)``, which gives back w and b, on the house sales.

    Raises
    ------
    Wrong
        If the mean absolute error could be smaller.
    """
    from sklearn.linear_model import QuantileRegressor

    from helpers.houses import house_sales

    houses = house_sales("train")
    Z, y = (houses.X - houses.X.mean(dim=0)) / houses.X.std(dim=0), houses.y
    value, where = ask(answer, Z=Z, y=y)
    w, b = read_several(value, where, w=(Z.shape[1],), b=())
    Z, y = Z.double(), y.double()
    exact = QuantileRegressor(quantile=0.5, alpha=0).fit(Z.numpy(), y.numpy())
    by_sizes, by_squares = torch.from_numpy(exact.predict(Z.numpy())), Z @ torch.linalg.lstsq(Z, y).solution + y.mean()
    y_hat = Z @ w + b
    excess = ((y_hat - y).abs().mean() / (by_sizes - y).abs().mean() - 1).item()
    if excess <= 0.0005:
        return "tried_houses", {}
    if b.abs() < 1e-3 * y.mean():
        raise Wrong("no_bias", where=where)
    if (y_hat - by_squares).norm() < 0.2 * (by_sizes - by_squares).norm():
        raise Wrong("for_squares", where=where)
    raise Wrong("jumping" if excess < 0.1 else "far_away", where=where, percent=f"{100 * excess:.2g}")


def shortest_weights(answer):
    """Check the shortest weights with the same predictions, if feature 3 equals feature 1: ``shortest(w)``.

    Raises
    ------
    Wrong
        If others would do better.
    """
    for trial, draw in trials():
        w = draw.normal(3) if trial else torch.tensor([4.0, -1.0, 1.0])
        value, where = ask(answer, w=w)
        found, w = read(value, where, (3,)), w.double()
        if not close(found[[1]], w[[1]]):
            raise Wrong("second_weight", where=where)
        if not close(found[0] + found[2], w[0] + w[2]):
            raise Wrong("other_predictions", where=where)
        # Among numbers of a given sum, equal ones have the least sum of squares.
        if not close(found[0], found[2]):
            raise Wrong("not_shortest", where=where)
    return TRIED


def end_of_sgd(answer):
    """Check where SGD takes two weights that share a feature: ``end(start, total)`` gives w_1 and w_3.

    Raises
    ------
    Wrong
        If it ends elsewhere.
    """
    for trial, draw in trials():
        start, total = draw.normal(2), draw.normal()
        if trial == 0:
            start, total = torch.tensor([5.0, 1.0]), torch.tensor(20.0)
        value, where = ask(answer, start=start, total=total)
        found, start, total = read(value, where, (2,)), start.double(), total.double()
        # One gradient for both: descend on (w_1 + w_3 - total)², until the sum is right.
        w = start.clone()
        for _ in range(60):
            w = w - 0.4 * (w.sum() - total)
        if close(found, w):
            continue
        if close(found, w.flip(0)):
            raise Wrong("swapped", where=where)
        if not close(found.sum(), total):
            raise Wrong("other_total", where=where)
        raise Wrong("forgets_start" if close(found[0], found[1]) else "other_end", where=where)
    return TRIED


def fit_log_price(answer):
    """Check a linear model of the logarithm of the price: ``fit(Z, y)`` gives back w and b."""
    for trial, draw in trials():
        Z, logs = _least_squares_data(draw, trial)
        y = torch.exp(logs + 1)
        value, where = ask(answer, Z=Z, y=y)
        Z, y = Z.double(), y.double()
        d, ones = Z.shape[1], torch.cat([Z, torch.ones(len(y), 1, dtype=torch.float64)], dim=1)
        found = torch.hstack(read_several(value, where, w=(d,), b=()))
        right, plain = (torch.linalg.lstsq(ones, labels).solution for labels in (y.log(), y))
        without = torch.hstack([torch.linalg.lstsq(Z, y.log()).solution, torch.zeros(1)])
        compare(found, right, where, {
            "no_logarithm": plain, "other_base": (right / math.log(10), right / math.log(2)), "no_bias": without}, "not_lowest_log")
    return TRIED


def percent_per_unit(answer):
    """Check by how many per cent the price changes for one unit more: ``percent(w, s)``, two numbers."""
    for trial, draw in trials():
        w, s = (draw.normal() / 4, draw.normal().abs() + 0.3) if trial else (torch.tensor(0.4), torch.tensor(0.5))
        value, where = ask(answer, w=w, s=s)
        found, w, s = read(value, where), w.double(), s.double()
        ratio = torch.exp(w / s)
        compare(found, 100 * (ratio - 1), where, {
            "factor": ratio, "factor_percent": 100 * ratio, "share": ratio - 1, "difference": (100 * w / s, w / s),
            "per_deviation": 100 * (w.exp() - 1), "times_s": 100 * (torch.exp(w * s) - 1),
            "opposite": 100 * (1 - ratio)}, "other_percent")
    return TRIED


# Of each exercise: its questions by the name in the work cell, each with its part and what checks it.
EXERCISES = {
    "ex-constant": {"constant_for_squares": ("a", best_by_squares), "constant_for_sizes": ("c", best_by_sizes)},
    "ex-normal-equations": {"loss_gradient": ("b", loss_gradient), "least_squares_weights": ("c", least_squares)},
    "ex-laplace": {"laplace_nll": ("a", laplace_nll), "laplace_fit": ("c", laplace_fit)},
    "ex-rank": {"shortest_weights": ("a", shortest_weights), "end_of_sgd": ("b", end_of_sgd)},
    "ex-log-price": {"fit_log_price": ("a", fit_log_price), "percent_per_unit": ("b", percent_per_unit)},
}
