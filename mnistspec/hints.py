"""What a finding about an unknown name says to do, and the same as a change of the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mnistspec.diagnostics import Fix
from mnistspec.edits import renamed, spaced, without
from mnistspec.frozen import dataclass
from mnistspec.meanings import remark
from mnistspec.nodes import Entry, MappingNode
from mnistspec.source import Span
from mnistspec.suggest import suggestion, without_modules

# How many names a message lists before it says how many more there are, and in how many characters.
LISTED = 20
_ROOM = 400


@dataclass(frozen=True)
class Hint:
    """The help line, the change of the text, and the names that were probably meant."""

    help: str
    fix: Fix | None = None
    names: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether the word is known to stand for one name, which the fix puts in its place."""
        fix = self.fix
        return len(self.names) == 1 and fix is not None and fix.certain and fix.span.end > fix.span.start

    def in_doubt(self) -> Hint:
        """The same, its fix for a person to choose."""
        return replace(self, fix=replace(self.fix, certain=False)) if self.fix is not None else self


def hint(word: str, known: Iterable[str], span: Span, context: str = "") -> Hint | None:
    """What was probably meant by a word at `span`; None where nothing is near."""
    names = tuple(known)
    head, colon, rest = word.partition(":")
    if colon and rest.strip() and head in names:
        return Hint(f"put a space after the colon: `{head}: {rest.strip()}`", spaced(span, head), (head,))
    head, equals, rest = word.partition("=")
    if equals and rest.strip() and head.strip() in names:
        meant = f"{head.strip()}: {rest.strip()}"
        return Hint(f"write `{meant}`", _instead(span, word, meant), (head.strip(),))
    found = suggestion(word, names, context)
    if found is not None:
        fix = renamed(span, word, found.names[0], certain=found.certain)
        return Hint(found.help, fix, found.names)
    told = remark(without_modules(word), context)
    if told is None:
        return None
    names = (told.under,) if told.under is not None else ()
    return Hint(told.text, _instead(span, word, told.instead) if told.instead else None, names)


def hint_of_key(entry: Entry, among: MappingNode, known: Iterable[str], context: str) -> Hint | None:
    """As `hint`, of a key in a map: one that has no counterpart is taken out."""
    found = hint(entry.name, known, entry.key.span, context)
    told = remark(entry.name, context)
    if found is None or found.names or told is None or not told.remove:
        return found
    return Hint(found.help, without(among, entry, certain=True))


def listed(names: Iterable[str], between: str = ", ") -> str:
    """Names as messages list them, not too many."""
    known = [f"`{name}`" for name in names]
    shown = known[:LISTED]
    while len(shown) > 1 and len(between.join(shown)) > _ROOM:
        shown.pop()
    more = len(known) - len(shown)
    return between.join(shown) + (f" and {more} more" if more else "")


def still_open(entry: Entry, among: MappingNode, known: Iterable[str]) -> list[str]:
    """The names that a key can have been meant for: those not given yet, and for `--set`, which changes some, all."""
    beside = entry.key.span.source is among.span.source
    return [name for name in known if not (beside and name in among)]


def _instead(span: Span, word: str, text: str) -> Fix | None:
    return Fix(span, text, certain=True) if span.text == word else None
