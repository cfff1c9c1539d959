"""What a run prints: the model, a line an epoch (live on a terminal), what came out and where it lies."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TextIO

from rich.console import Console as RichConsole
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from mnistspec.cli.tables import Column, layer_words, table
from mnistspec.reports.quantities import counted
from mnistspec.runs.run import Run
from mnistspec.shapes.base import show as show_shape


class _Patient(RichConsole):
    """A console whose reader may go, as when the program that started this one is killed: then it falls silent."""

    def on_broken_pipe(self) -> None:
        with suppress(SystemExit):
            super().on_broken_pipe()


class Console:
    """A run's narrator on a terminal or into a file."""

    def __init__(self, *, quiet: bool, stream: TextIO) -> None:
        self.quiet = quiet
        self.rich = _Patient(file=stream, highlight=False, soft_wrap=True)
        self.progress: Progress | None = None
        self.task: TaskID | None = None
        self.epochs = 0

    def say(self, text: str) -> None:
        if not self.quiet:
            self._print(text)

    def warn(self, text: str) -> None:
        """What must be heard even where quiet is asked for."""
        if self.quiet:
            with suppress(OSError):
                _Patient(stderr=True, highlight=False, soft_wrap=True).print(Text(text))
        else:
            self._print(text)

    def _print(self, text: str) -> None:
        """Where there is no room for what is said, as on a full disk, the training is worth more than the words."""
        try:
            self.rich.print(Text(text))
        except OSError as error:
            self.quiet = True
            self.warn(f"warning: what the run says could not be written ({error.strerror}); it goes on in silence")

    def model_built(self, record: dict[str, Any]) -> None:
        columns = [
            Column("name"),
            Column("layer"),
            Column("output shape"),
            Column("parameters", right=True),
            Column("from"),
        ]
        rows = [_row(node) for node in record["nodes"]]
        self.say(f"\n{table(columns, rows)}\n")
        self.say(f"{record['params']:,} parameters, {record['trainable_params']:,} of them trainable\n")

    def epoch_begins(self, epoch: int, epochs: int, steps: int) -> None:
        self.epochs = epochs
        if self.quiet or not self.rich.is_terminal:
            return
        bar = BarColumn(bar_width=24)
        shown = [
            TextColumn("{task.description}"),
            bar,
            TextColumn("{task.completed}/{task.total}"),
            TimeRemainingColumn(),
        ]
        self.progress = Progress(*shown, TextColumn("{task.fields[metrics]}"), console=self.rich, transient=True)
        self.progress.start()
        self.task = self.progress.add_task(_title(epoch, epochs), total=steps, metrics="")

    def step_ends(self, step: int, logs: Mapping[str, float]) -> None:
        if self.progress is not None and self.task is not None:
            self.progress.update(self.task, completed=step, metrics=_metrics(logs))

    def epoch_ends(self, epoch: int, seconds: float, logs: Mapping[str, float]) -> None:
        self.close()
        self.say(f"{_title(epoch, self.epochs)}  {seconds:6.2f} s  {_metrics(logs)}")

    def close(self) -> None:
        """Takes the live line down, as when the training is interrupted."""
        if self.progress is not None:
            self.progress.stop()
            self.progress = None

    def finished(self, run: Run) -> None:
        record = run.record
        self.say("")
        for split in ("validation", "test"):
            if record["metrics"].get(split):
                self.say(f"{split:<10}  {_metrics(record['metrics'][split])}")
        for name, check in (record.get("verification") or {}).items():
            self.say(f"{name}, loaded back, predicts the same {counted(check['compared'], 'example')} bit for bit")
        for export in (record.get("exports") or {}).values():
            far = f"{export['largest_difference']:.2g}"
            self.say(
                f"{export['path']}, run by itself: {counted(export['compared'], 'example')} within {far} of the model"
            )
        timings = record["timings"]
        self.say(f"training took {timings['fit']:.1f} s of {timings['total']:.1f} s; all of it lies in {run.folder}")


def _title(epoch: int, epochs: int) -> str:
    return f"epoch {epoch + 1:>{len(str(epochs))}}/{epochs}"


def _metrics(logs: Mapping[str, float]) -> str:
    return "  ".join(f"{name} {value:.4f}" for name, value in logs.items())


def _row(node: dict[str, Any]) -> list[str]:
    shapes = ", ".join(show_shape(tuple(shape)) for shape in node["output_shapes"])
    return [node["name"], layer_words(node), shapes, f"{node['params']:,}", ", ".join(node["inputs"])]
