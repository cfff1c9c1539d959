"""The charts of judged predictions: reliability of probabilities, predicted against true values, residuals."""

from __future__ import annotations

import math

from mnistspec.markup import Markup, short, tag
from mnistspec.reports import quantities, scales
from mnistspec.reports.charts import Frame, drawing, line, text
from mnistspec.reports.classified import Bin, Classified
from mnistspec.reports.regressed import Regressed

POINTS = 1000  # of a scatter plot
HISTOGRAM_BINS = 31


def reliability_chart(judged: Classified) -> Markup:
    """How often predictions of each confidence were right; on the diagonal, confidence can be taken at its word."""
    frame = Frame(scales.shares(), scales.shares(), width=340, height=300, right=16)
    diagonal = line(frame.px(0), frame.py(0), frame.px(1), frame.py(1), "ideal")
    hint = text(frame.px(0.03), frame.py(0.94), "above: too modest", class_="hint")
    hint_below = text(frame.px(0.97), frame.py(0.03), "below: too sure", "end", "hint")
    dots = (_bin_dot(frame, each, judged.total) for each in judged.bins)
    error = quantities.percent(judged.calibration_error)
    described = f"Accuracy by confidence; the calibration error is {error}"
    return drawing(frame, described, (diagonal, hint, hint_below, *dots), "confidence", "accuracy")


def _bin_dot(frame: Frame, each: Bin, total: int) -> Markup:
    """A dot whose area goes with the number of predictions, though never too small to see."""
    radius = max(2.5, 16 * math.sqrt(each.count / total))
    said = f"{quantities.whole(each.count)} at confidence {each.confidence:.1%}: {each.accuracy:.1%} right"
    return tag(
        "circle", tag("title", said), cx=frame.px(each.confidence), cy=frame.py(each.accuracy), r=radius, class_="bin"
    )


def scatter_chart(judged: Regressed) -> Markup:
    """Predicted against true values; on the diagonal they are equal."""
    true, predicted = judged.points(POINTS)
    both = [*true.tolist(), *predicted.tolist()]
    scale = scales.linear(min(both), max(both), ticks=7)
    frame = Frame(scale, scale, width=340, height=300, right=16)
    diagonal = line(frame.px(scale.low), frame.py(scale.low), frame.px(scale.high), frame.py(scale.high), "ideal")
    pairs = zip(true.tolist(), predicted.tolist(), strict=True)
    # Strokes without length and with round ends are the shortest way to write a thousand dots.
    dots = "".join(f"M{short(frame.px(x))} {short(frame.py(y))}h0" for x, y in pairs)
    described = f"Predicted against true values of {quantities.counted(len(true), 'value')}"
    return drawing(frame, described, (diagonal, tag("path", d=dots, class_="points")), "true", "predicted")


def residual_chart(judged: Regressed) -> Markup:
    """How often predicted less true lies where."""
    counts, edges = judged.histogram(HISTOGRAM_BINS)
    x = scales.linear(float(edges[0]), float(edges[-1]))
    frame = Frame(x, scales.linear(0, float(counts.max())), width=340, height=300, right=16)
    bars = (
        _bar(frame, low, high, count)
        for low, high, count in zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True)
    )
    zero = (line(frame.px(0), frame.top, frame.px(0), frame.y_start, "ideal"),) if x.low <= 0 <= x.high else ()
    return drawing(frame, "Histogram of predicted less true", (*bars, *zero), "predicted − true", "values")


def _bar(frame: Frame, low: float, high: float, count: int) -> Markup:
    left, right, top = frame.px(low), frame.px(high), frame.py(count)
    width = max(right - left - 1, 0.5)
    return tag("rect", x=left, y=top, width=width, height=frame.y_start - top, class_="bar")
