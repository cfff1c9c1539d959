"""Blocks that are used more than once as functions of the script, and the turns of repeats as loops."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from mnistspec.exporters.python_source.bodies import Body, Frame, turn_lines
from mnistspec.exporters.python_source.flow import Flow, Key
from mnistspec.exporters.python_source.labels import Counted, Unfit, label
from mnistspec.exporters.python_source.layout import Bracket, Code, call, tight
from mnistspec.exporters.python_source.loops import VARIABLES, Loop, Place, counted_parts, key_at, loop_of, place_of
from mnistspec.exporters.python_source.model import Naming, indented
from mnistspec.exporters.python_source.naming import untaken
from mnistspec.exporters.python_source.outline import Group, Item, Leaf, Repeat, Segment
from mnistspec.exporters.python_source.symbols import Unsaid, is_default
from mnistspec.exporters.python_source.uses import BlockFunction, from_inside, head, in_order, most_alike, usual
from mnistspec.exporters.python_source.words import names_in
from mnistspec.graph import Argument, stem_of
from mnistspec.plan import Plan

# What the function of a block calls its own.
_OWN = ("inputs", "model", "name", "x")
# What a name in a block is made of besides its own words.
_EXPRESSION = re.compile(r"\$\{[^}]*\}")


class Blocks:
    """What of a plan's outline is written as functions and as loops, decided from the inside out.

    A block becomes a function where all of its uses come to the same code, a repeat a loop where all of its turns do.
    `known` are the functions that other models of the script have made of blocks.
    """

    def __init__(
        self, plan: Plan, outline: Sequence[Item], naming: Naming, taken: Iterable[str],
        known: Mapping[str, BlockFunction],
    ) -> None:  # fmt: skip
        self.plan, self.outline, self.naming = plan, outline, naming
        self.flow = Flow(plan, naming.several)
        self.known, self.functions = known, dict[str, BlockFunction]()
        self.parts: dict[int, Counted] = {}
        self._loops: dict[int, Loop | None] = {}
        self._without_last: dict[int, Repeat] = {}
        # The lists in which loops keep results.
        self.lists: list[tuple[str, Repeat]] = []
        # The uses of blocks that are functions which are written out none the less.
        self.apart: set[int] = set()
        self.taken = {*taken, *naming.symbols.constants.values(), "numbered", "named", "range", "x", *VARIABLES}
        for uses in from_inside(outline):
            self._decide(uses)
        self.taken |= {function.name for function in self.functions.values()}

    # Decisions.

    def _decide(self, uses: Sequence[Group]) -> None:
        if any(map(self.flow.shares_across, uses)):
            return
        block = str(uses[0].scope.block)
        inputs = {self.naming.variables[given.name] for given in self.plan.inputs}
        known = self.known.get(block)
        if known is not None and known.name not in inputs and self._written(known.name, uses) == known:
            self.functions[block] = known
            return
        name = untaken(block, self.taken | inputs | {function.name for function in self.functions.values()})
        for alike in (uses, most_alike(uses)):
            written = self._written(name, alike) if len(alike) > 1 else None
            if written is not None:
                self.functions[block] = written
                self.apart |= {id(use) for use in uses} - {id(use) for use in alike}
                return

    def _written(self, name: str, uses: Sequence[Group]) -> BlockFunction | None:
        """The function that all of the uses come to, if they do."""
        try:
            own = [parameter for parameter in uses[0].scope.params if not self._is_derived(parameter, uses)]
            returned = self._returned(uses)
            written = [self._function(name, use, own, returned) for use in uses]
        except Unfit:
            written = []
        if written and all(function == written[0] for function in written):
            return written[0]
        self._forget(uses)
        return None

    def loop(self, repeat: Repeat) -> Loop:
        """How the turns of a repeat that became a loop depend on each other."""
        loop = self._loops[id(repeat)]
        assert loop is not None
        return loop

    def flat(self, items: Iterable[Item], frame: Frame) -> list[Item]:
        """The items, with those of blocks and turns that are written out in their places."""
        found: list[Item] = []
        for item in items:
            if isinstance(item, Repeat):
                found += self._turns(item, frame, found)
            elif isinstance(item, Group) and not self.is_called(item):
                found += self.flat(item.items, frame)
            else:
                found.append(item)
        return found

    def _turns(self, repeat: Repeat, frame: Frame, before: Sequence[Item]) -> list[Item]:
        """A repeat as a loop, or as one of all turns but the last, or its turns written out."""
        if self._is_loop(repeat, frame, before):
            return [repeat]
        *others, last = repeat.turns
        without_last = self._without_last.setdefault(id(repeat), Repeat(others, is_whole=False))
        fewer = bool(others) and len(last.leaves) < len(others[-1].leaves)
        if fewer and self._is_loop(without_last, frame, before):
            return [without_last, *self.flat(last.items, frame)]
        return [inner for turn in repeat.turns for inner in self.flat(turn.items, frame)]

    def is_followed(self, repeat: Repeat) -> bool:
        """Whether a loop repeats as often as the spec says."""
        return self._loops.get(id(repeat)) is not None

    def is_called(self, use: Group) -> bool:
        """Whether a used block is a call of a function there."""
        return use.scope.block in self.functions and id(use) not in self.apart

    def _is_loop(self, repeat: Repeat, frame: Frame, before: Sequence[Item]) -> bool:
        if id(repeat) not in self._loops:
            loops = [self.loop(item) for item in before if isinstance(item, Repeat)]
            try:
                self._loops[id(repeat)] = loop_of(repeat, self.flow, loops)
                one = len({tuple(lines) for lines in self._tried(repeat, frame)}) == 1
            except Unfit:
                one = False
            if not one:
                self._forget(repeat.turns)
                self._loops[id(repeat)] = None
        return self._loops[id(repeat)] is not None

    def _tried(self, repeat: Repeat, frame: Frame) -> Iterator[list[str]]:
        """The lines of each turn among the same surroundings. Raises: Unfit."""
        if frame.loops >= len(VARIABLES):
            raise Unfit
        variable = VARIABLES[frame.loops]
        for turn in repeat.turns:
            self.naming.symbols.shown[id(turn.scope)] = {"i": variable}
        times = self.times(repeat)
        self.parts |= counted_parts([self.flat(turn.items, frame.inner) for turn in repeat.turns], variable, times)
        loop = self.loop(repeat)
        lists = [f"results_{place}" for place in range(len(loop.kept))]
        for count, read in enumerate(loop.reads):
            names = {key: f"read_{place}" for place, key in enumerate(read) if place not in loop.carries}
            passing = [f"carried_{place}" for place in loop.carries] if len(loop.carries) > 1 else ["x"]
            yield turn_lines(self, repeat, count, names, set(), frame, passing[: len(loop.carries)], lists)

    def _forget(self, groups: Iterable[Group]) -> None:
        """Takes back what was decided on the way to a decision that came to nothing."""
        for group in groups:
            self.naming.symbols.shown.pop(id(group.scope), None)
            for item in group.items:
                if isinstance(item, Repeat):
                    self._loops.pop(id(item), None)
                    self._loops.pop(id(self._without_last.pop(id(item), None)), None)
                    self._forget(item.turns)
                elif isinstance(item, Group) and not self.is_called(item):
                    self._forget([item])
                for segment in item.path if not isinstance(item, Repeat) else ():
                    self.parts.pop(id(segment), None)

    # Functions.

    def _is_derived(self, parameter: str, uses: Sequence[Group]) -> bool:
        """Whether a parameter is made of others by its default, and no use says otherwise."""
        default = uses[0].scope.entries.get(parameter)
        made = default is not None and self.naming.symbols.default(default.value) is None
        return made and all(is_default(use.scope, parameter) for use in uses)

    def _returned(self, uses: Sequence[Group]) -> tuple[Place, ...]:
        """What others read of any of the uses. Raises: Unfit."""
        if len({len(use.leaves) for use in uses}) > 1:
            raise Unfit
        found = {place_of(use, key) for use in uses for key in self.flow.exports(use)}
        places = [place for place in found if place is not None]
        return in_order(places, uses[0])

    def results(self, use: Group) -> list[Key]:
        """All that the function of a block returns for a use, whether or not others read it."""
        return [key_at(use, place) for place in self.functions[str(use.scope.block)].returned]

    def _function(self, name: str, use: Group, own: Sequence[str], places: tuple[Place, ...]) -> BlockFunction:
        """What a use of the block comes to as a function. Raises: Unfit."""
        taken = {*self.taken, *_OWN, *(function.name for function in self.functions.values()), name}
        parameters = {parameter: untaken(parameter, taken) for parameter in own}
        self.naming.symbols.shown[id(use.scope)] = parameters
        frame = Frame(above=len(use.path))
        given = self._given(use, frame)
        exports = [key_at(use, place) for place in places]
        returned = exports[0] if len(exports) == 1 else None
        body = Body(
            self, use.items, frame, dict(given), {*taken, *given.values()}, exports, {}, returned,
            next((key for key, variable in given.items() if variable == "x"), None),
        )  # fmt: skip
        lines = body.lines()
        if exports and not (lines and body.is_returned()):
            lines.append(f"return {', '.join(map(body.name, exports))}")
        used = names_in(lines)
        parameters = {parameter: own for parameter, own in parameters.items() if own in used}
        defaults = self._defaults(use, parameters)
        tensors = ["model"] if self.flow.sequential else list(given.values())
        first = head(name, tensors, parameters, defaults, is_named="name" in used)
        text = (*first, *indented([f'"""The block `{use.scope.block}`."""', *lines]))
        return BlockFunction(name, parameters, defaults, "name" in used, places, text)

    def _given(self, use: Group, frame: Frame) -> dict[Key, str]:
        """The variables of what a block is called on: `x` where that is one, and only the first statement needs it."""
        keys = self.flow.reads(use)
        if len(keys) != 1:
            return {key: f"input_{place}" for place, key in enumerate(keys)}
        items = self.flat(use.items, frame)
        readers = [place for place, item in enumerate(items) if keys[0] in self.flow.reads(item)]
        first = items[0]
        kept = isinstance(first, Repeat) and keys[0] in self.loop(first).fixed
        return {keys[0]: "x" if readers == [0] and not kept else "inputs"}

    def _defaults(self, use: Group, parameters: Iterable[str]) -> dict[str, tuple[str, str]]:
        written = {name: use.scope.entries[name].value for name in parameters if name in use.scope.entries}
        found = {name: self.naming.symbols.default(node) for name, node in written.items()}
        return {name: code for name, code in found.items() if code is not None}

    def use_code(self, use: Group, tensors: Sequence[str], frame: Frame) -> Bracket:
        """The call of a block's function. Raises: Unfit."""
        function = self.functions[str(use.scope.block)]
        placed: list[Code] = ["model"] if self.flow.sequential else list(tensors)
        named: dict[str, Code] = {}
        for parameter, own in function.parameters.items():
            if parameter not in use.scope.values and parameter in function.defaults:
                continue
            code, value = self._argument(use, parameter)
            if parameter not in function.defaults and not named:
                placed.append(code)
            elif parameter not in function.defaults or (code, value) not in usual(function.defaults[parameter]):
                named[own] = code
        if function.is_named:
            named["name"] = self.label(use, frame)
        return tight(call(function.name, placed, named))

    def _argument(self, use: Group, parameter: str) -> tuple[str, str]:
        """The code for a parameter's value, and that of the value itself. Raises: Unfit."""
        if parameter not in use.scope.values:
            raise Unfit
        try:
            return self.naming.symbols.argument(use.scope.values[parameter])
        except Unsaid:
            raise Unfit from None

    # Names.

    def label(self, item: Leaf | Group, frame: Frame) -> str:
        """The code for the name of a layer, or for what stands before those of a block. Raises: Unfit."""
        if not item.path and isinstance(item, Leaf) and frame.above is None:
            return label((Segment(item.step.name),), None, {})
        if not item.path:
            raise Unfit
        said = self.said_name(item) if frame.above is None else None
        if said is not None:
            return said
        given = item.path[frame.above - 1].joint if frame.above else None
        return label(item.path[frame.above or 0 :], given, self.parts, self.said_part)

    def said_part(self, segment: Segment) -> str | None:
        """A part of a name as a part of an f-string, where it is made of a function's parameters."""
        if segment.written is None or not segment.written.trail:
            return None
        part = self.naming.symbols.part_here(segment.written, segment.text + segment.joint)
        return None if part is None else part.removesuffix(segment.joint)

    def said_name(self, item: Leaf | Group) -> str | None:
        """The code for the name of a use of a block that the spec makes of variables, outside repeats."""
        written = item.scope.label if isinstance(item, Group) and len(item.path) == 1 else None
        return self.naming.symbols.text(written, item.path[0].text) if written is not None else None

    def variable(self, item: Item, node: str, frame: Frame) -> str:
        """What to call what a node of an item gives."""
        if frame.is_top and (isinstance(item, Leaf) or (isinstance(item, Group) and not item.path)):
            return node
        return self.stem(item, node)

    def stem(self, item: Item, node: str) -> str:
        """The word that the name of a node ends with, without the count of a loop."""
        leaf = next(leaf for leaf in item.leaves if leaf.step.name == node)
        own = item if isinstance(item, Group) and len(self.flow.exports(item)) == 1 else leaf
        path = own.path or leaf.path
        if not path:
            return node
        part = self.parts.get(id(path[-1]))
        if part is not None:
            return part.head.rstrip("_") or part.tail.strip("_") or "x"
        written = path[-1].written.text if path[-1].written is not None else ""
        if "${" in written:
            return _EXPRESSION.sub("", written).strip("_\"' ").lstrip("0123456789_") or stem_of(leaf.step.call)
        return path[-1].text.lstrip("0123456789_") or node

    def is_named(self, item: Leaf | Group) -> bool:
        """Whether the spec gives it, as far as one can see, a name that a variable can have."""
        own = item.path[-1].text if item.path else ""
        if isinstance(item, Leaf):
            return item.is_named and not own[:1].isdigit()
        return re.fullmatch(rf"({re.escape(str(item.scope.block))}(_[0-9]+)?|[0-9].*)?", own) is None

    def times(self, repeat: Repeat) -> str:
        """The code for how often a loop repeats."""
        times = repeat.turns[0].scope.times
        assert times is not None
        if not repeat.is_whole:
            return str(len(repeat.turns))
        return self.naming.symbols.argument(times)[0]

    # The script.

    @property
    def is_wanted(self) -> bool:
        """Whether the layers are not simply one after the other."""
        if self.flow.sequential:
            return any(not isinstance(item, Leaf) for item in self.flat(self.outline, Frame()))
        return any(not isinstance(item, Leaf) for item in self.outline)

    def statements(self) -> tuple[list[str], Callable[[Argument], Code]]:
        """The lines that make the layers out of the model's inputs, and what writes ports by their variables."""
        names: dict[Key, str] = {(given.name, None): self.naming.variables[given.name] for given in self.plan.inputs}
        body = Body(self, self.outline, Frame(), names, {*self.taken, *names.values()}, self.flow.outputs)
        return body.lines(), body.code

    @property
    def lines(self) -> list[list[str]]:
        """The lines of the functions that no other model has made, those first that others call."""
        known = [function.name for function in self.known.values()]
        return [list(function.lines) for function in self.functions.values() if function.name not in known]
