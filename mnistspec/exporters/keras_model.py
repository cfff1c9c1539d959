"""A plan as a Keras model: layers made and called in the plan's order, then compiled."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import reduce
from typing import Any

import keras

from mnistspec.calls import Call
from mnistspec.catalogue import load
from mnistspec.catalogue.activations import LAYER_OF
from mnistspec.datasets.vocabulary import vocabulary_file
from mnistspec.diagnostics import MissingExtra, RunFailed, SpecRefused, first_line
from mnistspec.exporters.keras_applications import application
from mnistspec.exporters.keras_draws import the_same_on_every_backend
from mnistspec.exporters.keras_functions import array_of, called_function
from mnistspec.exporters.keras_names import counted_anew
from mnistspec.exporters.mask_operations import taken_names
from mnistspec.exporters.python_objects import import_all, made, telling
from mnistspec.graph import Given, Port, stem_of
from mnistspec.plan import LayerStep, Plan, python_calls
from mnistspec.spec import Constant, InputSpec
from mnistspec.structures import Structure, filled, mapped
from mnistspec.wrapping import has_model, wrapped

# What Keras raises when it does not like what it is given.
KERAS_ERRORS = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    NotImplementedError,
    ZeroDivisionError,
    RuntimeError,
    IndexError,
)


def build_model(plan: Plan, *, compile: bool = True) -> keras.Model:
    """The model of a plan, its weights drawn from the plan's seed (which seeds Python, NumPy and the backend).

    They are the same on every backend, but for rounding in normal numbers.
    Raises: SpecRefused with Keras' reason and the place that it is about, RunFailed where it is about the whole.
    """
    import_all(python_calls(plan))  # before the seed, so that what modules draw for themselves changes nothing
    if plan.seed is not None:
        keras.utils.set_random_seed(plan.seed)
    with counted_anew(), the_same_on_every_backend():
        for name, times in taken_names(plan):
            for _ in range(times):
                keras.backend.get_uid(name)
        model = _assembled(plan)
        if not plan.trainable:
            model.trainable = False
        if compile and plan.compile is not None:
            with _precision(plan.precision):
                _compile(model, plan)
    return model


@contextmanager
def _precision(policy: str) -> Iterator[None]:
    """The dtype policy that layers made inside take on."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def construct(value: Any) -> Any:
    """A spec's value as Keras takes it: objects made, words left as words, lists as tuples."""
    if isinstance(value, Call):
        return _construct_call(value)
    if isinstance(value, Mapping):
        return {name: construct(inner) for name, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(construct(item) for item in value)
    return value


def _construct_call(call: Call) -> Any:
    if call.code is not None:
        return made(call, construct(call.arguments))
    if call.facts.namespace == "activations":
        return _activation(call)
    if call.bare is not None and _is_word(call, call.bare):
        return call.bare
    arguments = _arguments(call)
    try:
        return keras_class(call.facts.path)(**arguments)
    except KERAS_ERRORS as error:
        raise SpecRefused(f"{call.span}: Keras refuses `{call.name}`: {first_line(error)}") from error


def _is_word(call: Call, bare: str) -> bool:
    """Whether Keras is to make the object from its name: one drawn by shape, or named after the word, or in its time.

    An initializer draws its seed when it is made, so that the moment decides the weights.
    """
    if call.facts.namespace in ("losses", "metrics"):
        return bare in load()[call.facts.namespace].identifiers
    return call.facts.namespace == "initializers" and "seed" in call.facts.arguments


def _activation(call: Call) -> Any:
    """The activation's name, or the layer that says the same when it has arguments, since Keras can save only these."""
    if not call.arguments:
        return call.name
    return getattr(keras.layers, LAYER_OF[call.name])(**_arguments(call))


def _arguments(call: Call) -> dict[str, Any]:
    values = {name: _insisted(call, name, construct(value)) for name, value in call.arguments.items()}
    vocabulary = vocabulary_file(call)
    return values if vocabulary is None else {**values, "vocabulary": str(vocabulary)}


def _insisted(call: Call, name: str, value: Any) -> Any:
    """The value in the Python type that Keras demands for this argument, where it demands one."""
    wanted = call.facts.arguments[name].insists
    if wanted == "float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return list(value) if wanted == "list" and isinstance(value, tuple) else value


def keras_class(path: str) -> Any:
    """What a public path such as `keras.layers.Dense` names."""
    return reduce(getattr, path.split(".")[1:], keras)


def _assembled(plan: Plan) -> keras.Model:
    with _precision(plan.precision):
        return _sequential(plan) if plan.kind == "sequential" else _functional(plan)


def _make_layer(step: LayerStep, given: Sequence[Any]) -> Any:
    """The layer, not called yet; a model is made for what is `given` to it where it does not say its shapes."""
    if step.call.code is not None:
        return made(step.call, {**_arguments(step.call), "name": step.name})
    if has_model(step.call):
        return _model(step, step.call, step.name, given)
    with _naming(step):
        return keras_class(step.call.facts.path)(**_arguments(step.call), name=step.name)


def _model(step: LayerStep, call: Call, name: str, given: Sequence[Any]) -> Any:
    """A model as a layer, or a layer around one, which calls it on each step of what is given."""
    if step.model is not None and call.model is not None:
        pairs = zip(step.model.inputs, given, strict=True)
        return _assembled(replace(step.model, inputs=tuple(_completed(one, tensor) for one, tensor in pairs)))
    inner = call.arguments.get("layer")
    if not isinstance(inner, Call):
        with _naming(step):
            return application(keras_class(call.facts.path), {**_arguments(call), "name": name}, given)
    steps = [keras.KerasTensor((tensor.shape[0], *tensor.shape[2:]), tensor.dtype) for tensor in given]
    layer = _model(step, inner, str(inner.argument("name") or stem_of(inner)), steps)
    others = {key: value for key, value in call.arguments.items() if key != "layer"}
    with _naming(step):
        return keras_class(call.facts.path)(layer, **{**_arguments(replace(call, arguments=others)), "name": name})


@contextmanager
def _naming(step: LayerStep) -> Iterator[None]:
    """Turns Keras' complaint about a layer into one that names the layer and its line."""
    if step.call.code is not None:
        with telling(step.call, f"`{step.name}` could not be called"):
            yield
        return
    try:
        yield
    except ImportError as error:
        raise MissingExtra(f"{step.call.span}: `{step.name}` cannot be used here: {first_line(error)}") from error
    except KERAS_ERRORS as error:
        reason = str(error).strip().split("\n\n")[0] or type(error).__name__
        raise SpecRefused(f"{step.call.span}: Keras refuses `{step.name}` ({step.call.name}): {reason}") from error


@contextmanager
def _assembling(plan: Plan) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            # Keys may be others than the names of the inputs: the data find their way.
            warnings.filterwarnings("ignore", message="When providing `inputs` as a dict")
            yield
    except KERAS_ERRORS as error:
        raise RunFailed(f"Keras cannot make a model of the layers of `{plan.name}`: {first_line(error)}") from error


def _completed(given: InputSpec, tensor: Any) -> InputSpec:
    if given.shape is not None:
        return given
    size, *shape = tensor.shape
    return replace(given, shape=tuple(shape), batch_size=size, dtype=given.dtype or tensor.dtype)


def _input(given: InputSpec) -> Any:
    extra = {name: True for name in ("sparse", "ragged", "optional") if getattr(given, name)}
    return keras.Input(given.shape, batch_size=given.batch_size, dtype=given.dtype, name=given.name, **extra)


def _sequential(plan: Plan) -> keras.Sequential:
    """Each layer is called as it is made, so that it draws its weights at the moment a functional model's would."""
    tensor = given = _input(plan.inputs[0])
    layers: list[Any] = []
    for step in plan.steps:
        layers.append(_make_layer(step, [tensor]))
        with _naming(step), _path(plan):
            tensor = layers[-1](tensor)
        _freeze(layers[-1], step)
    with _assembling(plan):
        return keras.Sequential([given, *layers], name=plan.name)


@contextmanager
def _path(plan: Plan) -> Iterator[None]:
    """Where Keras puts the weights of a sequential model inside another: below its name."""
    if not plan.nested:
        yield
        return
    with keras.name_scope(plan.name):
        yield


def _functional(plan: Plan) -> keras.Model:
    results: dict[str, Any] = {given.name: _input(given) for given in plan.inputs}
    inputs = dict(results)
    layers: dict[str, Any] = {}
    for step in plan.steps:
        if step.call.facts.tensors:
            with _naming(step):
                results[step.name] = called_function(step, lambda given: _take(results, given))
            continue
        layer = layers[step.name] = layers[step.shares] if step.shares else _make_layer(step, _given(step, results))
        with _naming(step):
            results[step.name] = _in_order(layer, _call(layer, step, results))
        _freeze(layer, step)
    outputs = [_output(plan, results, port) for port in plan.outputs]
    with _assembling(plan):
        return keras.Model(
            inputs=structured(plan.input_structure, list(inputs.values())),
            outputs=structured(plan.output_structure, outputs),
            name=plan.name,
        )


def structured(structure: Structure, tensors: list[Any]) -> Any:
    """Tensors as Keras is to have them: in their structure, or one alone and several in a list."""
    if structure is None:
        return tensors[0] if len(tensors) == 1 else tensors
    return filled(structure, tensors, list)


def _output(plan: Plan, results: Mapping[str, Any], port: Port) -> Any:
    """An output under its node's name: Keras names outputs after layers, and a layer called again has one already."""
    tensor = _take(results, port)
    return keras.layers.Identity(name=port.node)(tensor) if port.node in plan.called_again else tensor


def _freeze(layer: Any, step: LayerStep) -> None:
    """Freezes what `trainable: false` means to freeze.

    Given to a constructor it leaves the layers inside wrappers, cells and attention training; set again once they
    exist it reaches them, and it has to change to be passed on.
    """
    if step.shares is not None:
        return
    calls = wrapped(step.call)
    for call in calls if has_model(step.call) else calls[:1]:
        if call.argument("trainable") is False:
            layer.trainable = True
            layer.trainable = False
        layer = getattr(layer, "layer", layer)


def _given(step: LayerStep, results: Mapping[str, Any]) -> list[Any]:
    """The tensors that a layer is called on in order, all outputs of the step before it where that gives several."""
    first = step.named.get(step.call.facts.first_argument, ())
    given = step.inputs or (first if isinstance(first, tuple) else (first,))
    tensors = [_take(results, port) for port in given if isinstance(port, Port)]
    return keras.tree.flatten(tensors)  # type: ignore[no-any-return]


def _in_order(layer: Any, result: Any) -> Any:
    """What a layer gives; of a model, whatever structure it has its outputs in, one tensor or a list of several."""
    if not isinstance(layer, keras.Model):
        return result
    tensors = keras.tree.flatten(result)
    return tensors[0] if len(tensors) == 1 else tensors


def _call(layer: Any, step: LayerStep, results: Mapping[str, Any]) -> Any:
    named = {
        argument: [_take(results, port) for port in value] if isinstance(value, tuple) else _take(results, value)
        for argument, value in step.named.items()
    }
    placed = [named.pop(argument, None) for argument in step.placed]
    extra = {**named, **{name: construct(value) for name, value in step.call_arguments.items()}}
    if not step.inputs:
        return layer(*placed, **extra)
    tensors = [_take(results, port) for port in step.inputs]
    if step.form is not None:
        tensors = keras.tree.flatten(tensors)
        given = mapped(step.form.structure, lambda place: tensors[place], list)
        return layer(inputs=given, **extra) if step.form.named else layer(given, **extra)
    return layer(tensors[0] if step.single else tensors, **extra)


def _take(results: Mapping[str, Any], given: Given) -> Any:
    if isinstance(given, Constant):
        return array_of(given.value)
    result = results[given.node]
    if given.output is None:
        return result
    return result[given.output] if isinstance(result, list | tuple) else result


def _compile(model: keras.Model, plan: Plan) -> None:
    """Compiles as the spec says."""
    settings = plan.compile
    assert settings is not None
    try:
        model.compile(
            optimizer=construct(settings.optimizer),
            loss=_listed(construct(settings.loss)),
            loss_weights=_listed(settings.loss_weights),
            metrics=_listed(construct(settings.metrics)),
            weighted_metrics=_listed(construct(settings.weighted_metrics)),
            run_eagerly=settings.run_eagerly,
            steps_per_execution=1 if settings.steps_per_execution == "auto" else settings.steps_per_execution,
            jit_compile=False if plan.forgoes_xla and settings.jit_compile == "auto" else settings.jit_compile,
            auto_scale_loss=settings.auto_scale_loss,
        )
    except KERAS_ERRORS as error:
        raise SpecRefused(f"{settings.span}: Keras refuses to compile the model: {first_line(error)}") from error


def _listed(value: Any) -> Any:
    """Lists of losses and metrics as lists, which Keras tells from tuples."""
    if isinstance(value, Mapping):
        return {name: _listed(inner) for name, inner in value.items()}
    return [_listed(inner) for inner in value] if isinstance(value, tuple) else value
