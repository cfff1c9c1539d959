"""Training mistakes: each is warned of, and nothing is warned of that is as it should be."""

from __future__ import annotations

import pytest

from mnistspec import check
from mnistspec.lints import MODEL, SETTINGS

_SPEC = """mnistspec: 1
data: {{source: {source}, prepare: {{x: [{x}], y: [{y}]}}{data}}}
model:
  kind: functional
  layers: [{layers}]
compile: {{loss: {loss}{compile}}}
fit: {{callbacks: [{callbacks}]}}
"""
_GOOD = {
    "source": "mnist",
    "x": "{rescale: 255}",
    "y": "",
    "data": "",
    "layers": "Flatten, Dense: {units: 10, activation: softmax}",
    "loss": "sparse_categorical_crossentropy",
    "compile": "",
    "callbacks": "",
}


def _codes(**changes: str) -> list[str]:
    return [found.code for found in check(_SPEC.format(**_GOOD | changes)).diagnostics]


def test_a_spec_as_it_should_be_gives_no_warning() -> None:
    assert _codes() == []


@pytest.mark.parametrize(
    ("layers", "loss", "codes"),
    [
        ("Dense: {units: 10}", "sparse_categorical_crossentropy", ["W504"]),
        ("Dense: {units: 10}", "{SparseCategoricalCrossentropy: {from_logits: true}}", []),
        ("Dense: {units: 10, activation: softmax}", "{SparseCategoricalCrossentropy: {from_logits: true}}", ["W504"]),
        ("Dense: {units: 10, activation: relu}", "sparse_categorical_crossentropy", ["W504"]),
        ("Dense: {units: 10, activation: sigmoid}", "sparse_categorical_crossentropy", ["W513"]),
        ("Dense: {units: 10, activation: linear}", "sparse_categorical_crossentropy", ["W504"]),
        ("Dense: {units: 10, activation: {Softmax: {axis: -1}}}", "sparse_categorical_crossentropy", []),
        ("Dense: {units: 10}, Softmax", "sparse_categorical_crossentropy", []),
        ("Dense: {units: 10}, Activation: {activation: softmax}", "sparse_categorical_crossentropy", []),
        (
            "Dense: {units: 10}, Activation: {activation: softmax}",
            "{SparseCategoricalCrossentropy: {from_logits: true}}",
            ["W504"],
        ),
        ("Dense: {units: 10}, Dropout: {rate: 0.0}", "sparse_categorical_crossentropy", []),
        ("Dense: {units: 1}", "mse", []),
    ],
)
def test_logits_and_probabilities(layers: str, loss: str, codes: list[str]) -> None:
    assert _codes(layers=f"Flatten, {layers}", loss=loss) == codes


@pytest.mark.parametrize(
    ("loss", "y", "codes"),
    [
        ("sparse_categorical_crossentropy", "", []),
        ("sparse_categorical_crossentropy", "one_hot", ["E416"]),
        ("categorical_crossentropy", "one_hot", []),
        ("categorical_crossentropy", "", ["E416"]),
        ("{CategoricalFocalCrossentropy: {}}", "", ["E416"]),
        ("mse", "one_hot", []),
        ("{d: sparse_categorical_crossentropy}", "one_hot", ["E416"]),
    ],
)
def test_losses_and_the_form_of_labels(loss: str, y: str, codes: list[str]) -> None:
    layers = "Flatten, Dense: {units: 10, activation: softmax, name: d}"
    assert _codes(loss=loss, y=y, layers=layers) == codes


@pytest.mark.parametrize(
    ("layers", "loss", "codes"),
    [
        ("Dense: {units: 9, activation: softmax}", "sparse_categorical_crossentropy", ["E416"]),
        ("Dense: {units: 11, activation: softmax}", "sparse_categorical_crossentropy", ["W503"]),
        ("Dense: {units: 9}, Softmax", "sparse_categorical_crossentropy", ["E416"]),
        ("Dense: {units: 1}", "mse", []),
        ("Dense: {units: 1, activation: sigmoid}", "binary_crossentropy", ["W503"]),
        ("Dense: {units: 1, activation: tanh}", "hinge", ["W503"]),
    ],
)
def test_the_size_of_an_output_and_the_number_of_classes(layers: str, loss: str, codes: list[str]) -> None:
    assert _codes(layers=f"Flatten, {layers}", loss=loss) == codes


