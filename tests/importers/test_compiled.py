"""Compile settings as Keras notes them, in the language's form."""

from __future__ import annotations

from typing import Any

import pytest

from mnistspec.importers.compiled import compile_section
from mnistspec.importers.objects import Unsayable

from .configs import made

_SGD = made("keras.optimizers.SGD", name="sgd", learning_rate=0.009999999776482582, momentum=0.0)


def _section(*outputs: str, **config: Any) -> dict[str, Any]:
    return compile_section({"optimizer": _SGD, "loss": "mse", **config}, outputs or ("out",), "float32")


def test_defaults_are_left_out() -> None:
    noted = {"metrics": None, "weighted_metrics": None, "loss_weights": None, "jit_compile": False,
             "run_eagerly": False, "steps_per_execution": 1, "auto_scale_loss": True}  # fmt: skip
    assert _section(**noted) == {"optimizer": "SGD", "loss": "mse"}
    assert _section(optimizer=made("keras.optimizers.RMSprop", name="rm_sprop_1", rho=0.9)) == {"loss": "mse"}


def test_what_differs_is_said() -> None:
    told = {"jit_compile": True, "steps_per_execution": 4, "run_eagerly": True, "auto_scale_loss": False}
    assert _section(**told) == {"optimizer": "SGD", "loss": "mse", **told}


def test_objects_inside_objects() -> None:
    schedule = made("keras.optimizers.schedules.CosineDecay", initial_learning_rate=0.1, decay_steps=10, alpha=0.0)
    optimizer = made("keras.optimizers.Adam", name="mine", learning_rate=schedule, clipnorm=1.0)
    loss = made("keras.losses.Huber", name="huber_loss", reduction="sum", delta=2.0)
    assert _section(optimizer=optimizer, loss=loss) == {
        "optimizer": {
            "Adam": {
                "learning_rate": {"CosineDecay": {"initial_learning_rate": 0.1, "decay_steps": 10}},
                "clipnorm": 1.0,
                "name": "mine",
            }
        },
        "loss": {"Huber": {"delta": 2.0, "reduction": "sum"}},
    }


@pytest.mark.parametrize(
    "said",
    [
        {"loss": ["mse", None]},
        {"loss": {"a": "mse"}},
        {"loss": ["mse"]},
        {"loss": [["mse", "mae"], "mse"]},
        {"loss_weights": [None, 0.5]},
        {"loss_weights": 0.5},
        {"metrics": ["mae", None]},
        {"metrics": [["mae", "mse"], []]},
        {"metrics": {"a": ["mae"], "b": None}},
        {"weighted_metrics": [None, None]},
        {"metrics": []},
    ],
)
def test_lists_and_maps_stay_as_they_are(said: dict[str, Any]) -> None:
    assert _section("a", "b", **said) == {"optimizer": "SGD", "loss": "mse", **said}


def test_the_names_of_keras_functions_are_words() -> None:
    said = [{"class_name": "function", "config": "mean_absolute_error"}]
    assert _section(metrics=said)["metrics"] == ["mean_absolute_error"]


def test_settings_of_outputs_in_lists_in_a_map_go_by_the_outputs_names() -> None:
    config = {"optimizer": _SGD, "loss": {"pair": ["mse", "mae"], "one": None}, "metrics": {"pair": [["mae"], []]}}
    section = compile_section(config, ["c", "a", "b"], "float32", {"pair": ["a", "b"], "one": "c"})
    assert section["loss"] == {"a": "mse", "b": "mae", "c": None}
    assert section["metrics"] == {"a": ["mae"], "b": [], "c": None}


@pytest.mark.parametrize("loss", [{"pair": "mse"}, {"pair": {"c": "mse"}}, {"pair": ["mse", "mae"]}])
def test_a_setting_that_is_for_no_output_in_a_map_alone_is_refused(loss: Any) -> None:
    config = {"optimizer": _SGD, "loss": loss}
    with pytest.raises(Unsayable, match="nothing of each of the outputs that stand in one map"):
        compile_section(config, ["a", "b"], "float32", {"pair": {"a": "a", "b": "b"}})


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"loss": None}, "compiled without loss; leave the settings out, with `compile=False` or --no-compile"),
        ({"loss": None, "optimizer": None}, "compiled without optimizer or loss"),
        ({"novelty": 1}, "compiled with `novelty`, which the language does not have"),
        ({"loss": {"class_name": "function", "config": "mine"}}, "the Python function `mine`"),
        ({"optimizer": made("mine.Lion", name="lion")}, "a `Lion` of `mine`"),
    ],
)
def test_what_the_language_cannot_say_is_refused(said: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unsayable) as caught:
        _section("a", "b", **said)
    assert reason in str(caught.value)


def _area(name: str) -> dict[str, Any]:
    return made("keras.metrics.AUC", name=name, num_thresholds=50)


def test_a_metric_that_is_the_only_one_of_its_class_needs_no_name() -> None:
    assert _section(metrics=[_area("auc")])["metrics"] == [{"AUC": {"num_thresholds": 50}}]
    assert _section(metrics=[made("keras.metrics.AUC", name="auc")])["metrics"] == ["AUC"]
    assert _section("a", "b", metrics=[[_area("auc")], None])["metrics"] == [[{"AUC": {"num_thresholds": 50}}], None]


@pytest.mark.parametrize("names", [["area"], ["auc", "auc"], ["auc", "auc_1"]])
def test_names_that_others_would_have_or_that_were_given_are_said(names: list[str]) -> None:
    metrics = _section(metrics=[_area(name) for name in names])["metrics"]
    assert [one["AUC"]["name"] for one in metrics] == names


def test_a_name_is_said_that_is_not_the_default_of_its_class() -> None:
    given = made("keras.metrics.LogCoshError", name="log_cosh_error")
    assert _section(metrics=[given])["metrics"] == [{"LogCoshError": {"name": "log_cosh_error"}}]
