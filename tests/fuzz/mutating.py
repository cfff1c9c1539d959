"""Specs changed at random, by changes that people, editors and transfers make, and by those that nobody would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

# Words that mean something at one place or another.
_WORDS = (
    b"null", b"true", b".nan", b"-.inf", b"1e999", b"-1", b"0", b"99999999999999999999", b"[]", b"{}", b"[[", b"}",
    b"*a", b"&a ", b"<<: ", b"!!int ", b"!!python/name:os.system ", b"${x}", b"${", b"$${a}", b"${i}", b"${1/0}",
    b"${2**99}", b"${env.HOME}", b": ", b"- ", b"? ", b"| ", b"> ", b"#", b"'", b'"', b"\t", b"\0", b"\xff",
    b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\r", b"\n", b"---\n", b"...\n", b"a" * 300, b"/", b".",
    b"..", b"input", b"use", b"repeat", b"layers", b"extends", b"from", b"name", b"blocks", b"vars", b"Dense",
    b"TimeDistributed", b"adam", b"mnist",
)  # fmt: skip


def mutated(specs: Sequence[bytes], random: Random) -> bytes:
    """One of the specs after a few changes."""
    data = random.choice(specs)
    for _ in range(random.randint(1, 6)):
        data = random.choice(_CHANGES)(data, specs, random)
    return data[:20_000]


def _stretch(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.choice((1, 2, 4, 8, 30, 200)))


def _without(data: bytes, specs: Sequence[bytes], random: Random) -> bytes:
    start, end = _stretch(data, random)
    return data[:start] + data[end:]


def _twice(data: bytes, specs: Sequence[bytes], random: Random) -> bytes:
    start, end = _stretch(data, random)
    return data[:end] + data[start:end] * random.choice((1, 1, 3, 50)) + data[end:]


def _word(data: bytes, specs: Sequence[bytes], random: Random) -> bytes:
    start, end = _stretch(data, random)
    return data[:start] + random.choice(_WORDS) + data[random.choice((start, end)) :]


def _value(data: bytes, specs: Sequence[bytes], random: Random) -> bytes:
    """Another value behind a colon."""
    lines = data.split(b"\n")
    index = random.randrange(len(lines))
    key, colon, _ = lines[index].partition(b": ")
    lines[index] = key + colon + random.choice(_WORDS)
    return b"\n".join(lines)


def _line(data: bytes, specs: Sequence[bytes], random: Random) -> bytes:
    """A line of any spec at another place, perhaps indented otherwise."""
    lines, others = data.split(b"\n"), random.choice(specs).split(b"\n")
    line = random.choice((b"", b"  ", b"    ")) + random.choice(others)
    lines.insert(random.randint(0, len(lines)), line)
    return b"\n".join(lines)


def _swapped(data: bytes, specs: Sequence[bytes], random: Random) -> bytes:
    lines = data.split(b"\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _cut(data: bytes, specs: Sequence[bytes], random: Random) -> bytes:
    return data[: random.randint(0, len(data))]


def _spliced(data: bytes, specs: Sequence[bytes], random: Random) -> bytes:
    other = random.choice(specs)
    return data[: random.randint(0, len(data))] + other[random.randint(0, len(other)) :]


_CHANGES: tuple[Callable[[bytes, Sequence[bytes], Random], bytes], ...] = (
    _without, _twice, _word, _word, _value, _value, _line, _line, _swapped, _cut, _spliced,
)  # fmt: skip
