"""The confusion matrix as an HTML table: counts, shaded by their share of the true class."""

from __future__ import annotations

import math

from mnistspec.markup import Markup, tag
from mnistspec.reports import quantities
from mnistspec.reports.classified import Classified
from mnistspec.reports.html_tables import scrolling

DARKEST = 0.6  # a deeper shade would leave too little contrast to the counts
UPRIGHT = 4  # characters of a class name above which the names of the columns are turned
DENSE = 16  # classes above which cells are drawn smaller


def confusion_matrix(judged: Classified) -> Markup:
    """A row a true class, a column a predicted one; right answers and mistakes differ in colour and shade."""
    caption = tag("caption", "Confusion matrix")
    rows = tag("tbody", *(_row(judged, true) for true in range(len(judged.names))))
    dense = " dense" if len(judged.names) > DENSE else ""
    table = tag("table", caption, _head(judged.names), rows, class_=f"matrix{dense}")
    return scrolling(table, "Confusion matrix")


def _head(names: tuple[str, ...]) -> Markup:
    turned = "turned" if max(map(len, names)) > UPRIGHT else None
    corner = tag("td", "true ↓ predicted →", class_="corner")
    columns = (tag("th", tag("span", name), scope="col", class_=turned, title=name) for name in names)
    return tag("thead", tag("tr", corner, *columns))


def _row(judged: Classified, true: int) -> Markup:
    counts = judged.matrix[true].tolist()
    cells = (_cell(judged.names, true, taken, count, sum(counts)) for taken, count in enumerate(counts))
    return tag("tr", tag("th", tag("span", judged.names[true]), scope="row", title=judged.names[true]), *cells)


def _cell(names: tuple[str, ...], true: int, taken: int, count: int, of: int) -> Markup:
    kind = "right" if true == taken else "wrong"
    if not count:
        return tag("td", "·", class_="none")
    share = quantities.percent(count / of)
    said = f"{names[true]} taken for {names[taken]}: {quantities.whole(count)}, {share} of {names[true]}"
    # The square root lifts rare mistakes out of the background; the right answers are seldom rare.
    shade = DARKEST * (count / of if kind == "right" else math.sqrt(count / of))
    return tag("td", quantities.whole(count), class_=kind, style=f"--shade:{max(shade, 0.06):.2f}", title=said)
