"""The squared loss."""

import torch

from helpers import checks


def squared_loss(y_hat, y):
    r"""Return the squared loss of each example, :math:`\tfrac12 (\hat y - y)^2`.

    Explained in `sec-standardise` of the chapter on linear regression.

    The half is there for the derivative, which is then simply :math:`\hat y - y`.  PyTorch's
    ``nn.MSELoss`` leaves the half out and takes the mean.

    Parameters
    ----------
    y_hat : torch.Tensor, shape (n,)
        The predictions.
    y : torch.Tensor, shape (n,)
        The labels, in the same unit.

    Returns
    -------
    torch.Tensor, shape (n,)
        The losses, in the square of the labels' unit.  A prediction that is not finite, or whose error
        has a square beyond the numbers of its type, has a loss that is not finite, by which
        :func:`helpers.training.train` notices that training diverged.  Whole numbers (and ``bool``)
        on both sides are reckoned with in PyTorch's default type.

    Raises
    ------
    TypeError
        If an argument is no tensor, or holds complex numbers.
    ValueError
        If ``y`` is not a finite, non-empty vector, the two shapes differ, or whole numbers in ``y`` are
        beyond the type of ``y_hat``.  A column of shape (n, 1) against a
        row of shape (n,) would broadcast to n × n differences without a word, so it is refused.
    """
    if not isinstance(y_hat, torch.Tensor):
        raise TypeError(f"y_hat must be a torch.Tensor, got {type(y_hat).__name__}")
    checks.tensor("y", y, ndim=1)
    if y_hat.shape != y.shape:
        raise ValueError(
            f"y_hat and y must have the same shape, got {tuple(y_hat.shape)} and {tuple(y.shape)}"
        )
    for name, value in ("y_hat", y_hat), ("y", y):
        if value.is_complex():
            raise TypeError(f"{name} must hold real numbers, got {value.dtype}")
    if y_hat.is_floating_point() and y.is_floating_point():
        return (y_hat - y) ** 2 / 2
    # Differences of whole numbers would begin again at the other end of their type without a word.
    dtype = torch.promote_types(y_hat.dtype, y.dtype)
    wide = dtype if dtype.is_floating_point else torch.float64
    labels = y.to(wide)
    if not labels.isfinite().all():
        raise ValueError(f"y must hold numbers that {wide} of y_hat holds, got {y[~labels.isfinite()][0]}")
    losses = (y_hat.to(wide) - labels) ** 2 / 2
    return losses if dtype.is_floating_point else losses.to(torch.get_default_dtype())
