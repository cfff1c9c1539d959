"""Learning curves: a measure over the epochs, training beside validation, with the kept epoch marked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from mnistspec.frozen import dataclass
from mnistspec.markup import Markup, joined, short, tag
from mnistspec.reports import quantities, scales
from mnistspec.reports.charts import Frame, drawing, line, text
from mnistspec.reports.history import History

DOTTED_TO = 30  # epochs up to which each has its own dot
DRAWN = 400  # epochs that are drawn at most; more would only make the file larger
LABEL_GAP = 30.0  # between two labels at the end of their curves


@dataclass(frozen=True)
class Curve:
    """One line: its name, its values by epoch, and the CSS class of its colour."""

    name: str
    values: tuple[float, ...]
    colour: str

    @property
    def last(self) -> float:
        """The last value that is a number."""
        return next((value for value in reversed(self.values) if math.isfinite(value)), math.nan)


def curves_of(history: History, measure: str) -> tuple[Curve, ...]:
    """The training and the validation curve of a measure, as far as they hold a number."""
    wanted = ((measure, "train", "first"), (f"val_{measure}", "validation", "second"))
    found = (
        Curve(name, history.columns[column], colour) for column, name, colour in wanted if column in history.columns
    )
    return tuple(curve for curve in found if math.isfinite(curve.last))


def curve_chart(history: History, measure: str, kept: int | None) -> Markup | None:
    """The chart of one measure; None where there is no number to draw."""
    curves = curves_of(history, measure)
    if not curves:
        return None
    frame = _frame(history, measure, curves)
    marks = (_kept_line(frame, history, kept), *(_drawn(frame, history, curve, kept) for curve in curves))
    labels = _end_labels(frame, curves, measure)
    return drawing(frame, _description(measure, curves), (*marks, labels), "epoch")


def caption(history: History, measure: str, kept: int | None) -> str:
    """The values at the kept epoch, or at the last, and how many epochs had none."""
    curves = curves_of(history, measure)
    epoch = kept if kept in history.epochs else history.epochs[-1]
    place = f"epoch {quantities.whole(epoch)}{' (kept)' if epoch == kept else ''}"
    values = ((curve.name, curve.values[history.epochs.index(epoch)]) for curve in curves)
    said = ", ".join(f"{name} {quantities.measured(measure, value)}" for name, value in values)
    missing = max((sum(not math.isfinite(v) for v in curve.values) for curve in curves), default=0)
    note = f"; not a number in {quantities.counted(missing, 'epoch')}" if missing else ""
    axis = "; logarithmic axis" if curves and _vertical(measure, curves).logarithmic else ""
    return f"{place}: {said}{note}{axis}"


def _frame(history: History, measure: str, curves: tuple[Curve, ...]) -> Frame:
    return Frame(scales.whole(min(history.epochs), max(history.epochs)), _vertical(measure, curves))


def _vertical(measure: str, curves: tuple[Curve, ...]) -> scales.Scale:
    finite = [value for curve in curves for value in curve.values if math.isfinite(value)]
    scale = scales.fitting(finite)
    if scale.logarithmic or not all(quantities.is_share(measure, value) for value in finite):
        return scale
    return scales.in_percent(_within_unit(finite))


def _within_unit(values: Sequence[float]) -> scales.Scale:
    """A linear scale of shares that never runs past 0 or 1, where no share can lie."""
    low, high = min(values), max(values)
    return scales.linear(low, high) if low < high else scales.linear(max(0.0, low - 0.05), min(1.0, high + 0.05))


def _description(measure: str, curves: tuple[Curve, ...]) -> str:
    ends = (f"{curve.name} ends at {quantities.measured(measure, curve.values[-1])}" for curve in curves)
    return f"{measure} by epoch: {', '.join(ends)}"


def _drawn(frame: Frame, history: History, curve: Curve, kept: int | None) -> Markup:
    points = list(zip(history.epochs, curve.values, strict=True))
    step = math.ceil(len(points) / DRAWN)
    shown = points if step == 1 else [*points[:-1:step], points[-1]]
    path = tag("path", d=_path(frame, shown), class_=f"curve {curve.colour}")
    dots = tuple(_dots(frame, shown, curve.colour)) if len(points) <= DOTTED_TO else ()
    return joined((path, *dots, _kept_dot(frame, points, curve.colour, kept)))


def _path(frame: Frame, points: Sequence[tuple[float, float]]) -> str:
    """A line through the finite points, broken where a value is not a number."""
    commands, pen = [], "M"
    for epoch, value in points:
        if not math.isfinite(value):
            pen = "M"
            continue
        commands.append(f"{pen}{short(frame.px(epoch))} {short(frame.py(value))}")
        pen = "L"
    return "".join(commands)


def _dots(frame: Frame, points: Sequence[tuple[float, float]], colour: str) -> Iterator[Markup]:
    for epoch, value in points:
        if math.isfinite(value):
            yield tag("circle", cx=frame.px(epoch), cy=frame.py(value), r=2.25, class_=f"dot {colour}")


def _kept_dot(frame: Frame, points: Sequence[tuple[float, float]], colour: str, kept: int | None) -> Markup:
    value = dict(points).get(kept if kept is not None else math.nan, math.nan)
    if kept is None or not math.isfinite(value):
        return Markup("")
    return tag("circle", cx=frame.px(kept), cy=frame.py(value), r=4, class_=f"ring {colour}")


def _kept_line(frame: Frame, history: History, kept: int | None) -> Markup:
    if kept is None or kept not in history.epochs:
        return Markup("")
    x = frame.px(kept)
    anchor = "end" if x > frame.x_end - 20 else "start" if x < frame.left + 20 else "middle"
    return joined((line(x, frame.top - 6, x, frame.y_start, "kept"), text(x, frame.top - 10, "kept", anchor)))


def _end_labels(frame: Frame, curves: tuple[Curve, ...], measure: str) -> Markup:
    """Name and last value beside each curve's end, moved apart where they would overlap."""
    wanted = sorted(((frame.py(curve.last), curve) for curve in curves), key=lambda each: each[0])
    heights = _apart([height for height, _ in wanted], frame.top, frame.y_start)
    return joined(_end_label(frame, height, curve, measure) for height, (_, curve) in zip(heights, wanted, strict=True))


def _end_label(frame: Frame, height: float, curve: Curve, measure: str) -> Markup:
    x, value = frame.x_end + 9, quantities.measured(measure, curve.values[-1])
    name = text(x, height - 2, curve.name, class_=f"label {curve.colour}")
    return joined((name, text(x, height + 12, value, class_=f"value {curve.colour}")))


def _apart(heights: list[float], top: float, bottom: float) -> list[float]:
    """At most two heights, at least a gap apart and inside the plot."""
    if len(heights) == 2 and heights[1] - heights[0] < LABEL_GAP:
        middle = sum(heights) / 2
        middle = min(max(middle, top + LABEL_GAP / 2), bottom - LABEL_GAP / 2)
        return [middle - LABEL_GAP / 2, middle + LABEL_GAP / 2]
    return [min(max(height, top), bottom) for height in heights]
