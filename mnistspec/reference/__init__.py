"""The language to look things up in, made from its tables: every map of a spec is a section, every key is in one."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.catalogue.kinds import Either, Field, Kind, LayerEntry, Listing, Record, Table, Tagged, parse_kind
from mnistspec.frozen import dataclass
from mnistspec.json_schema.own_keys import OWN_KEYS
from mnistspec.language import NESTED, REPEAT, SHARE, SPEC, USE
from mnistspec.values.reading import PYTHON

_NODES = "str | list(str,1,100000)"
_CALL = Field(parse_kind("map(any)"), "other arguments of the call, as `training`")
_NAME = Field(parse_kind("str | null"), OWN_KEYS["name"]["description"])
_FROM = Field(parse_kind(f"{_NODES} | map({_NODES})"), OWN_KEYS["from"]["description"])

_OWN = {"name": _NAME, "from": _FROM, "call": _CALL}


def _nested(name: str, title: str) -> Record:
    return Record(title, {**NESTED[name].fields, **_OWN})


# The maps that stand in `layers`, by what follows their place in a section's name.
_ENTRIES = {
    "LAYER": Record("any layer", _OWN),
    "use": USE,
    "repeat": REPEAT,
    SHARE: Record(
        "an existing layer, called again",
        {
            "layer": Field(parse_kind("str"), "the node whose layer is called again", required=True),
            **_OWN,
            "identity": Field(
                parse_kind("bool"),
                "whether the call, as an output of the model, has a name of its own in Keras",
                default=True,
            ),
        },
    ),
    "Sequential": _nested("Sequential", "a chain of layers as one layer of another model"),
    "Functional": _nested("Functional", "a graph of layers as one layer of another model"),
    PYTHON: Record(
        "code of your own where a class of Keras may stand, allowed by `--allow-code`",
        {
            "object": Field(parse_kind("str"), "the module, a colon, and the name in it", required=True),
            "arguments": Field(parse_kind("map(any)"), "what it is called with"),
            "path": Field(parse_kind("str"), "where the module is looked for first; default: the spec's folder"),
            "name": Field(_NAME.kind, "of a layer: the node's name"),
            "from": Field(_FROM.kind, "of a layer: what it is called on; default: the node before it"),
            "call": Field(_CALL.kind, "of a layer: other arguments of the call"),
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
