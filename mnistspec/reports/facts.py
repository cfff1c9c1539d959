"""The tables that come straight from a run's record: metrics, epochs, model, data, time, environment, files."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping

from mnistspec.reports import quantities
from mnistspec.reports.history import History
from mnistspec.reports.record import SPLITS, Artifact, Export, NodeRecord, PreparedRecord, Proof, RunRecord
from mnistspec.reports.tables import Column, Table, pairs

LONGEST_VALUE = 240  # characters of a setting that are shown


def metrics_table(run: RunRecord) -> Table | None:
    """A metric a row, a split a column; splits that nothing was measured on are left out."""
    splits = tuple(split for split in SPLITS if run.metrics[split])
    names = tuple(dict.fromkeys(name for split in splits for name in run.metrics[split]))
    if not names:
        return None
    columns = (Column("metric", "code"), *(Column(split, "number") for split in splits))
    rows = tuple((name, *(_metric(run.metrics[split], name) for split in splits)) for name in names)
    return Table("Metrics", columns, rows)


def _metric(metrics: Mapping[str, float], name: str) -> str:
    return quantities.measured(name, metrics[name]) if name in metrics else "–"


def history_table(history: History, kept: int | None, limit: int) -> Table:
    """An epoch a row; of a long history, rows at even distances with the first, the last and the kept one."""
    names = tuple(history.columns)
    columns = (Column("epoch", "number"), *(Column(name, "number") for name in names))
    count = len(history.epochs)
    step = max(1, math.ceil(count / limit))
    shown = [i for i in range(count) if i % step == 0 or i == count - 1 or history.epochs[i] == kept]
    rows = tuple(_epoch_row(history, names, i, kept) for i in shown)
    caption = "What each epoch measured" if step == 1 else f"What one in {step} epochs measured"
    return Table(caption + (f"; epoch {kept} was kept (✓)" if kept is not None else ""), columns, rows)


def _epoch_row(history: History, names: tuple[str, ...], index: int, kept: int | None) -> tuple[str, ...]:
    epoch = history.epochs[index]
    values = (quantities.measured(name, history.columns[name][index]) for name in names)
    return (f"{'✓ ' if epoch == kept else ''}{quantities.whole(epoch)}", *values)


def model_table(run: RunRecord) -> Table | None:
    """A node a row: what it is, what it gives, what it weighs, what it is connected to."""
    if not run.model.nodes:
        return None
    columns = (Column("name", "code"), Column("layer"), Column("output shape", "code"), Column("parameters", "number"))
    connected = Column("connected to", "code")
    rows = tuple(_node_row(node) for node in run.model.nodes)
    kind = f"A {run.kind} model" if run.kind else "A model"
    caption = f"{kind} of {quantities.counted(len(rows), 'node')}"
    return Table(caption, (*columns, connected), rows, _model_totals(run))


def _node_row(node: NodeRecord) -> tuple[str, ...]:
    shapes = ", ".join(_shape(shape) for shape in node.output_shapes) or "unknown"
    return node.name, node.layer, shapes, quantities.whole(node.params), ", ".join(node.inputs)


def _shape(shape: tuple[int | None, ...] | None) -> str:
    if shape is None:
        return "unknown"
    return f"({', '.join('None' if size is None else str(size) for size in shape)}{',' if len(shape) == 1 else ''})"


def _model_totals(run: RunRecord) -> tuple[tuple[str, ...], ...]:
    model = run.model
    frozen = (
        None if None in (model.params, model.trainable_params) else (model.params or 0) - (model.trainable_params or 0)
    )
    counts = (("Parameters", model.params), ("trainable", model.trainable_params), ("not trainable", frozen))
    rows = tuple((label, "", "", quantities.whole(count), "") for label, count in counts)
    if model.flops is None:
        return rows
    return (*rows, ("Work for one example", "", "", quantities.operations(model.flops), ""))


def data_table(run: RunRecord) -> Table:
    """Where the examples came from, how many they were, and what was done to them."""
    data = run.data
    counts = tuple((f"{split} examples", _known(data.counts[split])) for split in SPLITS)
    arrays = tuple(row for each in data.x for row in _array_rows(each)) + tuple(map(_preparation_row, data.y))
    learned = tuple((f"output {each.name}", _task(each.task, each.classes)) for each in data.outputs)
    rows = (
        ("source", data.source or ""),
        ("used", (data.origin or "") if data.replaced else ""),
        ("SHA-256", data.digest or ""),
    )
    return pairs("The data this run was trained and tested on", "data", (*rows, *counts, *arrays, *learned))


def _array_rows(array: PreparedRecord) -> tuple[tuple[str, str], ...]:
    sizes = "" if array.shape is None else " × ".join("any" if size is None else str(size) for size in array.shape)
    return (f"{array.name} as read", " ".join(filter(None, (sizes, array.dtype)))), _preparation_row(array)


def _preparation_row(array: PreparedRecord) -> tuple[str, str]:
    return f"preparation of {array.name}", preparation(array)


def preparation(array: PreparedRecord) -> str:
    """The steps in words: `rescale 255, then reshape [784]`."""
    return ", then ".join(_step(name, options) for name, options in array.steps) or "none"


def _step(name: str, options: Mapping[str, object]) -> str:
    given = {key: value for key, value in options.items() if value is not None}
    if len(given) == 1:
        return f"{name} {spelled(next(iter(given.values())))}"
    return f"{name} {spelled(given)}" if given else name


def _known(count: int | None) -> str:
    return "" if count is None else quantities.whole(count)


def _task(task: str | None, classes: int | None) -> str:
    return f"{task or 'unknown task'}, {classes} classes" if classes else task or ""


def spelled(value: object) -> str:
    """A setting in words: `{size: [32, 32], antialias: true}` is `size [32, 32], antialias yes`."""
    text = _spelled(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _spelled(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_spelled, value))}]"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_spelled(each)}".strip() for key, each in value.items()) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def timings(run: RunRecord) -> tuple[tuple[str, float], ...]:
    """Seconds by phase, in the order they happened; what the phases do not account for comes last as `other`."""
    phases = tuple((name, value) for name, value in run.timings.items() if name != "total")
    other = run.timings.get("total", 0.0) - sum(value for _, value in phases)
    return (*phases, ("other", other)) if other >= 0.005 else phases


def throughput(run: RunRecord, history: History | None) -> str:
    """How many training examples a second went through, and what an epoch cost."""
    epochs = run.epochs
    if not (run.timings.get("fit") and epochs.run and run.data.counts["train"]):
        return ""
    rate = run.data.counts["train"] * epochs.run / run.timings["fit"]
    said = f"Training took {quantities.whole(round(rate, 2 - len(str(int(rate)))))} examples a second"
    durations = [value for value in history.columns.get("seconds", ()) if math.isfinite(value)] if history else []
    return (
        f"{said}; the median epoch took {quantities.seconds(statistics.median(durations))}."
        if durations
        else f"{said}."
    )


def conditions_table(run: RunRecord) -> Table:
    """How it was run: what to repeat to get the same again."""
    epochs = run.epochs
    trained = (
        "" if epochs.run is None else f"{epochs.run} of {epochs.asked} asked for, number {epochs.kept or 'none'} kept"
    )
    steps = (
        ""
        if epochs.steps is None
        else f"{epochs.batch_size} examples; {quantities.counted(epochs.steps, 'step')} an epoch"
    )
    settings = tuple((key.replace("_", " "), _setting(value)) for key, value in run.settings.items())
    rows = (
        ("started", quantities.moment(run.started)),
        ("finished", quantities.moment(run.finished)),
        ("seed", "from the operating system" if run.seed is None else str(run.seed)),
        ("epochs", trained),
        ("batch", steps),
        *settings,
        ("command", " ".join(run.command)),
    )
    return pairs("How it was run", "setting", rows)


def _setting(value: object) -> str:
    return "" if value is None else spelled(value)


def environment_table(run: RunRecord) -> Table:
    """What it ran on: versions, devices and the machine."""
    versions = tuple(run.versions.items())
    machine = tuple((key.removesuffix("_bytes"), _machine_value(key, value)) for key, value in run.machine.items())
    return pairs("What it ran on", "environment", (*versions, ("devices", ", ".join(run.devices)), *machine))


def _machine_value(key: str, value: object) -> str:
    return quantities.size(value) if key.endswith("_bytes") and isinstance(value, int) else _setting(value)


def files_table(run: RunRecord) -> Table | None:
    """The files that were saved, with their digests and what came of loading them again."""
    if not run.artifacts:
        return None
    proofs = {proof.file: proof for proof in run.proofs}
    columns = (Column("file", "code"), Column("size", "number"), Column("loaded again"), Column("SHA-256", "code"))
    rows = tuple(_file_row(artifact, proofs.get(artifact.file)) for artifact in run.artifacts)
    return Table("What was saved", columns, rows)


def _file_row(artifact: Artifact, proof: Proof | None) -> tuple[str, ...]:
    return artifact.file, quantities.size(artifact.size), _proved(proof), artifact.sha256 or ""


def _proved(proof: Proof | None) -> str:
    if proof is None:
        return "–"
    compared = "" if proof.compared is None else f" ({quantities.whole(proof.compared)} compared)"
    if proof.identical:
        return f"identical{compared}"
    apart = (
        "" if proof.largest_difference is None else f", up to {quantities.significant(proof.largest_difference)} apart"
    )
    return f"DIFFERS{compared}{apart}"


def exports_table(run: RunRecord) -> Table | None:
    """The deployment formats, each run by its own runtime and compared with the model."""
    if not run.exports:
        return None
    columns = (
        Column("format"),
        Column("path", "code"),
        Column("compared", "number"),
        Column("largest difference", "number"),
    )
    return Table("What was exported", columns, tuple(_export_row(each) for each in run.exports))


def _export_row(export: Export) -> tuple[str, ...]:
    apart = "–" if export.largest_difference is None else quantities.significant(export.largest_difference, 2)
    if export.error is not None:
        return export.format, "", "–", f"FAILED: {export.error}"
    return export.format, export.path, quantities.whole(export.compared), apart


def warnings_table(run: RunRecord) -> Table | None:
    """What the check of the spec had to say, with its place in `spec.yaml`."""
    if not run.warnings:
        return None
    columns = (
        Column("code", "code"),
        Column("severity"),
        Column("place", "code"),
        Column("message", "prose"),
        Column("help", "prose"),
    )
    rows = tuple((w.code, w.severity, _place(w.line, w.column), w.message, w.help or "") for w in run.warnings)
    return Table("What the check of the spec had to say", columns, rows)


def _place(line: int | None, column: int | None) -> str:
    return "" if line is None else f"{line}:{column}" if column is not None else str(line)


def time_table(run: RunRecord) -> Table | None:
    """Seconds by phase and their share of the whole."""
    phases = timings(run)
    total = sum(value for _, value in phases)
    if not total:
        return None
    rows = tuple((name, quantities.seconds(value), quantities.percent(value / total, 1)) for name, value in phases)
    columns = (Column("phase"), Column("time", "number"), Column("share", "number"))
    return Table(f"Where the {quantities.seconds(total)} went", columns, rows)
