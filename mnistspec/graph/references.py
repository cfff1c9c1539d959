"""What references lead to: nodes by name, outputs of layers and blocks by index, what a block is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from mnistspec.diagnostics import Diagnostic, Fix, Related
from mnistspec.enough import Enough, Found
from mnistspec.graph.naming import may_be_given
from mnistspec.graph.parts import Argument, Given, Port
from mnistspec.graph.scopes import Scope
from mnistspec.hints import LISTED, Hint, hint, listed
from mnistspec.resolve.bounds import MAX_CHARACTERS
from mnistspec.source import Span
from mnistspec.spec import Constant, LayerSpec, ModelSpec, Reference, UseSpec
from mnistspec.wrapping import model_inside

_INDEX = re.compile(r"[0-9]{1,6}")
# References that lead nowhere, times the names that each is compared with.
_COMPARED = 50_000


class References:
    """Follows references from the scope that they stand in, and collects what is wrong in `diagnostics`."""

    def __init__(self, model: ModelSpec) -> None:
        self.model = model
        self.sequential = model.kind == "sequential"
        self.functional = "`Functional`" if model.nested else "`kind: functional`"
        self.hidden = "inputs" in model.hidden or any(map(_is_hidden, model.layers))
        self.diagnostics: list[Diagnostic] = Found()
        self.top = Scope()
        # How many references led nowhere: only the first few are compared with every name.
        self.unknown = 0
        # How often a name was taken already, and names for which there is no node perhaps because of that.
        self.taken_twice = 0
        self.missed: set[str] = set()
        # How long the prefixes of all nodes' names are.
        self.characters = 0

    @cached_property
    def unnamed(self) -> frozenset[str]:
        """What stands for the layers that mistakes hide and that have only the names that Keras gives them."""
        return frozenset(_unnamed(self.model.layers))

    def report(
        self,
        code: str,
        message: str,
        span: Span | None,
        help: str | None = None,
        *related: Related,
        fix: Fix | None = None,
    ) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help, related, fix))

    def take_names(self, scope: Scope, count: int) -> None:
        """Keeps account of what stands before the names of nodes. Raises: Enough where that is too much."""
        self.characters += count * len(scope.prefix)
        if self.characters > MAX_CHARACTERS:
            message = f"the names of nodes in blocks are longer than {MAX_CHARACTERS:,} characters together"
            self.report("E107", message, scope.use.span if scope.use else None, "give the uses shorter names")
            raise Enough(self.diagnostics)

    def not_sequential(self, span: Span) -> None:
        self.report("E404", "in a sequential model each layer follows the one before, without `from`", span,
                    f"remove `from`, or write {self.functional}")  # fmt: skip

    def given(self, use: UseSpec, scope: Scope, before: tuple[Port, ...]) -> tuple[Port, ...] | None:
        """What a block is given; None where a mistake hides it."""
        if "from" in use.hidden:
            return None
        if use.from_ is None:
            return tuple(Port(port.node, port.output, use.span) for port in before)
        if self.sequential:
            self.not_sequential(use.from_span or use.span)
            return before
        found = [self.ports(reference, scope) for reference in use.from_]
        if len(found) > 1:
            found = [self.single(ports, reference) for ports, reference in zip(found, use.from_, strict=True)]
        return tuple(port for ports in found for port in ports or ()) if None not in found else None

    def outputs_of(self, scope: Scope) -> tuple[Port | None, ...]:
        """What a used block gives: its outputs in order, None for one that a mistake hides."""
        if scope.outputs is None:
            scope.outputs = tuple(self.find_outputs(scope))
        return scope.outputs

    def find_outputs(self, scope: Scope) -> Iterator[Port | None]:
        assert scope.use is not None
        if "outputs" in scope.use.hidden:
            yield None
        elif scope.use.outputs is not None:
            for reference in scope.use.outputs:
                yield self.block_output(reference, scope)
        elif not scope.items:
            self.report("E406", f"the block `{scope.use.block}` has no layers", scope.use.span,
                        "give it one, or do not use it")  # fmt: skip
            yield None
        else:
            name, item = scope.items[-1]
            last = (Port(scope.prefix + name, None, item.span),)
            yield from self.outputs_of(scope.uses[name]) if isinstance(item, UseSpec) else last

    def block_output(self, reference: Reference, scope: Scope) -> Port | None:
        if reference.text.partition(".")[0] == "input" and "input" not in dict(scope.items):
            help = "list nodes of the block; `Identity` passes on what it is given"
            self.report("E401", "a block's outputs are nodes of its own, and `input` is none", reference.span, help)
            return None
        ports = self.single(self.ports(reference, scope), reference)
        return ports[0] if ports else None

    def listed(self, written: tuple[Reference | Constant, ...], scope: Scope) -> tuple[Given, ...] | None:
        """What references in order lead to, constants between them; a single one may lead to all outputs of a block."""
        found = [self.item(one, scope, alone=len(written) == 1) for one in written]
        return tuple(one for given in found for one in given or ()) if None not in found else None

    def item(self, one: Reference | Constant, scope: Scope, *, alone: bool) -> tuple[Given, ...] | None:
        """What an item of a list stands for: one port, or all that it leads to where it is alone in the list."""
        if isinstance(one, Constant):
            return (one,)
        ports = self.ports(one, scope)
        return ports if alone else self.single(ports, one)

    def argument(self, value: Reference | Constant | tuple[Reference | Constant, ...], scope: Scope) -> Argument | None:
        """What one call argument is given: a tensor for a reference, a list for a list."""
        if isinstance(value, tuple):
            return self.listed(value, scope)
        if isinstance(value, Constant):
            return value
        ports = self.ports(value, scope)
        return ports[0] if ports is not None and len(ports) == 1 else ports

    def single(self, ports: tuple[Port, ...] | None, reference: Reference) -> tuple[Port, ...] | None:
        """The one port that a reference leads to; reports it where there are several."""
        if ports is None or len(ports) == 1:
            return ports
        help = f"say which: `{reference.text}.0` to `{reference.text}.{len(ports) - 1}`"
        self.report("E407", f"`{reference.text}` is {len(ports)} tensors", reference.span, help)
        return None

    def ports(self, reference: Reference, scope: Scope) -> tuple[Port, ...] | None:
        """What a reference leads to: a node by its whole name first, then `name.index`; None after reporting it."""
        found = self.found(reference.text, reference.span, scope)
        if found is None:
            self.no_node(reference, scope)
        return found if found and None not in found else None  # type: ignore[return-value]

    def found(self, text: str, span: Span, scope: Scope) -> tuple[Port | None, ...] | None:
        """What a name leads to in a scope: with None for what a mistake hides; None itself where it leads nowhere."""
        whole = self.whole(text, span, scope)
        if whole is not None:
            return whole
        name, dot, index = text.rpartition(".")
        if dot and _INDEX.fullmatch(index):
            several = self.whole(name, span, scope)
            if several is not None:
                return self.indexed(name, several, int(index), span, scope)
        for inner, rest in scope.below(text):
            if not (rest.partition(".")[0] == "input" and rest.partition(".")[0] not in dict(inner.items)):
                return self.found(rest, span, inner)
        return None

    def whole(self, name: str, span: Span, scope: Scope) -> tuple[Port | None, ...] | None:
        """All that a name without an index leads to."""
        if name in scope.uses:
            return tuple(port and Port(port.node, port.output, span) for port in self.outputs_of(scope.uses[name]))
        if name == "input" and scope.use is not None:
            given = scope.given if scope.given is not None else (None,)
            return tuple(port and Port(port.node, port.output, span) for port in given)
        if name in scope.known:
            return (Port(scope.prefix + name, None, span),)
        inner = scope.inner.get(name)
        return self.found(name[len(inner.prefix) - len(scope.prefix) :], span, inner) if inner is not None else None

    def layer_named(self, text: str, scope: Scope) -> str:
        """The whole name of the layer that a name means in a scope, whether there is one or not."""
        if text not in scope.known:
            found = scope.inner.get(text)
            if found is not None:
                return self.layer_named(text[len(found.prefix) - len(scope.prefix) :], found)
            for inner, rest in scope.below(text):
                return self.layer_named(rest, inner)
        return scope.prefix + text

    def indexed(
        self, name: str, several: tuple[Port | None, ...], index: int, span: Span, scope: Scope
    ) -> tuple[Port | None, ...]:
        """One of the outputs of a layer or a block, or of what a block is given."""
        only = several[0]
        if None in several:
            return (None,)
        if len(several) == 1 and only is not None and only.output is None:
            return (Port(only.node, index, span),)
        if index < len(several):
            return (several[index],)
        count = len(several)
        has = "is one tensor" if count == 1 else f"is {count} tensors"
        help = f"write `{name}`" if count == 1 else f"they are `{name}.0` to `{name}.{count - 1}`"
        self.report("E407", f"`{name}` {has}, and there is no `{name}.{index}`", span, help)
        return (None,)

    def no_node(self, reference: Reference, scope: Scope) -> None:
        if self.hidden or (self.unnamed and may_be_given(reference.text, self.unnamed)):
            # A layer that a mistake hides may be, or may contain, the node that is meant.
            return
        self.unknown += 1
        few = self.unknown <= LISTED and self.unknown * len(scope.known) <= _COMPARED
        near = self.near_node(reference, scope) if few else None
        if self.may_be_taken(reference.text, near):
            return
        if near is None and few:
            near = Hint(f"there are: {listed(scope.earlier())}")
        help, fix = (near.help, near.fix) if near else (None, None)
        where = " in the nested model" if self.model.nested else ""
        where = f" in the block `{scope.use.block}`" if scope.use is not None else where
        self.report("E401", f"there is no node `{reference.text}`{where}", reference.span, help, fix=fix)

    def may_be_taken(self, name: str, near: Hint | None) -> bool:
        """Whether a name may be what one of two nodes of the same name should have been called: it is no slip."""
        if near is not None and (near.is_certain or not near.names):
            return False
        if len(self.missed) < self.taken_twice:
            self.missed.add(name)
        return name in self.missed

    def near_node(self, reference: Reference, scope: Scope) -> Hint | None:
        inside = self.inside_nested(reference.text, scope)
        if inside is not None:
            return inside
        near = scope.earlier()
        known = near
        if scope.use is None:
            known = [*near, *(name for name, _, _ in scope.layers() if name not in scope.known)]
        parts = [part.strip() for part in reference.text.split(",")]
        if len(parts) > 1 and {*parts} <= {*known}:
            return Hint(f"write `[{', '.join(parts)}]`")
        return hint(reference.text, known, reference.span)

    def inside_nested(self, text: str, scope: Scope) -> Hint | None:
        """What to do about the name of a node of a nested model, with the model's name before it or without."""
        outer, _, inner = text.rpartition("/")
        for name, item in scope.items:
            model = model_inside(item) if isinstance(item, LayerSpec) else None
            if model is None or outer not in ("", name):
                continue
            if any(isinstance(one, LayerSpec) and one.name == inner for one in model.layers) or outer:
                if isinstance(item, LayerSpec) and item.model is None:
                    return Hint(f"the model inside `{name}` has names of its own, and what it gives is `{name}`")
                way = f"list `{inner}` in the `outputs` of `{name}`, which are `{name}.0`, `{name}.1` and so on"
                return Hint(f"`{name}` is a model with names of its own: {way}")
        return None


def _is_hidden(layer: LayerSpec | UseSpec) -> bool:
    """Whether a mistake hides a layer's name, or what nodes a block has."""
    if isinstance(layer, UseSpec):
        return bool(layer.hidden) or any(map(_is_hidden, layer.layers))
    return layer.hidden and layer.name is None and not layer.unnamed


def _unnamed(layers: tuple[LayerSpec | UseSpec, ...]) -> Iterator[str]:
    """The words for layers of which a mistake hides what they are, and which have no name."""
    for layer in layers:
        if isinstance(layer, UseSpec):
            yield from _unnamed(layer.layers)
        elif layer.hidden and layer.unnamed:
            yield layer.span.text
