"""Names for blocks: what their uses' names have in common, or what they are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mnistspec.importers.folding.blocks import Instance, Window
from mnistspec.importers.folding.items import Block, Item
from mnistspec.importers.folding.terms import alike

_WORDS = re.compile(r"[A-Za-z]{2,}")
# Blocks of so few layers are called by all of them.
_FEW = 3


def block_name(instances: Sequence[Instance], taken: set[str], blocks: Sequence[Block]) -> str:
    """A name that no layer has, or could be given, and no other block."""
    known = {block.name: block for block in blocks}
    stem = _stem(instances)
    names = _candidates(stem, instances[0].window, known.get(stem))
    return next(name for name in names if name not in taken and name not in known)


def _candidates(stem: str, window: Window, other: Block | None) -> Iterator[str]:
    yield stem
    has = {item.kind for item in other.items} if other is not None else set()
    for item in window if other is not None else ():
        if item.is_layer and item.kind not in has:
            yield f"{stem}_{item.stem}"
    yield f"{stem}_block"
    count = 2
    while True:
        yield f"{stem}_{count}"
        count += 1


def _stem(instances: Sequence[Instance]) -> str:
    window = instances[0].window
    stem = _shared_words(instances) or _made_of(window, named=not any(instance.prefix for instance in instances))
    layers = [item for item in window if item.is_layer]
    if not layers:
        return f"{stem}_stage"
    return f"{stem}_{layers[-1].stem}" if len(layers) < len(window) <= _FEW else stem


def _shared_words(instances: Sequence[Instance]) -> str:
    """The words that the prefixes of all uses have, where these differ."""
    prefixes = [instance.prefix for instance in instances]
    if not all(prefixes) or alike(prefixes):
        return ""
    shared = (word for word in _WORDS.findall(prefixes[0]) if all(word in prefix for prefix in prefixes))
    return "_".join(dict.fromkeys(word.lower() for word in shared))


def _made_of(window: Sequence[Item], *, named: bool) -> str:
    """The classes of a few layers, or what the last node is called where it is `named` for itself, or its class."""
    kinds = [item.stem for item in window if item.is_layer]
    if 0 < len(kinds) <= _FEW and len(kinds) == len(window):
        return "_".join(kinds)
    if kinds and not named:
        return f"{kinds[-1]}_block"
    last = _WORDS.match(window[-1].nodes[-1])
    role = last.group().lower() if last else "node"
    return f"{role}_block" if role in kinds else role
