"""The frame that every chart is drawn in: an SVG with axes, ticks and a description for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterable

from mnistspec.frozen import dataclass
from mnistspec.markup import Markup, joined, short, tag
from mnistspec.reports.scales import Scale

SMALL = 400  # pixels up to which a chart is drawn small, so that all have letters of one size


@dataclass(frozen=True)
class Frame:
    """A drawing of `width` by `height` (pixels at its natural size) with the plot inside its margins."""

    x: Scale
    y: Scale
    width: float = 440
    height: float = 256
    left: float = 52
    right: float = 84
    top: float = 24
    bottom: float = 40

    def px(self, value: float) -> float:
        return self.left + self.x.place(value) * (self.x_end - self.left)

    def py(self, value: float) -> float:
        return self.y_start - self.y.place(value) * (self.y_start - self.top)

    @property
    def x_end(self) -> float:
        return self.width - self.right

    @property
    def y_start(self) -> float:
        """The baseline: SVG counts from the top."""
        return self.height - self.bottom


def drawing(frame: Frame, description: str, marks: Iterable[Markup], x_title: str, y_title: str = "") -> Markup:
    """The frame's SVG: grid and axes below, marks above."""
    return tag(
        "svg",
        _grid(frame),
        _axis(frame),
        _titles(frame, x_title, y_title),
        *marks,
        viewBox=f"0 0 {short(frame.width)} {short(frame.height)}",
        role="img",
        aria_label=description,
        class_="chart" if frame.width > SMALL else "chart small",
    )


def text(x: float, y: float, content: str, anchor: str = "start", class_: str | None = None) -> Markup:
    return tag("text", content, x=x, y=y, text_anchor=None if anchor == "start" else anchor, class_=class_)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def _grid(frame: Frame) -> Markup:
    heights = [(frame.py(tick), label) for tick, label in zip(frame.y.ticks, frame.y.labels, strict=True)]
    lines = (line(frame.left, y, frame.x_end, y, "grid") for y, _ in heights)
    labels = (text(frame.left - 8, y + 4, label, "end") for y, label in heights)
    return tag("g", *lines, *labels)


def _axis(frame: Frame) -> Markup:
    base = frame.y_start
    places = [(frame.px(tick), label) for tick, label in zip(frame.x.ticks, frame.x.labels, strict=True)]
    ticks = (line(x, base, x, base + 4, "axis") for x, _ in places)
    labels = (text(x, base + 17, label, "middle") for x, label in places)
    return tag("g", line(frame.left, base, frame.x_end, base, "axis"), *ticks, *labels)


def _titles(frame: Frame, x_title: str, y_title: str) -> Markup:
    below = text((frame.left + frame.x_end) / 2, frame.height - 5, x_title, "middle", "title")
    return joined((below, text(0, 11, y_title, class_="title") if y_title else ""))
