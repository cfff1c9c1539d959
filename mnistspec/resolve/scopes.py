"""What names mean where: the spec's variables, a block's parameters, the count of a repeat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mnistspec.edits import renamed
from mnistspec.hints import Hint, hint, listed
from mnistspec.nodes import Entry, Node
from mnistspec.resolve.bounds import Extent
from mnistspec.source import Span


@dataclass(eq=False)
class Scope:
    """Names with their values: as written (`entries`), worked out when first asked for, or known already (`values`).

    What is not found here is looked for in `outer`. `used` collects the names that something asked for.

    Of a used block `block` is its name, `params` are its parameters in order, those that must be given first, and
    `label` (the name of the use), `prefix` and `outputs` are as written; of a turn of a repeat `times` is how often it
    repeats.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    values: dict[str, Node] = field(default_factory=dict)
    outer: Scope | None = None
    used: set[str] = field(default_factory=set)
    extents: dict[str, Extent] = field(default_factory=dict)
    block: str | None = None
    params: tuple[str, ...] = ()
    label: Node | None = None
    prefix: Node | None = None
    outputs: Node | None = None
    times: Node | None = None

    def owner(self, name: str) -> Scope | None:
        """The nearest scope that has the name."""
        scope: Scope | None = self
        while scope is not None and name not in scope.values and name not in scope.entries:
            scope = scope.outer
        return scope

    def names(self) -> Iterator[str]:
        """Every name that means something here, the nearest first."""
        scope: Scope | None = self
        while scope is not None:
            yield from dict.fromkeys([*scope.values, *scope.entries])
            scope = scope.outer

    def near(self, name: str, span: Span) -> Hint:
        """What was probably meant by a name that means nothing here."""
        if name == "i":
            return Hint("it counts the turns inside a `repeat`; a block is given it by `with`")
        known = list(dict.fromkeys(self.names()))
        near = hint(name, known, span) or hint(name.removeprefix("vars."), known, span)
        if name.removeprefix("vars.") in known:
            bare = name.removeprefix("vars.")
            near = Hint(f"write `{bare}`", renamed(span, name, bare, certain=True), (bare,))
        if near is not None or not known:
            return near or Hint(f"add `vars: {{{name}: ...}}`")
        return Hint(f"there are: {listed(known)}")
