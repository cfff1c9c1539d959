"""Mistakes that Keras accepts and a person regrets: one a file, in the order in which they are looked for.

A spec with errors is looked at as well, so that all its mistakes come in one pass. Each lint looks only at what no
reported mistake hides: a call that `is_complete`, a setting that is not `hidden`, a graph that is `complete`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mnistspec.datasets.facts import DataFacts
from mnistspec.diagnostics import Diagnostic
from mnistspec.lints.activation_mismatch import activation_mismatch
from mnistspec.lints.activation_twice import activation_twice
from mnistspec.lints.ambiguous_names import ambiguous_names
from mnistspec.lints.backends import backend_layers, backend_settings
from mnistspec.lints.batch_size import batch_size
from mnistspec.lints.callback_paths import callback_paths
from mnistspec.lints.class_count import class_count
from mnistspec.lints.class_weight import class_weight
from mnistspec.lints.data_files import data_files, vocabulary_files
from mnistspec.lints.double_scaling import double_scaling
from mnistspec.lints.dropout_at_output import dropout_at_output
from mnistspec.lints.fixed_batch import fixed_batch
from mnistspec.lints.ids import ids
from mnistspec.lints.inner_activation import inner_activation
from mnistspec.lints.integers import integers
from mnistspec.lints.learning_rate import learning_rate
from mnistspec.lints.logits import logits
from mnistspec.lints.loss_mismatch import loss_mismatch
from mnistspec.lints.lost_batch import lost_batch
from mnistspec.lints.memory_needed import memory_needed
from mnistspec.lints.metrics import metrics
from mnistspec.lints.monitors import monitors
from mnistspec.lints.needless_bias import needless_bias
from mnistspec.lints.nothing_to_train import nothing_to_train
from mnistspec.lints.output_names import output_names
from mnistspec.lints.outputs import Output, outputs_of
from mnistspec.lints.patience import patience
from mnistspec.lints.pixels import pixels
from mnistspec.lints.recurrence import recurrence
from mnistspec.lints.refused_arguments import refused_arguments
from mnistspec.lints.repeated_targets import repeated_targets
from mnistspec.lints.schedule import schedule
from mnistspec.lints.steps_past_data import steps_past_data
from mnistspec.lints.targets import targets
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph
from mnistspec.unnested import unnested

SettingsLint = Callable[[Spec, DataFacts | None], tuple[Diagnostic, ...]]
ModelLint = Callable[[TypedGraph, Spec], tuple[Diagnostic, ...]]
OutputsLint = Callable[[Sequence[Output], TypedGraph, Spec], tuple[Diagnostic, ...]]

# What needs the settings alone, and the prepared data's facts.
SETTINGS: tuple[SettingsLint, ...] = (
    callback_paths, refused_arguments, backend_settings, data_files, batch_size, steps_past_data, learning_rate,
    schedule, patience,
)  # fmt: skip

# What needs the model with its shapes, its nested models by themselves.
NESTED: tuple[ModelLint, ...] = (integers,)

# What needs the model with its shapes, the layers of its nested models in place.
MODEL: tuple[ModelLint, ...] = (
    output_names, inner_activation, targets, activation_twice, monitors, pixels, double_scaling, needless_bias,
    nothing_to_train, recurrence, memory_needed, vocabulary_files, lost_batch, fixed_batch, ambiguous_names,
    backend_layers, ids,
)  # fmt: skip

# What needs that and what each of its outputs learns, by which loss.
OUTPUTS: tuple[OutputsLint, ...] = (
    loss_mismatch, repeated_targets, class_count, class_weight, logits, activation_mismatch, metrics, dropout_at_output,
)  # fmt: skip


def lint_settings(spec: Spec, facts: DataFacts | None) -> tuple[Diagnostic, ...]:
    """What the lints of settings find. `facts` are None where there is no data, or a mistake hides what it is."""
    return tuple(found for each in SETTINGS for found in each(spec, facts))


def lint_model(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """What the lints of models find, in nested models too."""
    flat = unnested(typed)
    outputs = outputs_of(flat, spec)
    found = (
        *(found for each in NESTED for found in each(typed, spec)),
        *(found for each in MODEL for found in each(flat, spec)),
        *(found for each in OUTPUTS for found in each(outputs, flat, spec)),
    )
    # The same of each call of a nested model is one finding.
    return (
        tuple({(one.code, one.span, one.help): one for one in reversed(found)}.values())[::-1]
        if typed.nested
        else found
    )
