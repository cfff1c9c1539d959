"""Calls as Python writes them, `Dense(10, activation='relu')`, as the map that a spec has for them."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from mnistspec.catalogue import Catalogue, ClassFacts
from mnistspec.suggest import suggestion

# A longer text (characters) is not read as a call.
_LONGEST = 10_000
_SPECIAL = frozenset([*":{}[],&*#?|-<>=!%@`'\"", " "])


def as_entry(text: str, catalogue: Catalogue, namespace: str) -> str | None:
    """The call as a name, or as a map of one key without its braces; None where it is no call of the namespace's."""
    if len(text) > _LONGEST:
        return None
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not isinstance(tree, ast.Call):
        return None
    facts = _meant_class(_name(tree.func), catalogue, namespace)
    return _entry(tree, facts, catalogue) if facts is not None and not facts.refused else None


def _meant_class(name: str, catalogue: Catalogue, namespace: str) -> ClassFacts | None:
    """The class that is called, by its name or the word for it, or certainly one of these misspelt."""
    names = catalogue[namespace]
    found = names.find(name)
    near = suggestion(name, names.classes, namespace) if found is None and name else None
    return names.classes[near.names[0]] if near is not None and near.certain else found


def _name(node: ast.expr) -> str:
    """The last part of a dotted name; empty where the node is none."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _entry(tree: ast.Call, facts: ClassFacts, catalogue: Catalogue) -> str | None:
    """`Dense: {units: 10}`, or `Flatten` where nothing is given."""
    given = dict(zip(facts.arguments, tree.args, strict=False))
    if len(given) < len(tree.args):
        return None
    named = {_argument(keyword.arg or "", facts, given): keyword.value for keyword in tree.keywords}
    values = {name: _value(value, catalogue) for name, value in {**given, **named}.items()}
    if "" in values or None in values.values():
        return None  # `**more`, or what is no plain data
    written = ", ".join(f"{name}: {value}" for name, value in values.items())
    return f"{facts.name}: {{{written}}}" if written else facts.name


def _argument(name: str, facts: ClassFacts, given: Mapping[str, object]) -> str:
    """The argument's name, where it is certain which is meant: `lr` for `learning_rate`."""
    if not name or name in facts.arguments:
        return name
    near = suggestion(name, [each for each in facts.arguments if each not in given], f"arguments of {facts.namespace}")
    return near.names[0] if near is not None and near.certain else name


def _value(node: ast.expr, catalogue: Catalogue) -> str | None:
    match node:
        case ast.Constant(value=str() as text):
            return f'"{text}"' if _SPECIAL & set(text) or not text else text
        case ast.Constant(value=bool() | None):
            return {True: "true", False: "false", None: "null"}[node.value]  # type: ignore[index]
        case (
            ast.Constant(value=int() | float())
            | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float()))
        ):
            return ast.unparse(node)
        case ast.List() | ast.Tuple():
            items = [_value(item, catalogue) for item in node.elts]
            return None if None in items else f"[{', '.join(item or '' for item in items)}]"
        case ast.Call():
            return _object(node, catalogue)
        case _:
            return _name(node) or None


def _object(node: ast.Call, catalogue: Catalogue) -> str | None:
    """An object inside another, of whatever namespace has its name."""
    name = _name(node.func)
    found = [names.classes[name] for names in catalogue.namespaces.values() if name in names.classes]
    entry = _entry(node, found[0], catalogue) if found else None
    return f"{{{entry}}}" if entry is not None and ":" in entry else entry
