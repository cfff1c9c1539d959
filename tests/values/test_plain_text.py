"""Texts that stand where numbers are wanted: what was meant, and whether that is certain."""

from __future__ import annotations

import pytest

import mnistspec

_SPEC = """\
mnistspec: 1
model:
  kind: sequential
  input: [12, 12, 1]
  layers:
    - Conv2D: {filters: 4, kernel_size: SIZE}
    - Dropout: {rate: RATE}
"""


def _help(**written: str) -> tuple[str | None, bool]:
    text = _SPEC
    for name, usual in (("SIZE", "3"), ("RATE", "0.5")):
        text = text.replace(name, written.get(name.lower(), usual))
    (found,) = mnistspec.check(text).diagnostics
    return found.help, found.fix is not None and found.fix.certain


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('" 3 "', "3"),
        ('"(3, 3)"', "[3, 3]"),
        ('"3, 3"', "[3, 3]"),
        ("3x3", "[3, 3]"),
        ("three", "3"),
        ('"[3,3]"', "[3, 3]"),
    ],
)
def test_sizes_in_other_words(written: str, meant: str) -> None:
    assert _help(size=written) == (f"write `{meant}`", True)


@pytest.mark.parametrize(("written", "meant"), [("50%", "0.5"), ('"12.5 %"', "0.125"), ('"0.5 "', "0.5")])
def test_shares_in_other_words(written: str, meant: str) -> None:
    assert _help(rate=written) == (f"write `{meant}`", True)


def test_a_comma_for_the_point_is_likely_and_not_certain() -> None:
    assert _help(rate='"0,5"') == ("write `0.5`", False)


@pytest.mark.parametrize("written", ["$rate", '"{rate}"', '"{{ rate }}"', "<rate>", '"%rate%"', "$(rate)"])
def test_variables_as_other_programs_write_them(written: str) -> None:
    assert _help(rate=written) == ('a variable is written `"${rate}"`', False)


@pytest.mark.parametrize("written", ["rate * 2", "1/3", "(a + b) / 2", "2**n"])
def test_what_is_to_be_worked_out(written: str) -> None:
    assert _help(rate=written) == (f'what is to be worked out is written `"${{{written}}}"`', False)


@pytest.mark.parametrize("written", ["lots", '"200%"', f'"{"9" * 6000}"', '"' + "a*" * 5000 + 'a"'])
def test_what_nothing_was_meant_by_gets_an_example(written: str) -> None:
    assert _help(rate=written) == ("write a number, as in `0.5`", False)
