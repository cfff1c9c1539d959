"""What of the script does not follow when somebody changes a constant: there the value stands, and no constant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeGuard

from mnistspec.exporters.python_source.blocks import Blocks
from mnistspec.exporters.python_source.outline import Group, Item, Leaf, Repeat, repeats_in
from mnistspec.nodes import Node
from mnistspec.resolve.scopes import Scope


def fixed_variables(blocks: Blocks, scopes: Iterable[Scope], lines: Sequence[str]) -> set[str]:
    """The variables of the spec that decide how often something repeats which the `lines` do not repeat as often.

    `scopes` are those of the used blocks and turns that are in the plan.
    """
    every = {id(scope.times): scope.times for scope in scopes if scope.times is not None}
    loops = [repeat for repeat in repeats_in(blocks.outline) if blocks.is_followed(repeat)]
    text = "\n".join(lines)
    loose = [*_picked(blocks, text), *(_times(repeat) for repeat in loops if _runs_into(blocks, repeat))]
    followed = {id(_times(repeat)) for repeat in loops} - set(map(id, loose))
    unfollowed = [*loose, *(times for times in every.values() if id(times) not in followed)]
    return {name for times in unfollowed for name in blocks.naming.symbols.made_of(times)}


def _times(repeat: Repeat) -> Node:
    times = repeat.turns[0].scope.times
    assert times is not None
    return times


def _picked(blocks: Blocks, text: str) -> Iterator[Node]:
    """How often those loops repeat out of the lists of which single results are taken."""
    for name, repeat in blocks.lists:
        if re.search(rf"\b{name}\[[0-9]", text):
            yield _times(repeat)


def _runs_into(blocks: Blocks, repeat: Repeat) -> bool:
    """Whether with more turns the names in a loop would come to one that stands elsewhere."""
    names = [item.path[-1].text for item in _named_elsewhere(blocks, repeat)]
    for place, item in enumerate(repeat.turns[0].items):
        part = blocks.parts.get(id(item.path[-1])) if _is_named(item, blocks) else None
        if part is not None:
            pattern = re.compile(rf"{re.escape(part.head)}_?([0-9]+){re.escape(part.tail)}")
            last = max(_number(pattern, turn.items[place]) for turn in repeat.turns)
            if any((found := pattern.fullmatch(name)) is not None and int(found[1]) > last for name in names):
                return True
    return False


def _named_elsewhere(blocks: Blocks, repeat: Repeat) -> Iterator[Leaf | Group]:
    """The layers and used blocks of the model, and of its other repeats, that have names of their own."""
    for item in blocks.outline:
        for inner in [item] if not isinstance(item, Repeat) else _in_turns(item) if item is not repeat else []:
            if _is_named(inner, blocks) and blocks.said_name(inner) is None:
                yield inner


def _in_turns(repeat: Repeat) -> list[Item]:
    return [item for turn in repeat.turns for item in turn.items]


def _is_named(item: Item, blocks: Blocks) -> TypeGuard[Leaf | Group]:
    """Whether the script gives it a name, made of parts."""
    named = any(leaf.step.name in blocks.naming.named for leaf in item.leaves)
    return named and not isinstance(item, Repeat) and bool(item.path)


def _number(pattern: re.Pattern[str], item: Item) -> int:
    """The number in the name of a layer, or of a used block, in one turn."""
    path = item.path if not isinstance(item, Repeat) else ()
    found = pattern.fullmatch(path[-1].text) if path else None
    return int(found[1]) if found is not None else 0
