"""A layered layout: boxes in rows by what they read, groups around theirs, lines that pass by boxes.

After Sugiyama, Tagawa and Toda, Methods for Visual Understanding of Hierarchical System Structures (1981): ranks by
longest paths, bends where lines pass rows, rows sorted by the barycentres of their neighbours, places by least squares.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mnistspec.exporters.diagram.groups import Group
from mnistspec.exporters.diagram.layout.geometry import Laid, Size
from mnistspec.exporters.diagram.layout.level import lay_out_level
from mnistspec.exporters.diagram.layout.nets import Level, levels

__all__ = ["lay_out"]


def lay_out(root: Group, sizes: Sequence[Size], lines: Iterable[tuple[int, int]], names: dict[int, float]) -> Laid:
    """Places for all boxes.

    `sizes` are the boxes' by their positions, `lines` lead from boxes to later ones, `names` is how much room the name
    of each group takes by the group's number.

    Raises: Tangled where lines would pass more rows than can be drawn.
    """
    known = list(lines)
    laid = _group(root, levels(root, known), sizes, names)
    return laid if laid is not None else _flat(sizes, known)


def _flat(sizes: Sequence[Size], lines: list[tuple[int, int]]) -> Laid:
    """The layout without groups, for a model in which a block is both before and after a node outside of it."""
    whole = Group(items=list(range(len(sizes))))
    laid = _group(whole, levels(whole, lines), sizes, {})
    assert laid is not None, "lines between boxes make no cycle"
    return laid


def _group(group: Group, known: dict[int, Level], sizes: Sequence[Size], names: dict[int, float]) -> Laid | None:
    inner: list[Size | Laid] = []
    for item in group.items:
        laid = sizes[item] if isinstance(item, int) else _group(item, known, sizes, names)
        if laid is None:
            return None
        inner.append(laid)
    return lay_out_level(known[group.number], inner, names.get(group.number))
