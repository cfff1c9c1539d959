"""A `Table` as HTML: a caption, headings with their scope, numbers aligned by their digits."""

from __future__ import annotations

from mnistspec.markup import Markup, joined, prose, tag
from mnistspec.reports.tables import Column, Table


def html_table(table: Table) -> Markup:
    """The table, in a box that scrolls by itself where the page is too narrow for it."""
    head = tag(
        "thead", tag("tr", *(tag("th", column.title, scope="col", class_=_class(column)) for column in table.columns))
    )
    body = tag("tbody", *(_row(table.columns, row) for row in table.rows))
    foot = tag("tfoot", *(_row(_plain(table.columns), row) for row in table.totals)) if table.totals else None
    return scrolling(
        tag("table", tag("caption", table.caption), head, body, foot, class_="pairs" if table.paired else None),
        table.caption,
    )


def scrolling(content: Markup, label: str) -> Markup:
    """A box that a keyboard can reach and scroll."""
    return tag("div", content, class_="scroll", role="group", tabindex="0", aria_label=label)


def _row(columns: tuple[Column, ...], cells: tuple[str, ...]) -> Markup:
    first, *others = zip(columns, cells, strict=True)
    heading = tag("th", _content(*first), scope="row", class_=_class(first[0]))
    return tag("tr", heading, *(tag("td", _content(*each), class_=_class(each[0])) for each in others))


def _class(column: Column) -> str | None:
    return column.kind if column.kind in ("number", "prose") else None


def _content(column: Column, cell: str) -> Markup:
    if column.kind == "prose":
        return prose(cell)
    return tag("code", cell) if column.kind == "code" and cell else joined((cell,))


def _plain(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns of totals, which begin with a word rather than with an identifier."""
    return (Column(columns[0].title), *columns[1:])
