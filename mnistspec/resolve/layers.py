"""Lists of layers with blocks and repeats put in: `use` becomes the block's layers, `repeat` those of all its turns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mnistspec.diagnostics import Diagnostic
from mnistspec.hints import LISTED, Hint, hint, listed
from mnistspec.language import MAX_LAYERS, USE
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, describe
from mnistspec.resolve.blocks import Block, read_blocks
from mnistspec.resolve.bounds import (
    MAX_CHARACTERS,
    MAX_NESTED_BLOCKS,
    MAX_NODES,
    MAX_TURNS,
    Extent,
    extent,
)
from mnistspec.resolve.scopes import Scope
from mnistspec.resolve.values import Reported, Values, is_expression
from mnistspec.source import Span, Step


class TooLarge(Exception):
    """Unwinds out of the expansion when a bound, which has been reported, is passed."""


class Expansion(Values):
    """Values, and lists under a key `layers` with the blocks and repeats in them expanded."""

    def __init__(self, scope: Scope, blocks: Node | None, *, allow_env: bool, quiet: bool) -> None:
        super().__init__(scope, allow_env=allow_env, quiet=quiet)
        self.variables = scope
        self.blocks, wrong = read_blocks(blocks)
        # Without blocks because of a mistake, which has been told, nothing is said of their names.
        self.knows_blocks = blocks is None or isinstance(blocks, MappingNode)
        self.diagnostics.extend(wrong)
        # Blocks that are no maps, which has been told.
        self.unread = frozenset(blocks.names()) - self.blocks.keys() if isinstance(blocks, MappingNode) else frozenset()
        # Whether a mistake hides layers, and so what they would have used.
        self.incomplete = False
        self.inside: list[str] = []
        self.levels = 0
        self.layer_count = 0
        self.turn_count = 0
        self.character_count = 0
        self.value_count = 0
        self.extents: dict[int, Extent] = {}
        self.used_blocks: set[str] = set()
        # What any use of a block has asked for, by the block's name.
        self.asked: dict[str, set[str]] = {}
        # Blocks that use themselves, which has been told.
        self.endless: set[str] = set()

    def entry(self, entry: Entry) -> Entry:
        value = entry.value
        if isinstance(value, ScalarNode) and not is_expression(value):  # as most values
            return Entry(self.key(entry), self.placed(value)) if self.trail else entry
        if entry.name != "layers" or not isinstance(entry.value, SequenceNode):
            return super().entry(entry)
        return Entry(self.key(entry), self.layers(entry.value))

    def layers(self, node: SequenceNode) -> SequenceNode:
        """The list with every block and repeat in place; the same node where nothing in it changes."""
        items = tuple(found for item in node.items for found in self.layer(item))
        if not self.trail and len(items) == len(node.items) and all(map(_is, items, node.items)):
            return node
        return SequenceNode(items, self.at(node.span))

    def layer(self, item: Node) -> Iterator[Node]:
        """What an entry of `layers` stands for."""
        only = item.entries[0] if isinstance(item, MappingNode) and len(item.entries) == 1 else None
        try:
            if only is not None and only.name == "use":
                yield MappingNode((self.use(only),), self.at(item.span))
            elif only is not None and only.name == "repeat":
                yield from self.repeat(only)
            elif isinstance(item, MappingNode) and only is None and ("use" in item or "repeat" in item):
                raise Reported  # its arguments beside it, which has been told
            else:
                self.bring_in(item, item.span)
                yield self.node(item)
        except Reported:
            self.incomplete = True
            yield ScalarNode(None, self.at(item.span), broken=True)

    def bring_in(self, item: Node, span: Span) -> None:
        """Keeps account of layers, and of what blocks and repeats bring in. Raises: TooLarge past a bound."""
        self.take_layers(1, span)
        if not self.levels:
            return
        if id(item) not in self.extents:
            self.extents[id(item)] = extent(item)
        self.take_values(self.extents[id(item)].nodes, span)
        self.character_count += self.extents[id(item)].characters
        if self.character_count > MAX_CHARACTERS:
            raise self.exceeded(f"blocks and repeats expand to more than {MAX_CHARACTERS:,} characters", span)

    def take_values(self, count: int, span: Span) -> None:
        self.value_count += count
        if self.value_count > MAX_NODES:
            raise self.exceeded(f"blocks and repeats expand to more than {MAX_NODES:,} values", span)

    def take_layers(self, count: int, span: Span) -> None:
        self.layer_count += count
        if self.layer_count > MAX_LAYERS:
            raise self.exceeded(f"the spec expands to more than {MAX_LAYERS:,} layers", span)

    def exceeded(self, message: str, span: Span) -> TooLarge:
        self.report("E107", message, self.at(span), "use fewer, or repeat less often")
        return TooLarge()

    def deeper(self, span: Span) -> None:
        """One block or repeat further in. Raises: TooLarge past the bound."""
        self.levels += 1
        if self.levels > MAX_NESTED_BLOCKS:
            raise self.exceeded(f"blocks and repeats nested deeper than {MAX_NESTED_BLOCKS} levels", span)

    def use(self, entry: Entry) -> Entry:
        """A used block with its layers in place. Raises: Reported, TooLarge."""
        if not isinstance(entry.value, MappingNode):
            raise Reported
        body, place = entry.value, entry.key.span
        block = self.block_named(body.get("block"))
        self.used_blocks.add(block.name)
        self.take_layers(1, place)
        self.take_values(len(block.params) + len(block.needs), place)
        given = self.arguments(body.get("with"))
        beside = frozenset(body.names()) - USE.fields.keys()
        scope = Scope(block.params, self.checked(block, given, place, beside), self.variables)
        scope.block, scope.params = block.name, tuple(block.names)
        scope.label, scope.outputs = body.get("name"), block.outputs
        step = Step(f"`{block.name}` is used here", self.at(place), scope)
        inner = self.contents(block, scope, (step, *self.trail), place)
        own = [self.kept(body.entry(name)) for name in ("name", "prefix", "from")]
        scope.prefix = own[1].value if own[1] is not None else None
        name = Entry(ScalarNode("block", self.at(place)), ScalarNode(block.name, self.at(place)))
        whole = (name, *(kept for kept in own if kept is not None), *inner)
        return Entry(self.key(entry), MappingNode(whole, self.at(body.span)))

    def kept(self, entry: Entry | None) -> Entry | None:
        return Entry(self.key(entry), self.node(entry.value)) if entry is not None else None

    def block_named(self, node: Node | None) -> Block:
        """The block that a `use` names. Raises: Reported where there is none, or where it is being expanded."""
        name = self.node(node) if node is not None else None
        if not isinstance(name, ScalarNode) or not isinstance(name.value, str):
            if node is not None and name is not None and is_expression(node) and not _is_broken(name):
                self.report("E203", f"expected the name of a block, found {describe(name)}", name.span)
            raise Reported
        if name.broken or name.value in self.endless or name.value in self.unread:
            raise Reported
        if name.value not in self.blocks:
            raise self.no_block(name.value, name.span)
        if name.value in self.inside:
            raise self.cycle([*self.inside[self.inside.index(name.value) :], name.value], name.span)
        return self.blocks[name.value]

    def cycle(self, names: list[str], span: Span) -> Reported:
        """Reports blocks that use each other; these are not expanded any more."""
        self.endless.update(names)
        trail = " -> ".join(f"`{name}`" for name in names)
        self.report("E308", f"blocks that use each other: {trail}", span, "let one of them end the chain")
        return Reported()

    def no_block(self, name: str, span: Span) -> Reported:
        if self.knows_blocks:
            near = hint(name, self.blocks, span) if self.is_compared() else None
            known = f"there are: {listed(self.blocks)}" if self.blocks else f"add `blocks: {{{name}: {{layers: ...}}}}`"
            near = near or Hint(known)
            self.diagnostics.append(Diagnostic("E306", f"there is no block `{name}`", span, near.help, fix=near.fix))
        return Reported()

    def arguments(self, node: Node | None) -> dict[str, tuple[Span, Node]] | None:
        """What `with` gives by name, each with the place of its name; None where a mistake hides it."""
        if node is None:
            return {}
        given = self.node(node)
        if isinstance(given, MappingNode):
            return {entry.name: (entry.key.span, entry.value) for entry in given.entries}
        if is_expression(node) and not _is_broken(given):
            self.report("E203", f"expected a map of parameters, found {describe(given)}", given.span)
        return None

    def checked(
        self, block: Block, given: Mapping[str, tuple[Span, Node]] | None, place: Span, beside: frozenset[str]
    ) -> dict[str, Node]:
        """The values given for a block's parameters; what is needed and not given is hidden, having been told.

        `beside` are keys of the use itself that it does not have, which has been told too.
        """
        names = {*block.names}
        meant = {*beside} & names
        unknown = {name: span for name, (span, _) in (given or {}).items() if name not in names}
        for name, span in unknown.items():
            meant.update(self.no_parameter(block, name, span, given or {}))
        missing = [name for name in block.needs if name not in (given or {})]
        told = [name for name in missing if name not in meant] if given is not None else []
        if told:
            wanted = ", ".join(f"{name}: ..." for name in told[:LISTED])
            message = f"the block `{block.name}` needs {listed(told, ' and ')}"
            self.report("E307", message, self.at(place), f"give it `with: {{{wanted}}}`")
        hidden = {name: ScalarNode(None, place, broken=True) for name in (*missing, *(meant & names))}
        known = {name: value for name, (_, value) in (given or {}).items() if name not in unknown}
        everything = dict.fromkeys(block.names, ScalarNode(None, place, broken=True)) if given is None else {}
        return {**everything, **hidden, **known}

    def no_parameter(
        self, block: Block, name: str, span: Span, given: Mapping[str, tuple[Span, Node]]
    ) -> tuple[str, ...]:
        """Reports a parameter that a block does not have, and returns those that were probably meant."""
        if block.hidden:
            return ()
        near = self.is_compared() and hint(name, [other for other in block.names if other not in given], span)
        known = f"it has {listed(block.names)}" if block.names else "it has none"
        help, fix = (near.help, near.fix) if near else (known, None)
        message = f"the block `{block.name}` has no parameter `{name}`"
        self.diagnostics.append(Diagnostic("E307", message, span, help, fix=fix))
        return near.names if near else ()

    def contents(self, block: Block, scope: Scope, trail: tuple[Step, ...], place: Span) -> list[Entry]:
        """A block's layers, and its outputs where it names them. Raises: Reported, TooLarge."""
        self.deeper(place)
        self.inside.append(block.name)
        before, self.depth = self.depth, 0
        quiet, self.quiet = self.quiet, self.quiet or block.hidden
        self.incomplete |= block.hidden
        with self.within(scope, trail):
            layers = [*self.turn(block.layers)]
            parts = {"layers": SequenceNode(tuple(layers), self.at(block.key.span))}
            if block.outputs is not None:
                parts["outputs"] = self.node(block.outputs)  # type: ignore[assignment]
            entries = [Entry(ScalarNode(name, self.at(block.key.span)), value) for name, value in parts.items()]
        self.depth, self.quiet = before, quiet
        self.asked.setdefault(block.name, set()).update(scope.used)
        self.inside.pop()
        self.levels -= 1
        return entries

    def turn(self, node: Node | None) -> Iterator[Node]:
        """The layers of a block or of one turn of a repeat, which an expression may stand for."""
        # Without its layers, perhaps because the word is misspelt, nothing is said of what they might have used.
        self.incomplete |= node is None
        listed = self.node(node) if node is not None and not isinstance(node, SequenceNode) else node
        if isinstance(listed, SequenceNode):
            yield from (found for item in listed.items for found in self.layer(item))
        elif listed is not None and is_expression(node) and not _is_broken(listed):
            self.report("E203", f"expected a list of layers, found {describe(listed)}", listed.span)

    def repeat(self, entry: Entry) -> Iterator[Node]:
        """The layers of all turns of a repeat. Raises: Reported, TooLarge."""
        if not isinstance(entry.value, MappingNode):
            raise Reported
        times, written = self.times(entry.value.get("times"))
        place = entry.key.span
        self.turn_count += times
        if self.turn_count > MAX_TURNS:
            raise self.exceeded(f"repeats of more than {MAX_TURNS:,} turns together", place)
        self.deeper(place)
        for count in range(times):
            scope = Scope(values={"i": ScalarNode(count, place)}, outer=self.scope, times=written)
            step = Step(f"`i` is {count} in this repeat", self.at(place), scope)
            with self.within(scope, (step, *self.trail)):
                yield from [*self.turn(entry.value.get("layers"))]
        self.levels -= 1

    def times(self, node: Node | None) -> tuple[int, Node]:
        """How often a repeat is to repeat, and what says so. Raises: Reported."""
        value = self.node(node) if node is not None else None
        number = value.value if isinstance(value, ScalarNode) else None
        if value is not None and isinstance(number, int) and not isinstance(number, bool) and number >= 0:
            return number, value
        if node is not None and value is not None and is_expression(node) and not _is_broken(value):
            message = f"expected an integer of at least 0, found {describe(value)}"
            whole = isinstance(number, int)
            help = "the smallest is 0" if whole else "divide with `//`, or write `int(...)` or `round(...)`"
            help = help if isinstance(number, int | float) else "write a number, as in `3`"
            self.report("E204" if whole else "E203", message, value.span, help)
        raise Reported

    def look_at_the_rest(self) -> None:
        """Expands the blocks that nothing uses, for their mistakes alone."""
        for block in self.blocks.values():
            if block.name not in self.used_blocks:
                self.used_blocks.add(block.name)
                hidden: dict[str, Node] = {
                    name: ScalarNode(None, span, broken=True) for name, span in block.needs.items()
                }
                self.contents(block, Scope(block.params, hidden, self.variables), (), block.key.span)


def _is(one: Node, other: Node) -> bool:
    return one is other


def _is_broken(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.broken
