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
        If ``w`` is no tensor of floating-point numbers, ``noise`` no number, or ``num_examples``
        or ``seed`` no whole number.
    ValueError
        If ``w`` is not a finite vector, ``b`` not a finite number, ``num_examples`` below 1,
        ``noise`` negative or not finite, or ``seed`` negative.
    """
    w = checks.tensor("w", w, ndim=1).detach()
    if not w.is_floating_point():
        raise TypeError(f"w must hold floating-point numbers, got {w.dtype}")
    b = checks.tensor("b", torch.as_tensor(b, dtype=w.dtype), ndim=0).detach()
    num_examples = checks.whole_number("num_examples", num_examples, at_least=1)
    if noise != 0:
        noise = checks.positive_number("noise", noise)
    generator = torch.Generator().manual_seed(checks.whole_number("seed", seed, at_least=0))
    X = torch.randn(num_examples, len(w), generator=generator, dtype=w.dtype)
    epsilon = noise * torch.randn(num_examples, generator=generator, dtype=w.dtype)
    return X, X @ w + b + epsilon
