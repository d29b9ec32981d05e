"""The exercises of the chapter on multilayer perceptrons.

Each function takes the reader's answer to one question.  If it is right, the function returns the name of a message
and what stands in it; if not, it raises ``Wrong``, and ``Unanswered`` if there is no answer yet.
"""

import torch

from helpers.exercises.answers import (TRIALS, TRIED, Draws, Wrong, ask, close, compare, read, read_several, read_truth,
                                       shown, trials)


def prelu_by_x(answer):
    """Check the derivative of the parametric ReLU by x: ``derivative(x, alpha)``, x of shape (n,)."""
    return _prelu(answer, by_x=True)


def prelu_by_alpha(answer):
    """Check the derivative of the parametric ReLU by alpha, for each x: ``derivative(x, alpha)``."""
    return _prelu(answer, by_x=False)


def _prelu(answer, by_x):
    for trial, draw in trials():
        x, alpha = draw.normal(draw.whole(2, 7)), draw.normal()
        if trial == 0:
            x, alpha = torch.tensor([-3.0, 0.0, 2.0, -0.5, 5.0]), torch.tensor(0.25)
        value, where = ask(answer, x=x, alpha=alpha)
        found = read(value, where, x.shape)  # finite, at 0 too
        x, slopes = x.double().requires_grad_(), alpha.double().repeat(len(x)).requires_grad_()
        y = x.clamp(min=0) + slopes * x.clamp(max=0)
        gradients = torch.autograd.grad(y.sum(), (x, slopes))
        x, slopes, y = x.detach(), slopes.detach(), y.detach()
        away = x != 0  # at 0 there is nothing to be right about
        relu = (x > 0).double()
        mistakes = {
            "function_itself": y, "only_positive": relu, "sides_swapped": torch.where(x < 0, 1.0, slopes),
            "always_alpha": slopes, "times_x": x * gradients[0]} if by_x else {
            "opposite": -gradients[1], "both_sides": x, "sides_swapped": x * relu, "by_x": gradients[0],
            "with_alpha": slopes * gradients[1], "no_amount": 1 - relu}
        compare(found[away], gradients[0 if by_x else 1][away], where,
                {key: value[away] for key, value in mistakes.items()}, "other_slope" if by_x else "other_by_alpha")
    return TRIED


def many_pieces(answer):
    """Check a network of h ReLU units with as many pieces as can be: ``network(h)`` gives w_1, b_1 and w_2.

    Raises
    ------
    Wrong
        If there could be more.
    """
    for h in range(1, 9):
        value, where = ask(answer, h=h)
        w_1, b_1, w_2 = read_several(value, where, w_1=(h,), b_1=(h,), w_2=(h,))
        if (w_1 == 0).any():
            raise Wrong("no_kink", where=where)
        kinks = -b_1 / w_1
        changes = w_2 * w_1.abs()  # of the slope, at each kink
        if h > 1 and kinks.sort().values.diff().min() < 1e-6:
            raise Wrong("same_kink", where=where)
        if (changes == 0).any():
            raise Wrong("silent", where=where)
    return "tried_up_to", {"name": "h", "most": 8}


def three_units(answer):
    """Check W (2 × 3) and b (3) of three ReLU units that cut the plane into as many regions as can be.

    Raises
    ------
    Wrong
        If there could be more.
    """
    if callable(answer):
        raise Wrong("no_pair", names="W, b")
    W, b = read_several(answer, "", W=(2, 3), b=(3,))
    if (W.norm(dim=0) == 0).any():
        raise Wrong("no_line", where="")
    areas = [torch.linalg.det(W[:, pair]) / W[:, pair].norm(dim=0).prod() for pair in ([0, 1], [0, 2], [1, 2])]
    if min(abs(area) for area in areas) < 1e-6:
        raise Wrong("parallel_lines", where="")
    if abs(torch.linalg.det(torch.vstack([W, b]) / W.norm(dim=0))) < 1e-6:
        raise Wrong("one_point", where="")
    return "no_more_regions", {}


