"""A model that is called sequential and written as a functional one: one mistake, and one finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mnistspec.diagnostics import Diagnostic, Related

# So many places that only a functional model can have are no slips, but another kind of model.
_MANY = 4
# So many of the others are shown.
_SHOWN = 3
_WAY_OUT = "`kind: functional`"


def told_once(found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings, those that `kind: functional` ends brought together at the first of them where they are many."""
    places = [one for one in found if one.code == "E404" and (one.help or "").endswith(_WAY_OUT)]
    if len(places) < _MANY:
        return tuple(found)
    first, *others = places
    help = f"write {_WAY_OUT}, which {len(others)} other places need too"
    related = tuple(Related("and here", one.span) for one in others[:_SHOWN] if one.span is not None)
    told = replace(first, help=help, related=(*first.related, *related))
    ended = set(map(id, others))
    return tuple(told if one is first else one for one in found if id(one) not in ended)
