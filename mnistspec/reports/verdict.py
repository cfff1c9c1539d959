"""The whole run in a line, and in a handful of figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from mnistspec.frozen import dataclass
from mnistspec.reports import quantities
from mnistspec.reports.contents import Contents
from mnistspec.reports.record import SPLITS, RunRecord

Tone = Literal["good", "warn", "bad"]

METRIC_TILES = 4


@dataclass(frozen=True)
class Tile:
    """One headline figure, and lines of notes on what stands behind it."""

    label: str
    value: str
    notes: tuple[str, ...] = ()
    tone: Tone | None = None


def title(run: RunRecord) -> str:
    """`mnist-mlp 001`: the name and the number, as the run's folder has them."""
    return run.name if run.number is None else f"{run.name} {run.number:03d}"


def tone(run: RunRecord) -> Tone:
    """A failed run, a failed proof and a diverged one are bad; one cut off, or on other data, is not good."""
    if run.status == "failed" or _proof_notice(run) or _divergence_notice(run):
        return "bad"
    return "good" if run.status == "finished" and not run.data.replaced else "warn"


def verdict(run: RunRecord) -> str:
    """How it ended, how good it is, and whether the saved model was proved to be the trained one."""
    return " ".join(sentence for sentence in (_ending(run), _quality(run), _proof(run)) if sentence)


def best_split(run: RunRecord) -> str | None:
    """The split that says most of how good the model is: test, then validation, then train."""
    return next((split for split in reversed(SPLITS) if run.metrics[split]), None)


def ordered(metrics: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """Metrics with the accuracies first, as they are what a reader looks for."""
    return tuple(sorted(metrics.items(), key=lambda item: not quantities.is_share(*item)))


def tiles(contents: Contents) -> tuple[Tile, ...]:
    """The headline figures: the metrics, the model's size, the time, and the proof."""
    run = contents.run
    return (*_metric_tiles(run), *_size_tile(run), *_time_tile(run), *_proof_tile(run))


def notices(run: RunRecord) -> tuple[tuple[str, str], ...]:
    """What must not be overlooked, each a lead and the rest: other data, no numbers, a failed proof, warnings."""
    found = (_failure_notice(run), _data_notice(run), _divergence_notice(run), _proof_notice(run), _warning_notice(run))
    return tuple(notice for notice in found if notice)


def _ending(run: RunRecord) -> str:
    done = f"after {run.epochs.run} of {quantities.counted(run.epochs.asked, 'epoch')}" if run.epochs.asked else ""
    endings = {
        "finished": "",
        "interrupted": f"Interrupted {done}".rstrip() + ".",
        "failed": f"The run failed {done}".rstrip() + ".",
        "running": "The run was still going on when this was written.",
    }
    return endings.get(run.status, f"The run's status is {run.status}.")


def _quality(run: RunRecord) -> str:
    split = best_split(run)
    if split is None:
        return "Nothing was measured."
    figures = ordered(run.metrics[split])
    said = ", ".join(f"{name} {quantities.measured(name, value)}" for name, value in figures[:METRIC_TILES])
    count = run.data.counts[split]
    place = "examples" if count is None else quantities.counted(count, "example")
    return f"On {place} of the {split} set: {said}." if count else f"On the {split} set: {said}."


def _proof(run: RunRecord) -> str:
    wrong = [proof.file for proof in run.proofs if not proof.identical]
    if wrong:
        return f"Loaded again, {' and '.join(wrong)} did not predict what the trained model predicted: do not use it."
    if run.proofs:
        return "The saved model, loaded again, predicts the same, bit for bit."
    return "" if run.status != "finished" else "That the saved model loads and predicts the same was not checked."


def _metric_tiles(run: RunRecord) -> tuple[Tile, ...]:
    split = best_split(run)
    if split is None:
        return ()
    shown = ordered(run.metrics[split])[:METRIC_TILES]
    return tuple(
        Tile(f"{split} {name}", quantities.measured(name, value), _beside(run, split, name)) for name, value in shown
    )


def _beside(run: RunRecord, split: str, name: str) -> tuple[str, ...]:
    """The same metric on the other splits."""
    others = [other for other in SPLITS if other != split and name in run.metrics[other]]
    return tuple(f"{other} {quantities.measured(name, run.metrics[other][name])}" for other in others)


def _size_tile(run: RunRecord) -> tuple[Tile, ...]:
    if run.model.params is None:
        return ()
    notes = (f"{quantities.operations(run.model.flops)} an example",) if run.model.flops is not None else ()
    return (Tile("parameters", quantities.whole(run.model.params), notes),)


def _time_tile(run: RunRecord) -> tuple[Tile, ...]:
    if "fit" not in run.timings:
        return ()
    epochs = run.epochs
    done = () if epochs.run is None else (quantities.counted(epochs.run, "epoch"),)
    kept = () if epochs.kept is None else (f"number {epochs.kept} kept",)
    return (Tile("training time", quantities.seconds(run.timings["fit"]), (*done, *kept)),)


def _proof_tile(run: RunRecord) -> tuple[Tile, ...]:
    if not run.proofs:
        return ()
    if not all(proof.identical for proof in run.proofs):
        return (Tile("loaded again", "differs", ("see Files and use",), "bad"),)
    compared = min((proof.compared for proof in run.proofs if proof.compared is not None), default=None)
    notes = () if compared is None else (quantities.counted(compared, "prediction"), "compared bit for bit")
    return (Tile("loaded again", "identical", notes, "good"),)


def _failure_notice(run: RunRecord) -> tuple[str, str] | None:
    return ("The run failed.", run.error) if run.error else None


def _data_notice(run: RunRecord) -> tuple[str, str] | None:
    if not run.data.replaced:
        return None
    lead = f"Not the data the spec asks for: {run.data.origin} in place of {run.data.source}."
    return lead, " ".join(run.data.notes)


def _divergence_notice(run: RunRecord) -> tuple[str, str] | None:
    lost = [f"{split} {name}" for split in SPLITS for name, value in run.metrics[split].items() if math.isnan(value)]
    if not lost:
        return None
    rest = "Training diverged; a smaller learning rate, clipped gradients or scaled inputs are the usual remedies."
    return f"Not a number: {', '.join(lost)}.", rest


def _proof_notice(run: RunRecord) -> tuple[str, str] | None:
    if all(proof.identical for proof in run.proofs):
        return None
    return "The saved files do not hold the trained model.", "See Files and use for which of them differ."


def _warning_notice(run: RunRecord) -> tuple[str, str] | None:
    count = sum(warning.severity == "warning" for warning in run.warnings)
    if not count:
        return None
    return f"{quantities.counted(count, 'warning')} about the spec.", "See Warnings."
