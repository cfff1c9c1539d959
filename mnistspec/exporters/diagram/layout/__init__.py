"""A layered layout: boxes in rows by what they read, groups around theirs, lines that pass by boxes.

After Sugiyama, Tagawa and Toda, Methods for Visual Understanding of Hierarchical System Structures (1981): ranks by
longest paths, bends where lines pass rows, rows sorted by the barycentres of their neighbours, places by least squares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mnistspec.exporters.diagram.groups import Group
from mnistspec.exporters.diagram.layout.geometry import Laid, Size
from mnistspec.exporters.diagram.layout.level import lay_out_level
from mnistspec.exporters.diagram.layout.nets import Level, levels

__all__ = ["lay_out"]


def lay_out(
    root: Group, sizes: Sequence[Size], lines: Iterable[tuple[int, int]], names: Mapping[int, float]
) -> Laid | None:
    """Places for all boxes; None where a group is both before and after something outside of it.

    `sizes` are the boxes' by their positions, `lines` lead from box to box and make no cycle, `names` is how much room
    the name of each group takes by the group's number.

    Raises: Tangled where lines would pass more rows than can be drawn.
    """
    return _group(root, levels(root, lines), sizes, names)


def _group(group: Group, known: dict[int, Level], sizes: Sequence[Size], names: Mapping[int, float]) -> Laid | None:
    inner: list[Size | Laid] = []
    for item in group.items:
        laid = sizes[item] if isinstance(item, int) else _group(item, known, sizes, names)
        if laid is None:
            return None
        inner.append(laid)
    return lay_out_level(known[group.number], inner, names.get(group.number))
