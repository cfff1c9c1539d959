"""The statements of one function or loop: its layers, calls of blocks' functions and loops, and their variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mnistspec.exporters.python_source.flow import Key
from mnistspec.exporters.python_source.functions import constant_code
from mnistspec.exporters.python_source.labels import Unfit
from mnistspec.exporters.python_source.layout import Code, call, listing, statement
from mnistspec.exporters.python_source.loops import VARIABLES, Loop
from mnistspec.exporters.python_source.model import Naming, applied, indented, layer_code
from mnistspec.exporters.python_source.naming import identifier, untaken
from mnistspec.exporters.python_source.outline import Group, Item, Leaf, Repeat
from mnistspec.exporters.python_source.words import names_in
from mnistspec.graph import Argument
from mnistspec.spec import Constant

if TYPE_CHECKING:
    from mnistspec.exporters.python_source.blocks import Blocks


@dataclass(frozen=True)
class Frame:
    """Where statements stand: `depth` in indents, `loops` around them, and in a block's function (`above` is not None)
    how many parts of a layer's name the function is given.
    """

    depth: int = 1
    loops: int = 0
    above: int | None = None

    @property
    def inner(self) -> Frame:
        """Inside one more loop."""
        return replace(self, depth=self.depth + 1, loops=self.loops + 1)

    @property
    def is_top(self) -> bool:
        return self.above is None and self.loops == 0


@dataclass
class Body:
    """Statements that make `items` in order out of what `names` has, for those who want what is `wanted` of them.

    `assigned` says which variables what is wanted must be in; `returned` is what the function returns, where it is one
    value. `in_x` is what the variable `x` holds at first.
    """

    blocks: Blocks
    items: Sequence[Item]
    frame: Frame
    names: dict[Key, str]
    taken: set[str]
    wanted: Sequence[Key] = ()
    assigned: Mapping[Key, str] = field(default_factory=dict)
    returned: Key | None = None
    in_x: Key | None = None

    def __post_init__(self) -> None:
        self.items = self.blocks.flat(self.items, self.frame)
        self.flow = self.blocks.flow
        self.last = {key: place for place, item in enumerate(self.items) for key in self.flow.reads(item)}
        self.last |= dict.fromkeys(self.wanted, len(self.items))
        self.layers: dict[str, str] = {}
        # The variables that each loop passes on, and those of the lists of what it keeps.
        self.passing: dict[int, list[str]] = {}
        self.lists: dict[int, list[str]] = {}
        # What a loop that passes several values on begins with, and by what it ends with, the variables for both.
        self.begun: dict[Key, tuple[Repeat, Key]] = {}
        self.begun_in: dict[Key, str] = {}
        self.kept: dict[str, int] = {}
        # As far as what is in `x` is needed.
        self.held = self.last.get(self.in_x, -1) if self.in_x is not None else -1

    def lines(self) -> list[str]:
        """The statements, as they fit at the frame's depth, not indented themselves."""
        for place, item in enumerate(self.items):
            self._find_begun(place, item)
        for place, item in enumerate(self.items):
            self._name(place, item)
        return [line for place, item in enumerate(self.items) for line in self._lines(place, item)]

    # Variables.

    def _name(self, place: int, item: Item) -> None:
        keys = self._exports(item)
        if isinstance(item, Repeat):
            keys = self._name_lists(item, keys)
        for key in keys:
            self.names[key] = self._variable(place, item, key, alone=len(keys) == 1 and not self._carries_several(item))
        if isinstance(item, Repeat):
            loop = self.blocks.loop(item)
            self.passing[id(item)] = [
                self.names[passed[-1]] if passed[-1] in keys else self._spare(place, item, passed[-1])
                for passed in loop.passed
            ]

    def _find_begun(self, place: int, item: Item) -> None:
        """Finds what is needed by a loop that passes several values on, and not after it."""
        if not isinstance(item, Repeat) or not self._carries_several(item):
            return
        loop = self.blocks.loop(item)
        for slot, passed in zip(loop.carries, loop.passed, strict=True):
            first = loop.reads[0][slot]
            if self.last[first] == place and first not in self.names and first not in loop.fixed and first[1] is None:
                self.begun[first] = item, passed[-1]

    def _carries_several(self, item: Item) -> bool:
        return isinstance(item, Repeat) and len(self.blocks.loop(item).carries) > 1

    def _exports(self, item: Item) -> list[Key]:
        """What others read of an item: of a layer all that it gives, or nothing. Raises: Unfit."""
        keys = self.flow.exports(item)
        if not isinstance(item, Leaf) or not keys:
            return keys
        whole = (item.step.name, None)
        self.last[whole] = max(self.last.get(key, -1) for key in keys)
        if whole not in self.assigned and any(key in self.assigned for key in keys):
            raise Unfit
        return [whole]

    def _name_lists(self, repeat: Repeat, keys: list[Key]) -> list[Key]:
        """Names what the loop keeps of each turn, and returns what it passes on at last where that is needed."""
        lists = self.lists[id(repeat)] = []
        for kept in self.blocks.loop(repeat).kept:
            turn = self.blocks.flat(repeat.turns[0].items, self.frame.inner)
            made = next(item for item in turn if kept[0][0] in [leaf.step.name for leaf in item.leaves])
            stem = self.blocks.stem(made, kept[0][0])
            lists.append(untaken(f"{stem}s" if not stem.endswith("s") else f"{stem}_list", self.taken))
            self.kept[lists[-1]] = len(kept)
            self.blocks.lists.append((lists[-1], repeat))
            self.names |= {key: f"{lists[-1]}[{turn}]" for turn, key in enumerate(kept)}
        listed = {key for results in self.blocks.loop(repeat).kept for key in results}
        return [key for key in keys if key not in listed]

    def _spare(self, place: int, repeat: Repeat, key: Key) -> str:
        """A variable for what a loop passes on and nobody reads later."""
        if key in self.begun_in:
            return self.begun_in[key]
        if self._carries_several(repeat):
            return untaken(self.blocks.stem(repeat, key[0]), self.taken)
        if self.held > place:
            return untaken("state", self.taken)
        self.held = place
        return "x"

    def _variable(self, place: int, item: Item, key: Key, *, alone: bool) -> str:
        if key in self.assigned:
            self._require_over(place, item, self.assigned[key])
            self.held = self.last[key] if self.assigned[key] == "x" else self.held
            return self.assigned[key]
        if key in self.begun:
            repeat, last = self.begun[key]
            self.begun_in[last] = untaken(self.blocks.stem(repeat, last[0]), self.taken)
            return self.begun_in[last]
        if key in self.begun_in:
            return self.begun_in[key]
        if alone and self._may_be_x(place, item, key):
            self.held = place + 1
            return "x"
        unnamed_end = self.frame.is_top and place == len(self.items) - 1 and not self._has_own_name(item)
        if unnamed_end and not isinstance(item, Repeat):
            return untaken("outputs", self.taken)
        return untaken(self.blocks.variable(item, key[0], self.frame), self.taken)

    def _require_over(self, place: int, item: Item, variable: str) -> None:
        """Raises: Unfit where what a variable held before is still needed when the item is made."""
        needed = [key for key, name in self.names.items() if name == variable and self.last.get(key, -1) >= place]
        held = self.blocks.loop(item).fixed if isinstance(item, Repeat) else []
        if any(self.last[key] > place or key in held for key in needed):
            raise Unfit

    def _may_be_x(self, place: int, item: Item, key: Key) -> bool:
        """Whether only what follows at once needs it, `x` is free, and no name of its own says more."""
        if self.last[key] > place + 1 or self.held > place:
            return False
        if place + 1 == len(self.items):
            if self.frame.above is not None and self.returned is None and self._has_own_name(item):
                return False
            return not self.frame.is_top or isinstance(item, Repeat)
        after = self.items[place + 1]
        if isinstance(after, Repeat):
            return key not in self.blocks.loop(after).fixed
        alone = len(self.flow.reads(after)) == 1
        own = identifier(self.blocks.variable(item, key[0], self.frame))
        return own in self.taken or not self._has_own_name(item) or (alone and not self.frame.is_top)

    def _has_own_name(self, item: Item) -> bool:
        return isinstance(item, Leaf | Group) and self.blocks.is_named(item)

    # Statements.

    def _lines(self, place: int, item: Item) -> list[str]:
        if isinstance(item, Repeat):
            return self._loop(item)
        if isinstance(item, Group):
            code = self.blocks.use_code(item, [self.name(key) for key in self.flow.reads(item)], self.frame)
            return self._statement(place, item, code)
        return self._layer(place, item)

    def _statement(self, place: int, item: Item, code: Code) -> list[str]:
        if self.flow.sequential:
            return statement(code, depth=self.frame.depth)
        exports = self._exports(item)
        names = [self.names[key] if key in exports else "_" for key in self._results(item)]
        start = "return " if self._returns(place) else f"{', '.join(names)} = "
        return statement(code, start, depth=self.frame.depth)

    def _results(self, item: Item) -> list[Key]:
        """What the code for an item gives, read by others or not."""
        return self.blocks.results(item) if isinstance(item, Group) else self._exports(item)

    def _returns(self, place: int) -> bool:
        """Whether a statement gives just what the function returns."""
        item = self.items[place]
        alone = place == len(self.items) - 1 and not isinstance(item, Repeat)
        return alone and self.returned is not None and self._exports(item) == self._results(item) == [self.returned]

    def is_returned(self) -> bool:
        """Whether the last statement returns what the function returns."""
        return self._returns(len(self.items) - 1)

    def _layer(self, place: int, leaf: Leaf) -> list[str]:
        if leaf.step.name in self.blocks.naming.models and not self.frame.is_top:
            raise Unfit  # its code is made once, without the names of a function or a loop
        naming = self.naming(leaf)
        if self.flow.sequential:
            code = layer_code(leaf.step, naming)
            return self._statement(place, leaf, call("model.add", [code]))
        lines: list[str] = []
        if self.flow.is_shared(leaf):
            stem = self.blocks.variable(leaf, leaf.step.name, self.frame)
            variable = self.layers[leaf.step.name] = untaken(f"{stem}_layer", self.taken)
            lines = statement(layer_code(leaf.step, naming), f"{variable} = ", depth=self.frame.depth)
            naming = self.naming(leaf)
        return [*lines, *self._statement(place, leaf, applied(leaf.step, naming, self.code))]

    def naming(self, leaf: Leaf) -> Naming:
        """The names to write a layer with."""
        named = leaf.step.name in self.blocks.naming.named
        labels = {leaf.step.name: self.blocks.label(leaf, self.frame)} if named else {}
        return replace(self.blocks.naming, labels=labels, layers=self.layers)

    def name(self, key: Key) -> str:
        """The code for what a node gives. Raises: Unfit where there is none here."""
        if key in self.names:
            return self.names[key]
        if (key[0], None) not in self.names:
            raise Unfit
        return f"{self.names[key[0], None]}[{key[1]}]"

    def code(self, ports: Argument) -> Code:
        """The code for ports; a list of all that a loop has kept as the list itself."""
        if not isinstance(ports, tuple):
            return constant_code(ports.value) if isinstance(ports, Constant) else self.name(self.flow.key(ports))
        codes = [self.code(port) for port in ports]
        for name, count in self.kept.items():
            whole = [f"{name}[{turn}]" for turn in range(count)]
            start = codes.index(whole[0]) if whole[0] in codes else len(codes)
            if codes == whole:
                return name
            if codes[start : start + count] == whole:
                codes[start : start + count] = [f"*{name}"]
        return listing(codes)

    def _loop(self, repeat: Repeat) -> list[str]:
        loop = self.blocks.loop(repeat)
        lines = [f"{name} = []" for name in self.lists[id(repeat)]]
        passing = self.passing[id(repeat)]
        firsts = [self.name(loop.reads[0][place]) for place in loop.carries]
        if any(first in passing[:place] for place, first in enumerate(firsts)):
            raise Unfit  # it would be overwritten before it is read
        lines += [f"{name} = {first}" for name, first in zip(passing, firsts, strict=True) if first != name]
        inner = self.turn(repeat, 0, self._picked(loop), passing, self.lists[id(repeat)])
        variable = VARIABLES[self.frame.loops]
        variable = variable if variable in names_in(inner) else "_"
        lines += [f"for {variable} in range({self.blocks.times(repeat)}):", *indented(inner)]
        return lines if repeat.is_whole else [*lines, "# The last time, without the layers that nothing would read."]

    def _picked(self, loop: Loop) -> dict[Key, str]:
        """All names, those of what the first turn takes from lists as every turn has them."""
        names = dict(self.names)
        variable = VARIABLES[self.frame.loops]
        for place in loop.picked:
            stem, _, first = self.names[loop.reads[0][place]].partition("[")
            names[loop.reads[0][place]] = f"{stem}[{variable}]" if first == "0]" else f"{stem}[-1 - {variable}]"
        return names

    def turn(
        self, repeat: Repeat, turn: int, names: Mapping[Key, str], passing: Sequence[str], lists: Sequence[str]
    ) -> list[str]:
        """The statements of one turn of a loop."""
        return turn_lines(self.blocks, repeat, turn, dict(names), set(self.taken), self.frame, passing, lists)


def turn_lines(
    blocks: Blocks,
    repeat: Repeat,
    turn: int,
    names: dict[Key, str],
    taken: set[str],
    frame: Frame,
    passing: Sequence[str],
    lists: Sequence[str],
) -> list[str]:
    """The statements of one turn of a loop; `passing` are the variables that go from turn to turn."""
    loop = blocks.loop(repeat)
    read = [loop.reads[turn][place] for place in loop.carries]
    names |= dict(zip(read, passing, strict=True))
    assigned = {passed[turn]: name for passed, name in zip(loop.passed, passing, strict=True)}
    body = Body(
        blocks, repeat.turns[turn].items, frame.inner, names, taken, loop.wanted(turn), assigned,
        in_x=next((key for key, name in zip(read, passing, strict=True) if name == "x"), None),
    )  # fmt: skip
    lines = body.lines()
    appended = [f"{name}.append({body.name(kept[turn])})" for name, kept in zip(lists, loop.kept, strict=True)]
    return [*lines, *appended]
