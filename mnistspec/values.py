"""Reads a node as a kind: a typed value, or diagnostics that say at which place what was expected.

Both the validating of the text as written and the binding of resolved nodes go through here, so that they agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from mnistspec.catalogue import Catalogue, ClassFacts
from mnistspec.catalogue.activations import LAYER_OF
from mnistspec.catalogue.kinds import (
    AnyData,
    Boolean,
    Code,
    DType,
    Either,
    Kind,
    LayerEntry,
    Listing,
    NotBuilt,
    Null,
    Number,
    Object,
    Record,
    Table,
    Tagged,
    Text,
    Word,
    describe_kind,
)  # fmt: skip
from mnistspec.diagnostics import Diagnostic, Related
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, describe
from mnistspec.source import Span
from mnistspec.spec import Call
from mnistspec.suggest import suggest


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
    """A `Record` as read: values with the record's defaults, and the spans of those that were written."""

    def __init__(self, values: dict[str, Any], spans: dict[str, Span], key_spans: dict[str, Span], span: Span) -> None:
        self.values, self.spans, self.key_spans, self.span = values, spans, key_spans, span

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def __contains__(self, name: str) -> bool:
        return name in self.spans

    def known(self, name: str, default: Any = None) -> Any:
        """The value, or `default` where a mistake hides it."""
        value = self.values[name]
        return default if isinstance(value, Unknown) else value


LayerReader: TypeAlias = Callable[[Node], Any]

_DTYPES = frozenset(
    ["float16", "float32", "float64", "bfloat16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool", "string", "complex64", "complex128", "float8_e4m3fn", "float8_e5m2"]
)
_POLICIES = frozenset(
    ["mixed_float16", "mixed_bfloat16", "int8_from_float32", "int8_from_mixed_bfloat16", "int4_from_float32", "float8_from_float32"]
)
_EXPRESSION = re.compile(r"(?<!\$)\$\{")


