"""The sections of the HTML report, each from the run's contents to its markup, or to nothing where there is nothing."""

from __future__ import annotations

from mnistspec.markup import Markup, joined, prose, tag
from mnistspec.reports import answers, facts, quantities
from mnistspec.reports.classified import Classified
from mnistspec.reports.confusion import confusion_matrix
from mnistspec.reports.contents import Contents
from mnistspec.reports.curves import caption, curve_chart
from mnistspec.reports.diagrams import model_drawing
from mnistspec.reports.html_tables import html_table, scrolling
from mnistspec.reports.judging import Unjudged, judge
from mnistspec.reports.pictures import gallery, reconstructions
from mnistspec.reports.plots import reliability_chart, residual_chart, scatter_chart
from mnistspec.reports.predictions import Predictions
from mnistspec.reports.record import DataRecord, OutputRecord
from mnistspec.reports.regressed import Regressed
from mnistspec.reports.samples import examples_to_show
from mnistspec.reports.tables import Table
from mnistspec.reports.usage import loading_code, predict_command, preparation_note, why_no_predictions

CHARTS = 24  # learning curves drawn at most
EPOCH_ROWS = 200  # of the table beneath them
BESIDE = 16  # classes up to which the matrix leaves room for the scores beside it


def results(contents: Contents) -> Markup | None:
    return _optional_table(facts.metrics_table(contents.run))


def learning(contents: Contents) -> Markup | None:
    """A chart a measure, and the epochs as a table on request."""
    history, kept = contents.history, contents.run.epochs.kept
    if history is None or not history.epochs:
        return None
    charts = ((name, curve_chart(history, name, kept)) for name in history.measures[:CHARTS])
    figures = [
        figure(name, chart, caption(history, name, kept)) if chart else _not_drawn(name) for name, chart in charts
    ]
    speed = facts.throughput(contents.run, history)
    table = html_table(facts.history_table(history, kept, EPOCH_ROWS))
    return joined((_grid(*figures), tag("p", speed) if speed else "", folded("All epochs as a table", table)))


def outcomes(contents: Contents) -> Markup | None:
    """The saved predictions, output by output."""
    if contents.predictions is None:
        return tag("p", prose(why_no_predictions(contents.run)))
    data = contents.run.data
    parts = (_outcome(output, contents.predictions, data) for output in data.outputs)
    return joined(parts) or tag("p", "The run recorded nothing about its outputs.")


def model(contents: Contents) -> Markup | None:
    """The model as a drawing, and its nodes as a table."""
    drawn = model_drawing(contents.run)
    drawing = scrolling(drawn, "The model as a drawing") if drawn else ""
    return joined((drawing, _optional_table(facts.model_table(contents.run)) or "")) or None


def data(contents: Contents) -> Markup:
    notes = contents.run.data.notes
    listed = tag("ul", *(tag("li", prose(note)) for note in notes), class_="notes") if notes else ""
    return joined((html_table(facts.data_table(contents.run)), listed))


def time(contents: Contents) -> Markup | None:
    """Seconds by phase, as bars on one scale."""
    phases = facts.timings(contents.run)
    total = sum(value for _, value in phases)
    if not total:
        return None
    head = (
        tag("th", "phase", scope="col"),
        tag("td"),
        *(tag("th", each, scope="col", class_="number") for each in ("time", "share")),
    )
    rows = (_phase(name, value, total) for name, value in phases)
    caption_ = tag("caption", f"Where the {quantities.seconds(total)} went")
    return tag("table", caption_, tag("thead", tag("tr", *head)), tag("tbody", *rows), class_="time")


def environment(contents: Contents) -> Markup:
    tables = (facts.conditions_table(contents.run), facts.environment_table(contents.run))
    return _grid(*(html_table(table) for table in tables if table.rows))


def warnings(contents: Contents) -> Markup | None:
    return _optional_table(facts.warnings_table(contents.run))


def files(contents: Contents) -> Markup | None:
    """What was saved, and how to use it without this program and with it."""
    exports = _optional_table(facts.exports_table(contents.run))
    return joined((_optional_table(facts.files_table(contents.run)) or "", exports or "", _use(contents)))


