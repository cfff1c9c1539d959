"""Objects of Python outside Keras, read only where code is allowed: `python: {object: "package.module:name"}`.

Nothing is imported here: of the object only its form is looked at.
"""

from __future__ import annotations

import keyword
import sys
from collections.abc import Sequence
from typing import Any

from mnistspec.calls import Call, PythonObject
from mnistspec.catalogue import ClassFacts
from mnistspec.catalogue.kinds import AnyData, Text
from mnistspec.hints import Hint, hint_of_key, listed, still_open
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, describe
from mnistspec.source import Span
from mnistspec.values.reading import PYTHON, PYTHON_FORM, Reading
from mnistspec.values.results import UNKNOWN, Unknown

_KEYS = ("object", "arguments", "path")
_FORM = f"write `{PYTHON_FORM}`"


def read_python(reading: Reading, entry: Entry, namespace: str, skip: Sequence[str] = ()) -> Call | Unknown:
    """The object, to stand where one of the namespace may; `skip` names keys that are read elsewhere."""
    body = entry.value
    if reading.hidden(body):
        return UNKNOWN
    if not isinstance(body, MappingNode):
        return reading.report("E203", f"`{PYTHON}` is a map, not {describe(body)}", entry.key.span, _FORM)
    known = _only_known(reading, body, skip)
    place = _place(reading, entry, body.get("object"))
    path = _path(reading, body.get("path"))
    given = _arguments(reading, body.get("arguments"), named="name" in skip)
    if not known or isinstance(place, Unknown) or isinstance(path, Unknown) or isinstance(given, Unknown):
        return UNKNOWN
    code = PythonObject(*place, path=path, called="arguments" in body)
    values = {name: value for name, (value, _) in given.items()}
    return Call(_facts(code, namespace, values), values, entry.key.span, _spans(given), code=code)


def _facts(code: PythonObject, namespace: str, values: dict[str, Any]) -> ClassFacts:
    """What is known of the object: its name, as no class of Keras has it, and the arguments that were written."""
    stated = [{"name": name, "kind": "any", "default": None} for name in values]
    return ClassFacts(name=str(code), namespace=namespace, path=str(code), stated=stated)


def _spans(given: dict[str, tuple[Any, Span]]) -> dict[str, Span]:
    return {name: span for name, (_, span) in given.items()}


def _only_known(reading: Reading, body: MappingNode, skip: Sequence[str]) -> bool:
    keys = (*_KEYS, *skip)
    unknown = [entry for entry in body.entries if entry.name not in keys]
    for entry in unknown:
        near = hint_of_key(entry, body, still_open(entry, body, keys), PYTHON)
        near = near or Hint(f"it has {listed(dict.fromkeys(keys))}; what the object takes stands under `arguments`")
        reading.report("E206", f"`{PYTHON}` has no argument `{entry.name}`", entry.key.span, near.help, fix=near.fix)
    return not unknown


def _place(reading: Reading, entry: Entry, node: Node | None) -> tuple[str, str] | Unknown:
    """The module and the name in it."""
    if node is None:
        return reading.report("E207", f"`{PYTHON}` needs `object`", entry.key.span, _FORM)
    if reading.hidden(node):
        return UNKNOWN
    text = node.value if isinstance(node, ScalarNode) else None
    if not isinstance(text, str):
        return reading.report("E203", f"`object` is a string, not {describe(node)}", node.span, _FORM)
    module, colon, name = text.partition(":")
    if not colon or not all(map(_is_name, (*module.split("."), name))):
        message = "an object is a module's name, a colon, and a name in that module"
        return reading.report("E204", message, node.span, _FORM)
    return _of_ones_own(reading, module, node.span) or (module, name)


def _is_name(part: str) -> bool:
    """Whether it is a name as people give them: none of Python's own between double underscores."""
    return part.isascii() and part.isidentifier() and not keyword.iskeyword(part) and not part.startswith("__")


def _of_ones_own(reading: Reading, module: str, span: Span) -> Unknown | None:
    """Reports a module that is no place for layers and losses: one of Python itself, or of Keras."""
    first = module.partition(".")[0]
    if first in sys.stdlib_module_names:
        message = f"`{first}` comes with Python, and nothing in it is made for a model"
        return reading.report("E210", message, span, "name an object in a module of your own")
    if first == "keras":
        message = "an object of Keras is written by its name alone"
        return reading.report("E210", message, span, "write `Dense: {units: 10}`, and what it takes under it")
    return None


def _path(reading: Reading, node: Node | None) -> str | Unknown:
    value = "." if node is None else reading.read(node, Text())
    return value if isinstance(value, str | Unknown) else UNKNOWN


def _arguments(reading: Reading, node: Node | None, *, named: bool) -> dict[str, tuple[Any, Span]] | Unknown:
    """The arguments and where they stand; `named` says that the object's name is given beside them."""
    if node is None:
        return {}
    if reading.hidden(node):
        return UNKNOWN
    if not isinstance(node, MappingNode):
        message = f"`arguments` is a map, not {describe(node)}"
        return reading.report("E203", message, node.span, "write `arguments: {units: 8}`")
    wrong = [_wrong_argument(reading, entry, named) for entry in node.entries]
    values = {entry.name: (_value(reading, entry.value), entry.value.span) for entry in node.entries}
    return UNKNOWN if any(wrong) or any(value is UNKNOWN for value, _ in values.values()) else values


def _wrong_argument(reading: Reading, entry: Entry, named: bool) -> bool:
    if named and entry.name == "name":
        reading.report("E204", "the name of a layer stands beside `object`", entry.key.span, "move `name` out")
        return True
    if _is_name(entry.name):
        return False
    reading.report("E204", f"`{entry.name}` is no name of an argument", entry.key.span, "use letters, digits and `_`")
    return True


def _value(reading: Reading, node: Node) -> Any:
    """Plain data, in which another object of Python may stand."""
    if isinstance(node, MappingNode) and [entry.name for entry in node.entries] == [PYTHON]:
        return read_python(reading, node.entries[0], "objects")
    if not isinstance(node, SequenceNode):
        return reading.read(node, AnyData())
    items = tuple(_value(reading, item) for item in node.items)
    return UNKNOWN if any(item is UNKNOWN for item in items) else items
