"""Where names mean what: the model's own nodes, and those of each used block under their prefix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mnistspec.graph.parts import Port
from mnistspec.source import Span
from mnistspec.spec import LayerSpec, UseSpec


@dataclass(eq=False)
class Scope:
    """The nodes of one list of layers by the names they have in it, and what a block is given.

    `prefix` stands before these names elsewhere: those of the uses around, outer ones first. `given` is None for the
    model itself and where a reported mistake hides it; `use` is the use that the scope belongs to.
    """

    prefixes: tuple[str, ...] = ()
    use: UseSpec | None = None
    items: list[tuple[str, LayerSpec | UseSpec]] = field(default_factory=list)
    known: dict[str, Span | None] = field(default_factory=dict)
    uses: dict[str, Scope] = field(default_factory=dict)
    # How long the names of these uses are (characters).
    lengths: set[int] = field(default_factory=set)
    # The nodes of uses that have a `prefix`, by the names that they have here.
    inner: dict[str, Scope] = field(default_factory=dict)
    given: tuple[Port, ...] | None = None
    # The item whose connections are being followed; None where that is done.
    at: int | None = None
    # What the block gives, once it is known; None inside where a reported mistake hides one.
    outputs: tuple[Port | None, ...] | None = None

    @property
    def prefix(self) -> str:
        return "".join(self.prefixes)

    def layers(self) -> Iterator[tuple[str, LayerSpec, Scope]]:
        """Every layer in and below the list, by its whole name."""
        for name, item in self.items:
            if isinstance(item, UseSpec):
                yield from self.uses[name].layers()
            else:
                yield self.prefix + name, item, self

    def earlier(self) -> list[str]:
        """The names that can be meant where the item being connected stands: not its own, nor one given to a later."""
        strange = {name for name, item in self.items if _goes(name, item)}
        if self.at is None:
            return [name for name in self.known if name not in strange]
        own = {name for name, item in self.items[self.at :] if item.name is None} | {self.items[self.at][0]}
        return [name for name in self.known if name not in own | strange]

    def enter(self, name: str, use: UseSpec) -> Scope:
        """The scope of a block that is used here under a name."""
        own = f"{name}/" if use.prefix is None else use.prefix
        inner = Scope((*self.prefixes, own), use, known={"input": use.from_span or use.span})
        self.uses.setdefault(name, inner)
        self.lengths.add(len(name))
        return inner

    def take_in(self, scope: Scope) -> None:
        """Lets the named nodes of a use with a prefix be known here too, by the names that they have here."""
        if scope.use is not None and scope.use.prefix is not None:
            for name, _, _ in scope.layers():
                self.inner.setdefault(name[len(self.prefix) :], scope)

    def below(self, text: str) -> Iterator[tuple[Scope, str]]:
        """The uses that the beginning of a name may stand for, each with the rest of the name: `name/inner`."""
        for length in sorted(self.lengths) if "/" in text else ():
            if text[length : length + 1] == "/" and text[:length] in self.uses:
                yield self.uses[text[:length]], text[length + 1 :]


def _goes(name: str, item: LayerSpec | UseSpec) -> bool:
    """Whether a name is gone once a mistake is mended: that of an unknown layer, or of one whose own name is taken."""
    if item.name is not None:
        return name != item.name
    return isinstance(item, LayerSpec) and item.hidden
