"""Learning rates far outside what the optimizer can use."""

from __future__ import annotations

from mnistspec.calls import Call, is_complete
from mnistspec.datasets.facts import DataFacts
from mnistspec.diagnostics import Diagnostic
from mnistspec.lints.rates import highest_rate
from mnistspec.spec import Spec

# With it a step is lost in the rounding of float32 weights.
_LOWEST = 1e-9
# Optimizers whose step is about as large as the rate, whatever the gradient: weights are rarely larger than 1.
_HIGHEST = {
    "Adadelta": 1000.0,
    "Adafactor": 1.0,
    "Adagrad": 10.0,
    "Adam": 0.5,
    "AdamW": 0.5,
    "Adamax": 0.5,
    "Ftrl": 10.0,
    "Lamb": 1.0,
    "Lion": 0.1,
    "Muon": 1.0,
    "Nadam": 0.5,
    "RMSprop": 0.5,
    "SGD": 100.0,
    "ScheduleFreeAdamW": 1.0,
}


def learning_rate(spec: Spec, facts: DataFacts | None) -> tuple[Diagnostic, ...]:
    """Too high, and the loss is not a number after a few steps; too low, and nothing is learnt.

    The bounds are an order of magnitude beyond what is used: who sets a rate on purpose is left alone.
    """
    if spec.compile is None:
        return ()
    optimizer = _innermost(spec.compile.optimizer)
    given = optimizer.argument("learning_rate")
    rate = highest_rate(given) if is_complete(given) and "learning_rate" in optimizer.arguments else None
    if rate is None:
        return ()
    at = optimizer.span_of("learning_rate")
    usual = optimizer.facts.arguments["learning_rate"].default
    help = f"Keras' own for `{optimizer.name}` is {usual:g}"
    if rate <= _LOWEST:
        return (Diagnostic("W519", f"a learning rate of {rate:g} changes no weight", at, help),)
    if rate > _HIGHEST.get(optimizer.name, float("inf")):
        return (Diagnostic("W519", f"a learning rate of {rate:g} is far too high for `{optimizer.name}`", at, help),)
    return ()


def _innermost(optimizer: Call) -> Call:
    inner = optimizer.argument("inner_optimizer")
    return _innermost(inner) if isinstance(inner, Call) else optimizer
