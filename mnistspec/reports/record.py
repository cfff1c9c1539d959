"""What `run.json` says of a run, typed. Everything may be absent but the format: a run can fail at its first step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field

from mnistspec.frozen import dataclass
from mnistspec.reports.fields import Damaged, Fields

FORMAT = 1  # the newest form of run.json that is understood here
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class Epochs:
    """How long it was trained. Epochs count from 1; `kept` is the one whose weights were saved."""

    asked: int | None
    run: int | None
    kept: int | None
    batch_size: int | None
    steps: int | None


@dataclass(frozen=True)
class NodeRecord:
    """One node of the model; a shape has None for an unknown size and is itself None where unknown."""

    name: str
    layer: str
    inputs: tuple[str, ...]
    output_shapes: tuple[tuple[int | None, ...] | None, ...]
    params: int | None
    # The names of the used blocks that it is in, each with a `/`, and its arguments that are not Keras' defaults.
    block: str = ""
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelRecord:
    params: int | None
    trainable_params: int | None
    flops: float | None
    nodes: tuple[NodeRecord, ...]
    outputs: tuple[str, ...]
    inputs: Mapping[str, tuple[int | None, ...] | None] = field(default_factory=dict)


@dataclass(frozen=True)
class OutputRecord:
    """What one output learned: its task (classification, binary or regression) and the names of its classes.

    `logits` says that it gives scores, to be read through a softmax or a sigmoid.
    """

    name: str
    task: str | None
    classes: int | None
    class_names: tuple[str, ...] | None
    logits: bool = False


@dataclass(frozen=True)
class PreparedRecord:
    """An array of the data: what it was before preparation, and the steps that it went through, with their options."""

    name: str
    shape: tuple[int | None, ...] | None
    dtype: str | None
    steps: tuple[tuple[str, Mapping[str, object]], ...]


@dataclass(frozen=True)
class DataRecord:
    """The data asked for (`source`) and the data used (`origin`), with the number of examples of each split."""

    source: str | None
    origin: str | None
    digest: str | None
    counts: Mapping[str, int | None]
    outputs: tuple[OutputRecord, ...]
    notes: tuple[str, ...]
    x: tuple[PreparedRecord, ...]
    y: tuple[PreparedRecord, ...]

    @property
    def replaced(self) -> bool:
        """Whether other data than the spec's were used."""
        return self.origin is not None and self.source is not None and self.origin != self.source

    @property
    def predicted_split(self) -> str:
        """The split that the saved predictions are of: the test set, or what there is in its place."""
        return next((split for split in reversed(SPLITS) if self.counts[split] is not None), "test")


@dataclass(frozen=True)
class Proof:
    """What came of loading a saved file again and predicting: `compared` examples, all of them equal in every bit?"""

    file: str
    identical: bool
    compared: int | None
    largest_difference: float | None


@dataclass(frozen=True)
class Export:
    """A deployment format beside the model: how far its predictions are from the model's, or why there is none."""

    format: str
    path: str
    compared: int | None
    largest_difference: float | None
    error: str | None = None


@dataclass(frozen=True)
class Artifact:
    file: str
    sha256: str | None
    size: int | None  # bytes


@dataclass(frozen=True)
class WarningRecord:
    code: str
    severity: str
    message: str
    line: int | None
    column: int | None
    help: str | None


@dataclass(frozen=True)
class RunRecord:
    """A run as `run.json` tells it. `metrics` are by split, `timings` (seconds) by phase in the order they happened."""

    name: str
    number: int | None
    description: str | None
    status: str
    kind: str | None
    seed: int | None
    command: tuple[str, ...]
    started: str | None
    finished: str | None
    metrics: Mapping[str, Mapping[str, float]]
    timings: Mapping[str, float]
    epochs: Epochs
    model: ModelRecord
    data: DataRecord
    proofs: tuple[Proof, ...]
    exports: tuple[Export, ...]
    artifacts: tuple[Artifact, ...]
    error: str | None
    versions: Mapping[str, str]
    machine: Mapping[str, object]
    settings: Mapping[str, object]
    devices: tuple[str, ...]
    warnings: tuple[WarningRecord, ...]

    def saved(self, file: str) -> bool:
        return any(artifact.file == file for artifact in self.artifacts)


SETTINGS = ("backend", "precision", "jit_compile", "steps_per_execution", "deterministic")