class Reader:
    """Reads nodes by kind against a catalogue and collects what it finds.

    `layer_entry` reads one entry of `layers`; the caller gives it, since it is more than an object of Keras.
    """

    def __init__(self, catalogue: Catalogue, layer_entry: LayerReader, *, allow_expressions: bool = False) -> None:
        self.catalogue = catalogue
        self.layer_entry = layer_entry
        self.allow_expressions = allow_expressions
        self.diagnostics: list[Diagnostic] = []

    def report(self, code: str, message: str, span: Span, help: str | None = None, *related: Related) -> Unknown:
        self.diagnostics.append(Diagnostic(code, message, span, help, related))
        return UNKNOWN

    def hidden(self, node: Node) -> bool:
        """Whether the node's value is not known yet (`${...}`) or was already reported."""
        if not isinstance(node, ScalarNode):
            return False
        open_expression = isinstance(node.value, str) and self.allow_expressions and _EXPRESSION.search(node.value)
        return node.broken or bool(open_expression)

    def read(self, node: Node, kind: Kind) -> Any:
        """The node's value as `kind` has it, or UNKNOWN after reporting why not."""
        if self.hidden(node):
            return UNKNOWN
        match kind:
            case Object():
                return self.object(node, kind.namespace)
            case Either():
                return self.either(node, kind)
            case Listing():
                return self.listing(node, kind)
            case Table():
                return self.table(node, kind)
            case Record():
                return self.record(node, kind)
            case Tagged():
                return self.tagged(node, kind)
            case LayerEntry():
                return self.layer_entry(node)
            case AnyData():
                return _frozen(node)
            case NotBuilt():
                return self.not_built(kind.what, node.span)
            case _:
                return self.scalar(node, kind)

    def not_built(self, what: str, span: Span, help: str | None = None) -> Unknown:
        message = f"this version does not build {what} yet, though the language has it"
        return self.report("E209", message, span, help)

    def scalar(self, node: Node, kind: Kind) -> Any:
        if isinstance(kind, Code):
            return self.report("E210", "this argument takes Python code, which a spec does not hold", node.span)
        if isinstance(node, ScalarNode) and _is_scalar(node.value, kind):
            return node.value
        return self.mismatch(node, kind)

    def mismatch(self, node: Node, kind: Kind) -> Unknown:
        """Reports a value that is no `kind`: of the wrong type, or of the right type and out of bounds."""
        found, wanted = describe(node), describe_kind(kind)
        options = _words(kind)
        if isinstance(node, ScalarNode) and isinstance(node.value, str) and options:
            near = suggest(node.value, options)
            help = f"did you mean `{near}`?" if near else None
            return self.report("E204", f"expected {wanted}, found {found}", node.span, help)
        code = "E204" if isinstance(node, ScalarNode) and _right_type(node.value, kind) else "E203"
        return self.report(code, f"expected {wanted}, found {found}", node.span, _way_out(node, kind))

    def listing(self, node: Node, kind: Listing) -> Any:
        if not isinstance(node, SequenceNode):
            return self.mismatch(node, kind)
        if len(node.items) < kind.minimum or (kind.maximum is not None and len(node.items) > kind.maximum):
            return self.report("E204", f"expected {describe_kind(kind)}, found {len(node.items)}", node.span)
        values = tuple(self.read(item, kind.item) for item in node.items)
        return UNKNOWN if any(isinstance(value, Unknown) for value in values) else values

    def table(self, node: Node, kind: Table) -> Any:
        if not isinstance(node, MappingNode):
            return self.mismatch(node, kind)
        values = {entry.name: self.read(entry.value, kind.value) for entry in node.entries}
        return UNKNOWN if any(isinstance(value, Unknown) for value in values.values()) else values

    def either(self, node: Node, kind: Either) -> Any:
        """The option whose form the node has; its own message is then the one to show."""
        fitting = [option for option in kind.options if self.has_form(node, option)]
        named = self.named_option(node, kind.options)
        if isinstance(node, ScalarNode):
            for option in fitting:
                if not isinstance(option, Object | Tagged) and _is_scalar(node.value, option):
                    return node.value
            if named is not None and not (isinstance(node.value, str) and _words(kind)):
                return self.read(node, named)
            return self.mismatch(node, kind)
        if isinstance(node, MappingNode) and named is not None and (named in fitting or not fitting):
            return self.read(node, named)
        for option in fitting[:-1]:
            if self.trial(node, option):
                return self.read(node, option)
        return self.read(node, fitting[-1]) if fitting else self.mismatch(node, kind)

    def named_option(self, node: Node, options: Sequence[Kind]) -> Kind | None:
        """The option in which the node's word or single key is a name, or the first that has names at all."""
        if isinstance(node, ScalarNode):
            word = node.value if isinstance(node.value, str) else None
        else:
            word = node.entries[0].name if isinstance(node, MappingNode) and len(node.entries) == 1 else None
        if word is None:
            return None
        objects = [option for option in options if isinstance(option, Object | Tagged)]
        for option in objects:
            if isinstance(option, Object) and self.catalogue[option.namespace].find(word) is not None:
                return option
            if isinstance(option, Tagged) and word in option.options:
                return option
        return objects[0] if objects else None

    def trial(self, node: Node, kind: Kind) -> bool:
        before = len(self.diagnostics)
        value = self.read(node, kind)
        clean = len(self.diagnostics) == before and not isinstance(value, Unknown)
        del self.diagnostics[before:]
        return clean

    def has_form(self, node: Node, kind: Kind) -> bool:
        """Whether the node could be meant as this kind: an object, a list, a map, a scalar."""
        match kind:
            case Listing():
                return isinstance(node, SequenceNode)
            case Record():
                return isinstance(node, MappingNode)
            case Table():
                return isinstance(node, MappingNode)
            case Object():
                return self.has_object_form(node, kind.namespace)
            case Tagged():
                return isinstance(node, MappingNode) or (isinstance(node, ScalarNode) and isinstance(node.value, str))
            case AnyData() | Either():
                return True
            case _:
                return isinstance(node, ScalarNode)

    def has_object_form(self, node: Node, namespace: str) -> bool:
        if isinstance(node, ScalarNode):
            return isinstance(node.value, str)
        if not isinstance(node, MappingNode) or not node.entries:
            return False
        # A map with one key is an object if the key is a class; else it may be a map by output name.
        first = node.entries[0]
        if first.name in self.catalogue[namespace].classes:
            return True
        return len(node.entries) == 1 and first.name[:1].isupper() and isinstance(first.value, MappingNode)

    def record(self, node: Node, kind: Record) -> Any:
        if isinstance(node, ScalarNode | SequenceNode):
            if kind.positional is None:
                return self.mismatch(node, kind)
            return self.positional(node, kind, kind.positional)
        values: dict[str, Any] = {}
        spans: dict[str, Span] = {}
        key_spans: dict[str, Span] = {}
        misspelt: set[str] = set()
        for entry in node.entries:
            field = kind.fields.get(entry.name)
            key_spans[entry.name] = entry.key.span
            if field is None:
                misspelt.add(self.unknown_key(entry, kind, node))
                continue
            values[entry.name] = self.read(entry.value, field.kind)
            spans[entry.name] = entry.value.span
        self.fill(values, kind, misspelt, node)
        return Settings(values, spans, key_spans, node.span)

    def positional(self, node: Node, kind: Record, name: str) -> Settings:
        values = {name: self.read(node, kind.fields[name].kind)}
        self.fill(values, kind, set(), node)
        return Settings(values, {name: node.span}, {}, node.span)

    def fill(self, values: dict[str, Any], kind: Record, misspelt: set[str], node: Node) -> None:
        """Puts defaults in for what is not written, and reports what must be written."""
        for name, field in kind.fields.items():
            if name in values:
                continue
            values[name] = field.default
            if field.required:
                values[name] = UNKNOWN
                if name not in misspelt:
                    span = Span(node.span.source, node.span.start, node.span.start)
                    self.report("E202", f"{kind.title} needs the key `{name}`: {field.doc}", span, f"add `{name}:`")

    def unknown_key(self, entry: Entry, kind: Record, node: MappingNode) -> str:
        near = suggest(entry.name, (name for name in kind.fields if name not in node))
        help = f"did you mean `{near}`?" if near else f"there are: {_names(kind.fields)}"
        self.report("E201", f"{kind.title} has no key `{entry.name}`", entry.key.span, help)
        return near or ""

    def tagged(self, node: Node, kind: Tagged) -> Any:
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            return self.bare_tag(node, node.value, kind)
        if not isinstance(node, MappingNode):
            return self.mismatch(node, kind)
        if len(node.entries) != 1:
            return self.not_one_key(node, kind.title, kind.options)
        entry = node.entries[0]
        record = kind.options.get(entry.name)
        if record is None:
            return self.unknown_tag(entry.name, entry.key.span, kind)
        settings = self.read(entry.value, record)
        return UNKNOWN if isinstance(settings, Unknown) else Tag(entry.name, settings, entry.key.span)

    def bare_tag(self, node: ScalarNode, name: str, kind: Tagged) -> Any:
        record = kind.options.get(name)
        if record is None:
            return self.unknown_tag(name, node.span, kind)
        required = [key for key, field in record.fields.items() if field.required]
        if required:
            message = f"`{name}` needs {' and '.join(f'`{key}`' for key in required)}"
            form = f"{{{name}: ...}}" if record.positional else f"{{{name}: {{{required[0]}: ...}}}}"
            return self.report("E207", message, node.span, f"write `{form}`")
        values = {key: field.default for key, field in record.fields.items()}
        return Tag(name, Settings(values, {}, {}, node.span), node.span)

    def unknown_tag(self, name: str, span: Span, kind: Tagged) -> Unknown:
        near = suggest(name, kind.options)
        help = f"did you mean `{near}`?" if near else f"there are: {_names(kind.options)}"
        return self.report("E204", f"`{name}` is not {kind.title}", span, help)

    def not_one_key(self, node: MappingNode, what: str, classes: Mapping[str, Any]) -> Unknown:
        if not node.entries:
            return self.report("E208", f"{what} is a name, or a map with one key; this map is empty", node.span)
        first, *rest = node.entries
        if first.name in classes and rest and not any(entry.name in classes for entry in rest):
            help = f"indent these lines under `{first.name}:`"
            span = Span(node.span.source, rest[0].key.span.start, rest[-1].value.span.end)
            return self.report("E208", f"the arguments of `{first.name}` stand beside it, not inside it", span, help)
        listed = _names({entry.name: None for entry in node.entries})
        return self.report(
            "E208", f"{what} is a map with exactly one key, its name; here are {listed}", node.span,
            "make each an entry of its own",
        )  # fmt: skip

    def object(self, node: Node, namespace: str) -> Any:
        """An object of Keras: a bare name, or a map of one class and its arguments."""
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            return self.bare_object(node, node.value, namespace)
        if not isinstance(node, MappingNode):
            return self.mismatch(node, Object(namespace))
        if len(node.entries) != 1:
            return self.not_one_key(node, describe_kind(Object(namespace)), self.catalogue[namespace].classes)
        entry = node.entries[0]
        facts = self.class_named(entry.name, entry.key.span, namespace)
        if facts is None:
            return UNKNOWN
        if namespace == "activations" and facts.name not in LAYER_OF:
            message = f"Keras cannot save `{facts.name}` with arguments of its own"
            with_arguments = ", ".join(f"`{name}`" for name in LAYER_OF)
            return self.report(
                "E204", message, entry.key.span, f"write `{facts.name}` alone; {with_arguments} take arguments"
            )
        return self.call(facts, entry)

    def bare_object(self, node: ScalarNode, name: str, namespace: str) -> Any:
        facts = self.catalogue[namespace].find(name)
        if facts is None or facts.refused:
            self.class_named(name, node.span, namespace)
            return UNKNOWN
        if name not in self.catalogue[namespace].identifiers:
            missing = [argument for argument in facts.arguments.values() if argument.required]
            if missing:
                return self.missing(facts, [argument.name for argument in missing], node.span, bare=True)
        return Call(facts, {}, node.span, {}, bare=name)

    def class_named(self, name: str, span: Span, namespace: str) -> ClassFacts | None:
        """The class of that name, or None after reporting that there is none or that a spec may not use it."""
        known = self.catalogue[namespace]
        if name in ("python", "custom_objects"):
            self.report("E210", f"`{name}` would run code, and a spec holds none", span)
            return None
        facts = known.classes.get(name)
        if facts is not None and not facts.refused:
            return facts
        what = describe_kind(Object(namespace)).split(" ", 1)[1]
        if facts is not None:
            self.report("E210", f"`{name}` cannot be used in a spec: {facts.refused}", span)
            return None
        if name in known.identifiers:
            help = f"with arguments it is spelled `{known.identifiers[name]}`"
            self.report("E205", f"`{name}` is a name without arguments", span, help)
            return None
        self.report("E205", f"Keras has no {what} `{name}`", span, self.near_class(name, namespace))
        return None

    def near_class(self, name: str, namespace: str) -> str | None:
        known = self.catalogue[namespace]
        near = suggest(name, (other for other in known.names() if not self.refused(other, namespace)))
        if near is not None:
            return f"did you mean `{near}`?"
        for other in self.catalogue.namespaces:
            if other != namespace and name in self.catalogue[other].classes:
                return f"`{name}` is {describe_kind(Object(other))}"
        return None

    def refused(self, name: str, namespace: str) -> bool:
        facts = self.catalogue[namespace].find(name)
        return facts is not None and bool(facts.refused)

    def call(self, facts: ClassFacts, entry: Entry, skip: Sequence[str] = ()) -> Call | Unknown:
        """The object of one class with the arguments under its key; `skip` names keys that are not arguments."""
        if self.hidden(entry.value):
            return UNKNOWN
        if not isinstance(entry.value, MappingNode):
            return self.not_arguments(facts, entry)
        arguments: dict[str, Any] = {}
        spans: dict[str, Span] = {}
        misspelt: set[str] = set()
        for given in entry.value.entries:
            if given.name in skip:
                continue
            known = facts.arguments.get(given.name)
            if known is None:
                misspelt.add(self.unknown_argument(facts, given, entry.value))
                continue
            spans[given.name] = given.value.span
            arguments[given.name] = self.read(given.value, known.kind)
        missing = [a.name for a in facts.arguments.values() if a.required and a.name not in {*arguments, *misspelt}]
        if missing:
            self.missing(facts, missing, entry.key.span)
        complete = not missing and not misspelt and not any(isinstance(v, Unknown) for v in arguments.values())
        arguments = {name: value for name, value in arguments.items() if not isinstance(value, Unknown)}
        return Call(facts, arguments, entry.key.span, spans, complete=complete)

    def not_arguments(self, facts: ClassFacts, entry: Entry) -> Unknown:
        first = next((argument.name for argument in facts.arguments.values() if argument.required), None)
        if isinstance(entry.value, ScalarNode) and entry.value.value is None:
            help = f"write `{facts.name}: {{{first}: ...}}`" if first else f"without arguments write `{facts.name}`"
            return self.report("E203", f"`{facts.name}:` is followed by nothing", entry.key.span, help)
        shown = entry.value.span.text if isinstance(entry.value, ScalarNode) else "..."
        help = f"write `{facts.name}: {{{first or 'argument'}: {shown}}}`"
        return self.report(
            "E203", f"the arguments of `{facts.name}` are a map, not {describe(entry.value)}", entry.value.span, help
        )

    def unknown_argument(self, facts: ClassFacts, given: Entry, among: MappingNode) -> str:
        near = suggest(given.name, (name for name in facts.arguments if name not in among))
        listed = _names(facts.arguments) if facts.arguments else "none"
        help = f"did you mean `{near}`?" if near else f"its arguments: {listed}"
        self.report("E206", f"`{facts.name}` has no argument `{given.name}`", given.key.span, help)
        return near or ""

    def missing(self, facts: ClassFacts, names: Sequence[str], span: Span, *, bare: bool = False) -> Unknown:
        listed = " and ".join(f"`{name}`" for name in names)
        form = ", ".join(f"{name}: ..." for name in names)
        help = f"write `{facts.name}: {{{form}}}`" if bare else f"add `{form}`"
        return self.report("E207", f"`{facts.name}` needs {listed}", span, help)