def tanh_by_sigmoid(answer):
    """Check tanh that is made of the sigmoid: ``tanh(x)``, x of shape (n,).

    Raises
    ------
    Wrong
        If it is something else, or made of something else.
    """
    for trial, draw in trials():
        x = draw.normal(draw.whole(2, 7)) if trial else torch.tensor([-2.0, 0.0, 0.5, 1.0])
        value, where = ask(answer, x=x)
        x, s = x.double(), torch.sigmoid
        right = torch.tanh(x)
        compare(read(value, where, x.shape), right, where, {
            "opposite": -right, "too_high": right + 1, "too_flat": 2 * s(x) - 1, "too_low": s(2 * x) - 0.5,
            "sigmoid_itself": s(x), "not_moved": s(2 * x)}, "not_tanh")
    others = {"tanh", "Tanh", "exp", "sinh", "cosh"} & {getattr(answer, "__name__", ""), *_names_in(answer)}
    if others:
        raise Wrong("not_only_sigmoid", name=sorted(others)[0])
    return TRIED


def _names_in(function):
    return getattr(getattr(function, "__code__", None), "co_names", ())


def sigmoid_twin(answer):
    """Check the sigmoid network that equals a tanh network: ``twin(W_1, b_1, W_2, b_2)`` gives back four as these.

    Raises
    ------
    Wrong
        If the two networks differ.
    """
    for _, draw in trials():
        W_1, b_1, W_2, b_2 = draw.normal(2, 4), draw.normal(4), draw.normal(4, 3), draw.normal(3)
        X = draw.normal(20, 2).double()
        value, where = ask(answer, W_1=W_1, b_1=b_1, W_2=W_2, b_2=b_2)
        U_1, c_1, U_2, c_2 = read_several(value, "", W_1=(2, 4), b_1=(4,), W_2=(4, 3), b_2=(3,))
        W_1, b_1, W_2, b_2 = (part.double() for part in (W_1, b_1, W_2, b_2))
        wanted = torch.tanh(X @ W_1 + b_1) @ W_2 + b_2
        difference = torch.sigmoid(X @ U_1 + c_1) @ U_2 + c_2 - wanted
        if close(difference, torch.zeros_like(difference)):
            continue
        if close(U_1, W_1) and close(c_1, b_1):
            raise Wrong("same_hidden")
        if close(U_1, W_1) or close(c_1, b_1):
            raise Wrong("hidden_weights" if close(U_1, W_1) else "hidden_bias")
        if close(difference, difference[0].expand_as(difference)):
            raise Wrong("constant_left")
        raise Wrong("output_layer" if close(U_1, 2 * W_1) and close(c_1, 2 * b_1) else "not_twin")
    return "tried_networks", {"count": TRIALS}


def _batch_functions():
    """Return functions of a batch by what they compute, and whether a row's result depends on the others."""
    def normalised(A, dim):
        return (A - A.mean(dim=dim, keepdim=True)) / A.std(dim=dim, keepdim=True, correction=0)

    return {
        "torch.relu(A)": (torch.relu, False),
        "torch.softmax(A, dim=0)": (lambda A: torch.softmax(A, dim=0), True),
        "torch.softmax(A, dim=1)": (lambda A: torch.softmax(A, dim=1), False),
        "(A - A.mean(dim=0)) / A.std(dim=0)": (lambda A: normalised(A, 0), True),
        "(A - A.mean(dim=1)) / A.std(dim=1)": (lambda A: normalised(A, 1), False),
        "A - A.max()": (lambda A: A - A.max(), True),
        "2 * A + 1": (lambda A: 2 * A + 1, False),
        "A.cumsum(dim=0)": (lambda A: A.cumsum(dim=0), True),
        "torch.sigmoid(A)": (torch.sigmoid, False),
    }


def looks_at_other_rows(answer):
    """Check a test of whether a function of a batch mixes its rows: ``test(f, A)`` gives True or False.

    Raises
    ------
    Wrong
        If it errs about one of some functions.
    """
    draw = Draws()
    for text, (function, mixes) in _batch_functions().items():
        def f(A, function=function):
            return function(A)

        f.__name__ = text
        value, where = ask(answer, f=f, A=draw.normal(6, 3))
        if read_truth(value, where) != mixes:
            raise Wrong("mixes" if mixes else "mixes_not", where=where)
    return "tried_functions", {"count": len(_batch_functions())}


