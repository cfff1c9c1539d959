"""How much memory a training is said to need: the sum of its parts, and the parts those of Keras."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mnistspec import check
from mnistspec.diagnostics import BadData, UsageError
from mnistspec.memory import (
    SLOTS,
    activation_bytes,
    machine_memory,
    node_bytes,
    optimizer_slots,
    require_room_for,
    require_room_for_weights,
    show_bytes,
    training_memory,
)

_SPEC = """mnistspec: 1
data: {{source: mnist, limit: {{train: 100, test: 10}}, prepare: {{x: [{{reshape: [784]}}, {{cast: float32}}]}}}}
model:
  kind: sequential
  layers: [{{Dense: {{units: 16, activation: relu}}}}, {{Dense: {{units: 10, trainable: {trainable}}}}}]
compile: {{loss: mse, optimizer: {optimizer}, precision: {precision}}}
fit: {{batch_size: 50}}
"""


def _checked(optimizer: str = "sgd", precision: str = "float32", trainable: str = "true") -> Any:
    return check(_SPEC.format(optimizer=optimizer, precision=precision, trainable=trainable))


def test_the_sum_of_the_parts() -> None:
    result = _checked("adam")
    found = training_memory(result.graph, result.spec)
    parameters = (784 + 1) * 16 + (16 + 1) * 10
    assert found is not None
    assert found.weights == parameters * (1 + 1 + 2) * 4
    assert activation_bytes(result.graph) == (784 + 16 + 10) * 4
    assert found.activations == (784 + 16 + 10) * 4 * 50
    assert found.data == 110 * (784 + 1)
    assert found.total == found.weights + found.activations + found.data


@pytest.mark.parametrize("override", ["data.hold=prepared", "backend=jax"])
def test_inputs_that_do_not_wait_are_counted_as_they_are_prepared(override: str) -> None:
    result = check(_SPEC.format(optimizer="sgd", precision="float32", trainable="true"), overrides=[override])
    found = training_memory(result.graph, result.spec)
    assert found is not None and found.data == 110 * (784 * 4 + 1)


def test_frozen_parameters_have_no_gradients() -> None:
    result = _checked("adam", trainable="false")
    found = training_memory(result.graph, result.spec)
    assert found is not None and found.weights == ((784 + 1) * 16 * 4 + (16 + 1) * 10) * 4


def test_a_model_at_each_step_keeps_what_it_gives_at_all_of_them() -> None:
    text = """mnistspec: 1
model:
  kind: sequential
  input: [{steps}, 6]
  layers: [{TimeDistributed: {layer: {Sequential: {layers: [{Dense: {units: 5}}, {Dense: {units: 2}}]}}}}]
"""
    known, open_ = (check(text.replace("{steps}", steps)).graph for steps in ("3", "null"))
    assert known is not None and activation_bytes(known) == (3 * 6 + 3 * (5 + 2) + 3 * 2) * 4
    assert open_ is not None and activation_bytes(open_) is None


@pytest.mark.parametrize(("trainable", "inside"), [("true", True), ("false", False)])
def test_a_frozen_application_keeps_nothing_inside_for_the_backward_pass(trainable: str, inside: bool) -> None:
    text = f"""mnistspec: 1
model:
  kind: functional
  inputs: {{image: [32, 32, 3]}}
  layers:
    - applications.VGG16: {{weights: null, include_top: false, pooling: avg, trainable: {trainable}, name: base}}
    - Dense: {{units: 4}}
