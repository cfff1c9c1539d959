"""Arguments that Keras takes one by one and refuses together, and what it would do of them."""

from __future__ import annotations

import pytest

from mnistspec import check

_SPEC = """mnistspec: 1
data: {{source: mnist, validation: 0.1, prepare: {{x: [{{rescale: 255}}]}}}}
model: {{kind: functional, layers: [Flatten, {layers}]}}
compile: {{optimizer: {optimizer}, loss: sparse_categorical_crossentropy, metrics: [accuracy]}}
fit: {{epochs: 2, callbacks: [{callbacks}]}}
"""
_GOOD = {"layers": "Dense: {units: 10, activation: softmax}", "optimizer": "adam", "callbacks": ""}


def _found(**changes: str) -> list[tuple[str, str]]:
    return [(found.code, found.message) for found in check(_SPEC.format(**_GOOD | changes)).diagnostics]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("filepath: a.keras", None),
        ("filepath: a.h55", "the file for a whole model ends in `.keras`"),
        ("filepath: a.keras, save_weights_only: true", "the file for weights alone ends in `.weights.h5`"),
        ("filepath: a.weights.h5, save_weights_only: true", None),
        ("filepath: '{epoch:02d}-{val_accuracy:.2f}.keras'", None),
        ("filepath: '{epoch}-{val_acc:.2f}.keras'", "the path is filled in with `val_acc`, which is not measured"),
        ("filepath: '{epoch.keras'", "`{epoch.keras` has a brace without its other half"),
    ],
)
def test_files_of_checkpoints(arguments: str, message: str | None) -> None:
    callbacks = f"{{ModelCheckpoint: {{{arguments}}}}}"
    assert [said for _, said in _found(callbacks=callbacks)] == ([message] if message else [])


@pytest.mark.parametrize(
    ("optimizer", "codes"),
    [
        ("adam", ["E204"]),
        ("{SGD: {use_ema: true}}", []),
        ("{LossScaleOptimizer: {inner_optimizer: {SGD: {use_ema: true}}}}", []),
    ],
)
def test_averages_to_swap_in(optimizer: str, codes: list[str]) -> None:
    assert [code for code, _ in _found(optimizer=optimizer, callbacks="SwapEMAWeights")] == codes


@pytest.mark.parametrize(("values", "codes"), [("[0.1]", ["E204"]), ("[0.1, 0.01]", []), ("[3.0, 2.0, 1.0]", ["E204"])])
def test_stretches_of_a_schedule(values: str, codes: list[str]) -> None:
    rate = f"{{PiecewiseConstantDecay: {{boundaries: [500], values: {values}}}}}"
    assert [code for code, _ in _found(optimizer=f"{{SGD: {{learning_rate: {rate}}}}}")] == codes


@pytest.mark.parametrize(
    ("activation", "codes"),
    [("{PReLU: {}}", ["E204"]), ("{Dropout: {rate: 0.5}}", ["E204"]), ("{LeakyReLU: {negative_slope: 0.1}}", [])],
)
def test_layers_as_activations(activation: str, codes: list[str]) -> None:
    layers = f"Dense: {{units: 8, activation: {activation}}}, Dense: {{units: 10, activation: softmax}}"
    assert [code for code, _ in _found(layers=layers)] == codes


@pytest.mark.parametrize(("names", "codes"), [("a b", []), ("a val", ["E402"]), ("a val_a", ["E402"]), ("a val_b", [])])
def test_outputs_whose_measures_would_be_taken_for_those_of_validation(names: str, codes: list[str]) -> None:
    first, second = names.split()
    heads = ", ".join(
        f"Dense: {{units: 10, activation: softmax, name: {name}, from: flatten}}" for name in (first, second)
    )
    text = _SPEC.format(**_GOOD | {"layers": f"{heads}], outputs: [{first}, {second}"})
    text = text.replace("metrics: [accuracy]", "metrics: [accuracy, accuracy]")
    assert [found.code for found in check(text).diagnostics] == codes