def spec(contents: Contents) -> Markup | None:
    """The spec as it was written, and on request with every default spelled out."""
    written = _block(contents.spec) if contents.spec is not None else ""
    if contents.resolved is None:
        return joined((written,)) or None
    resolved = _block(contents.resolved)
    return joined((written, folded("The same with every default spelled out", resolved)))


def figure(title: str, drawing: Markup, note: str = "") -> Markup:
    said = tag("figcaption", tag("b", title), tag("span", note) if note else None)
    return tag("figure", said, drawing)


def folded(title: str, content: Markup) -> Markup:
    return tag("details", tag("summary", title), content)


def _flow(*parts: Markup | None) -> Markup:
    return tag("div", *parts, class_="flow") if any(parts) else Markup("")


def _grid(*parts: Markup) -> Markup:
    return tag("div", *parts, class_="grid")


def _not_drawn(name: str) -> Markup:
    return figure(name, tag("p", "Not one epoch measured a finite number.", class_="fine"))


def _optional_table(table: Table | None) -> Markup | None:
    return html_table(table) if table is not None else None


def _phase(name: str, value: float, total: float) -> Markup:
    share = value / total
    bar = tag("td", tag("span", style=f"width:{100 * share:.2f}%"), class_="share", aria_hidden="true")
    cells = (tag("td", each, class_="number") for each in (quantities.seconds(value), quantities.percent(share, 1)))
    return tag("tr", tag("th", name, scope="row"), bar, *cells)


def _outcome(output: OutputRecord, predictions: Predictions, data: DataRecord) -> Markup:
    judged = judge(output, predictions)
    heading = tag("h3", "Output ", tag("code", output.name), class_="output") if len(data.outputs) > 1 else ""
    if isinstance(judged, Unjudged):
        return joined((heading, tag("p", f"Not drawn: {judged.reason}.")))
    body = _classes(judged, predictions) if isinstance(judged, Classified) else _numbers(output, judged, predictions)
    return joined((heading, tag("p", answers.summary(judged, data.predicted_split)), body))


def _classes(judged: Classified, predictions: Predictions) -> Markup:
    matrix = confusion_matrix(judged) if len(judged.names) <= answers.MATRIX_CLASSES else None
    scores, confusions = html_table(answers.scores_table(judged)), _optional_table(answers.confusions_table(judged))
    error = f"calibration error {quantities.percent(judged.calibration_error)}; larger dots hold more predictions"
    reliability = figure("How far confidence can be trusted", reliability_chart(judged), error)
    if len(judged.names) <= BESIDE:
        rows = (_flow(matrix, scores), _flow(confusions, reliability))
    else:
        rows = (_flow(matrix), _flow(scores, tag("div", confusions, reliability, class_="stack")))
    return joined((*rows, _pictures(judged, predictions)))


def _pictures(judged: Classified, predictions: Predictions) -> Markup:
    examples = examples_to_show(judged, predictions)
    if not examples:
        return Markup("")
    title = "Some right answers" if examples[0].right else "The surest mistakes"
    note = "none of the kept samples is wrong" if examples[0].right else "wrong with the highest confidence first"
    return tag("figure", tag("figcaption", tag("b", title), tag("span", note)), gallery(examples, predictions))


def _numbers(output: OutputRecord, judged: Regressed, predictions: Predictions) -> Markup:
    drawn = reconstructions(output.name, predictions)
    pictures = (
        figure("Wanted, and given", drawn, "what the output was to give, and below it what it gave") if drawn else ""
    )
    scatter = figure("Predicted against true", scatter_chart(judged), "on the line they are equal")
    residuals = figure(
        "Errors", residual_chart(judged), "predicted less true; the outermost 0.5% in the outermost bars"
    )
    tables = _flow(html_table(answers.errors_table(judged)), _optional_table(answers.worst_table(judged)))
    return joined((tables, _flow(scatter, residuals), pictures))


def _use(contents: Contents) -> Markup:
    code, command = loading_code(contents.run), predict_command(contents)
    if code is None:
        return tag("p", "No model was saved that could be loaded.")
    note = preparation_note(contents.run)
    plain = (tag("h3", "With plain Keras"), _block(code), tag("p", note) if note else "")
    if command is None:
        return joined(plain)
    ours = (tag("h3", "With mnistspec"), _block(command), tag("p", "It prepares raw input as the run did."))
    return joined((*plain, *ours))


def _block(text: str) -> Markup:
    return tag("pre", tag("code", text), tabindex="0")
