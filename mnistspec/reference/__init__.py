"""The language to look things up in, made from its tables: every map of a spec is a section, every key is in one."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.catalogue.kinds import Either, Field, Kind, LayerEntry, Listing, Record, Table, Tagged, parse_kind
from mnistspec.frozen import dataclass
from mnistspec.json_schema.own_keys import OWN_KEYS
from mnistspec.language import REPEAT, SHARE, SPEC, USE

_NODES = "str | list(str,1,100000)"
_CALL = Field(parse_kind("map(any)"), "other arguments of the call, as `training`")
_NAME = Field(parse_kind("str | null"), OWN_KEYS["name"]["description"])
_FROM = Field(parse_kind(f"{_NODES} | map({_NODES})"), OWN_KEYS["from"]["description"])

# The maps that stand in `layers`, by what follows their place in a section's name.
_ENTRIES = {
    "LAYER": Record("any layer", {"name": _NAME, "from": _FROM, "call": _CALL}),
    "use": USE,
    "repeat": REPEAT,
    SHARE: Record(
        "an existing layer, called again",
        {
            "layer": Field(parse_kind("str"), "the node whose layer is called again", required=True),
            "name": _NAME,
            "from": _FROM,
            "call": _CALL,
        },
    ),
}


@dataclass(frozen=True)
class Section:
    """One map of the language: `name` is where it stands (`data.source.csv`), empty for the spec itself."""

    name: str
    record: Record

    def key(self, name: str) -> str:
        """Where one of the map's keys stands: `data.source.csv.label`."""
        return f"{self.name}.{name}" if self.name else name


def sections() -> tuple[Section, ...]:
    """Every map of the language with keys of its own, each once, where it first may stand."""
    found: dict[int, Section] = {}
    for section in _within("", SPEC):
        found.setdefault(id(section.record), section)
    return tuple(found.values())


def _within(name: str, kind: Kind) -> Iterator[Section]:
    """The maps that a value of this kind is or holds."""
    match kind:
        case Record():
            section = Section(name, kind)
            yield section
            for key, field in kind.fields.items():
                yield from _within(section.key(key), field.kind)
        case Tagged():
            for option, record in kind.options.items():
                yield from _within(f"{name}.{option}", record)
        case Either():
            for part in kind.options:
                yield from _within(name, part)
        case Listing():
            yield from _within(name, kind.item)
        case Table():
            yield from _within(f"{name}.NAME", kind.value)
        case LayerEntry():
            for entry, record in _ENTRIES.items():
                yield Section(f"model.layers.{entry}", record)
