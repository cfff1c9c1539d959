"""How the schema's text is laid out: a value stands on one line where it fits, so that differences are by the line."""

from __future__ import annotations

import json
from typing import Any

_WIDTH = 120


def render(value: Any, indent: int = 0, before: int = 0) -> str:
    """JSON indented by one space a level; `before` counts the characters that precede the value on its line."""
    line = json.dumps(value, ensure_ascii=False)
    if not value or not isinstance(value, dict | list) or indent + before + len(line) < _WIDTH:
        return line
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    margin = "\n" + " " * (indent + 1)
    return opening + margin + f",{margin}".join(_items(value, indent + 1)) + "\n" + " " * indent + closing


def _items(value: dict[str, Any] | list[Any], indent: int) -> list[str]:
    if isinstance(value, list):
        return [render(item, indent) for item in value]
    keys = {key: f"{json.dumps(key)}: " for key in value}
    return [keys[key] + render(item, indent, len(keys[key])) for key, item in value.items()]
