"""One spec on each backend that is installed: the same numbers but for rounding, files for one another."""

from __future__ import annotations

import importlib.util
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mnistspec.training.order import permutation
from tests.execution import on_backend, small

pytestmark = pytest.mark.keras

_ROOT = Path(__file__).resolve().parents[2]
# Without Dropout: random numbers are drawn by each backend in its own way. Without the bias before normalization, too:
# its gradient is nothing but rounding, which Adam makes as large as any.
_LAYERS = (
    f"[{{Conv2D: {{filters: 4, kernel_size: 3, use_bias: false}}}}, BatchNormalization, Flatten, {{{small.SOFTMAX}}}]"
)
_DATA = "source: mnist_sample, limit: {train: 60, test: 40}, prepare: {x: [{rescale: 255}, {reshape: [28, 28, 1]}]}"


# Every common kind of weight; initializers of every distribution, and seeds of the layers' own.
_INITIAL = """mnistspec: 1
seed: 11
model:
  kind: functional
  inputs: {words: {shape: [9], dtype: int32}, picture: {shape: [12, 12, 3]}}
  layers:
    - Embedding: {input_dim: 50, output_dim: 6, from: words, name: words_in}
    - LSTM: {units: 5, return_sequences: true, name: lstm}
    - GRU: {units: 5, return_sequences: true, recurrent_initializer: glorot_uniform, name: gru}
    - MultiHeadAttention: {num_heads: 2, key_dim: 4, from: {query: lstm, value: gru}, name: attention}
    - LayerNormalization
    - Flatten: {name: told}
    - Conv2D: {filters: 6, kernel_size: 3, kernel_initializer: he_normal, from: picture, name: convolution}
    - BatchNormalization: {name: normalization}
    - SeparableConv2D: {filters: 4, kernel_size: 3, name: separable}
    - DepthwiseConv2D: {kernel_size: 2, depthwise_initializer: {Orthogonal: {gain: 2, seed: 3}}, name: depthwise}
    - Flatten: {name: seen}
    - Concatenate: {from: [told, seen]}
    - Dense: {units: 7, kernel_initializer: {RandomNormal: {mean: 1.5, seed: 3000000000}}, name: normal}
    - Dense: {units: 30, kernel_initializer: truncated_normal, bias_initializer: lecun_normal, name: truncated}
    - Dense: {units: 8, kernel_initializer: {VarianceScaling: {distribution: untruncated_normal}}, name: scaled_normal}
    - Dense: {units: 9, bias_initializer: {RandomUniform: {minval: 0.25, maxval: 0.5, seed: 5}}, name: uniform}
    - Dense: {units: 4, kernel_initializer: he_uniform, bias_initializer: {Constant: {value: 0.1}}, name: last}
"""
# What is made of normal numbers: some are rounded otherwise, and orthogonal matrices are computed from them.
_NORMAL = (
    "lstm_cell.recurrent", "convolution.kernel", "depthwise.kernel", "normal.", "truncated.", "scaled_normal.kernel",
)  # fmt: skip
# A weight that follows the targets it is shown, so that it ends where their order leads it.
_COUNT, _BATCH, _EPOCHS, _RATE = 103, 10, 3, 0.11
_ORDER = f"""mnistspec: 1
name: order
seed: 5
data: {{source: {{npz: {{path: order.npz}}}}}}
model:
  kind: sequential
  layers: [{{Dense: {{units: 1, use_bias: false, kernel_initializer: zeros}}}}]
compile: {{optimizer: {{SGD: {{learning_rate: {_RATE}}}}}, loss: mse}}
fit: {{epochs: {_EPOCHS}, batch_size: {_BATCH}, checkpoint: null}}
outputs: {{report: [], predictions: false}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What TensorFlow learnt."""
    made = tmp_path_factory.mktemp("backends")
    (made / "initial.yaml").write_text(_INITIAL)
    (made / "order.yaml").write_text(_ORDER)
    _write_numbers(made / "order.npz")
    (made / "spec.yaml").write_text(small.spec_text(layers=_LAYERS, data=_DATA, more="deterministic: true"))
    _learn("tensorflow", made)
    return made