@pytest.mark.parametrize(
    ("x", "layers", "codes"),
    [
        ("", "Flatten", ["W505"]),
        ("{reshape: [784]}", "Flatten", ["W505"]),
        ("{cast: float32}", "Flatten", ["W505"]),
        ("standardize", "Flatten", []),
        ("normalize", "Flatten", []),
        ("{rescale: 127.5}", "Flatten", []),
        ("", "Rescaling: {scale: 0.004}, Flatten", []),
        ("", "Flatten, Rescaling: {scale: 0.004}", []),
        ("", "Flatten, BatchNormalization", []),
        ("", "Flatten: {name: f}, Rescaling: {scale: 0.1, name: r}, Add: {from: [r, f]}", ["W505"]),
        ("", ", ".join(["Flatten"] * 1_500) + ", Rescaling: {scale: 0.1}", []),
    ],
)
def test_pixels(x: str, layers: str, codes: list[str]) -> None:
    assert _codes(x=x, layers=f"{layers}, Dense: {{units: 10, activation: softmax}}") == codes


@pytest.mark.parametrize(
    ("callback", "data", "codes"),
    [
        ("EarlyStopping", "", ["W501"]),
        ("EarlyStopping", ", validation: 0.1", []),
        ("EarlyStopping: {monitor: loss}", "", []),
        ("EarlyStopping: {monitor: accuracy}", "", []),
        ("EarlyStopping: {monitor: acc}", "", ["E204"]),
        ("EarlyStopping: {monitor: val_area}", ", validation: mnist_sample", []),
        ("EarlyStopping: {monitor: val_top}", ", validation: 0.1", []),
        ("EarlyStopping: {monitor: val_sparse_top_k_categorical_accuracy}", ", validation: 0.1", ["E204"]),
        ("ReduceLROnPlateau", "", ["W501"]),
        ("ModelCheckpoint: {filepath: a.keras}", "", []),
        ("ModelCheckpoint: {filepath: a.keras, save_best_only: true}", "", ["W501"]),
        ("TerminateOnNaN", "", []),
        ("CSVLogger: {filename: a.csv}", "", []),
    ],
)
def test_monitors(callback: str, data: str, codes: list[str]) -> None:
    metrics = (
        ", metrics: [accuracy, {SparseCategoricalAccuracy: {name: area}}, {SparseTopKCategoricalAccuracy: {name: top}}]"
    )
    assert _codes(callbacks=callback, data=data, compile=metrics) == codes


@pytest.mark.parametrize(
    ("compile", "monitor", "codes"),
    [
        (", metrics: [accuracy, accuracy]", "accuracy_1", ["E204"]),
        (", metrics: [accuracy, accuracy]", "accuracy_1, mode: max", []),
        (", metrics: [accuracy]", "accuracy_1", ["E204"]),
        (", metrics: [accuracy], weighted_metrics: [accuracy]", "weighted_accuracy, mode: max", []),
        (", weighted_metrics: [accuracy]", "accuracy", []),
        (", weighted_metrics: [accuracy]", "weighted_accuracy", ["E204"]),
    ],
)
def test_monitors_of_metrics_that_share_a_name(compile: str, monitor: str, codes: list[str]) -> None:
    assert _codes(compile=compile, callbacks=f"EarlyStopping: {{monitor: {monitor}}}") == codes


@pytest.mark.parametrize(("loss", "codes"), [("{d: mse, e: mse}", []), ("{d: mse, e: null}", ["W501"]), ("mse", [])])
def test_monitors_of_one_outputs_loss(loss: str, codes: list[str]) -> None:
    text = f"""mnistspec: 1
model: {{kind: functional, inputs: {{x: [4]}}, layers: [{{Dense: {{units: 2, name: d}}}},
  {{Dense: {{units: 2, from: x, name: e}}}}], outputs: [d, e]}}
compile: {{loss: {loss}}}
fit: {{callbacks: [{{EarlyStopping: {{monitor: d_loss, mode: min}}}}]}}
"""
    assert [found.code for found in check(text).diagnostics] == codes


_TWO = "Flatten: {name: f}, Dense: {units: 10, activation: softmax, name: d}, Dense: {units: 1, name: e, from: f}"


