"""Digits that a reader draws, read by two models side by side."""

import torch
import traitlets
from torch import nn
from torch.nn import functional as F

from helpers import checks
from helpers.activations import MODULES, activation
from helpers.widgets.base import Widget, flag, listed, numbers, whole

PIXELS, CLASSES = 64, 10
SIDE = 32  # of the bitmap whose dots are counted, and of the paper
MIDDLE, ACROSS, UPWARDS = 16, 14, 28  # where the lines of a digit lie on the bitmap, and how far they go
WIDER, TALLER = 0.9, 3.0  # by how much more than the other direction one may be stretched
SPECK = 0.25  # what is smaller is a dot, and stays as large
DOTS = 313  # that are on: the median of the images
THINNEST = 0.75  # of all lines, from the middle to the edge
MOST_POINTS, MOST_MENDS = 600, 500
MOST_EXAMPLES, MOST_LAYERS, MOST_WEIGHTS, LARGEST_WEIGHT = 40, 6, 50_000, 1e6


class _Pairs(traitlets.TraitType):
    """A trait: a list of lists of pairs, each number from 0 to its limit, and no more than so many in all."""

    def __init__(self, limits, most):
        self.limits, self.most = limits, most
        super().__init__()
        self.tag(sync=True)

    def default(self, obj=None):
        return []

    def validate(self, obj, value):
        if not isinstance(value, (list, tuple)):
            raise traitlets.TraitError(f"{self.name} must be a list of lists of pairs of numbers, got {value!r:.80}")
        try:
            found = [listed(self.name, group, ndim=2) for group in value]
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(str(error)) from error
        for pair in (pair for group in found for pair in group):
            if len(pair) != 2 or not all(0 <= part <= limit for part, limit in zip(pair, self.limits, strict=True)):
                ranges = " and ".join(f"from 0 to {limit}" for limit in self.limits)
                raise traitlets.TraitError(f"{self.name} must hold pairs of numbers {ranges}, got {pair}")
        if (count := sum(map(len, found))) > self.most:
            raise traitlets.TraitError(f"{self.name} must hold at most {self.most} pairs, got {count}")
        return [group for group in found if group]


class DrawDigit(Widget):
    """A paper to draw a digit on, the 8×8 pixels that are made of it, and how two models read them.

    Explained in `sec-draw-digit` of the chapter on multilayer perceptrons.

    Parameters
    ----------
    linear, mlp : torch.nn.Module
        The two models, from 64 pixels to the scores (logits) of the digits 0 to 9: ``nn.Linear``, or an
        ``nn.Sequential`` of ``nn.Linear`` and of the activation functions of :mod:`helpers.activations`.
        At most 6 linear layers and 50,000 weights each, none beyond ±1e6.  The widget keeps the weights as they are
        now: it does not learn of later training.
    X : torch.Tensor, shape (n, 64)
        Images with pixels from 0 (empty) to 1 (full ink), such as the held-out ones.
    y : torch.Tensor, shape (n,)
        The digits they show, 0 to 9.

    Attributes
    ----------
    examples : dict
        The first 40 of the images that a model gets wrong, those that both get wrong before the others:
        ``"images"`` and ``"labels"``.
    example : int
        Which of them is loaded, or -1.  To set it loads it.
    image : list of 64 float
        The pixels that the models see, row by row, each from 0 to 1.
    strokes : list of lists of pairs
        The lines drawn on the paper, each a list of its points, ``[x, y]`` in units of 1/32 of the paper, from
        its upper left corner; at most 600 points.  To set them makes the image anew (see :func:`drawn_image`).
    mends : list of lists of pairs
        What the reader has changed in the pixels since: in each turn ``[pixel, ink before]``.
    pixel : int
        The selected one, counted from 0, or -1.
    show_numbers : bool
        Whether the ink of each pixel is written on it, in sixteenths.

    Raises
    ------
    TypeError, ValueError
        If a model is made of something else, its layers do not fit or its weights are not finite, or if ``X`` or
        ``y`` is no tensor, has another shape, or numbers out of range.
    traitlets.TraitError
        If a trait is set to what it cannot be.
    """

    models = traitlets.Dict(read_only=True).tag(sync=True)
    examples = traitlets.Dict(read_only=True).tag(sync=True)
    example = whole(-1)
    image = numbers()
    strokes = _Pairs((SIDE, SIDE), MOST_POINTS)
    mends = _Pairs((PIXELS - 1, 1), MOST_MENDS)
    pixel = whole(-1, PIXELS - 1)
    show_numbers = flag()

    def __init__(self, linear, mlp, X=None, y=None):
        self._models = {"linear": layers_of("linear", linear), "mlp": layers_of("mlp", mlp)}
        self._examples = misread(self._models, X, y)
        images = self._examples["images"]
        super().__init__(example=0 if images else -1, image=images[0] if images else [0.0] * PIXELS, pixel=-1)
        self.observe(self._load, names="example")
        self.observe(self._draw, names="strokes")
        self.observe(self._show, names="image")

    @traitlets.default("models")
    def _given_models(self):
        return self._models

    @traitlets.default("examples")
    def _misread_images(self):
        return self._examples

    @property
    def probabilities(self):
        """The ten probabilities by each model, ``{"linear": …, "mlp": …}``, as tensors of float64."""
        x = torch.tensor(self.image, dtype=torch.float64)
        return {name: torch.softmax(scores(layers, x), dim=0) for name, layers in self.models.items()}

    # What the reader changes on the page has already been answered there.

    def _load(self, change):
        if not self._is_by_reader(change) and change["new"] >= 0:
            self._become(image=self.examples["images"][change["new"]], strokes=[], mends=[])

    def _draw(self, change):
        if not self._is_by_reader(change):
            self._become(image=drawn_image(change["new"]), example=-1, mends=[])

    def _show(self, change):
        if not self._is_by_reader(change):
            self._become(example=-1, strokes=[], mends=[])

    def _become(self, **traits):
        """Set several traits in one message, and none of what follows from each."""
        observed = {"example": self._load, "strokes": self._draw, "image": self._show}
        for name, handler in observed.items():
            self.unobserve(handler, names=name)
        try:
            with self.hold_sync():
                for name, value in traits.items():
                    setattr(self, name, value)
        finally:
            for name, handler in observed.items():
                self.observe(handler, names=name)

    @traitlets.validate("example")
    def _is_there(self, proposal):
        count = len(self.examples["images"])
        if proposal["value"] >= count:
            raise traitlets.TraitError(f"example must be from -1 to {count - 1}, got {proposal['value']}")
        return proposal["value"]

    @traitlets.validate("image")
    def _is_an_image(self, proposal):
        value = proposal["value"]
        if len(value) != PIXELS:
            raise traitlets.TraitError(f"image must have {PIXELS} pixels, got {len(value)}")
        for number in value:
            if not 0 <= number <= 1:
                raise traitlets.TraitError(f"image must hold numbers from 0 to 1, got {number:g}")
        return value


