"""The public names, and `mnistspec.check` on paths, texts and what is neither."""

from __future__ import annotations

from pathlib import Path

import pytest

import mnistspec
from mnistspec import MnistspecError, Severity, SpecInvalid, check, compare, format_spec

SPEC = "mnistspec: 1\nmodel: {kind: sequential, input: [4], layers: [{Dense: {units: 3}}]}\n"

PUBLIC = [
    "CheckResult", "Diagnostic", "Differences", "MnistspecError", "Run", "Severity", "SpecInvalid", "__version__",
    "build", "check", "compare", "format_spec", "from_keras", "run", "to_python",
]  # fmt: skip


def test_the_public_names_are_these() -> None:
    assert sorted(mnistspec.__all__) == PUBLIC


@pytest.mark.parametrize("name", [name for name in PUBLIC if name != "Run"])
def test_every_public_name_is_there_and_explains_itself(name: str) -> None:
    found = getattr(mnistspec, name)
    assert isinstance(found, str) or found.__doc__


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = mnistspec.no_such_name  # type: ignore[attr-defined]


def test_a_text_is_checked() -> None:
    result = check(SPEC)
    assert result.ok and result.diagnostics == ()
    assert result.graph is not None and result.graph.trainable == 15


def test_a_path_is_checked_as_string_or_path(tmp_path: Path) -> None:
    path = tmp_path / "wide.yaml"
    path.write_text(SPEC)
    for given in (path, str(path)):
        result = check(given)
        assert result.ok and result.spec is not None and result.spec.name == "wide"


def test_a_file_that_is_not_there_is_the_environments_fault(tmp_path: Path) -> None:
    with pytest.raises(MnistspecError, match="there is no file") as raised:
        check(tmp_path / "absent.yaml")
    assert raised.value.exit_code == 2


def test_a_file_that_is_no_text_is_the_specs_fault(tmp_path: Path) -> None:
    path = tmp_path / "binary.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    result = check(path)
    assert not result.ok and result.graph is None
    assert [found.code for found in result.diagnostics] == ["E102"]


def test_a_text_may_be_given_a_name_and_with_it_a_folder(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("a,b,y\n1,2,0\n3,4,1\n")
    data = "data: {source: {csv: {path: table.csv, label: y}}}\n"
    text = f"mnistspec: 1\n{data}model: {{kind: sequential, layers: [{{Dense: {{units: 3}}}}]}}\n"
    result = check(text, filename=str(tmp_path / "spec.yaml"))
    assert result.ok and result.graph is not None and result.graph.trainable == 9
    (found,) = check("mnistspec: 2\n", filename="shown.yaml").diagnostics
    assert (found.path, found.line, found.column) == ("shown.yaml", 1, 12)


def test_overrides_are_put_in() -> None:
    result = check(SPEC, overrides=["model.layers.0.Dense.units=5"])
    assert result.graph is not None and result.graph.trainable == 25
    wrong = check(SPEC, overrides=["model.layers.0.Dense.units=five"])
    assert [(found.path, found.code) for found in wrong.diagnostics] == [("--set", "E203")]


def test_a_diagnostic_says_all_a_program_needs() -> None:
    (found,) = check(SPEC.replace("Dense", "Dnese")).diagnostics
    assert (found.code, found.name, found.severity) == ("E205", "unknown-class", Severity.ERROR)
    assert (found.path, found.line, found.column, found.end_line, found.end_column) == ("<text>", 2, 49, 2, 54)
    assert (found.message, found.help) == ("Keras has no layer `Dnese`", "did you mean `Dense`?")
    assert found.related == ()
    assert str(found) == "<text>:2:49: error[E205]: Keras has no layer `Dnese`"


def test_warnings_do_not_count_against_a_spec() -> None:
    result = check(SPEC + "vars: {width: 3}\n")
    assert result.ok and [found.severity for found in result.diagnostics] == [Severity.WARNING]


def test_checking_leaves_the_cycle_collector_as_it_was() -> None:
    import gc

    for enabled in (True, False):
        (gc.enable if enabled else gc.disable)()
        try:
            check(SPEC)
            assert gc.isenabled() is enabled
        finally:
            gc.enable()


def test_one_setting_is_not_taken_for_a_list_of_letters() -> None:
    with pytest.raises(MnistspecError, match=r"`overrides` is a list of settings: write \['seed=1'\]"):
        check(SPEC, overrides="seed=1")


def test_a_spec_is_formatted_and_no_file_is_written(tmp_path: Path) -> None:
    loose = "mnistspec:   1\nmodel: {kind: sequential}  # small\n"
    laid = "mnistspec: 1\nmodel:  # small\n  kind: sequential\n"
    assert format_spec(loose) == laid
    path = tmp_path / "loose.yaml"
    path.write_text(loose)
    assert format_spec(path) == laid and path.read_text() == loose
    with pytest.raises(SpecInvalid, match="E101"):
        format_spec("mnistspec: [1\n")


def test_two_specs_are_compared(tmp_path: Path) -> None:
    path = tmp_path / "narrow.yaml"
    path.write_text(SPEC)
    assert compare(path, SPEC).same
    found = compare(path, SPEC.replace("units: 3", "units: 5"))
    assert not found.same and [change.key for change in found.totals] == ["params", "trainable params", "flops"]
    with pytest.raises(SpecInvalid, match="E205"):
        compare(path, SPEC.replace("Dense", "Dnese"))
