from __future__ import annotations

from itertools import chain, islice
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from mnistspec.training.order import EpochOrder

pytestmark = pytest.mark.keras

COUNT, BATCH = 23, 5
X = {"left": np.arange(COUNT, dtype="float32").reshape(COUNT, 1), "right": np.arange(COUNT) * 2}
Y = np.arange(COUNT) * 3
WEIGHTS = np.arange(COUNT, dtype="float32") / 2


@pytest.fixture(params=["tensorflow", "jax"])
def backend(request: pytest.FixtureRequest, tiny: ModuleType, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of feeding: inside TensorFlow's graph, and the one for other backends."""
    monkeypatch.setattr("mnistspec.training.batches.keras.backend.backend", lambda: request.param)
    name: str = request.param
    return name


def made(order: EpochOrder, *, x: Any = X, weights: Any = None, endless: bool = False) -> Any:
    from mnistspec.training.batches import batches_of

    return batches_of(x, Y, weights, order, BATCH, endless=endless)


def passes(batches: Any, steps: int) -> list[Any]:
    """The first batches, whatever feeds them."""
    if hasattr(batches, "num_batches"):
        return [batches[index] for index in range(steps)]
    return list(islice(iter(batches), steps))


def rows(batches: list[Any]) -> list[list[int]]:
    """The rows in each batch, after seeing that inputs, targets and weights are of the same rows."""
    for x, y, weights in batches:
        left = np.asarray(x["left"])[:, 0]
        assert np.array_equal(np.asarray(x["right"]), left * 2) and np.array_equal(np.asarray(y), left * 3)
        assert np.array_equal(np.asarray(weights), left / 2)
    return [np.asarray(x["left"])[:, 0].astype(int).tolist() for x, _, _ in batches]


def test_an_epoch_is_exactly_its_order_in_batches_the_last_one_smaller(backend: str) -> None:
    order = EpochOrder(7, COUNT, shuffle=True)
    batches = made(order, weights=WEIGHTS)
    for epoch in (0, 2):
        order.epoch = epoch
        found = rows(passes(batches, 5))
        assert [len(batch) for batch in found] == [5, 5, 5, 5, 3]
        assert list(chain(*found)) == order.of(epoch).tolist()


def test_an_epoch_ends_where_the_examples_end(backend: str) -> None:
    batches = made(EpochOrder(7, COUNT, shuffle=True))
    count = batches.num_batches if hasattr(batches, "num_batches") else int(batches.cardinality())
    assert count == 5 and (backend == "jax" or len(list(batches)) == 5)


def test_endless_batches_go_on_with_the_order_of_the_next_pass(backend: str) -> None:
    order = EpochOrder(7, COUNT, shuffle=True)
    found = rows(passes(made(order, weights=WEIGHTS, endless=True), 12))
    assert list(chain(*found))[: 2 * COUNT] == [*order.of(0), *order.of(1)]
    assert [len(batch) for batch in found] == [5, 5, 5, 5, 3] * 2 + [5, 5]


def test_one_array_stays_one_array_and_no_weights_are_made_up(backend: str) -> None:
    [(x, y)] = passes(made(EpochOrder(0, COUNT, shuffle=False), x=X["left"]), 1)
    assert np.asarray(x)[:, 0].tolist() == [0, 1, 2, 3, 4] and np.asarray(y).tolist() == [0, 3, 6, 9, 12]


def test_strings_and_dtypes_come_through_tensorflow_as_they_are(tiny: ModuleType) -> None:
    import tensorflow as tf

    words = tf.constant([f"word {row}" for row in range(COUNT)])
    [(x, y)] = passes(made(EpochOrder(0, COUNT, shuffle=False), x={"text": words}), 1)
    assert x["text"].numpy().tolist()[:2] == [b"word 0", b"word 1"] and y.numpy().dtype == Y.dtype


def test_both_ways_of_feeding_train_the_same_model(
    tiny: ModuleType, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mnistspec.training import batches

    gathered, fed = tiny.model(dropout=0.3), tiny.model(dropout=0.3)
    first = tiny.fit(gathered, tmp_path)

    def by_hand(x: Any, y: Any, weights: Any, order: Any, batch_size: int, *, endless: bool, first: int) -> Any:
        return batches._Batches((x, y), order, batch_size, endless, first)

    monkeypatch.setattr("mnistspec.training.fit.batches_of", by_hand)
    second = tiny.fit(fed, tmp_path)
    assert tiny.measured(first) == tiny.measured(second) and tiny.same_weights(gathered, fed)