def normaliser(answer):
    """Check a normalisation that is ready for predictions: ``normaliser(A_train)`` gives back a function of a batch.

    Raises
    ------
    Wrong
        If what that function makes of a row depends on the batch, or is not normalised.
    """
    for _, draw in trials():
        A_train, A = draw.normal(20, 3) * 2 + torch.tensor([3.0, 0.0, -5.0]), draw.normal(4, 3)
        normalise, _ = ask(answer, A_train=A_train)
        if not callable(normalise):
            raise Wrong("no_function_back", kind=type(normalise).__name__)
        whole, fewer, alone = (read(*ask(normalise, A=part), part.shape) for part in (A, A[:2], A[:1]))
        where = shown(A_train=A_train, A=A[:1])
        if not (close(whole[:1], alone) and close(fewer[:1], alone)):
            raise Wrong("company", where=where)
        A_train, A = A_train.double(), A.double()
        mean, std = A_train.mean(dim=0), A_train.std(dim=0)
        both = [(A - mean) / A_train.std(dim=0, correction=correction) for correction in (0, 1)]
        if close(whole, both[0]):
            continue
        compare(whole, both[1], where, {
            "not_divided": A - mean, "not_centred": A / std, "by_variance": (A - mean) / std**2,
            "not_by_column": (A - A_train.mean()) / A_train.std()}, "not_normalised")
    return TRIED


def _matrix(draw, d, q, rank):
    """Return a d × q matrix of a rank."""
    while True:
        W = draw.normal(d, rank) @ draw.normal(rank, q)
        if torch.linalg.matrix_rank(W, rtol=1e-3) == rank:
            return W


def is_reachable(answer):
    """Check a test of whether a matrix can come out of a layer of h units: ``test(W, h)`` gives True or False.

    Raises
    ------
    Wrong
        If it errs.
    """
    for _, draw in trials():
        d, q = draw.whole(3, 6), draw.whole(3, 6)
        h, rank = draw.whole(1, min(d, q) - 1), draw.whole(0, min(d, q))
        W = _matrix(draw, d, q, rank)
        value, where = ask(answer, W=W, h=h)
        if read_truth(value, where) != (rank <= h):
            raise Wrong("reachable" if rank <= h else "not_reachable", where=where)
    return TRIED


def two_factors(answer):
    """Check the weights of two layers that collapse to W: ``factors(W, h)`` gives W_1 and W_2.

    Raises
    ------
    Wrong
        If they do not.
    """
    for trial, draw in trials():
        d, q = draw.whole(3, 6), draw.whole(3, 6)
        h = draw.whole(1, min(d, q) - 1)
        W = _matrix(draw, d, q, h if trial == 0 else draw.whole(0, h))
        value, where = ask(answer, W=W, h=h)
        W_1, W_2 = read_several(value, where, W_1=(d, h), W_2=(h, q))
        W = W.double()
        if close(W_1 @ W_2, W):
            continue
        U, S, V_t = torch.linalg.svd(W, full_matrices=False)
        U, S, V_t = U[:, :h], S[:h], V_t[:h]
        compare(W_1 @ W_2, W, where, {
            "no_sizes": U @ V_t, "sizes_twice": U * S**2 @ V_t, "opposite": -W}, "other_product")
    return TRIED


def saves_parameters(answer):
    """Check whether two layers have fewer parameters than one: ``saves(d, h, q)`` gives True or False.

    Raises
    ------
    Wrong
        If it errs.
    """
    draw = Draws()
    # First one that is clear, then some in which somebody who forgets the biases, or one of them, errs.
    cases = [(4, 3, 4), (3, 2, 7), (5, 3, 8), (7, 4, 10), (4, 2, 6)]
    cases += [(draw.whole(3, 40), draw.whole(1, 12), draw.whole(3, 40)) for _ in range(TRIALS)]
    for d, h, q in cases:
        one, two = torch.nn.Linear(d, q), torch.nn.Sequential(torch.nn.Linear(d, h), torch.nn.Linear(h, q))
        counts = [sum(part.numel() for part in net.parameters()) for net in (two, one)]
        value, where = ask(answer, d=d, h=h, q=q)
        found = read_truth(value, where)
        if found != (counts[0] < counts[1]):
            weights_alone = d * h + h * q < d * q
            raise Wrong("biases" if found == weights_alone else "other_count", where=where)
    return "tried", {"count": len(cases)}


def _first_gradient(x, w, b):
    """Return the derivative of the last unit's output by the first weight."""
    w = w.double().clone().requires_grad_()
    h = x.double()
    for w_k, b_k in zip(w, b.double()):
        h = torch.sigmoid(w_k * h + b_k)
    return torch.autograd.grad(h, w)[0][0]