@pytest.fixture(scope="module", params=["jax", "torch"])
def other(request: pytest.FixtureRequest, folder: Path) -> str:
    """Another backend, which has learnt the same."""
    name: str = request.param
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed: pip install '.[{name}]'")
    _learn(name, folder)
    return name


def _learn(backend: str, folder: Path) -> None:
    """In a process of its own: `deterministic` cannot be taken back in one."""
    command = [sys.executable, "-m", "tests.execution.on_backend", backend, str(folder)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def _write_numbers(path: Path) -> None:
    """Examples whose targets are their numbers."""
    import numpy as np

    ones, numbers = np.ones((_COUNT, 1), np.float32), np.arange(_COUNT, dtype=np.float32) / _COUNT
    np.savez(path, x_train=ones, y_train=numbers, x_test=ones[:5], y_test=numbers[:5])


def _followed(steps: int | None) -> float:
    """The weight after all steps, with the order that `resolved.yaml` states."""

    def batches() -> Iterator[Any]:
        for number in itertools.count():
            rows = permutation(5, number, _COUNT)
            yield from (rows[first : first + _BATCH] for first in range(0, _COUNT, _BATCH))

    weight = 0.0
    for rows in itertools.islice(batches(), _EPOCHS * (steps or -(-_COUNT // _BATCH))):
        weight -= _RATE * 2 * (weight - rows.mean() / _COUNT)
    return weight


def test_the_seed_draws_the_same_weights(folder: Path, other: str) -> None:
    """Uniform numbers to the bit; normal ones, and what is computed from them, but for rounding."""
    import numpy as np

    first, second = (on_backend.read(backend, folder).initial for backend in ("tensorflow", other))
    assert first.keys() == second.keys() and len(first) == 38
    for name, one in first.items():
        if any(part in name for part in _NORMAL):
            np.testing.assert_allclose(second[name], one, rtol=1e-6, atol=1e-6, err_msg=name)
        else:
            assert second[name].tobytes() == one.tobytes(), name


@pytest.mark.parametrize("name", on_backend.ORDERS)
def test_the_examples_come_in_the_order_that_is_stated(folder: Path, other: str, name: str) -> None:
    settings = dict(one.split("=") for one in on_backend.ORDERS[name])
    steps = settings.get("fit.steps_per_epoch")
    expected = _followed(int(steps) if steps else None)
    for backend in ("tensorflow", other):
        assert on_backend.read(backend, folder).ordered[name] == pytest.approx(expected, abs=1e-6), backend


def test_what_is_learnt_is_the_same_but_for_rounding(folder: Path, other: str) -> None:
    import numpy as np

    first, second = (on_backend.read(backend, folder) for backend in ("tensorflow", other))
    assert len(first.losses) == 2
    np.testing.assert_allclose(second.losses, first.losses, rtol=1e-5)
    for one, same in zip(first.weights, second.weights, strict=True):
        np.testing.assert_allclose(same, one, atol=1e-4)


def test_a_saved_model_predicts_the_same_on_another_backend(folder: Path, other: str) -> None:
    import numpy as np

    here, there = (on_backend.read(backend, folder).predicted for backend in ("tensorflow", other))
    np.testing.assert_allclose(there, here, atol=1e-5)


def test_the_models_of_other_backends_are_loaded_by_tensorflow(folder: Path, other: str) -> None:
    import keras

    loaded = keras.models.load_model(folder / f"{other}.keras", safe_mode=True)
    learnt = on_backend.read(other, folder).weights
    assert [weight.tobytes() for weight in loaded.get_weights()] == [weight.tobytes() for weight in learnt]


def test_a_run_is_proven_and_says_its_backend(folder: Path, other: str) -> None:
    for backend in ("tensorflow", other):
        found = on_backend.record(backend, folder)
        assert (found["backend"], found["status"], found["devices"][0]) == (backend, "finished", "CPU:0")
        assert all(check["identical"] for check in found["verification"].values())


def test_a_training_that_is_cut_off_goes_on_to_the_same_bits(other: str) -> None:
    """The tests of going on, whose model has dropout, in a process where Keras runs on the other backend."""
    tests = ["tests/training/test_resumable.py", "-k", "bits and not goes"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "KERAS_BACKEND": other}
    done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout
