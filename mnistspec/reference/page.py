"""`docs/reference.md`: every key of the language with its facts and examples, and what of Keras it reaches."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from mnistspec.catalogue import ClassFacts, Namespace, load
from mnistspec.catalogue.kinds import Either, Field, Null
from mnistspec.catalogue.words import describe_kind
from mnistspec.diagnostics import Diagnostic
from mnistspec.exporters.resolved import dump
from mnistspec.formats.untrusted import one_line
from mnistspec.reference import Section, sections
from mnistspec.reference.examples import example

_HEAD = """# Reference

Every key of the language: what it may be, its default, what it means, an example, and what the checker says of a
mistake with it. To learn the language in order, read [language.md](language.md); what is said of every mistake is in
[diagnostics.md](diagnostics.md).

A dotted name is a way into the spec: `fit.epochs` is the key `epochs` of the map `fit`. `NAME` stands for a name of
your own, `LAYER` for a class of [keras.layers](#layers) or a function of [keras.ops](#ops). A value may be an
[expression](language.md#variables), as in `${width}`. Relative paths start at the spec's folder.

This page is made from the tables that the checker reads, by `python -m mnistspec.reference`. What is shown as a mistake
was tried, and what is said of it is what the checker said.
"""

_KERAS = """## Keras' classes

An object of Keras stands under its own name, with the arguments of its constructor: `Adam: {learning_rate: 1e-3}`;
without arguments its name alone will do. What the arguments mean is on Keras' pages, linked below; `mnistspec resolve`
prints those that apply with their defaults, and the [JSON Schema](../README.md#in-an-editor) shows them in an editor.
This is what Keras %s has and a spec reaches.
"""

# Where in a spec the objects of a namespace stand.
_PLACES = {
    "layers": "an entry of `layers`; also the layer inside a wrapper",
    "optimizers": "`compile.optimizer`",
    "schedules": "the `learning_rate` of an optimizer",
    "losses": "`compile.loss`",
    "metrics": "`compile.metrics`, `compile.weighted_metrics`",
    "callbacks": "`fit.callbacks`",
    "initializers": "arguments of layers such as `kernel_initializer`",
    "regularizers": "arguments of layers such as `kernel_regularizer`",
    "constraints": "arguments of layers such as `kernel_constraint`",
    "activations": "the `activation` of a layer",
    "ops": "an entry of `layers`, as in `ops.add: {from: [a, b]}`",
    "applications": "an entry of `layers`",
    "cells": "the `cell` of `RNN`",
}


def docs_file() -> Path:
    """The page in a checkout."""
    return Path(__file__).resolve().parents[2] / "docs" / "reference.md"


def page() -> str:
    """The whole page: an index, a section a map, a section a namespace of Keras."""
    found = sections()
    parts = [_HEAD, _index(found), *map(_section, found), _KERAS % load().keras_version]
    return "\n".join([*parts, *(_namespace(namespace) for namespace in load().namespaces.values())])


def anchor(heading: str) -> str:
    """The name under which GitHub links to a heading."""
    return "".join(letter for letter in heading.lower() if letter.isalnum() or letter in " -_").replace(" ", "-")


def _title(section: Section) -> str:
    return f"In `{section.name}`" if section.name else "In the spec itself"


def _index(found: tuple[Section, ...]) -> str:
    rows = [f"- {_link(_title(section))}{_keys(section)}" for section in found]
    named = ", ".join(_link(name) for name in load().namespaces)
    return "\n".join([*rows, f"- Of Keras: {named}", ""])


def _link(heading: str, shown: str | None = None) -> str:
    return f"[{shown or heading}](#{anchor(heading)})"


def _keys(section: Section) -> str:
    keys = ", ".join(_link(section.key(name), f"`{name}`") for name in section.record.fields)
    return f": {keys}" if keys else ""


def _section(section: Section) -> str:
    record = section.record
    parts = [f"## {_title(section)}\n"]
    if section.name.rpartition(".")[2] != record.title:
        parts.append(f"{_sentence(record.title)}\n")
    if record.positional is not None:
        parts.append(f"A bare value stands for its `{record.positional}`.\n")
    if not record.fields:
        parts.append("It has no keys: its name alone is written.\n")
    return "\n".join([*parts, *(_key(section, name) for name in record.fields)])


def _key(section: Section, name: str) -> str:
    field = section.record.fields[name]
    tried = example(section, name)
    parts = [
        f"### `{section.key(name)}`\n",
        f"{_sentence(field.doc)}\n",
        f"*{_sentence(describe_kind(field.kind))} {_default(field)}*\n",
        f"```yaml\n{_written(tried.shown)}```\n",
        "Left out:\n" if tried.mistake is None else f"With `{_in_line(tried.mistake)}`:\n",
        f"```text\n{_said(tried.said)}\n```\n",
    ]
    return "\n".join(parts)


def _written(shown: Mapping[str, Any]) -> str:
    """An example as a person writes it: its expressions are expressions, in quotes."""
    return re.sub(r"(?m)(?<= )\$\$(\{.*\})$", r'"$\1"', dump(shown)).replace("$${", "${")


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _default(field: Field) -> str:
    """What leaving the key out means; of what may be null, null is the default."""
    if field.required:
        return "Required."
    if field.default is not None:
        return f"Default: `{_in_line(field.default)}`."
    options = field.kind.options if isinstance(field.kind, Either) else (field.kind,)
    return "Default: `null`." if any(isinstance(option, Null) for option in options) else "May be left out."


def _in_line(value: Any) -> str:
    """A value as YAML in one line; a map that is given stands without its own brackets."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_flow(inner)}" for name, inner in value.items()) or "{}"
    return _flow(value)


def _flow(value: Any) -> str:
    value = list(value) if isinstance(value, tuple) else value
    written = yaml.dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=math.inf)
    assert isinstance(written, str)
    return written.removesuffix("...\n").strip()


def _said(found: Sequence[Diagnostic]) -> str:
    """What is said first, as `validate` says it, but for the place."""
    said = found[0]
    lines = [f"{said.severity.value}[{said.code}]: {one_line(said.message)}"]
    return "\n".join([*lines, f"help: {one_line(said.help)}"] if said.help else lines)


def _namespace(namespace: Namespace) -> str:
    """The classes of a namespace, the words that mean some of them, and what a spec may not use, with why."""
    every = {facts.name: facts for facts in namespace.classes.values()}.values()
    reached = [facts for facts in every if not facts.refused]
    parts = [
        f"## {namespace.name}\n",
        f"{len(reached)} of {len(every)}, {_PLACES.get(namespace.name, 'where an argument takes one')}: "
        f"<{reached[0].url}>\n",
        f"{', '.join(f'`{facts.name}`' for facts in reached)}.\n",
    ]
    if namespace.identifiers:
        words = ", ".join(f"`{word}`" for word in namespace.identifiers)
        parts.append(f"As words: {words}.\n")
    return "\n".join([*parts, *_refused(every)])


def _refused(every: Iterable[ClassFacts]) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for facts in every:
        if facts.refused:
            reasons.setdefault(facts.refused, []).append(f"`{facts.name}`")
    if reasons:
        rows = [f"- {', '.join(names)}: {reason}" for reason, names in reasons.items()]
        yield "\n".join(["Refused:\n", *rows, ""])
