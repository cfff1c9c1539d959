from __future__ import annotations

from dataclasses import replace

import mnistspec
from mnistspec.decisions.threads import cores, threads
from tests.decisions.deciding import decided

_SPEC = """
mnistspec: 1
deterministic: true
model: {kind: sequential, input: [4], layers: [{Dense: {units: 1}}]}
"""


def test_a_number_in_the_spec_is_taken_as_it_is() -> None:
    assert (decided(threads=3).threads.value, decided(threads=3).threads.reason) == (3, "the spec says so")


def test_they_are_left_to_the_backend_but_where_the_bits_are_to_be_the_same() -> None:
    assert decided().threads.value == "auto"
    assert decided(deterministic=True).threads.value == cores()
    assert decided(deterministic=True, backend="torch").threads.value == cores()
    assert decided(deterministic=True, backend="jax").threads.value == "auto"


def test_a_run_that_goes_on_keeps_what_it_began_with() -> None:
    spec = mnistspec.check(_SPEC).spec
    assert spec is not None
    assert threads(spec, 5).value == 5 and threads(spec, "auto").value == cores()
    assert threads(replace(spec, threads=2), 5).value == 2


def test_jax_is_not_told_how_many() -> None:
    result = mnistspec.check(_SPEC.replace("deterministic: true", "backend: jax\nthreads: 2"))
    assert [finding.code for finding in result.diagnostics] == ["E204"]
