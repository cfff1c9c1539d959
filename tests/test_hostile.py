"""Texts made to cost much: each is refused with its own message, and the work grows no faster than the text."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from mnistspec.diagnostics import Diagnostic
from mnistspec.formats.text import as_text
from mnistspec.parse import decode
from mnistspec.pipeline import check_source

_SPEC = "mnistspec: 1\nmodel: {kind: sequential, input: [8], layers: [{Dense: {units: 3}}]}\n"
_HEAD = "mnistspec: 1\nmodel:\n  kind: functional\n  input: [8]\n  layers:\n"


def _found(text: str) -> tuple[Diagnostic, ...]:
    source = decode(text.encode(), "hostile.yaml")
    return check_source(source.value).diagnostics if source.value is not None else source.diagnostics


def _listed(item: str, count: int) -> str:
    return f"[{', '.join([item] * count)}]"


def _sum(ones: int, last: str) -> str:
    return '"${' + "1+" * ones + last + '}"'


# What is refused, and the message of the one error.
_REFUSED: dict[str, tuple[str, str]] = {
    "a text by many aliases": (
        f'{_SPEC}vars: {{a: &a "{"x" * 100_000}", b: {_listed("*a", 50_000)}}}\n',
        "aliases repeat more than 4,194,304 characters",
    ),
    "a text of expressions by many aliases": (
        f'{_SPEC}vars: {{z: 1, a: &a "{"${z}" * 10_000}", b: {_listed("*a", 5_000)}}}\n',
        "aliases repeat more than 4,194,304 characters",
    ),
    "aliases of lists of aliases of a text": (
        f'{_SPEC}vars: {{a: &a "{"x" * 1_000}", b: &b {_listed("*a", 100)}, c: {_listed("*b", 100)}}}\n',
        "aliases repeat more than 4,194,304 characters",
    ),
    "a text by many variables": (
        f'{_SPEC}vars:\n  a: "{"x" * 100_000}"\n  b: {_listed(chr(34) + "y${a}" + chr(34), 5_000)}\n',
        "the spec's texts expand to more than 4,194,304 characters",
    ),
    "a long name in many uses": (
        f"blocks: {{b: {{layers: [{{Dense: {{units: 3, name: {'x' * 10_000}}}}}]}}}}\n{_HEAD}"
        + "    - use: {block: b}\n" * 1_000,
        "blocks and repeats expand to more than 4,194,304 characters",
    ),
    "a block under a long name": (
        f"blocks: {{b: {{layers: [{{repeat: {{times: 1000, layers: [Flatten]}}}}]}}}}\n{_HEAD}"
        f"    - use: {{block: b, name: {'x' * 10_000}}}\n",
        "the names of nodes in blocks are longer than 4,194,304 characters together",
    ),
    "a block of many parameters": (
        f"blocks: {{b: {{params: {{{', '.join(f'p{i}: 1' for i in range(1_000))}}}, layers: [Flatten]}}}}\n{_HEAD}"
        + "    - use: {block: b}\n" * 1_000,
        "blocks and repeats expand to more than 300,000 values",
    ),
    "layers written out": (_HEAD + "    - Flatten\n" * 20_001, "more than 20,000 layers"),
    "layers in nested models": (
        _HEAD + "    - Sequential: {layers: [Flatten]}\n" * 10_001,
        "the spec expands to more than 20,000 layers",
    ),
    "turns": (
        f"{_HEAD}    - repeat: {{times: 1000000000, layers: []}}\n",
        "repeats of more than 20,000 turns together",
    ),
    "a list of numbers": (
        f"{_HEAD}    - ops.add: {{from: [input, {_listed('1', 100_001)}]}}\n",
        "a list of more than 100,000 values",
    ),
    "lists of numbers": (
        f"{_HEAD}    - ops.add: {{from: [input, {_listed('[1, 2, 3]', 90_000)}]}}\n",
        "the spec has more than 300,000 values",
    ),
    "long expressions": (
        f"{_SPEC}vars: {{a: [{', '.join(_sum(450, str(i)) for i in range(500))}]}}\n",
        "more than 300,000 characters of expressions to work out",
    ),
    "a long expression in many turns": (
        f"{_HEAD}    - repeat: {{times: 1000, layers: [{{Dense: {{units: {_sum(450, 'i')}}}}}]}}\n",
        "more than 300,000 characters of expressions to work out",
    ),
    "axes": (
        _SPEC.replace("[8]", _listed("1", 1_000)),
        "the input `input`: 1001 axes, and a tensor has at most 254",
    ),
    "an axis that grows": (
        _HEAD + "    - RepeatVector: {n: 9000000000000000000}\n    - Flatten\n",
        "`flatten`: an axis of more values than 64 bits can count",
    ),
    "a power": (f'{_HEAD}    - Dense: {{units: "${{9**9**9}}"}}\n', "`**` of these values cannot be worked out"),
}


@pytest.mark.parametrize("what", _REFUSED)
def test_what_costs_too_much_is_refused_with_a_message_of_its_own(what: str) -> None:
    text, message = _REFUSED[what]
    assert [found.message for found in _found(text) if found.severity.value == "error"] == [message]


# Texts of a size, of which one four times as large may take four times as much.
_GROWING: dict[str, Callable[[int], str]] = {
    "anchors": lambda n: f"{_SPEC}vars:\n" + "".join(f"  a{i}: &a{i} 1\n" for i in range(n)),
    "unused variables": lambda n: f"{_SPEC}# $ {{ % <\nvars:\n" + "".join(f"  v{i}: 1\n" for i in range(n)),
    "tabs": lambda n: f"{_SPEC}vars: [{chr(9) * n * 10}1]\n",
    "tabs between entries": lambda n: f"{_SPEC}vars: {{{f',{chr(9)}'.join(f'a{i}: 1' for i in range(n))}}}\n",
    "templates": lambda n: f"{_SPEC}vars:\n" + "".join(f"  a{i}: {{{{ w }}}}\n" for i in range(n)),
    "words in braces": lambda n: f"{_HEAD}    - Dense: {{units: 3, {', '.join(f'x{i}' for i in range(n))}}}\n",
    "a vocabulary": lambda n: (
        f"{_HEAD.replace('[8]', '{shape: [8], dtype: string}')}"
        f"    - StringLookup: {{vocabulary: [{', '.join(f'w{i}' for i in range(n))}]}}\n"
    ),
    "expressions in one text": lambda n: f'{_SPEC}vars:\n  a: 1\n  b: >\n{"    ${a} x" * n}\n',
    "unknown blocks": lambda n: (
        "blocks:\n"
        + "".join(f"  bloc{i}: {{layers: [Flatten]}}\n" for i in range(n))
        + _HEAD
        + "".join(f"    - use: {{block: blok{i}}}\n" for i in range(n))
    ),
    "unknown parameters": lambda n: (
        f"blocks: {{b: {{params: {{{', '.join(f'p{i}: 1' for i in range(n))}}}, layers: [Flatten]}}}}\n"
        f"{_HEAD}    - use: {{block: b, with: {{{', '.join(f'q{i}: 1' for i in range(n))}}}}}\n"
    ),
    "unknown outputs": lambda n: (
        f"{_SPEC}compile: {{loss: {{{', '.join(f'o{i}: mse' for i in range(n))}}}}}\n"
    ),
    "unknown keys": lambda n: _SPEC + "".join(f"modle{i}: 1\n" for i in range(n)),
    "names of many slashes": lambda n: (
        "blocks: {b: {layers: [{Dense: {units: 8, name: a}}]}}\n"
        f"{_HEAD}    - use: {{block: b, name: {'a/' * n}a}}\n    - Dense: {{units: 8, from: {'a/' * n}a/a}}\n"
    ),
    "blank lines before a mistake": lambda n: _HEAD + "    - Flatten\n" + "\n" * n * 10 + "    Flatten\n  x: [\n",
    "files to extend": lambda n: f"{_SPEC}extends: [{', '.join(f'b{i}.yaml' for i in range(n))}]\n",
}  # fmt: skip


@pytest.mark.parametrize("what", _GROWING)
def test_the_work_grows_no_faster_than_the_text(what: str) -> None:
    few, many = (_work(_GROWING[what](size)) for size in (200, 800))
    assert many < 5 * few


def _work(text: str) -> int:
    """How often anything is called while a text is checked and its findings are shown: the same on every machine."""
    count = 0

    def called(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(called)
    try:
        as_text(_found(text))
    finally:
        sys.setprofile(None)
    return count


def test_a_long_word_is_compared_with_no_other() -> None:
    names = "".join(f"    - Dense: {{units: 3, name: {'a' * 9_000}{place}, from: input}}\n" for place in range(5))
    wrong = f"    - Dense: {{units: 3, from: {'a' * 9_000}x}}\n"
    assert _work(_HEAD + names + wrong) < 100_000
