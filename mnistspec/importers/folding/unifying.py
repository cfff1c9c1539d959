"""Instances of one structure as one text: what is alike stays, what differs becomes an expression."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from mnistspec.catalogue import load
from mnistspec.frozen import dataclass
from mnistspec.importers.folding.items import (
    BEFORE,
    Effort,
    Fixed,
    Given,
    Item,
    Ref,
    Source,
    Sources,
    Unlike,
    values_free,
)
from mnistspec.importers.folding.terms import Terms, alike
from mnistspec.usual import short_default

# A name's parts: numbers and expressions at odd places.
_PARTS = re.compile(r"(\$\{[^}]*\}|(?<![0-9])(?:0|[1-9][0-9]*)(?![0-9]))")
_MISSING = object()


@dataclass(frozen=True)
class Known:
    """The defaults of parameters by block, to fill in what a use leaves out; and what was spent on comparing."""

    defaults: Mapping[str, Mapping[str, Any]]
    effort: Effort


class Unifier(ABC):
    """Makes one entry of entries at the same place in several instances.

    Inside a repeat that is in the entries `${i}` is bound already: nothing that has it may differ. `closed` says that
    the text will stand elsewhere, where names in its expressions mean nothing, so that they have to be handed over.
    """

    def __init__(self, terms: Terms, known: Known, *, closed: bool, prefixes: Sequence[str] = ()) -> None:
        self.terms, self.known, self.closed, self.prefixes = terms, known, closed, prefixes
        self.depth = 0

    def item(self, items: Sequence[Item], place: int) -> Item:
        """One entry for entries of one kind, at that place of a block or turn."""
        self.known.effort.spent += len(items)
        first = items[0]
        if any(item.kind != first.kind or len(item.turn) != len(first.turn) for item in items):
            raise Unlike
        label = self.own_label(items)
        arguments = self.arguments(items, label)
        sources = self.sources([item.sources for item in items], place)
        self.depth += 1
        turn = tuple(self.item([item.turn[inner] for item in items], -1) for inner in range(len(first.turn)))
        self.depth -= 1
        return Item(first.kind, label, arguments, sources, self.nodes(items, place), turn)

    @abstractmethod
    def nodes(self, items: Sequence[Item], place: int) -> tuple[str, ...]:
        """What the nodes that entries make, at that place, are called as one."""

    @abstractmethod
    def follow(self, refs: Sequence[Ref], place: int) -> Ref:
        """One reference for references from that place. Raises: Unlike."""

    def own_label(self, items: Sequence[Item]) -> str | None:
        labels = [item.label for item in items if item.label is not None]
        if len(labels) != len(items):
            if labels:
                raise Unlike
            return None
        return self.label(labels, items[0].stem, is_name=items[0].is_layer)

    def label(self, labels: Sequence[str], hint: str, *, is_name: bool = True) -> str:
        """One name for names, with expressions for the numbers that differ. Raises: Unlike."""
        if self.prefixes:
            if not all(label.startswith(prefix) for label, prefix in zip(labels, self.prefixes, strict=True)):
                raise Unlike
            labels = [label[len(prefix) :] for label, prefix in zip(labels, self.prefixes, strict=True)]
        if any((is_name and not label) or label.partition(".")[0] == "input" for label in labels):
            raise Unlike
        if alike(labels) and not self._handed_over(labels[0]):
            return labels[0]
        return self._template(labels) or self._text(labels, hint)

    def _template(self, labels: Sequence[str]) -> str | None:
        parted = [_PARTS.split(label) for label in labels]
        if len({len(parts) for parts in parted}) > 1:
            return None
        pieces = [self._piece([parts[place] for parts in parted], place % 2 == 1) for place in range(len(parted[0]))]
        return None if None in pieces else "".join(map(str, pieces))

    def _piece(self, parts: Sequence[str], is_number: bool) -> str | None:
        if alike(parts) and not self._handed_over(parts[0]):
            return parts[0]
        if not is_number or self.depth or not all(part.isdigit() for part in parts):
            return None
        return f"${{{self.terms.number(tuple(map(int, parts)))}}}"

    def _text(self, labels: Sequence[str], hint: str) -> str:
        if self.depth or not self.closed:
            raise Unlike
        return "${" + self.terms.text(tuple(labels), f"{hint}_name") + "}"

    def _handed_over(self, value: Any) -> bool:
        """Whether a value that is alike everywhere means something only where it stands."""
        free = values_free(value) if self.closed else set()
        bound = {"i"} if self.depth else set()
        if free - bound and free & bound:
            raise Unlike
        return bool(free - bound)

    def arguments(self, items: Sequence[Item], label: str | None) -> dict[str, Any]:
        first = items[0]
        names = dict.fromkeys(name for item in items for name in item.arguments)
        said = {name: [_said(item, name) for item in items] for name in names if name != "with"}
        whole = {name: self.value(values, [name, f"{label}_{name}"]) for name, values in said.items()}
        if first.kind == "use":
            if not alike([item.arguments["block"] for item in items]):
                raise Unlike
            whole |= self.given(items)
        return whole

    def given(self, items: Sequence[Item]) -> dict[str, Any]:
        """What uses of one block give it, its defaults for what they leave out."""
        defaults = self.known.defaults[items[0].arguments["block"]]
        names = dict.fromkeys(name for item in items for name in item.arguments.get("with", {}))
        given = {
            name: self.value([item.arguments.get("with", {}).get(name, defaults.get(name)) for item in items], [name])
            for name in names
        }
        return {"with": given} if given else {}

    def value(self, values: Sequence[Any], hints: Sequence[str]) -> Any:
        if alike(values) and not self._handed_over(values[0]):
            return values[0]
        first = values[0]
        if isinstance(first, Mapping) and all(isinstance(v, Mapping) and v.keys() == first.keys() for v in values):
            return {key: self.value([v[key] for v in values], [key, f"{hints[0]}_{key}"]) for key in first}
        if self.depth and (not self.closed or any("i" in values_free(value) for value in values)):
            raise Unlike
        return f"${{{self.terms.value(tuple(values), hints)}}}"

    def sources(self, sources: Sequence[Sources], place: int) -> Sources:
        first = sources[0]
        if not isinstance(first, Mapping):
            return self._one(sources, place)
        if any(not isinstance(other, Mapping) or list(other) != list(first) for other in sources):
            raise Unlike
        return {name: self._one([other[name] for other in sources], place) for name in first}  # type: ignore

    def _one(self, given: Sequence[Any], place: int) -> Given | None:
        """One reference, or a list of them, for those of each instance; None in a sequential model."""
        first = given[0]
        if any(type(other) is not type(first) for other in given):
            raise Unlike
        if not isinstance(first, tuple):
            return None if first is None else BEFORE if first == BEFORE else self._source(given, place)
        if len({len(refs) for refs in given}) > 1:
            raise Unlike
        return tuple(self._source(refs, place) for refs in zip(*given, strict=True))

    def _source(self, sources: Sequence[Any], place: int) -> Source:
        """One reference, or the constant that stands in the place of one in every instance."""
        if not any(isinstance(source, Fixed) for source in sources):
            return self.follow(sources, place)
        if not all(isinstance(source, Fixed) for source in sources) or not alike([one.value for one in sources]):
            raise Unlike
        return sources[0]  # type: ignore[no-any-return]


def _said(item: Item, name: str) -> Any:
    """An argument's value, where it is not written its default."""
    value = item.arguments.get(name, _MISSING)
    if value is not _MISSING:
        return value
    facts = load()["layers"].classes.get(item.kind)
    argument = facts.arguments.get(name) if facts is not None else None
    if facts is None or argument is None or argument.required:
        raise Unlike
    return short_default(facts, argument)
