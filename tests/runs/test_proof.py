from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from mnistspec.runs.proof import RandomState

pytestmark = pytest.mark.keras

A = np.array([[0.0, 1.5], [np.nan, -2.0]], dtype="float32")


def bits(number: int) -> np.ndarray:
    return np.array([number], dtype="uint32").view("float32")


class TestIdentical:
    @pytest.mark.parametrize(
        "other",
        [
            np.where(A == 0, np.float32(-0.0), A),
            np.nextafter(A, np.float32(9)),
            A.astype("float64"),
            A.reshape(4),
            A[:1],
            np.where(np.isnan(A), np.float32(0), A),
        ],
        ids=["minus zero", "one bit", "dtype", "shape", "length", "number for nan"],
    )
    def test_the_smallest_difference_is_one(self, other: np.ndarray) -> None:
        from mnistspec.runs.proof import identical

        assert not identical({"a": A}, {"a": other}) and not identical({"a": other}, {"a": A})

    def test_equal_bits_are_identical_also_where_they_are_no_numbers(self) -> None:
        from mnistspec.runs.proof import identical

        assert identical({"a": A}, {"a": A.copy()}) and identical({"a": A}, {"a": np.asfortranarray(A)})
        assert not identical({"a": bits(0x7FC00000)}, {"a": bits(0x7FC00001)})

    def test_outputs_go_by_name(self) -> None:
        from mnistspec.runs.proof import identical

        assert identical({"a": A, "b": A[:1]}, {"b": A[:1], "a": A})
        assert not identical({"a": A}, {"b": A}) and not identical({"a": A}, {"a": A, "b": A})


class TestLargestDifference:
    @pytest.mark.parametrize(
        ("other", "found"),
        [
            (A, 0.0),
            (A + 0.25, 0.25),
            (A[:1], None),
            (np.full_like(A, np.nan), 0.0),
            (np.full_like(A, np.inf), np.inf),
        ],
    )
    def test_it_is_over_all_that_are_numbers(self, other: np.ndarray, found: float | None) -> None:
        from mnistspec.runs.proof import largest_difference

        assert largest_difference({"a": A}, {"a": other}) == found

    def test_equal_infinities_do_not_differ(self) -> None:
        from mnistspec.runs.proof import largest_difference

        infinite = np.array([np.inf, 1.0])
        assert largest_difference({"a": infinite}, {"a": infinite}) == 0


class Proven:
    """A model, its files, and what it predicts of some data; a file can then be checked against it."""

    def __init__(self, folder: Path, layers: list[Any], shape: tuple[int, ...], batch: int | None = None) -> None:
        import keras

        from mnistspec.runs.proof import RandomState

        def build() -> Any:
            keras.utils.set_random_seed(1)
            made = keras.Sequential([keras.Input(shape, batch_size=batch), *(layer() for layer in layers)])
            made.compile("adam", "mse")
            return made

        self.x = np.random.default_rng(0).normal(size=(8, *shape)).astype("float32")
        self.model, self.fresh, self.folder = build(), build(), folder
        self.model.fit(self.x, np.ones((8, 2), dtype="float32"), batch_size=4, verbose=0)
        self.state: RandomState = RandomState(self.model)
        self.expected = self.predict(self.model)
        self.model.save(folder / "model.keras")
        self.model.save_weights(folder / "model.weights.h5")

    def predict(self, model: Any) -> dict[str, np.ndarray]:
        from mnistspec.runs.proof import predict

        return predict(model, self.x, ("out",), 4)

    def check_model(self) -> dict[str, Any]:
        from mnistspec.runs.proof import check_model_file

        return check_model_file(self.folder / "model.keras", self.state, self.expected, self.predict)

    def check_weights(self) -> dict[str, Any]:
        from mnistspec.runs.proof import check_weights_file

        path = self.folder / "model.weights.h5"
        return check_weights_file(path, self.fresh, self.state, self.expected, self.predict)