@pytest.mark.parametrize(
    ("loss", "data", "codes"),
    [
        ("{d: sparse_categorical_crossentropy, e: mse}", "", []),
        ("{d: sparse_categorical_crossentropy, f: mse}", "", ["E414"]),
        ("{d: sparse_categorical_crossentropy, e: mse}", ", targets: {d: y, e: y}", []),
        ("{d: sparse_categorical_crossentropy, e: mse}", ", targets: {d: y, e: x}", ["E416"]),
        ("{d: sparse_categorical_crossentropy, e: mse}", ", targets: {d: y}", ["E413"]),
        ("{d: sparse_categorical_crossentropy, e: mse}", ", targets: {d: y, e: z}", ["E413"]),
        ("mse", ", targets: z", ["E413", "E413"]),
        ("{d: sparse_categorical_crossentropy, e: mse}", ", targets: {d: y, g: y}", ["E414"]),
    ],
)
def test_outputs_and_what_they_learn(loss: str, data: str, codes: list[str]) -> None:
    layers = f"{_TWO}], outputs: [d, e"
    text = _SPEC.format(**_GOOD | {"layers": layers, "loss": loss, "data": data}).replace("layers: [", "{layers: [", 1)
    text = text.replace("model:\n  kind: functional\n  {layers", "model: {kind: functional, layers").replace(
        "e]\n", "e]}\n", 1
    )
    result = check(text)
    assert [found.code for found in result.diagnostics] == codes


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"x": "", "loss": "msee"}, ["W505", "E205"]),
        ({"x": "", "layers": "Flaten, Dense: {units: 10, activation: softmax}"}, ["E205"]),
        ({"layers": "Flatten, Dense: {units: 10, activaton: softmax}"}, ["E206"]),
        ({"layers": "Flatten, Dense: {units: 10, activation: softmx}"}, ["E205"]),
        ({"layers": "Flatten, Dense: {unit: 9, activation: softmax}"}, ["E206"]),
        ({"layers": "Flaten, Dense: {units: 10}", "loss": "{dense: mse}"}, ["E205"]),
        ({"layers": "Flatten, Dense: {units: 10}", "loss": "{dens: mse}", "y": "onehot"}, ["E204", "E414"]),
        ({"callbacks": "EarlyStopping", "data": ", validaton: 0.1"}, ["E201"]),
        ({"callbacks": "EarlyStopping", "data": ", validation: 2.0"}, ["E204"]),
        ({"callbacks": "EarlyStopping: {montor: loss}"}, ["E206"]),
        ({"callbacks": "EarlyStopping: {monitor: dense_loss}", "compile": ", metrics: {dens: [acc]}"}, ["E414"]),
        ({"callbacks": "EarlyStopping: {monitor: acc}", "compile": ", metrics: [acuracy]"}, ["E205"]),
        ({"callbacks": "EarlyStopping", "compile": ", optimizer: adamm"}, ["E205", "W501"]),
        ({"x": "{rescal: 255}"}, ["E204"]),
        ({"compile": ", optimizer: {Adam: {learning_rate: '${rate}'}}"}, ["E301"]),
        ({"compile": ", optimizer: {SGD: {learning_rate: 1e5, momentun: 0.9}}"}, ["W519", "E206"]),
    ],
)
def test_a_mistake_is_told_once_and_hides_no_other(changes: dict[str, str], codes: list[str]) -> None:
    assert _codes(**changes) == codes


def test_every_lint_stands_in_the_table_once() -> None:
    lints = [*SETTINGS, *MODEL]
    assert len(set(lints)) == len(lints)
    assert all(lint.__doc__ for lint in lints)


@pytest.mark.parametrize(
    ("units", "loss", "y", "codes"),
    [
        (10, "mse", "", ["E416"]),
        (10, "binary_crossentropy", "", ["E416"]),
        (10, "kl_divergence", "one_hot", []),
        (9, "mse", "one_hot", ["E416"]),
        (9, "categorical_crossentropy", "one_hot", ["E416"]),
        (1, "mae", "", []),
        (9, "sparse_categorical_crossentropy", "", ["E416"]),
        (11, "sparse_categorical_crossentropy", "", ["W503"]),
    ],
)
def test_losses_that_cannot_compare(units: int, loss: str, y: str, codes: list[str]) -> None:
    """What Keras itself does of these: tests/execution/test_losses.py."""
    activation = "sigmoid" if "binary" in loss else "softmax"
    layers = f"Flatten, Dense: {{units: {units}, activation: {activation if units > 1 else 'linear'}}}"
    assert _codes(layers=layers, loss=loss, y=y) == codes