def gradient_bound(answer):
    """Check a bound of the first gradient: ``bound(x, w)``, w of any number of layers.

    Raises
    ------
    Wrong
        If a gradient exceeds it, or it is larger than it need be.
    """
    for trial, draw in trials():
        x, w = draw.normal(), draw.normal(10 if trial % 2 else draw.whole(2, 8))
        if trial == 0:
            x, w = torch.tensor(-2.0), torch.tensor([3.0, 1.0, 0.5])
        value, where = ask(answer, x=x, w=w)
        bound = read(value, where)
        # With these biases every unit gets 0 and passes on as much as it can.
        b = -w * torch.cat([x.reshape(1), torch.full((len(w) - 1,), 0.5)])
        largest = _first_gradient(x, w, b).abs()
        ratio = (bound / largest).item() if largest > 0 else None
        if bound < 0:
            raise Wrong("negative_bound", where=where)
        if bound < largest * (1 - 1e-4):
            raise Wrong("exceeded", where=shown(x=x, w=w, b=b))
        # The weight that is differentiated by does not matter.
        other = read(ask(answer, x=x, w=torch.cat([w[:1] + 1.5, w[1:]]))[0], where)
        if not torch.isclose(other, bound, rtol=1e-4, atol=0.0):
            raise Wrong("first_weight", where=where)
        if ratio is None and bound > 1e-12:
            raise Wrong("generous_zero", where=where)
        if ratio is not None and ratio > 1 + 1e-4:
            raise Wrong("generous", where=where, ratio=f"{ratio:.3g}")
    return TRIED


def first_gradient(answer):
    """Check the size of the first weight's gradient: ``gradient(x, w, b)``.

    Raises
    ------
    Wrong
        If it is another number.
    """
    for trial, draw in trials():
        layers = 3 if trial == 0 else draw.whole(1, 10)
        x, w, b = draw.normal() / 2, draw.normal(layers) / 2, draw.normal(layers) / 2
        value, where = ask(answer, x=x, w=w, b=b)
        found, right = read(value, where).abs(), _first_gradient(x, w, b).abs()
        by_x = right * (w[0] / x).double().abs()
        # They may be tiny, so only ratios tell.
        if not torch.isclose(found, right, rtol=1e-2, atol=0.0):
            is_by_x = torch.isclose(found, by_x, rtol=1e-2, atol=0.0)
            raise Wrong("by_input" if is_by_x else "other_gradient_size", where=where)
    return TRIED


def weight_needed(answer):
    """Check the size that weights need for the bound not to shrink, a number.

    Raises
    ------
    Wrong
        If it is another one.
    """
    if callable(answer):
        raise Wrong("no_number", kind=type(answer).__name__)
    w = read(answer, "")
    if w < 0:
        raise Wrong("negative_size")
    # What one layer passes on at most, for a weight of 1.
    passed = _first_gradient(torch.tensor(1.0), torch.tensor([1.0]), torch.tensor([-1.0]))
    if not torch.isclose(w * passed, torch.ones((), dtype=torch.float64), rtol=1e-3):
        raise Wrong("still_shrinks" if w * passed < 1 else "smaller_will_do")
    return "level", {}


# Of each exercise: its questions by the name in the work cell, each with its part and what checks it.
EXERCISES = {
    "ex-prelu-grad": {"prelu_by_x": ("a", prelu_by_x), "prelu_by_alpha": ("b", prelu_by_alpha)},
    "ex-piecewise": {"many_pieces": ("b", many_pieces), "three_units": ("c", three_units)},
    "ex-tanh-sigmoid": {"tanh_by_sigmoid": ("a", tanh_by_sigmoid), "sigmoid_twin": ("b", sigmoid_twin)},
    "ex-batch-activation": {"looks_at_other_rows": ("a", looks_at_other_rows), "normaliser": ("c", normaliser)},
    "ex-collapse": {"is_reachable": ("a", is_reachable), "two_factors": ("a", two_factors),
                    "saves_parameters": ("c", saves_parameters)},
    "ex-vanishing": {"gradient_bound": ("a", gradient_bound), "first_gradient": ("c", first_gradient),
                     "weight_needed": ("d", weight_needed)},
}
