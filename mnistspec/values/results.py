"""What reading gives: settings with their places, and the one value that says "not known, and already reported"."""

from __future__ import annotations

from typing import Any, Final

from mnistspec.source import Span


class Unknown:
    """Stands for a value that a reported mistake hides; whatever depends on it stays quiet."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


class Tag:
    """A `Tagged` value as read: which option, its settings with defaults, and where they stand."""

    def __init__(self, name: str, settings: Settings, span: Span) -> None:
        self.name, self.settings, self.span = name, settings, span


class Settings:
    """A `Record` as read: values with the record's defaults, and the spans of those that were written.

    `clear` says that reading it met nothing wrong or hidden, so that nobody need look for that in its values.
    """

    def __init__(
        self,
        values: dict[str, Any],
        spans: dict[str, Span],
        key_spans: dict[str, Span],
        span: Span,
        *,
        clear: bool = False,
    ) -> None:
        self.values, self.spans, self.key_spans, self.span, self.clear = values, spans, key_spans, span, clear

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def __contains__(self, name: str) -> bool:
        return name in self.spans

    def known(self, name: str, default: Any = None) -> Any:
        """The value, or `default` where a mistake hides it."""
        value = self.values[name]
        return default if isinstance(value, Unknown) else value


def is_whole(value: Any) -> bool:
    """Whether no reported mistake hides the value or a part of it."""
    if isinstance(value, Settings):
        return value.clear or all(map(is_whole, value.values.values()))
    if isinstance(value, Tag):
        return is_whole(value.settings)
    if isinstance(value, dict):
        return all(map(is_whole, value.values()))
    if isinstance(value, tuple):
        return all(map(is_whole, value))
    return not isinstance(value, Unknown)
