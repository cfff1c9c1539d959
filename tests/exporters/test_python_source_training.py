"""Scripts beside plain runs: the same weights, history, measures and predictions, to the bit."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mnistspec

PLAIN = ("compile.steps_per_execution=1", "compile.jit_compile=false")
_DATA = "data: {source: mnist_sample, validation: 0.1, limit: {train: 230, test: 70}, prepare: {x: "
_HEAD = "mnistspec: 1\nname: trained\nseed: 3\n" + _DATA
_CLASSES = "{loss: sparse_categorical_crossentropy, metrics: [accuracy]}"
# What the order, the size of batches, chance, averages over batches and several outputs could make differ.
KINDS = {
    "dropout and class weights": (
        "[{reshape: [784]}, {rescale: 255}], y: [one_hot]}}\n"
        "model: {kind: sequential, layers: [{Dropout: {rate: 0.2}}, {Dense: {units: 10, activation: softmax}}]}\n"
        "compile: {optimizer: adam, loss: categorical_crossentropy, metrics: [accuracy]}\n"
        "fit: {epochs: 3, batch_size: 30, class_weight: balanced}\n"
    ),
    "convolutions, averages and augmentation": (
        "[{expand_dims: -1}, {rescale: 255}]}}\n"
        "model: {kind: sequential, layers: [{RandomTranslation: {height_factor: 0.1, width_factor: 0.1}}, "
        "{Conv2D: {filters: 4, kernel_size: 3}}, BatchNormalization, ReLU, GlobalAveragePooling2D, "
        "{Dense: {units: 10, activation: softmax}}]}\n"
        f"compile: {_CLASSES}\n"
        "fit: {epochs: 2, batch_size: 30, callbacks: [{ReduceLROnPlateau: {patience: 0, min_delta: 9}}]}\n"
    ),
    "several outputs, epochs of so many steps": (
        "[{reshape: [784]}, {rescale: 255}]}, targets: {digit: y, picture: x}}\n"
        "model: {kind: functional, inputs: {pixels: [784]}, outputs: [digit, picture], layers: "
        "[{Dense: {units: 10, activation: softmax, name: digit}}, "
        "{Dense: {units: 784, name: picture, from: pixels}}]}\n"
        "compile: {loss: {digit: sparse_categorical_crossentropy, picture: mse}, metrics: {picture: [mae]}}\n"
        "fit: {epochs: 3, batch_size: 30, steps_per_epoch: 5, validation_steps: 2}\n"
    ),
    "outputs in a map, the input in a list": (
        "[{reshape: [784]}, {rescale: 255}]}, targets: {number: y, picture: x}}\n"
        "model: {kind: functional, inputs: {pixels: [784]}, structure: {inputs: [pixels], outputs: {picture: again, "
        "number: digit}}, layers: [{Dense: {units: 10, activation: softmax, name: digit}}, "
        "{Dense: {units: 784, name: again, from: pixels}}]}\n"
        "compile: {loss: {digit: sparse_categorical_crossentropy, picture: mse}, metrics: [[accuracy], [mae]]}\n"
        "fit: {epochs: 2, batch_size: 30}\n"
    ),
    "the order of the examples": (
        "[{rescale: 255}]}}\n"
        "model: {kind: sequential, layers: [{LSTM: {units: 4}}, {Dense: {units: 10, activation: softmax}}]}\n"
        f"compile: {_CLASSES}\n"
        "fit: {epochs: 2, batch_size: 30, shuffle: false, class_weight: {1: 2.5}}\nevaluate: {batch_size: 20}\n"
    ),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the digits, as the working directory."""
    from mnistspec.datasets.sources.mnist_sample import PATH

    (tmp_path / "mnist_sample.npz").write_bytes(PATH.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.keras
@pytest.mark.parametrize("kind", KINDS)
def test_the_script_learns_what_a_plain_run_learns_to_the_bit(
    here: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    import keras

    run = mnistspec.run(_HEAD + KINDS[kind], overrides=PLAIN, out=here / "runs")
    seen = _seen(monkeypatch)
    script: dict[str, Any] = {"__name__": "script"}
    keras.utils.clear_session(free_memory=False)
    exec(compile(mnistspec.to_python(_HEAD + KINDS[kind]), "script.py", "exec"), script)
    script["main"]()

    _assert_same_arrays(seen["weights"], run.model().get_weights())
    history = _history(run.folder / "history.csv")
    assert seen["history"].keys() - {"learning_rate"} == history.keys() - {"learning_rate"}
    assert all(values == history[name] for name, values in seen["history"].items())
    assert seen["scores"] == run.metrics["test"]
    with np.load("trained/predictions.npz") as found, np.load(run.folder / "predictions.npz") as kept:
        _assert_same_arrays(list(found.values()), [kept[name] for name in kept if name.startswith("prediction")])


def _seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Fills with what the model of a script learns, from the calls of `fit` and `evaluate`."""
    import keras

    fit, evaluate, seen = keras.Model.fit, keras.Model.evaluate, dict[str, Any]()

    def watched_fit(model: Any, *arguments: Any, **named: Any) -> Any:
        seen["history"] = fit(model, *arguments, **named, verbose=0).history
        seen["weights"] = model.get_weights()

    def watched_evaluate(model: Any, *arguments: Any, **named: Any) -> Any:
        seen["scores"] = evaluate(model, *arguments, **named)
        return seen["scores"]

    monkeypatch.setattr(keras.Model, "fit", watched_fit)
    monkeypatch.setattr(keras.Model, "evaluate", watched_evaluate)
    return seen


def _assert_same_arrays(found: list[Any], expected: list[Any]) -> None:
    assert [one.tobytes() for one in found] == [one.tobytes() for one in expected]


def _history(path: Path) -> dict[str, list[float]]:
    """The columns of a run's history, without what Keras' has not."""
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return {name: [float(row[name]) for row in rows] for name in rows[0] if name not in ("epoch", "seconds")}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((), "with `--set compile.steps_per_execution=1 --set compile.jit_compile=false` ends with the same bits;"),
        (PLAIN, "`mnistspec run` ends with the same bits."),
        (
            ("deterministic=true", "data.hold=streamed", "data.source={npz: {path: mnist_sample.npz}}"),
            "`--set compile.steps_per_execution=1 --set data.hold=prepared`",
        ),
        (("backend=jax",), "What it learns is what `mnistspec run` learns, but for rounding."),
    ],
)
def test_the_script_says_which_run_ends_with_its_bits(changes: tuple[str, ...], said: str, here: Path) -> None:
    spec = _HEAD + KINDS["the order of the examples"]
    script = mnistspec.to_python(spec, overrides=changes)
    assert said in " ".join(script[: script.index("import ")].split())


def test_batches_are_drawn_by_the_seed_where_the_spec_shuffles() -> None:
    script = mnistspec.to_python(_HEAD + KINDS["dropout and class weights"])
    assert (
        '''
def batches(x, y, weights, batch_size):
    """Batches without end; each time through, the seed draws another order."""
    for epoch in itertools.count():
        generator = np.random.Generator(np.random.Philox(key=[SEED, epoch]))
        order = generator.permutation(len(y))
        for start in range(0, len(y), batch_size):
            rows = order[start : start + batch_size]
            yield x[rows], y[rows], weights[rows]
'''
        in script
    )
    in_order = mnistspec.to_python(_HEAD + KINDS["the order of the examples"])
    assert "def batches" not in in_order and "shuffle=False," in in_order and "batch_size=30," in in_order


def test_a_block_may_not_take_the_name_of_a_module_that_the_script_imports() -> None:
    layers = "blocks: {math: {layers: [{Dense: {units: 8}}]}}\nmodel: {kind: sequential, layers: [Flatten, "
    ends = "{Dense: {units: 10, activation: softmax}}]}\ncompile: {loss: sparse_categorical_crossentropy}\nfit: {}\n"
    twice = "{use: {block: math}}, {use: {block: math}}, "
    script = mnistspec.to_python(f"{_HEAD}[{{rescale: 255}}]}}}}\n{layers}{twice}{ends}")
    assert "import math\n" in script and "def math_2(model, name):" in script
