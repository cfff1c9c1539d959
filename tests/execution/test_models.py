"""Runs of the example specs, and of models and data that ask for more than a classifier of pictures does."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import mnistspec
from mnistspec.runs.answers import answers
from mnistspec.runs.evaluation import evaluate_run
from mnistspec.runs.inputs import open_inputs, preparation_of

from .small import FILES, SOFTMAX, arrays, history, proven, record, spec_text

if TYPE_CHECKING:
    from mnistspec.runs.run import Run

pytestmark = pytest.mark.keras

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.yaml"))
FUNCTIONAL = "kind: functional, inputs: {x: [28, 28]}"


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_example_spec_runs_and_is_proven(path: Path, tmp_path: Path) -> None:
    overrides = ["fit.epochs=1", "data.limit.train=300", "data.limit.test=50"]
    text = path.read_text("utf-8")
    if "source: mnist\n" in text or "extends:" in text:
        overrides.append("data.source=mnist_sample")
    run = mnistspec.run(path, overrides=overrides, out=tmp_path)
    assert proven(run) and {found.name for found in run.folder.iterdir()} >= FILES


class TestModels:
    """Models and data that ask for more than a classifier of pictures does."""

    def go(self, tmp_path: Path, text: str, *overrides: str) -> Run:
        run = mnistspec.run(text, overrides=overrides, out=tmp_path)
        assert proven(run)
        return run

    def test_the_record_has_a_row_for_a_function_and_for_a_layer_called_again(self, tmp_path: Path) -> None:
        layers = (
            "[Flatten, {Dense: {units: 784, name: wide}}, {ops.multiply: {x2: 0.5}}, {share: {layer: wide}}, "
            f"{{{SOFTMAX}}}]"
        )
        nodes = record(self.go(tmp_path, spec_text(model=FUNCTIONAL, layers=layers)).folder)["model"]["nodes"]
        rows = {node["name"]: (node["output_shapes"], node["params"]) for node in nodes}
        shape = [[None, 784]]
        assert rows["wide"] == (shape, 784 * 785)
        assert (rows["multiply"], rows["wide_1"]) == ((shape, 0), (shape, 0))

    @pytest.mark.parametrize(
        "structure",
        [
            "inputs: [x], outputs: {b: digit, a: side}",
            "inputs: {x: x}, outputs: [[digit], side]",
            "outputs: {q: [digit, side]}",
        ],
    )
    def test_inputs_and_outputs_in_structures_change_no_number(self, tmp_path: Path, structure: str) -> None:
        head = f"{SOFTMAX[:-1]}, from: flatten, name: "
        layers = f"[Flatten, {{{head}digit}}}}, {{{head}side}}}}]"
        settings = "optimizer: adam, loss: sparse_categorical_crossentropy"
        listed = f"{FUNCTIONAL}, outputs: [digit, side]"
        plain = self.go(tmp_path, spec_text(model=listed, layers=layers, compile=settings))
        model = f"{FUNCTIONAL}, structure: {{{structure}}}"
        run = self.go(tmp_path, spec_text(name="structured", model=model, layers=layers, compile=settings))
        assert sorted(run.metrics["test"].values()) == sorted(plain.metrics["test"].values())
        found, expected = arrays(run.folder), arrays(plain.folder)
        named = {"digit": "b", "side": "a"} if "b: digit" in structure else {"digit": "digit", "side": "side"}
        for name, key in named.items():
            assert found[f"prediction_{key}"] == expected[f"prediction_{name}"]
        again = evaluate_run(run, split="test", data=None, batch_size=None, say=lambda _: None)
        assert again.metrics == run.metrics["test"]
        np.save(tmp_path / "digit.npy", np.zeros((28, 28), "uint8"))
        given = open_inputs(preparation_of(run), [tmp_path / "digit.npy"])
        ((_, answer),) = answers(run, given.parts(32), top=1, batch_size=32)
        assert set(answer) == set(named.values())

    def test_a_shared_layer_that_learns_from_the_data_does_so_once(self, tmp_path: Path) -> None:
        layers = f"[{{Normalization: {{name: n}}}}, {{share: {{layer: n}}}}, Flatten, {{{SOFTMAX}}}]"
        self.go(tmp_path, spec_text(model=FUNCTIONAL, layers=layers))

    def test_dropout_that_is_told_to_drop_while_predicting(self, tmp_path: Path) -> None:
        layers = f"[Flatten, {{Dropout: {{rate: 0.5, call: {{training: true}}}}}}, {{{SOFTMAX}}}]"
        self.go(tmp_path, spec_text(model=FUNCTIONAL, layers=layers))

    def test_states_carried_from_batch_to_batch(self, tmp_path: Path) -> None:
        model = "kind: sequential, input: {batch_shape: [20, 28, 28]}"
        self.go(tmp_path, spec_text(model=model, layers=f"[{{LSTM: {{units: 4, stateful: true}}}}, {{{SOFTMAX}}}]"))

    @pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
    def test_short_floats(self, tmp_path: Path, precision: str) -> None:
        self.go(tmp_path, spec_text(), f"compile.precision={precision}")

    def test_a_metric_with_a_value_a_class(self, tmp_path: Path) -> None:
        data = "source: mnist_sample, limit: {train: 100, test: 60}, prepare: {y: [one_hot]}"
        compile = "optimizer: adam, loss: categorical_crossentropy, metrics: [F1Score]"
        run = self.go(tmp_path, spec_text(data=data, compile=compile))
        assert [name for name in history(run.folder)[0] if name.startswith("f1")] == [
            f"f1_score_{i}" for i in range(10)
        ]
        assert run.metrics["test"].keys() == {"loss", *(f"f1_score_{i}" for i in range(10))}
        assert run.metrics["validation"] is None

    def test_logits_of_yes_or_no_without_a_test_set(self, tmp_path: Path) -> None:
        x = np.random.default_rng(0).normal(size=(80, 3)).astype("float32")
        path = tmp_path / "a.npz"
        np.savez(path, x_train=x, y_train=(x[:, 0] > 0).astype("int64"))
        source = f"{{npz: {{path: '{path.as_posix()}', x_test: null, y_test: null}}}}"
        text = spec_text(
            data=f"source: {source}, validation: 0.2",
            layers="[{Dense: {units: 1}}]",
            compile="optimizer: adam, loss: {BinaryCrossentropy: {from_logits: true}}, metrics: [BinaryAccuracy]",
        )
        run = self.go(tmp_path, text)
        assert record(run.folder)["data"]["outputs"]["dense"]["task"] == "binary"

    def test_texts_whose_words_are_learned_first(self, tmp_path: Path) -> None:
        rows = [f"{text},{label}" for text, label in (("a good film", "yes"), ("a bad film", "no")) for _ in range(30)]
        (tmp_path / "texts.csv").write_text("\n".join(["text,liked", *rows]) + "\n")
        path = (tmp_path / "texts.csv").as_posix()
        text = spec_text(
            data=f"source: {{csv: {{path: '{path}', label: liked, features: [text], text: [text]}}}}, validation: 0.2",
            layers="[{TextVectorization: {output_sequence_length: 4}}, {Embedding: {input_dim: 20, output_dim: 4}}, "
            "Flatten, {Dense: {units: 2, activation: softmax}}]",
            fit="epochs: 12, batch_size: 8",
        )
        run = self.go(tmp_path, text)
        assert run.metrics["test"]["accuracy"] == 1

    def test_inputs_by_name_in_another_order_than_the_data_has_them(self, tmp_path: Path) -> None:
        random = np.random.default_rng(0)
        a, b = random.normal(size=(60, 3)).astype("float32"), random.normal(size=(60, 5)).astype("float32")
        np.savez(tmp_path / "a.npz", a=a, b=b, y=a[:, :1] + b[:, :1])
        source = "x_train: {a: a, b: b}, y_train: y, x_test: null, y_test: null"
        text = spec_text(
            data=f"source: {{npz: {{path: '{(tmp_path / 'a.npz').as_posix()}', {source}}}}}",
            model="kind: functional, inputs: {b: [5], a: [3]}",
            layers="[{Concatenate: {from: [a, b]}}, {Dense: {units: 1}}]",
            compile="optimizer: adam, loss: mse",
            more="outputs: {export: [saved_model, onnx, litert, openvino]}",
        )
        run = self.go(tmp_path, text)
        exports = record(run.folder)["exports"]
        assert {name: (kept["compared"], kept["inputs"]) for name, kept in exports.items()} == dict.fromkeys(
            ["saved_model", "onnx", "litert", "openvino"], (12, ["b", "a"])
        )
        assert all((run.folder / kept["path"]).exists() for kept in exports.values())

    def test_early_stopping_keeps_the_metrics_of_the_epoch_it_went_back_to(self, tmp_path: Path) -> None:
        stop = "{EarlyStopping: {monitor: loss, mode: max, patience: 1, restore_best_weights: true}}"
        run = self.go(tmp_path, spec_text(fit=f"epochs: 5, batch_size: 20, callbacks: [{stop}]"))
        rows = history(run.folder)
        assert record(run.folder)["epochs"] | {"asked": 0} == {
            "asked": 0, "run": 2, "kept": 1, "batch_size": 20, "steps": 9,
        }  # fmt: skip
        assert run.metrics["train"]["loss"] == float(rows[0]["loss"])
        assert run.metrics["validation"]["loss"] == pytest.approx(float(rows[0]["val_loss"]), rel=1e-5)

    def test_a_training_that_ended_itself_on_nan_ends_in_a_record_that_is_json(self, tmp_path: Path) -> None:
        run = self.go(
            tmp_path,
            spec_text(
                compile="optimizer: {SGD: {learning_rate: 1.0e+30}}, loss: sparse_categorical_crossentropy",
                fit="epochs: 2, batch_size: 20, callbacks: [TerminateOnNaN]",
            ),
        )
        assert math.isnan(run.metrics["test"]["loss"])

        def refuse(word: str) -> None:
            raise AssertionError(word)

        json.loads((run.folder / "run.json").read_text("utf-8"), parse_constant=refuse)

    def test_a_callback_s_files_lie_in_the_folder_and_are_counted_in(self, tmp_path: Path) -> None:
        calls = "[{CSVLogger: {filename: logs/log.csv}}, {ModelCheckpoint: {filepath: best.keras}}]"
        run = self.go(tmp_path, spec_text(fit=f"epochs: 1, batch_size: 20, callbacks: {calls}"))
        assert {"logs/log.csv", "best.keras"} <= record(run.folder)["artifacts"].keys()

    @pytest.mark.parametrize(("more", "size"), [("", 32), ("predict: {batch_size: 9}", 9)])
    def test_predictions_are_made_in_keras_own_batches_unless_the_spec_says_otherwise(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str, size: int
    ) -> None:
        """With other batches than those of a plain `model.predict(x)`, its bits could be others than those kept."""
        from mnistspec.runs import proof

        sizes: list[int] = []
        predict = proof.predict

        def noted(model: Any, x: Any, names: tuple[str, ...], batch_size: int) -> Any:
            sizes.append(batch_size)
            return predict(model, x, names, batch_size)

        monkeypatch.setattr(proof, "predict", noted)
        self.go(tmp_path, spec_text(fit="epochs: 1, batch_size: 20", more=more))
        assert sizes == [size] * 3

    def test_only_what_is_asked_for_is_saved(self, tmp_path: Path) -> None:
        outputs = "outputs: {model: false, weights: false, predictions: false, report: []}"
        run = mnistspec.run(spec_text(fit="epochs: 1, batch_size: 20", more=outputs), out=tmp_path)
        assert {path.name for path in run.folder.iterdir()} == {"spec.yaml", "resolved.yaml", "run.json", "history.csv"}
        assert record(run.folder)["status"] == "finished" and record(run.folder)["verification"] is None
