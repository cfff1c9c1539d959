"""The keys of an entry of `layers` that are the language's own: `name`, `from` and `call`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mnistspec.catalogue import ClassFacts
from mnistspec.json_schema.forms import EXPRESSION, Form, closed, listing, union

# A constant among nodes: by its dtype or form, or as lists of numbers; null for no node.
_TYPED = Form("object", {"$ref": "#/$defs/typed"})
_NODE = union([Form("string"), Form("null"), listing(union([Form("array"), Form("number"), Form("boolean")])), _TYPED])
# Nodes in maps, or in lists inside a list, as the first argument of a nested model's call.
_STRUCTURE = union([Form("string"), Form("null"), Form("array", {"minItems": 1}), Form("object")])
_NODES = union([Form("string"), Form("null"), listing(_NODE, 1), _TYPED])

_BY_ARGUMENT = Form("object", {"patternProperties": {"^(0|inputs)$": _STRUCTURE}, "additionalProperties": _NODES})

OWN_KEYS: dict[str, dict[str, Any]] = {
    "name": {
        "description": "the node's name: Keras' own, and what `from` refers to",
        **union([Form("string"), Form("null")]),
        "pattern": rf"^[^/]+(/[^/]+)*$|{EXPRESSION['pattern']}",
    },
    "from": {
        "description": "what the layer is called on: a node, a list of nodes, or nodes by call argument, "
        "its name or its place; default: the node before it",
        "minProperties": 1,
        **union([Form("string"), listing(_NODE, 1), _BY_ARGUMENT]),
    },
    # Tensors, which have names, are said in `from`.
    "plain": {
        "items": {"$ref": "#/$defs/plain"},
        **union([Form("null"), Form("boolean"), Form("number"), Form("array"), Form("object")]),
    },
    # A layer inside another, or in an activation's place, is no node: nothing says what it is called on.
    "uncalled": {"additionalProperties": {"properties": {"from": False, "call": False}}},
}


def sharing() -> dict[str, Any]:
    """The map of `share`."""
    keys = {
        "layer": {"description": "the node whose layer is called again", **union([Form("string")])},
        "name": {"$ref": "#/$defs/name"},
        "from": {"$ref": "#/$defs/from"},
        "call": {"description": "other arguments of the call", "type": "object"},
        "identity": {
            "description": "whether the call, as an output, is known by its own name",
            **union([Form("boolean")]),
            "default": True,
        },
    }
    return {"description": "an existing layer, called again", **union([Form("object", closed(keys, ["layer"]))])}


def python_object(*, layer: bool = False) -> dict[str, Any]:
    """The map of `python`: an object outside Keras, which the command has to allow."""
    keys: dict[str, Any] = {
        "object": {
            "description": "a module's name, a colon, and the name in it",
            **union([Form("string")]),
            "pattern": rf"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$|{EXPRESSION['pattern']}",
        },
        "arguments": {"description": "what the object is called with", **union([Form("object")])},
        "path": {"description": "the folder where its module is looked for first", "default": ".", "type": "string"},
    }
    own = {key: {"$ref": f"#/$defs/{key}"} for key in ("name", "from")} | {
        "call": {"description": "other arguments of the call", "type": "object"}
    }
    described = {"description": "a Python object outside Keras; needs --allow-code"}
    return {**described, **union([Form("object", closed({**keys, **own} if layer else keys, ["object"]))])}


def with_own_keys(facts: ClassFacts, arguments: dict[str, Any]) -> dict[str, Any]:
    """The keys of an entry of `layers`: the arguments of its class, and what the language says about any layer."""
    return {**arguments, **own_references(() if facts.tensors else facts.call_arguments)}


def own_references(call_arguments: Iterable[str]) -> dict[str, Any]:
    """The own keys of an entry whose call has these arguments."""
    call = closed({name: {"$ref": "#/$defs/plain"} for name in call_arguments})
    return {
        "name": {"$ref": "#/$defs/name"},
        "from": {"$ref": "#/$defs/from"},
        "call": {"description": "other arguments of the call", "type": "object", **call},
    }
