"""Of very many findings the first are told, the exit code stays right, and every form says that there are more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mnistspec import check
from mnistspec.diagnostics import Diagnostic, Severity
from mnistspec.enough import MOST, Enough, Found, the_first
from mnistspec.fixing import mend
from mnistspec.formats import FORMATS, Checked, Findings, formatted
from mnistspec.pipeline import check_source
from mnistspec.source import Source, Span

_HEAD = "mnistspec: 1\nmodel:\n  kind: functional\n  input: [8]\n  layers:\n"
_WRONG = "    - Dense: {unit: 3}\n"
_MORE = "there are more findings; the first 1,000 are told"


def _at(code: str, place: int, message: str = "wrong") -> Diagnostic:
    return Diagnostic(code, message, Span(Source("x" * 5_000), place, place + 1))


def test_a_spec_with_as_many_findings_as_are_told_says_nothing_of_more() -> None:
    found = check(_HEAD + _WRONG * MOST).diagnostics
    assert [one.code for one in found] == ["E206"] * MOST


@pytest.mark.parametrize("lines", [MOST + 1, 9_000])
def test_of_more_the_first_are_told_and_a_note_ends_them(lines: int) -> None:
    *told, last = check(_HEAD + _WRONG * lines).diagnostics
    assert [one.line for one in told] == [*range(6, MOST + 6)]
    assert (last.code, last.severity, last.message, last.line) == ("I904", Severity.NOTE, _MORE, MOST + 5)


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_says_that_there_are_more(form: str) -> None:
    findings = Findings((Checked("many.yaml", check(_HEAD + _WRONG * 1_200).diagnostics),))
    assert _MORE in formatted(form, findings)
    assert findings.exit_code == 1


def test_warnings_never_crowd_out_an_error() -> None:
    unused = "".join(f"  v{place}: 1\n" for place in range(1_500))
    *told, last = check(f"vars:\n{unused}{_HEAD}    - Dense: {{units: 3}}\n").diagnostics
    assert {one.code for one in told} == {"W507"} and (len(told), last.code) == (MOST, "I904")
    nodes = "    - Dense: {units: 3, from: input}\n" * 1_500
    wrong = check(f"{_HEAD}{nodes}    - Conv2D: {{filters: 3, kernel_size: 3, from: input}}\n")
    assert not wrong.ok and len(wrong.diagnostics) == MOST + 1
    assert [one.code for one in wrong.diagnostics if one.severity is Severity.ERROR] == ["E412"]


def test_warnings_that_are_not_wanted_end_no_check() -> None:
    nodes = "    - Dense: {units: 3, from: input}\n" * 1_500
    assert check(f"ignore: [unused-node]\n{_HEAD}{nodes}").diagnostics == ()


def test_one_mistake_in_many_turns_is_one() -> None:
    found = check(f"{_HEAD}    - repeat: {{times: 5000, layers: [{{Dense: {{unit: 3}}}}]}}\n{_WRONG}").diagnostics
    assert [one.line for one in found] == [6, 7]


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n" * 3_000,
        f"ignore: [{'a, ' * 3_000}]\n{_HEAD}    - Flatten\n",
        f"{_HEAD}    - Flatten\n" + "# mnistspec: ignore[nothing]\n" * 3_000,
        f"vars: {{a: [{', '.join(['${b}'.join(chr(34) * 2)] * 3_000)}]}}\n{_HEAD}    - Flatten\n",
        f"{_HEAD}    - Add: {{from: [{'nowhere, ' * 3_000}]}}\n",
        f"{_HEAD}" + "    - Conv2D: {filters: 3, kernel_size: 3, from: input}\n" * 3_000,
        f"{_HEAD}    - Flatten\ncompile: {{loss: mse, metrics: [{'acuracy, ' * 3_000}]}}\n",
    ],
    ids=["reading", "ignore", "comments", "expressions", "references", "shapes", "metrics"],
)
def test_every_stage_ends_at_so_many(text: str) -> None:
    found = check(text).diagnostics
    assert len(found) == MOST + 1 and found[-1].code == "I904"


def test_fixing_goes_on_where_the_check_ended() -> None:
    mended = mend(Source(_HEAD + _WRONG * 2_500), check_source)
    assert mended.result.ok and mended.count == 2_500


def test_places_are_counted_and_not_findings() -> None:
    found = Found(_at("E206", place % 10, f"wrong {place}") for place in range(3 * MOST))
    assert len(found) == 3 * MOST
    with pytest.raises(Enough) as enough:
        found.extend(_at("E206", place) for place in range(2 * MOST))
    assert enough.value.found is found


def test_a_long_text_in_a_message_is_cut_in_its_middle() -> None:
    (short,) = the_first((_at("E206", 0, "`" + "x" * 1_000_000 + "` is wrong"),))
    assert len(short.message) < 1_100
    assert short.message.startswith("`xx") and short.message.endswith("xx` is wrong")


def test_of_many_findings_the_later_ones_say_less_of_what_there_is() -> None:
    long = "there are: " + ", ".join(f"`name_{place}`" for place in range(60))
    told = the_first(tuple(replace(_at("E206", place), help=long) for place in range(300)))
    assert [len(found.help or "") for found in told[:100]] == [len(long)] * 100
    assert all(len(found.help or "") < 210 and (found.help or "").startswith("there are:") for found in told[100:])
