"""Examples that stay on the disk are trained on and measured to the bits of those in memory."""

from __future__ import annotations

import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from mnistspec.datasets.on_disk import FileReader, all_of
from mnistspec.datasets.stored import Stored
from mnistspec.training.order import EpochOrder

pytestmark = pytest.mark.keras


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of two batches of eight."""
    monkeypatch.setattr("mnistspec.training.streaming._BLOCK", 2 * 8 * (4 * 4 + 8))


def both(tiny: ModuleType, folder: Path, count: int = 50) -> tuple[Any, Any]:
    """The same bytes in memory and on the disk."""
    _, held = tiny.both_ways(count)
    return held, tiny.Examples(on_disk(held.x, folder), held.y, count)


def on_disk(held: Stored, folder: Path) -> Stored:
    path = folder / f"{len(held)}.bin"
    path.write_bytes(np.asarray(held.raw).tobytes())
    with path.open("rb") as file:
        return Stored(all_of(FileReader(file, held.raw.shape, held.raw.dtype)), held.steps)


@pytest.mark.parametrize(
    "changes",
    [{}, {"class_weight": "balanced"}, {"steps_per_epoch": 9}, {"shuffle": False}, {"compiled_whole": True}],
    ids=str,
)
def test_the_numbers_are_those_of_examples_in_memory(tiny: ModuleType, tmp_path: Path, changes: dict[str, Any]) -> None:
    (here, there), (seen, unseen) = both(tiny, tmp_path), both(tiny, tmp_path, 23)
    asked: dict[str, Any] = {"epochs": 3, "batch_size": 8, "steps_at_once": 3, **changes}
    ours, theirs = tiny.model(dropout=0.4), tiny.model(dropout=0.4)
    first = tiny.fit(ours, tmp_path, train=there, validation=unseen, **asked)
    second = tiny.fit(theirs, tmp_path, train=here, validation=seen, **asked)
    assert tiny.measured(first) == tiny.measured(second) and tiny.same_weights(ours, theirs)


def test_batches_drawn_one_by_one_are_the_same_too(
    tiny: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here, there), (seen, unseen) = both(tiny, tmp_path), both(tiny, tmp_path, 23)
    ours, theirs = tiny.model(), tiny.model()
    monkeypatch.setattr("mnistspec.training.fit.can_loop", lambda model: False)
    second = tiny.fit(theirs, tmp_path, train=here, validation=seen, batch_size=8)
    monkeypatch.setattr(Stored, "__array__", None)
    first = tiny.fit(ours, tmp_path, train=there, validation=unseen, batch_size=8)
    assert tiny.measured(first) == tiny.measured(second) and tiny.same_weights(ours, theirs)


def test_what_is_evaluated_and_predicted_is_the_same(
    tiny: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mnistspec.runs.proof import predict
    from mnistspec.training.evaluating import Measurer

    (here, there), model = both(tiny, tmp_path), tiny.model()
    evaluated = Measurer(model).evaluated
    in_memory = evaluated(here.x, here.y, 50, 8, None)
    assert evaluated(there.x, there.y, 50, 8, None) == in_memory
    monkeypatch.setattr("mnistspec.training.evaluating.can_loop", lambda model: False)
    assert evaluated(there.x, there.y, 50, 8, None) == evaluated(here.x, here.y, 50, 8, None)
    [one], [other] = (predict(model, each.x, ("y",), 8).values() for each in (there, here))
    assert one.tobytes() == other.tobytes()


def test_blocks_give_every_batch_of_every_pass_in_its_order(tiny: ModuleType, tmp_path: Path) -> None:
    from mnistspec.training.streaming import Blocks

    _, there = both(tiny, tmp_path)
    order = EpochOrder(7, 50, shuffle=True)
    blocks = Blocks((there.x, there.y), 8, 50, order.of)
    assert (blocks.steps, blocks.steps_full, blocks.rest) == (2, 6, 2)
    whole = there.x.whole()
    for number, step in [(0, 0), (0, 1), (0, 5), (0, 6), (1, 0), (0, 3)]:
        (x, y), at = blocks.of(number, step)
        rows = order.of(number)[step * 8 : step * 8 + 8]
        assert np.array_equal(x.numpy()[at * 8 : at * 8 + 8], whole[rows])
        assert np.array_equal(y.numpy()[at * 8 : at * 8 + 8], there.y[rows])
    blocks.close()


def test_a_training_leaves_no_thread_behind_whether_it_ends_well_or_not(tiny: ModuleType, tmp_path: Path) -> None:
    from mnistspec.training.fit import TrainingFailed

    _, there = both(tiny, tmp_path)
    tiny.fit(tiny.model(), tmp_path, train=there, validation=there, batch_size=8)
    broken = tiny.Examples(there.x, np.full(50, 9.0), 50)
    with pytest.raises(TrainingFailed):
        tiny.fit(tiny.model(), tmp_path, train=broken, batch_size=8)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("mnistspec-blocks")]
