"""What widgets with a network of one hidden layer ask of its parameters (what they compute is in shared/network.js)."""

import torch
import traitlets
from torch import nn

FARTHEST = 1e6  # of parameters and inputs; the same number stops a run in shared/network.js


class Network(traitlets.HasTraits):
    """The part of such a widget that refuses parameters which do not fit each other.

    Attributes
    ----------
    num_inputs : int
        How many inputs the network has, d: then ``W1`` is of shape (d, h), and ``b1`` and ``W2`` of shape (h,).
    """

    @traitlets.validate("W1", "b1", "W2")
    def _fits_the_network(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        found = torch.as_tensor(value, dtype=torch.float64)
        shape = (self.num_inputs, self.num_hiddens) if name == "W1" else (self.num_hiddens,)
        if found.shape != shape:
            raise traitlets.TraitError(f"{name} must have shape {shape}, got {tuple(found.shape)}")
        if found.abs().max() > FARTHEST:
            raise traitlets.TraitError(f"{name} must hold numbers from -{FARTHEST:g} to {FARTHEST:g}, got {value!r}")
        return value

    @traitlets.validate("num_hiddens")
    def _brings_its_weights(self, proposal):
        count = proposal["value"]
        if "num_hiddens" in self._from_reader:  # (Python has new ones drawn)
            for name, value in {"W1": self.W1[0] if self.W1 else [], "b1": self.b1, "W2": self.W2}.items():
                if len(value) != count:
                    raise traitlets.TraitError(f"num_hiddens must come with {name} for as many units, got {count} and {len(value)}")
        return count


def initial_weights(num_inputs, num_hiddens, seed):
    """Return what ``torch.manual_seed(seed); nn.Linear(num_inputs, num_hiddens); nn.Linear(num_hiddens, 1)`` start from.

    PyTorch's own random numbers go on as if nothing had been drawn.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        hidden = nn.Linear(num_inputs, num_hiddens, dtype=torch.float64)
        output = nn.Linear(num_hiddens, 1, dtype=torch.float64)
    return {"W1": hidden.weight.T.tolist(), "b1": hidden.bias.tolist(), "W2": output.weight[0].tolist(),
            "b2": output.bias.item()}
