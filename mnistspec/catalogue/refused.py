"""Which public classes of Keras a spec may not use, and why, in words that a message can end with."""

from __future__ import annotations

_BASE = "it is a base class that does nothing by itself; name a class made from it"
# Of these an object of Python outside Keras can take the place.
FUNCTION = "it calls a Python function, and a spec is data"
_OF_VALUES = "it takes plain values, not labels and predictions; name a metric that compares these"

REFUSED: dict[str, str] = {
    "layers.Layer": _BASE,
    "layers.Wrapper": _BASE,
    "layers.Lambda": FUNCTION,
    "layers.JaxLayer": FUNCTION,
    "layers.FlaxLayer": "it wraps a module of Flax, which only Python code can make",
    "layers.TorchModuleWrapper": "it wraps a module of PyTorch, which only Python code can make",
    "layers.TFSMLayer": "it loads and runs a program from a folder, which nothing here can check",
    "layers.InputLayer": "the model's `input` or `inputs` says this",
    "layers.InputSpec": "it is no layer: it describes inputs to layers written in Python",
    "optimizers.Optimizer": _BASE,
    "optimizers.MultiOptimizer": "it needs an `OptimizerMap`, which is keyed by layers and variables of a built model",
    "optimizers.OptimizerMap": "it is no optimizer, and is keyed by layers and variables of a built model",
    "schedules.LearningRateSchedule": _BASE,
    "losses.Loss": _BASE,
    "metrics.Metric": _BASE,
    "metrics.Mean": _OF_VALUES,
    "metrics.MeanMetricWrapper": FUNCTION,
    "metrics.Sum": _OF_VALUES,
    "callbacks.Callback": _BASE,
    "callbacks.CallbackList": "training keeps this list itself; write the callbacks under `fit`",
    "callbacks.LambdaCallback": FUNCTION,
    "callbacks.LearningRateScheduler": FUNCTION + "; give the optimizer's `learning_rate` a schedule instead",
    "initializers.Initializer": _BASE,
    "regularizers.Regularizer": _BASE,
    "constraints.Constraint": _BASE,
}