compile: {{loss: mse}}
fit: {{batch_size: 10}}
"""
    result = check(text)
    found = training_memory(result.graph, result.spec) if result.graph and result.spec else None
    inner = node_bytes(result.graph, "base") if result.graph else None
    assert found is not None and inner is not None and inner > 1_000_000
    assert found.activations == 10 * (32 * 32 * 3 * 4 + (inner if inside else 512 * 4) + 4 * 4)


def test_half_the_precision_is_half_the_activations() -> None:
    result = _checked(precision="mixed_float16")
    found = training_memory(result.graph, result.spec)
    assert found is not None and found.activations == (784 * 4 + (16 + 10) * 2) * 50
    assert found.weights == 2 * ((784 + 1) * 16 + (16 + 1) * 10) * 4


@pytest.mark.parametrize(
    "text",
    [
        "input: [8], layers: [{Dense: {units: 1}}]}",
        "input: [null], layers: [ReLU]}\ncompile: {loss: mse}\nfit: {epochs: 1}",
        "input: [8], layers: [ReLU]}\ncompile: {loss: mee}\nfit: {epochs: 1}",
    ],
)
def test_what_is_not_known_is_none(text: str) -> None:
    result = check(f"mnistspec: 1\nmodel: {{kind: sequential, {text}")
    assert result.graph is not None and result.spec is not None
    assert training_memory(result.graph, result.spec) is None


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (None, "?"),
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (3 * 2**29, "1.5 GiB"),
        (2**5000, "over 1,048,576.0 EiB"),
    ],
)
def test_bytes_as_people_read_them(count: int | None, shown: str) -> None:
    assert show_bytes(count) == shown


def test_the_machine_says_its_memory_or_nothing() -> None:
    memory = machine_memory()
    assert memory is None or memory > 2**24


@pytest.mark.keras
@pytest.mark.parametrize("name", sorted(SLOTS))
def test_slots_are_those_of_keras(name: str) -> None:
    import keras

    optimizer = getattr(keras.optimizers, name)()
    weights = keras.Variable(keras.ops.ones((300, 300)))
    optimizer.build([weights])
    large = [variable for variable in optimizer.variables if variable.shape == weights.shape]
    assert len(large) == SLOTS[name]


@pytest.mark.parametrize(
    ("optimizer", "slots"),
    [
        ("sgd", 0),
        ("{SGD: {momentum: 0.9}}", 1),
        ("{RMSprop: {momentum: 0.9, centered: true}}", 3),
        ("{Adam: {amsgrad: true, use_ema: true}}", 4),
        ("{LossScaleOptimizer: {inner_optimizer: adam}}", 2),
    ],
)
def test_arguments_that_add_to_the_slots(optimizer: str, slots: int) -> None:
    spec = _checked(optimizer).spec
    assert optimizer_slots(spec.compile.optimizer) == slots


class TestExamplesInMemory:
    """110 examples of 785 bytes as they are stored, and of 3,137 prepared."""

    @staticmethod
    def checked(*overrides: str) -> Any:
        return check(_SPEC.format(optimizer="sgd", precision="float32", trainable="true"), overrides=overrides)

    def test_more_than_there_is_room_for_is_refused_with_the_figures(self, monkeypatch: pytest.MonkeyPatch) -> None:
        result = self.checked()
        facts, spec = result.graph.graph.facts, result.spec
        monkeypatch.setattr("mnistspec.memory.available_bytes", lambda: 100_000)
        require_room_for(facts, spec, "stored")
        with pytest.raises(BadData, match=r"`mnist` take about 337\.\d KiB.*97\.7 KiB are free.*`data\.limit`"):
            require_room_for(facts, spec, "prepared")
        require_room_for(facts, spec, "streamed")

    def test_what_stays_on_the_disk_takes_no_memory(self, tmp_path: Path) -> None:
        np = pytest.importorskip("numpy")
        np.savez(tmp_path / "a.npz", x_train=np.zeros((90, 784), "uint8"), y_train=np.zeros(90, "int64"))
        source = f"data.source={{npz: {{path: '{tmp_path / 'a.npz'}', test: 0.2}}}}"
        result = self.checked(source, "data.limit=null", "data.hold=streamed")
        found = training_memory(result.graph, result.spec)
        assert found is not None and found.data == 90 * 8


class TestWeightsInMemory:
    """784 inputs to 16 units and 10: 12,730 parameters."""

    @pytest.mark.parametrize(
        ("precision", "needed"), [("float32", 4 * 12_730), ("mixed_float16", 4 * 12_730), ("float16", 2 * 12_730)]
    )
    def test_as_many_as_there_is_room_for_pass(
        self, monkeypatch: pytest.MonkeyPatch, precision: str, needed: int
    ) -> None:
        result = _checked(precision=precision)
        monkeypatch.setattr("mnistspec.memory.machine_memory", lambda: needed)
        require_room_for_weights(result.graph, result.spec)
        monkeypatch.setattr("mnistspec.memory.machine_memory", lambda: needed - 1)
        with pytest.raises(UsageError, match="`dense` alone"):
            require_room_for_weights(result.graph, result.spec)

    def test_a_quantized_layer_takes_less(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = _SPEC.format(optimizer="sgd", precision="float32", trainable="true")
        result = check(text.replace("activation: relu", "dtype: int8_from_float32"))
        monkeypatch.setattr("mnistspec.memory.machine_memory", lambda: 16_000)
        require_room_for_weights(result.graph, result.spec)

    def test_run_refuses_before_keras_is_imported_and_leaves_nothing(
        self, command: Callable[..., Any], tmp_path: Path
    ) -> None:
        spec, text = tmp_path / "spec.yaml", _SPEC.format(optimizer="sgd", precision="float32", trainable="true")
        spec.write_text(
            text.replace("units: 16", "units: 1000000000000").replace("mse", "sparse_categorical_crossentropy")
        )
        done = command("run", spec, "--out", tmp_path / "runs")
        assert done.code == 2
        assert "cannot be built on this machine: its weights take 2.8 PiB, `dense` alone" in done.err
        assert not (tmp_path / "runs").exists()