def _frozen(node: Node) -> Any:
    if isinstance(node, SequenceNode):
        return tuple(_frozen(item) for item in node.items)
    if isinstance(node, MappingNode):
        return {entry.name: _frozen(entry.value) for entry in node.entries}
    return node.value


def _names(names: Mapping[str, Any], most: int = 12) -> str:
    shown = [f"`{name}`" for name in list(names)[:most]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _words(kind: Kind) -> list[str]:
    options = kind.options if isinstance(kind, Either) else (kind,)
    return [option.value for option in options if isinstance(option, Word)]


def _is_scalar(value: Any, kind: Kind) -> bool:
    match kind:
        case AnyData():
            return True
        case Null():
            return value is None
        case Boolean():
            return isinstance(value, bool)
        case Number():
            return _right_type(value, kind) and _within(value, kind)
        case Text():
            return isinstance(value, str)
        case Word():
            return bool(value == kind.value)
        case DType():
            return value in _DTYPES or value in _POLICIES
        case Either():
            return any(_is_scalar(value, option) for option in kind.options)
        case _:
            return False


def _right_type(value: Any, kind: Kind) -> bool:
    match kind:
        case Number():
            return isinstance(value, int if kind.integer else int | float) and not isinstance(value, bool)
        case DType() | Word() | Text():
            return isinstance(value, str)
        case Either():
            return any(_right_type(value, option) for option in kind.options)
        case _:
            return False


def _within(value: float, kind: Number) -> bool:
    if kind.minimum is not None and (value < kind.minimum or (kind.open_minimum and value == kind.minimum)):
        return False
    return kind.maximum is None or value < kind.maximum or (value == kind.maximum and not kind.open_maximum)


def _way_out(node: Node, kind: Kind) -> str | None:
    """A help line for the slips that everybody makes: a quoted number, `yes` for true, one thing for a list."""
    options = kind.options if isinstance(kind, Either) else (kind,)
    if not isinstance(node, ScalarNode):
        return None
    value = node.value
    if isinstance(value, str) and any(isinstance(option, Boolean) for option in options):
        meant = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}.get(
            value.lower()
        )
        return f"write `{meant}`" if meant else None
    if isinstance(value, str) and any(isinstance(option, Number) for option in options):
        return f"write it without quotes: `{value}`" if re.fullmatch(r"[-+]?\d+(\.\d+)?", value) else None
    if value is not None and any(isinstance(option, Listing) for option in options):
        return f"write `[{value}]`"
    return None
