"""Made-up data whose truth is known."""

import torch

from helpers import checks


def synthetic_linear_data(w, b, num_examples, noise=0.1, seed=0):
    r"""Draw examples from :math:`y = \mathbf{w}^\top\mathbf{x} + b + \epsilon`.

    Explained in `sec-hovering` of the chapter on linear regression.

    The features are standard normal, and so is :math:`\epsilon` but for its standard deviation,
    ``noise`` (equation ``eq-noise-model`` of the page).

    Parameters
    ----------
    w : torch.Tensor, shape (d,)
        The true weights.
    b : float
        The true bias.
    num_examples : int
        n, at least 1.
    noise : float
        The standard deviation of the noise, in the unit of ``y``; 0 for none.
    seed : int
        The same seed draws the same examples.

    Returns
    -------
    X : torch.Tensor, shape (n, d)
    y : torch.Tensor, shape (n,)

    Raises
    ------
    TypeError
        If ``w`` is no tensor of floating-point numbers, ``b`` or ``noise`` no number, or
        ``num_examples`` or ``seed`` no whole number.
    ValueError
        If ``w`` is not a finite vector, ``b`` not a finite number, ``num_examples`` below 1,
        ``noise`` negative or not finite, or ``seed`` negative or beyond 2⁶⁴ − 1; also if a label
        comes out beyond the numbers of ``w``'s type.
    """
    w = checks.tensor("w", w, ndim=1).detach()
    if not w.is_floating_point():
        raise TypeError(f"w must hold floating-point numbers, got {w.dtype}")
    b = checks.tensor("b", _number(b, w.dtype), ndim=0)
    num_examples = checks.whole_number("num_examples", num_examples, at_least=1)
    noise = checks.positive_number("noise", noise, or_zero=True)
    generator = torch.Generator().manual_seed(checks.seed(seed))
    X = torch.randn(num_examples, len(w), generator=generator, dtype=w.dtype)
    epsilon = noise * torch.randn(num_examples, generator=generator, dtype=w.dtype)
    y = X @ w + b + epsilon
    if not y.isfinite().all():
        raise ValueError(f"w, b and noise must be so small that labels of {w.dtype} hold what they give, "
                         f"got w = {w.tolist()!r:.80}, b = {b:g} and noise = {noise:g}")
    return X, y


def _number(b, dtype):
    try:
        if torch.is_complex(torch.as_tensor(b)):
            raise TypeError("a complex number")
        return torch.as_tensor(b, dtype=dtype).detach()
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise TypeError(f"b must be a number that {dtype} holds, got {b!r:.80}") from error
