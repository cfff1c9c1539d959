"""Stretches of a text that stand for more than one place: what an alias repeats."""

from __future__ import annotations

from typing import Any

import yaml

from mnistspec.parse.reading import LOADER


def repeated(text: str) -> tuple[tuple[int, int], ...]:
    """Where the values stand (start and end, characters) that aliases name, as far as the text can be read."""
    anchors: dict[str, tuple[int, int]] = {}
    found: list[tuple[int, int]] = []
    underway: list[Any] = []
    try:
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.AliasEvent):
                found += [anchors[event.anchor]] if event.anchor in anchors else []
            elif isinstance(event, yaml.CollectionStartEvent):
                underway.append(event)
            elif isinstance(event, yaml.CollectionEndEvent | yaml.ScalarEvent):
                start: Any = underway.pop() if isinstance(event, yaml.CollectionEndEvent) else event
                if start.anchor is not None:
                    anchors[start.anchor] = (start.start_mark.index, _end_of(event))
    except yaml.YAMLError:
        pass
    return tuple(found)


def _end_of(event: Any) -> int:
    end: int = event.end_mark.index
    return end
