"""What the lints share on activations: which one a layer ends with, and which are layers of their own."""

from __future__ import annotations

from mnistspec.calls import Call, is_complete

# Layers that are an activation and nothing else, by the activation that they are.
LAYERS = {"Softmax": "softmax", "ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu", "PReLU": "prelu"}
# Layers that apply an activation and do nothing else.
ACTIVATION_LAYERS = frozenset([*LAYERS, "Activation"])
# Their `activation` is an inner one, or belongs to a layer inside.
_INNER = frozenset(["LSTM", "GRU", "SimpleRNN", "Bidirectional"])


def activation_of(call: Call | None) -> str | None:
    """The activation that a layer's output comes out of, `linear` for none; None where it is not known."""
    if call is None or not is_complete(call):
        return None
    if call.name in LAYERS:
        return LAYERS[call.name]
    if "activation" not in call.facts.arguments or call.name in _INNER:
        return None
    value = call.argument("activation")
    if value is None:
        return "linear"
    if isinstance(value, Call):
        return LAYERS.get(value.name, value.name if value.facts.namespace == "activations" else None)
    return str(value)
