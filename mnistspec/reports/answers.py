"""The tables and sentences that come from an output's judged predictions."""

from __future__ import annotations

from mnistspec.reports import quantities
from mnistspec.reports.classified import Classified, ClassScore, Confusion
from mnistspec.reports.regressed import Regressed
from mnistspec.reports.samples import Example
from mnistspec.reports.tables import Column, Table, pairs

MATRIX_CLASSES = 40  # up to here a matrix can be read
WORST = 8  # of a regression's errors listed
FREQUENT, MOST_FREQUENT = 10, 25  # confusions listed beside a matrix, and in its place


def summary(judged: Classified | Regressed, split: str) -> str:
    """How good the predictions on a split are, in one or two sentences."""
    sentence = _classified(judged, split) if isinstance(judged, Classified) else _regressed(judged, split)
    return " ".join(part for part in (sentence, _left_out(judged.left_out)) if part)


def _classified(judged: Classified, split: str) -> str:
    low, high = (quantities.percent(bound) for bound in judged.interval)
    unit = f"{split} label" if judged.per_example > 1 else f"{split} example"
    right = f"{quantities.whole(judged.right)} of {quantities.counted(judged.total, unit)} right"
    said = f"{right}: {quantities.percent(judged.accuracy)}, 95% interval {low} to {high}."
    scores = (
        " The model gives scores (logits); the probabilities here are made from them." if judged.from_scores else ""
    )
    return said + scores


def _regressed(judged: Regressed, split: str) -> str:
    values = f", {judged.per_example} an example" if judged.per_example > 1 else ""
    return f"{quantities.counted(judged.total, 'value')} predicted on the {split} set{values}."


def _left_out(count: int) -> str:
    return f"Left out, as not a number or of no known class: {quantities.whole(count)}." if count else ""


def errors_table(judged: Regressed) -> Table:
    """The usual measures of a regression's error, in the target's units."""
    rows = (
        ("mean absolute error", quantities.significant(judged.mean_absolute_error)),
        ("root mean squared error", quantities.significant(judged.root_mean_squared_error)),
        ("mean of predicted − true", quantities.significant(judged.bias)),
        ("R², share of variance explained", quantities.significant(judged.explained)),
    )
    return pairs("Errors, in the target's units", "error", rows, "number")


def worst_table(judged: Regressed) -> Table | None:
    """The largest errors, where each example has one value."""
    if judged.per_example != 1:
        return None
    headings = ("row", "true", "predicted", "error")
    rows = tuple(_worst_row(judged, int(place)) for place in judged.worst(WORST))
    return Table("The largest errors", tuple(Column(heading, "number") for heading in headings), rows)


def _worst_row(judged: Regressed, place: int) -> tuple[str, ...]:
    values = (judged.true[place], judged.predicted[place], judged.residuals[place])
    return quantities.whole(int(judged.rows[place])), *(quantities.significant(float(value)) for value in values)


def scores_table(judged: Classified) -> Table:
    """Precision, recall and F1 of each class; of very many, those that fare worst."""
    many = len(judged.names) > MATRIX_CLASSES
    caption = f"The {MATRIX_CLASSES} classes with the lowest F1" if many else "Each class"
    shown = sorted(judged.scores, key=_worst_first)[:MATRIX_CLASSES] if many else judged.scores
    headings = ("precision", "recall", "F1", "examples")
    columns = (Column("class"), *(Column(heading, "number") for heading in headings))
    return Table(caption, columns, tuple(_score_row(score) for score in shown))


def _worst_first(score: ClassScore) -> tuple[bool, float]:
    return score.support == 0, score.f1 if score.support else 0.0


def _score_row(score: ClassScore) -> tuple[str, ...]:
    shares = (quantities.percent(share, 1) for share in (score.precision, score.recall, score.f1))
    return score.name, *shares, quantities.whole(score.support)


def confusions_table(judged: Classified) -> Table | None:
    """The pairs of classes that are confused most often."""
    limit = MOST_FREQUENT if len(judged.names) > MATRIX_CLASSES else FREQUENT
    found = judged.confusions(limit)
    if not found:
        return None
    columns = (Column("true"), Column("taken for"), Column("times", "number"), Column("of the true", "number"))
    return Table("The most frequent mistakes", columns, tuple(_confusion_row(each) for each in found))


def _confusion_row(each: Confusion) -> tuple[str, ...]:
    return each.true, each.predicted, quantities.whole(each.count), quantities.percent(each.share, 1)


def matrix_table(judged: Classified) -> Table:
    """The confusion matrix as a plain table: a row a true class, a column a predicted one."""
    columns = (Column("true \\ predicted"), *(Column(name, "number") for name in judged.names))
    rows = tuple(
        (name, *(quantities.whole(count) if count else "·" for count in judged.matrix[i].tolist()))
        for i, name in enumerate(judged.names)
    )
    return Table("Confusion matrix: a row is a true class, a column what it was taken for", columns, rows)


def examples_table(examples: tuple[Example, ...]) -> Table:
    """The examples that the HTML report shows as pictures."""
    caption = (
        "The surest mistakes" if not examples[0].right else "Some right answers; among the kept samples no mistake"
    )
    columns = (Column("row", "number"), Column("true"), Column("predicted"), Column("probability", "number"))
    runner_up = (Column("runner-up"), Column("its probability", "number"))
    return Table(caption, (*columns, *runner_up), tuple(_example_row(each) for each in examples))


def _example_row(each: Example) -> tuple[str, ...]:
    chances = (quantities.percent(chance, 1) for chance in (each.confidence, each.runner_up_chance))
    first, second = chances
    return quantities.whole(each.row), each.true, each.predicted, first, each.runner_up, second
