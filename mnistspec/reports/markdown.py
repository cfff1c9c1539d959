"""The Markdown report: the same contents as tables that read well on a code forge and in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mnistspec.reports import answers, facts, quantities
from mnistspec.reports.classified import Classified
from mnistspec.reports.contents import Contents
from mnistspec.reports.judging import Unjudged, judge
from mnistspec.reports.markdown_text import bold, code, fenced, prose, sentence, table
from mnistspec.reports.predictions import Predictions
from mnistspec.reports.record import OutputRecord
from mnistspec.reports.regressed import Regressed
from mnistspec.reports.samples import examples_to_show
from mnistspec.reports.tables import Table, pairs
from mnistspec.reports.usage import loading_code, predict_command, preparation_note, why_no_predictions
from mnistspec.reports.verdict import Tile, notices, tiles, title, verdict

EPOCH_ROWS = 30
MATRIX_CLASSES = 20  # a wider table of Markdown cannot be read

Blocks = Iterator[str]


def markdown_report(contents: Contents) -> str:
    """The whole report as text; blocks stand an empty line apart."""
    blocks = [*_opening(contents)]
    for name, section in SECTIONS:
        body = [*section(contents)]
        blocks += [f"## {name}", *body] if body else []
    return "\n\n".join(blocks) + "\n"


def _opening(contents: Contents) -> Blocks:
    run = contents.run
    yield f"# {prose(title(run))}"
    yield f"{bold(run.status)} {prose(quantities.moment(run.started)) if run.started else ''}".rstrip()
    if run.description:
        yield prose(run.description)
    yield prose(verdict(run))
    for lead, rest in notices(run):
        yield f"> {bold(lead)} {sentence(rest)}".rstrip()
    headline = tuple((tile.label, _figure(tile)) for tile in tiles(contents))
    if headline:
        yield table(pairs("", "headline", headline))


def _figure(tile: Tile) -> str:
    return f"{tile.value} ({', '.join(tile.notes)})" if tile.notes else tile.value


def _results(contents: Contents) -> Blocks:
    yield from _optional(facts.metrics_table(contents.run))


def _learning(contents: Contents) -> Blocks:
    history, kept = contents.history, contents.run.epochs.kept
    if history is None or not history.epochs:
        return
    yield table(facts.history_table(history, kept, EPOCH_ROWS))
    if speed := facts.throughput(contents.run, history):
        yield prose(speed)


def _outcomes(contents: Contents) -> Blocks:
    if contents.predictions is None:
        yield sentence(why_no_predictions(contents.run))
        return
    data = contents.run.data
    for output in data.outputs:
        if len(data.outputs) > 1:
            yield f"### Output {code(output.name)}"
        yield from _outcome(output, contents.predictions, data.predicted_split)


def _outcome(output: OutputRecord, predictions: Predictions, split: str) -> Blocks:
    judged = judge(output, predictions)
    if isinstance(judged, Unjudged):
        yield prose(f"Not shown: {judged.reason}.")
        return
    yield prose(answers.summary(judged, split))
    yield from _classes(judged, predictions) if isinstance(judged, Classified) else _numbers(judged)


def _classes(judged: Classified, predictions: Predictions) -> Blocks:
    if len(judged.names) <= MATRIX_CLASSES:
        yield table(answers.matrix_table(judged))
    yield table(answers.scores_table(judged))
    yield from _optional(answers.confusions_table(judged))
    yield prose(f"Calibration error: {quantities.percent(judged.calibration_error)}.")
    if examples := examples_to_show(judged, predictions):
        yield table(answers.examples_table(examples))


def _numbers(judged: Regressed) -> Blocks:
    yield table(answers.errors_table(judged))
    yield from _optional(answers.worst_table(judged))


def _warnings(contents: Contents) -> Blocks:
    yield from _optional(facts.warnings_table(contents.run))


def _model(contents: Contents) -> Blocks:
    yield from _optional(facts.model_table(contents.run))


def _data(contents: Contents) -> Blocks:
    yield table(facts.data_table(contents.run))
    if contents.run.data.notes:
        yield "\n".join(f"- {sentence(note)}" for note in contents.run.data.notes)


def _time(contents: Contents) -> Blocks:
    yield from _optional(facts.time_table(contents.run))


def _environment(contents: Contents) -> Blocks:
    yield table(facts.conditions_table(contents.run))
    yield table(facts.environment_table(contents.run))


def _files(contents: Contents) -> Blocks:
    yield from _optional(facts.files_table(contents.run))
    yield from _optional(facts.exports_table(contents.run))
    yield from _use(contents)


def _use(contents: Contents) -> Blocks:
    lines, command = loading_code(contents.run), predict_command(contents)
    if lines is None:
        yield "No model was saved that could be loaded."
        return
    yield "With plain Keras:"
    yield fenced(lines, "python")
    if note := preparation_note(contents.run):
        yield prose(note)
    if command is not None:
        yield "With mnistspec, which prepares raw input as the run did:"
        yield fenced(command, "sh")


def _spec(contents: Contents) -> Blocks:
    if contents.spec is not None:
        yield fenced(contents.spec, "yaml")
    if contents.resolved is not None:
        yield "<details><summary>The same with every default spelled out</summary>"
        yield fenced(contents.resolved, "yaml")
        yield "</details>"


def _optional(shown: Table | None) -> Blocks:
    if shown is not None:
        yield table(shown)


SECTIONS: tuple[tuple[str, Callable[[Contents], Blocks]], ...] = (
    ("Results", _results),
    ("Learning", _learning),
    ("Predictions", _outcomes),
    ("Warnings", _warnings),
    ("Model", _model),
    ("Data", _data),
    ("Time", _time),
    ("Environment", _environment),
    ("Files and use", _files),
    ("Spec", _spec),
)
