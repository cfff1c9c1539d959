"""Which examples train, validate and test, in the script: the very rows that `mnistspec.datasets.splits` draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mnistspec.datasets.counts import taken
from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.datasets.step_facts import INTEGERS
from mnistspec.exporters.python_source.layout import call, quoted, statement
from mnistspec.exporters.python_source.parts import Part
from mnistspec.spec import DataSpec


@dataclass
class Splitting:
    """The splits so far, in their order, with their sizes where known, and the code that made them.

    `groups` are the letters of the arrays there are: `x` and `y`, or `x` alone where it is also what is learnt.
    """

    facts: DataFacts
    groups: tuple[str, ...]
    counts: dict[str, int | None] = field(default_factory=dict)
    part: Part = field(default_factory=Part)

    @property
    def splits(self) -> tuple[str, ...]:
        """The names of the splits: `train`, then `val` and `test` where there are such."""
        return tuple(split for split in ("train", "val", "test") if split in self.counts)

    def hold_out(self, split: str, fraction: float, stream: str, comment: str) -> None:
        """Moves a fraction of the training split into one of its own, drawn from the random stream of that name."""
        count = self.counts["train"]
        size = None if count is None else taken(count, fraction)
        if size == 0:
            return
        shown = f"round({fraction!r} * len({self._first('train')}))"
        if size is not None and count is not None and size != round(fraction * count):
            shown = repr(size)
        self._add([comment], self._draw("train", shown, stream, "rows, rest = "))
        self._add(self._taking(split, "train", "rows"), self._taking("train", "train", "rest"))
        self.counts[split] = size
        self.counts["train"] = None if count is None or size is None else count - size

    def limit(self, split: str, limits: Mapping[str, int], stream: str) -> None:
        """Keeps as many examples of a split as a limit allows."""
        wanted = limits.get(stream)
        if wanted is None or split not in self.counts:
            return
        count = self.counts[split]
        if count is not None and count <= wanted:
            return
        shown = repr(wanted) if count is not None else f"min({wanted}, len({self._first(split)}))"
        self._add(self._draw(split, shown, f"limit/{stream}", "rows, _ = "), self._taking(split, split, "rows"))
        self.counts[split] = wanted if count is not None else None

    def read(self, split: str, count: int | None) -> None:
        """A split that a source has of its own."""
        self.counts[split] = count

    def _add(self, *lines: list[str]) -> None:
        for some in lines:
            self.part += Part(tuple(some))

    def _draw(self, split: str, size: str, stream: str, prefix: str) -> list[str]:
        labels = self._labels(split)
        function = "draw" if labels is None else "draw_evenly"
        self.part += Part(snippets=frozenset([function]))
        first = f"len({self._first(split)})" if labels is None else labels
        return statement(call(function, [first, size, quoted(stream)]), prefix)

    def _labels(self, split: str) -> str | None:
        """The class ids that a draw shares out evenly; None where there are none."""
        if len(self.facts.y) != 1:
            return None
        ((name, array),) = self.facts.y.items()
        if array.dtype not in (*INTEGERS, "bool") or array.shape not in ((), (1,)):
            return None
        variable = self._array("y", name, split) if "y" in self.groups else self._first(split)
        return variable if array.shape == () else f"{variable}.reshape(-1)"

    def _first(self, split: str) -> str:
        """An array whose length is that of the split."""
        group = self.groups[-1]
        return self._array(group, next(iter(self._arrays(group))), split)

    def _arrays(self, group: str) -> Mapping[str, ArrayFacts]:
        return self.facts.x if group == "x" else self.facts.y

    def _array(self, group: str, name: str, split: str) -> str:
        return f"{group}_{split}" if is_plain(self._arrays(group), group) else f"{group}_{split}[{quoted(name)}]"

    def _taking(self, split: str, of: str, rows: str) -> list[str]:
        """These rows of every array of a split, as another split or in its place."""
        codes: list[str] = []
        for group in self.groups:
            if is_plain(self._arrays(group), group):
                codes.append(f"{group}_{of}[{rows}]")
            else:
                codes.append(f"take({group}_{of}, {rows})")
                self.part += Part(snippets=frozenset(["take"]))
        targets = ", ".join(f"{group}_{split}" for group in self.groups)
        return [f"{targets} = {', '.join(codes)}"]


def is_plain(arrays: Mapping[str, ArrayFacts], group: str) -> bool:
    """Whether x, or y, is one array in the script, and no dict of arrays."""
    return tuple(arrays) == (group,)


def limits_and_draws(splitting: Splitting, data: DataSpec, reading: Part | None, validation: int | None) -> Part:
    """The code between reading and preparing. `reading` sets the validation split where it has a source of its own,
    of `validation` examples.
    """
    if "test" not in splitting.counts:
        splitting.hold_out("test", splitting.facts.held_out, "test", "# The rows to test on.")
    splitting.limit("train", data.limit, "train")
    if reading is not None:
        splitting.part += reading
        splitting.read("val", validation)
    elif isinstance(data.validation, float):
        splitting.hold_out("val", data.validation, "validation", "# The rows to validate on.")
    splitting.limit("val", data.limit, "validation")
    splitting.limit("test", data.limit, "test")
    return splitting.part
