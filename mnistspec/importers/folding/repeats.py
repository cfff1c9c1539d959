"""A run of alike entries as one repeat."""

from __future__ import annotations

from collections.abc import Sequence

from mnistspec.importers.folding.blocks import Window
from mnistspec.importers.folding.items import BEFORE, Given, Item, Ref, Sources, Unlike
from mnistspec.importers.folding.terms import Turns
from mnistspec.importers.folding.unifying import Known, Unifier

# How much is saved lines are worth where several layers have names that are put together.
_WITH_NAMES = 0.6


class _TurnUnifier(Unifier):
    def __init__(self, turns: Sequence[Window], before: Ref | None, known: Known, numbered: bool) -> None:
        super().__init__(Turns(), known, closed=False)
        self.numbered = numbered
        starts = [before, *(turn[-1].gives for turn in turns)]
        # What each entry of each turn follows on.
        self.before = [[start, *(item.gives for item in turn)] for start, turn in zip(starts, turns, strict=False)]

    def own_label(self, items: Sequence[Item]) -> str | None:
        try:
            return super().own_label(items)
        except Unlike:
            if not self.numbered or not items[0].is_layer:
                raise
            # The language may number these by itself.
            return None

    def nodes(self, items: Sequence[Item], place: int) -> tuple[str, ...]:
        return items[0].nodes

    def _one(self, given: Sequence[Given | None], place: int) -> Given | None:
        if place >= 0 and all(ref == before[place] for ref, before in zip(given, self.before, strict=True)):
            return BEFORE
        return super()._one(given, place)

    def sources(self, sources: Sequence[Sources], place: int) -> Sources:
        return None if sources[0] is None else super().sources(sources, place)

    def follow(self, refs: Sequence[Ref], place: int) -> Ref:
        if len({ref.index for ref in refs}) > 1 or BEFORE in refs:
            raise Unlike
        return Ref(self.label([ref.node for ref in refs], "node"), refs[0].index)


def repeat_of(turns: Sequence[Window], before: Ref | None, known: Known, *, numbered: bool) -> Item:
    """The turns as one entry, which follows on what comes before. Raises: Unlike.

    `numbered` says that layers may be left to the language's own numbering, as it counts in the model's own list.
    """
    unifier = _TurnUnifier(turns, before, known, numbered)
    body = tuple(unifier.item(items, place) for place, items in enumerate(zip(*turns, strict=True)))
    if body[0].sources not in (BEFORE, None):
        raise Unlike
    nodes = tuple(name for turn in turns for item in turn for name in item.nodes)
    return Item("repeat", None, {"times": len(turns)}, before, nodes, body)


def repeat_clearness(whole: Item) -> float:
    """How well a repeat reads: 1 where no more than one name in it has to be put together."""
    made = [item for item in whole.turn if item.is_layer and item.label is not None]
    return _WITH_NAMES if len(made) > 1 else 1.0
