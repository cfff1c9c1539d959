from __future__ import annotations

from typing import Any

from tests.decisions.deciding import decided

_NO_WORK = ("Flatten",)


def chosen(*layers: Any, **changes: Any) -> int:
    return decided(layers or _NO_WORK, **changes).steps_per_execution.value


def dense(units: int) -> dict[str, Any]:
    return {"Dense": {"units": units}}


def test_a_number_in_the_spec_is_taken_as_it_is() -> None:
    found = decided(examples=300, compiled={"steps_per_execution": 17}).steps_per_execution
    assert (found.value, found.reason) == (17, "the spec says so")


def test_one_step_at_a_time_leaves_the_loop_to_keras_unless_xla_compiles_it() -> None:
    plain = {"steps_per_execution": 1}
    assert decided(examples=300, compiled=plain).left_to_keras
    assert decided(compiled={**plain, "jit_compile": True}).left_to_keras
    compiled = decided(compiled=plain)
    assert compiled.jit_compile.value is True and not compiled.left_to_keras
    assert not decided(examples=300).left_to_keras


def test_many_steps_of_a_small_model_and_fewer_of_a_large_one() -> None:
    small, large = chosen(dense(10)), chosen(dense(100_000))
    assert small == 256 and large == 1


def test_never_past_an_epoch_or_a_checkpoint() -> None:
    assert chosen(examples=500) == 5
    assert chosen(fit={"checkpoint": 12}) == 12
    assert chosen(fit={"checkpoint": "epoch"}) == 256


def test_an_epoch_of_a_set_number_of_steps_is_filled_exactly() -> None:
    for steps in (1, 37, 96, 100, 300):
        assert steps % chosen(fit={"steps_per_epoch": steps}) == 0
    assert chosen(fit={"steps_per_epoch": 512}) == 256


def test_jax_runs_as_many_steps_at_a_time_and_torch_one() -> None:
    assert chosen(backend="jax") == 256
    assert chosen(backend="torch") == 1


def test_callbacks_that_act_between_steps_get_every_one() -> None:
    def with_callbacks(*callbacks: Any) -> int:
        return chosen(fit={"callbacks": list(callbacks)})

    assert with_callbacks({"BackupAndRestore": {"backup_dir": "b", "save_freq": 3}}) == 1
    assert with_callbacks({"TensorBoard": {"update_freq": "batch"}}) == 1
    assert with_callbacks({"TensorBoard": {"profile_batch": 2}}) == 1
    assert with_callbacks("TensorBoard", {"EarlyStopping": {"monitor": "loss"}}) == 256