def layers_of(name, net):
    """Return a model as plain data: a list of ``{"W", "b"}`` and ``{"activation", "alpha"}``.

    Raises
    ------
    TypeError, ValueError
        As :class:`DrawDigit`.
    """
    layers, width = [], PIXELS
    for module in _modules(net):
        if isinstance(module, nn.Linear):
            if module.in_features != width:
                raise ValueError(f"{name} must take {width} numbers in layer {len(layers)}, got {module}")
            width = module.out_features
            bias = torch.zeros(width) if module.bias is None else module.bias
            layers.append({"W": _weights(name, module.weight, 2), "b": _weights(name, bias, 1)})
        else:
            layers.append(_activation(name, module))
    if not layers or "W" not in layers[-1] or width != CLASSES:
        raise ValueError(f"{name} must end in a linear layer with {CLASSES} outputs, got {net}")
    for what, count, most in (("weights", sum(p.numel() for p in net.parameters()), MOST_WEIGHTS),
                              ("linear layers", sum("W" in layer for layer in layers), MOST_LAYERS)):
        if count > most:
            raise ValueError(f"{name} must have at most {most} {what}, got {count}")
    return layers


def _modules(net):
    """Return the modules that a model calls one after the other."""
    if isinstance(net, nn.Sequential):
        return [module for part in net for module in _modules(part)]
    return [] if isinstance(net, nn.Flatten) else [net]


def _activation(name, module):
    for called in MODULES:
        if type(activation(called)) is type(module):
            if called == "gelu" and module.approximate != "none" or called == "elu" and module.alpha != 1:
                raise ValueError(f"{name} must have activation functions with their default settings, got {module}")
            slope = torch.tensor(getattr(module, "negative_slope", 0.0), dtype=torch.float64)
            return {"activation": called, "alpha": _weights(name, slope, 0)}
    raise TypeError(f"{name} must be an nn.Linear or an nn.Sequential of such and of activation functions, "
                    f"got {type(module).__name__}")


def _weights(name, value, ndim):
    try:
        checks.tensor(name, value.detach(), ndim)
    except ValueError as error:
        raise ValueError(f"the weights of {error}") from error
    if value.abs().max() > LARGEST_WEIGHT:
        raise ValueError(f"the weights of {name} must be from -{LARGEST_WEIGHT:g} to {LARGEST_WEIGHT:g}, "
                         f"got {value.flatten()[value.abs().argmax()]:g}")
    return value.detach().double().tolist()


