"""A forgotten layer, a mask of another size, one value for several classes: told before Keras is asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnistspec import check
from mnistspec.diagnostics import Diagnostic
from tests.lints.checking import findings

_MASKS = """mnistspec: 1
data: {{source: {{npz: {{path: masks.npz, x_train: x, y_train: y}}}}}}
model: {{kind: sequential, layers: [{layers}]}}
compile: {{loss: {loss}, metrics: [{metric}]}}
"""
_PIXELS = "{Rescaling: {scale: 0.004}}"
_SAME = "Conv2D: {filters: 1, kernel_size: 3, padding: same, activation: sigmoid}"
_TWO = "Conv2D: {filters: 2, kernel_size: 3, padding: same, activation: softmax}"


@pytest.fixture
def masks(tmp_path: Path) -> Path:
    np.savez(tmp_path / "masks.npz", x=np.zeros((4, 16, 16, 3), "uint8"), y=np.zeros((4, 16, 16, 1), "uint8"))
    return tmp_path


def _of_masks(masks: Path, layers: str, loss: str, metric: str = "") -> list[Diagnostic]:
    (masks / "spec.yaml").write_text(_MASKS.format(layers=f"{_PIXELS}, {layers}", loss=loss, metric=metric))
    return [found for found in check(masks / "spec.yaml").diagnostics if found.code in ("E416", "W508", "W522")]


@pytest.mark.parametrize(
    ("layers", "loss", "metric"),
    [
        (_SAME, "binary_crossentropy", "accuracy"),
        (_SAME, "Dice", "BinaryIoU"),
        (_TWO, "sparse_categorical_crossentropy", "accuracy"),
    ],
)
def test_a_mask_of_the_pictures_size_is_right(masks: Path, layers: str, loss: str, metric: str) -> None:
    assert _of_masks(masks, layers, loss, metric) == []


@pytest.mark.parametrize(
    ("layers", "loss", "help"),
    [
        (f"MaxPooling2D, {_SAME}", "binary_crossentropy", "bring both to the same sizes"),
        (f"MaxPooling2D, {_TWO}", "sparse_categorical_crossentropy", "bring both to the same sizes"),
        (_TWO, "binary_crossentropy", "write `filters: 1`, or use `sparse_categorical_crossentropy` for class ids"),
        (_SAME, "sparse_categorical_crossentropy", "use `binary_crossentropy` for two classes"),
    ],
)
def test_masks_that_the_output_does_not_meet(masks: Path, layers: str, loss: str, help: str) -> None:
    (found,) = _of_masks(masks, layers, loss)
    assert found.code == "E416" and found.help is not None and found.help.startswith(help)


def test_masks_that_are_repeated_for_each_channel_are_warned_of(masks: Path) -> None:
    (found,) = _of_masks(masks, _TWO, "Dice")
    assert found.code == "W522"
    assert "gives (16, 16, 2) for each example, and is to learn (16, 16, 1)" in found.message


_DIGITS = """data: {{source: mnist, prepare: {{x: [{{rescale: 255}}{x}], y: [{y}]}}}}
model: {{kind: sequential, layers: [{layers}]}}
compile: {{loss: {loss}, metrics: [accuracy]}}
"""
_SPARSE = "sparse_categorical_crossentropy"
_DENSE = "Dense: {units: 10, activation: softmax}"
_CONV = "Conv2D: {filters: 8, kernel_size: 3}"


@pytest.mark.parametrize(
    ("layers", "help"),
    [
        (_DENSE, "add `Flatten` before `dense`"),
        (f"Dense: {{units: 64}}, Dropout: {{rate: 0.1}}, {_DENSE}", "add `Flatten` before `dense`"),
        ("Dense: {units: 10, name: d}, Softmax", "add `Flatten` before `d`"),
        (f"Conv1D: {{filters: 8, kernel_size: 3}}, {_DENSE}",
         "add `GlobalAveragePooling1D` or `Flatten` before `dense`"),
        (f"LSTM: {{units: 4, return_sequences: true}}, {_DENSE}",
         "leave `return_sequences` out of `lstm`, which then gives its last step alone"),
        ("Conv1D: {filters: 10, kernel_size: 3}",
         "add `GlobalAveragePooling1D` or `Flatten` and a `Dense` after `conv1d`"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("loss", "y"), [(_SPARSE, ""), ("categorical_crossentropy", "one_hot"), ("mse", "one_hot")])
def test_a_forgotten_layer_is_named_with_its_place(layers: str, help: str, loss: str, y: str) -> None:
    told = [found for found in findings(_DIGITS.format(layers=layers, loss=loss, x="", y=y)) if found.code == "E416"]
    assert [found.help for found in told] == [help]


@pytest.mark.parametrize("loss", [_SPARSE, "crossentropy", "mse", "hinge"])
def test_pictures_that_were_not_flattened(loss: str) -> None:
    (found,) = findings(_DIGITS.format(layers=f"{_CONV}, {_DENSE}", loss=loss, x=", {expand_dims: -1}", y=""))[:1]
    assert (found.code, found.help) == ("E416", "add `Flatten` or `GlobalAveragePooling2D` before `dense`")
    assert "gives (26, 26, 10) for each example, and is to learn one class id" in found.message


def test_a_fixed_batch_is_no_other_axis() -> None:
    text = "data: {source: mnist, prepare: {x: [{rescale: 255}]}}\nmodel: {kind: sequential, input: {batch_shape: "
    text += f"[32, 28, 28]}}, layers: [Flatten, {_DENSE}]}}\ncompile: {{loss: {_SPARSE}}}\n"
    assert findings(text) == ()
    assert [found.code for found in findings(text.replace("Flatten, ", ""))] == ["E416"]


@pytest.mark.parametrize("target", ["left", "right"])
def test_each_output_is_held_against_its_own_target(tmp_path: Path, target: str) -> None:
    np.savez(tmp_path / "a.npz", x=np.zeros((4, 8), "float32"), l=np.zeros((4, 3), "float32"), r=np.zeros((4, 5, 2)))
    units = {"left": 3, "right": 10, target: 7}
    (tmp_path / "spec.yaml").write_text(
        f"""mnistspec: 1
data: {{source: {{npz: {{path: a.npz, x_train: x, y_train: {{left: l, right: r}}}}}}}}
model: {{kind: functional, outputs: [left, right], layers: [Dense: {{units: {units["left"]}, name: left}},
  Dense: {{units: {units["right"]}, from: input, name: wide}}, Reshape: {{target_shape: [-1, 2], name: right}}]}}
compile: {{loss: {{left: mse, right: mse}}, loss_weights: {{left: 1.0, right: 0.5}}}}
""".replace("units: 7, from", "units: 8, from")
    )
    (found,) = [found for found in check(tmp_path / "spec.yaml").diagnostics if found.code[0] == "E"]
    assert found.code == "E416" and found.message.startswith(f"`{target}` gives")