def read_record(run: Fields) -> RunRecord:
    """Types the object in `run.json`.

    Raises:
        Damaged: it is not a run's, is of a newer version, or holds a value of the wrong type.
    """
    _require_known_format(run)
    return RunRecord(
        name=run.text("name") or "run",
        number=run.count("number"),
        description=run.text("description"),
        status=run.text("status") or "unknown",
        kind=run.text("kind"),
        seed=run.count("seed"),
        command=run.texts("command"),
        started=run.text("started"),
        finished=run.text("finished"),
        metrics={split: run.fields("metrics").fields(split).numbers() for split in SPLITS},
        timings={phase: value for phase, value in run.fields("timings").numbers().items() if math.isfinite(value)},
        epochs=_epochs(run.fields("epochs")),
        model=_model(run.fields("model")),
        data=_data(run.fields("data")),
        proofs=_proofs(run.fields("verification")),
        exports=_exports(run.fields("exports")),
        artifacts=_artifacts(run.fields("artifacts")),
        error=run.text("error"),
        versions={package: str(version) for package, version in run.fields("versions").values.items()},
        machine=run.fields("machine").values,
        settings={key: run.values.get(key) for key in SETTINGS},
        devices=run.texts("devices"),
        warnings=tuple(_warning(each) for each in run.each("warnings")),
    )


def _require_known_format(run: Fields) -> None:
    written = run.count("format")
    if written is None:
        raise Damaged("it has no `format`, which every run of mnistspec writes")
    if written > FORMAT:
        raise Damaged(
            f"it is of format {written}, and this mnistspec knows formats up to {FORMAT}", "upgrade mnistspec"
        )


def _epochs(values: Fields) -> Epochs:
    return Epochs(*(values.count(key) for key in ("asked", "run", "kept", "batch_size", "steps")))


def _model(values: Fields) -> ModelRecord:
    return ModelRecord(
        params=values.count("params"),
        trainable_params=values.count("trainable_params"),
        flops=values.number("flops"),
        nodes=tuple(_node(node) for node in values.each("nodes")),
        outputs=values.texts("outputs"),
        inputs=_inputs(values),
    )


def _inputs(values: Fields) -> dict[str, tuple[int | None, ...] | None]:
    """The inputs by name; their shapes are None where an older run says nothing of them."""
    shapes = [_shape(shape) for shape in values.sequence("input_shapes")]
    names = values.texts("inputs")
    return dict(zip(names, shapes, strict=True)) if len(names) == len(shapes) else dict.fromkeys(names)


def _node(values: Fields) -> NodeRecord:
    return NodeRecord(
        name=values.text("name") or "",
        layer=values.text("layer") or "",
        inputs=values.texts("inputs"),
        output_shapes=tuple(_shape(shape) for shape in values.sequence("output_shapes")),
        params=values.count("params"),
        block=values.text("block") or "",
        arguments=values.fields("arguments").values,
    )


def _shape(value: object) -> tuple[int | None, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(size is None or isinstance(size, int) for size in value):
        raise Damaged("a shape should be a list of sizes")
    return tuple(value)


def _data(values: Fields) -> DataRecord:
    outputs = values.fields("outputs")
    return DataRecord(
        source=values.text("source"),
        origin=values.text("origin"),
        digest=values.text("digest"),
        counts={split: values.count(split) for split in SPLITS},
        outputs=tuple(_output(name, outputs.fields(name)) for name in outputs.values),
        notes=values.texts("notes"),
        x=_prepared(values.fields("preparation"), "x"),
        y=_prepared(values.fields("preparation"), "y"),
    )


def _prepared(preparation: Fields, which: str) -> tuple[PreparedRecord, ...]:
    arrays = preparation.fields(which)
    return tuple(_array(name, arrays, preparation.fields("raw").fields(name)) for name in arrays.values)


def _array(name: str, arrays: Fields, raw: Fields) -> PreparedRecord:
    steps = tuple((step.text("step") or "", step.fields("options").values) for step in arrays.each(name))
    return PreparedRecord(name, _shape(raw.values.get("shape")), raw.text("dtype"), steps)


def _output(name: str, values: Fields) -> OutputRecord:
    names = values.texts("class_names") or None
    return OutputRecord(name, values.text("task"), values.count("classes"), names, values.flag("logits") or False)


def _proofs(values: Fields) -> tuple[Proof, ...]:
    each = ((file, values.fields(file)) for file in values.values)
    return tuple(_proof(file, proof) for file, proof in each)


def _proof(file: str, proof: Fields) -> Proof:
    difference = proof.number("largest_difference")
    return Proof(file, proof.flag("identical") or False, proof.count("compared"), difference)


def _exports(values: Fields) -> tuple[Export, ...]:
    return tuple(_export(name, values.fields(name)) for name in values.values)


def _export(name: str, export: Fields) -> Export:
    difference = export.number("largest_difference")
    return Export(name, export.text("path") or "", export.count("compared"), difference, export.text("error"))


def _artifacts(values: Fields) -> tuple[Artifact, ...]:
    each = ((file, values.fields(file)) for file in values.values)
    return tuple(Artifact(file, artifact.text("sha256"), artifact.count("bytes")) for file, artifact in each)


def _warning(values: Fields) -> WarningRecord:
    return WarningRecord(
        code=values.text("code") or "",
        severity=values.text("severity") or "warning",
        message=values.text("message") or "",
        line=values.count("line"),
        column=values.count("column"),
        help=values.text("help"),
    )