def scores(layers, x):
    """Return the scores (logits) of a model, as :func:`layers_of` has it, for pixels of shape (64,) or (n, 64)."""
    for layer in layers:
        if "W" in layer:
            x = F.linear(x, *(torch.tensor(layer[part], dtype=torch.float64) for part in ("W", "b")))
        elif layer["activation"] == "leaky_relu":
            x = F.leaky_relu(x, layer["alpha"])
        else:
            x = activation(layer["activation"])(x)
    return x


def misread(models, X, y):
    """Return the images that a model gets wrong, as :attr:`DrawDigit.examples`.

    Raises
    ------
    TypeError, ValueError
        As :class:`DrawDigit`.
    """
    if X is None and y is None:
        return {"images": [], "labels": []}
    for name, value in ("X", X), ("y", y):
        if value is None:
            raise ValueError(f"X and y must be given together, got no {name}")
    checks.examples(X, y)
    if X.shape[1] != PIXELS:
        raise ValueError(f"X must have {PIXELS} columns, got {X.shape[1]} (shape {tuple(X.shape)})")
    outside = X[(X < 0) | (X > 1)]
    if len(outside):
        raise ValueError(f"X must hold numbers from 0 to 1, got {outside[0]:g}")
    other = y[(y < 0) | (y >= CLASSES) | (y != y.long())]
    if len(other):
        raise ValueError(f"y must hold digits from 0 to 9, got {other[0]:g}")
    X = X.detach().double()
    wrong = sum((scores(layers, X).argmax(dim=1) != y).int() for layers in models.values())
    rows = [row for count in (2, 1) for row in (wrong == count).nonzero().flatten().tolist()][:MOST_EXAMPLES]
    return {"images": X[rows].tolist(), "labels": y[rows].int().tolist()}


def drawn_image(strokes):
    """Return the 64 pixels, each from 0 to 1, that are made of lines on the paper.

    It is done as it was for the images of the data.  There a digit fills the 32 rows of its bitmap in every image
    and stands in the middle, mostly 20 dots wide, and some 313 of the 1024 dots are on, whether it is a 1 or an 8
    (in 8 images of 10 from 267 to 356).  So the box around the lines is stretched to 28 dots upwards and 14 across,
    the 313 dots that are nearest to a line are switched on, and in each block of 4 × 4 those that are on are counted.
    (Across it is stretched at most 0.9 times as much as upwards, or a bar would become a block, and upwards at most
    3 times as much as across.)

    Parameters
    ----------
    strokes : list of lists of pairs
        As :attr:`DrawDigit.strokes`.

    Returns
    -------
    list of float
    """
    if not strokes:
        return [0.0] * PIXELS
    points = torch.tensor([point for stroke in strokes for point in stroke], dtype=torch.float64)
    low, high = points.amin(dim=0), points.amax(dim=0)
    across, upwards = _stretched(*(high - low).tolist())
    points = MIDDLE + (points - (low + high) / 2) * torch.tensor([across, upwards], dtype=torch.float64)
    # Each line as its pieces; a lone point is a piece of no length.
    starts = torch.tensor([len(stroke) for stroke in strokes]).cumsum(0).tolist()
    lines = [points[end - len(stroke):end] for stroke, end in zip(strokes, starts, strict=True)]
    start = torch.cat([line[:-1] if len(line) > 1 else line for line in lines])
    along = torch.cat([line[1:] if len(line) > 1 else line for line in lines]) - start
    dots = torch.arange(SIDE, dtype=torch.float64) + 0.5
    x, y = dots.repeat(SIDE)[:, None], dots.repeat_interleave(SIDE)[:, None]
    square = along[:, 0] * along[:, 0] + along[:, 1] * along[:, 1]
    part = (x - start[:, 0]) * along[:, 0] + (y - start[:, 1]) * along[:, 1]
    part = (part / torch.where(square > 0, square, 1.0)).clamp(0, 1)
    right, down = x - (start[:, 0] + part * along[:, 0]), y - (start[:, 1] + part * along[:, 1])
    distance = (right * right + down * down).amin(dim=1)
    on = distance <= max(distance.sort().values[DOTS - 1].item(), THINNEST * THINNEST)
    return (on.reshape(8, 4, 8, 4).sum(dim=(1, 3)).flatten() / 16).double().tolist()


def _stretched(width, height):
    """Return by what factors a drawing is stretched across and upwards."""
    if max(width, height) < SPECK:
        return 1.0, 1.0
    across = ACROSS / width if width else float("inf")
    upwards = UPWARDS / height if height else float("inf")
    return min(across, WIDER * upwards), min(upwards, TALLER * across)
