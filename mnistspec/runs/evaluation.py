"""A finished run measured again: on its own data, or on labelled examples from elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from mnistspec.datasets.again import prepared, read_again
from mnistspec.datasets.loaded import Split
from mnistspec.datasets.own_files import read_own
from mnistspec.datasets.preparation import Preparation
from mnistspec.datasets.stored import whole
from mnistspec.datasets.targets import targets_for
from mnistspec.decisions import left_to_keras
from mnistspec.diagnostics import BadData, RunFailed
from mnistspec.frozen import dataclass
from mnistspec.graph import by_output
from mnistspec.pipeline import CheckResult
from mnistspec.runs.inputs import preparation_of
from mnistspec.runs.run import Run
from mnistspec.runs.written import written_spec
from mnistspec.spec import SourceSpec, Spec
from mnistspec.training.ids import require_learnt_ids

# Keras' own default, which a run measures with too.
_BATCH = 32


@dataclass(frozen=True)
class Evaluation:
    """What was measured: on which data, on how many examples, the metrics by name, and what to know about the data.

    `before` has the metrics that the run itself measured on the same split; empty where there are none to compare with.
    """

    run: Path
    data: str
    examples: int
    metrics: Mapping[str, float]
    notes: tuple[str, ...]
    before: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class _Found:
    """The examples to measure on, what to call them, and what to know of them."""

    split: Split
    name: str
    notes: tuple[str, ...]


def evaluate_run(
    run: Run, *, split: str, data: Path | None, batch_size: int | None, say: Callable[[str], None]
) -> Evaluation:
    """Measures a run's model on a split of its data, or on the examples in a file or folder.

    Raises: UsageError for a run or split that cannot be used; DataUnavailable, BadData, MissingExtra, RunFailed.
    """
    result, preparation = written_spec(run.folder, for_its_data=True), preparation_of(run)
    spec = _for_the_saved(result)
    assert spec.data is not None
    found = _own(data, spec, preparation, run, say) if data is not None else _again(run, spec, preparation, split, say)
    if result.ok and result.graph is not None:
        require_learnt_ids(result.graph, found.split.x, found.name)
    metrics = _measure(run, spec, found.split, batch_size)
    # While it trained, the run measured a model that was still changing: that is no measure to compare with.
    before = {} if data is not None or split == "train" else run.metrics.get(split) or {}
    return Evaluation(run.folder, found.name, found.split.size, metrics, found.notes, before)


def _for_the_saved(result: CheckResult) -> Spec:
    """A run's spec with its targets by the names that the saved model has for its outputs."""
    assert result.spec is not None and result.spec.data is not None
    names = result.untyped.keras_names if result.untyped is not None else {}
    data = replace(result.spec.data, targets=by_output(result.spec.data.targets, names))
    return replace(result.spec, data=data)


def source_of(run: Run) -> SourceSpec | None:
    """The source that a run learnt from. Raises: UsageError for a run without its spec."""
    spec = written_spec(run.folder, for_its_data=True).spec
    return spec.data.source if spec is not None and spec.data is not None else None


def _decided(run: Run, setting: str) -> Any:
    """What was decided for the run; None where it has not kept that."""
    return run.record.get("decisions", {}).get(setting, {}).get("value")


def _left_to_keras(run: Run, spec: Spec) -> bool:
    """Whether the run was measured by Keras' own loops: a smaller last batch counts otherwise there in some losses."""
    assert spec.compile is not None
    return left_to_keras(spec.compile, compiling=_decided(run, "compile.jit_compile") is True)


def _again(run: Run, spec: Spec, preparation: Preparation, split: str, say: Callable[[str], None]) -> _Found:
    assert spec.data is not None
    folder = spec.source.folder
    found = read_again(
        spec.data,
        preparation,
        split,
        seed=int(run.record["seed"]),
        folder=folder,
        say=say,
        streamed=_decided(run, "data.hold") == "streamed",
    )
    notes = []
    if found.digest != run.record["data"]["digest"]:
        notes.append("the data is not what the run was trained and measured on: its digest differs")
    return _Found(found.split, f"the {split} split of {found.origin}", tuple(notes))


def _own(path: Path, spec: Spec, preparation: Preparation, run: Run, say: Callable[[str], None]) -> _Found:
    assert spec.data is not None
    own = read_own(path, spec.data, preparation, say=say)
    try:
        split = prepared(own.examples, np.arange(own.examples.size), preparation)
    except BadData as error:
        raise BadData(f"{path}: {error}") from error
    _require_known_classes(path, split, spec, run)
    return _Found(split, str(path), _summed_up(own.said))


def _require_known_classes(path: Path, split: Split, spec: Spec, run: Run) -> None:
    """A class id beyond those trained would give a number as if nothing were wrong."""
    assert spec.data is not None
    outputs: Mapping[str, Mapping[str, Any]] = run.record["data"]["outputs"]
    for name, held in targets_for(split, spec.data.targets, run.record["model"]["outputs"]).items():
        classes = outputs.get(name, {}).get("classes")
        if classes is None or held.dtype.kind not in "iu":
            continue
        array = whole(held)
        low, high = int(array.min()), int(array.max())
        if low < 0 or high >= classes:
            raise BadData(
                f"{path}: the labels go from {low} to {high}, and the model's classes from 0 to {classes - 1}."
            )


def _summed_up(said: Iterable[str]) -> tuple[str, ...]:
    """What was done to how many pictures; their sizes, which differ, are left out."""
    steps = Counter(step.partition(" ")[0] for line in said for step in line.split("; ") if step)
    return (f"pictures: {', '.join(f'{count:,} {step}' for step, count in steps.items())}",) if steps else ()


def _measure(run: Run, spec: Spec, split: Split, batch_size: int | None) -> dict[str, float]:
    assert spec.data is not None
    model = run.model()
    from mnistspec.training.evaluating import Measurer
    from mnistspec.training.examples import examples_of  # needs Keras, which is here by now, on the run's backend
    from mnistspec.training.progress import numbers

    record = run.record["model"]
    targets = targets_for(split, spec.data.targets, record["outputs"])
    examples = examples_of(model, split, targets, tuple(record["inputs"]))
    size = batch_size or spec.evaluate.batch_size or _decided(run, "evaluate.batch_size") or _BATCH
    try:
        measurer = Measurer(model, left_to_keras=_left_to_keras(run, spec))
        found = measurer.evaluated(examples.x, examples.y, examples.count, size, spec.evaluate.steps)
    except (ValueError, TypeError, RuntimeError, KeyError) as error:
        raise RunFailed(f"evaluation failed: {(str(error).splitlines() or [repr(error)])[0]}") from error
    return numbers(found)
