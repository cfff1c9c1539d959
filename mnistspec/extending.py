"""The form of a spec that extends another: any key of its sections may be left out, or be null to be removed."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from mnistspec.catalogue.kinds import Either, Field, Kind, Null, Record
from mnistspec.language import SPEC
from mnistspec.nodes import MappingNode
from mnistspec.suggest import suggest

# Of more keys that a spec does not have the first are looked at.
_STRANGE = 100


def extends_another(root: MappingNode) -> bool:
    """Whether a spec extends another, or plainly means to."""
    if "extends" in root:
        return True
    strange = islice((name for name in root.names() if name not in SPEC.fields), _STRANGE)
    return any(suggest(name, SPEC.fields) == "extends" for name in strange)


def _partly(kind: Kind) -> Kind:
    match kind:
        case Record(_, fields):
            loose = {name: _or_null(replace(field, kind=_partly(field.kind))) for name, field in fields.items()}
            return replace(kind, fields=loose)
        case Either(options):
            return Either(tuple(_partly(option) for option in options))
        case _:
            return kind


def _or_null(field: Field) -> Field:
    options = field.kind.options if isinstance(field.kind, Either) else (field.kind,)
    kind = field.kind if _takes_null(field.kind) else Either((*options, Null()))
    return replace(field, kind=kind, required=False)


def _takes_null(kind: Kind) -> bool:
    return any(map(_takes_null, kind.options)) if isinstance(kind, Either) else isinstance(kind, Null)


def _extending() -> Record:
    kept = ("mnistspec", "extends")
    loose = _partly(SPEC)
    assert isinstance(loose, Record)
    return Record(SPEC.title, {**loose.fields, **{name: SPEC.fields[name] for name in kept}})


EXTENDING = _extending()