def dense(folder: Path) -> Proven:
    from keras import layers

    return Proven(folder, [lambda: layers.Dropout(0.5), lambda: layers.Dense(2)], (3,))


def stateful(folder: Path) -> Proven:
    import keras
    from keras import layers

    def both() -> Any:
        return layers.Bidirectional(layers.GRU(3, stateful=True, return_sequences=True))

    def nested() -> Any:
        return keras.Sequential([layers.LSTM(2, stateful=True)])

    return Proven(folder, [both, nested], (3, 2), batch=4)


def halved(folder: Path) -> Proven:
    from keras import layers

    return Proven(folder, [lambda: layers.Dense(2, dtype="mixed_float16")], (3,))


@pytest.mark.parametrize("model", [dense, stateful, halved])
def test_both_files_of_a_trained_model_are_proven(tmp_path: Path, model: Callable[[Path], Proven]) -> None:
    """Also with layers that carry states from batch to batch, and with an optimizer that scales the loss."""
    proven = model(tmp_path)
    assert proven.check_model() == {"identical": True, "compared": 8}
    assert proven.check_weights() == {"identical": True, "compared": 8}


def test_states_carried_over_begin_anew_in_every_prediction(tmp_path: Path) -> None:
    proven = stateful(tmp_path)
    assert proven.predict(proven.model)["out"].tobytes() == proven.expected["out"].tobytes()


def test_changed_weights_are_found_with_how_far_they_are_off(tmp_path: Path) -> None:
    proven = dense(tmp_path)
    kernel, bias = proven.model.layers[-1].get_weights()
    proven.model.layers[-1].set_weights([kernel, bias + 0.5])
    proven.model.save_weights(tmp_path / "model.weights.h5")
    found = proven.check_weights()
    assert found["identical"] is False and found["largest_difference"] == pytest.approx(0.5, abs=1e-5)


@pytest.mark.parametrize("name", ["model.keras", "model.weights.h5"])
def test_a_damaged_file_is_no_proof_and_no_crash(tmp_path: Path, name: str) -> None:
    proven = dense(tmp_path)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    found = proven.check_model() if name == "model.keras" else proven.check_weights()
    assert found["identical"] is False and found["error"] and "\n" not in found["error"]


def test_a_file_of_another_model_is_no_proof(tmp_path: Path) -> None:
    from keras import layers

    proven = dense(tmp_path)
    (tmp_path / "other").mkdir()
    Proven(tmp_path / "other", [lambda: layers.Dense(5), lambda: layers.Dense(2)], (3,))
    (tmp_path / "other" / "model.weights.h5").replace(tmp_path / "model.weights.h5")
    assert proven.check_weights()["identical"] is False


def test_random_generators_are_put_back_where_they_were(tmp_path: Path) -> None:
    from mnistspec.runs.proof import RandomState

    proven = dense(tmp_path)
    dropout = proven.model.layers[0]
    state = RandomState(proven.model)
    first = dropout(proven.x, training=True).numpy()
    assert not np.array_equal(first, dropout(proven.x, training=True))
    state.restore(proven.model)
    assert np.array_equal(first, dropout(proven.x, training=True))


def test_examples_prepared_in_parts_are_predicted_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """In parts of whole batches, also where a batch alone is more than a part may have."""
    import keras

    from mnistspec.datasets.fitted import FittedStep
    from mnistspec.datasets.stored import Stored
    from mnistspec.runs import proof

    raw = np.random.default_rng(0).integers(0, 256, (50, 4)).astype("uint8")
    held = Stored(raw, (FittedStep("rescale", {"divisor": 255}),))
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    expected = proof.predict(model, held.whole(), ("out",), 8)
    for most in (1, 300, 2**20):
        monkeypatch.setattr(proof, "_PREPARED", most)
        assert proof.identical(proof.predict(model, held, ("out",), 8), expected)
