"""Objects of Python outside Keras: imported, made, and known to Keras by name while it saves and loads.

Only a spec that was checked with `allow_code` has any. What their author's code raises is told with its own line.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

import keras

from mnistspec.calls import Call, PythonObject, calls_in
from mnistspec.diagnostics import SpecRefused, first_line
from mnistspec.plan import Plan, python_calls
from mnistspec.spec import Spec
from mnistspec.suggest import suggest

# What may stand in each place, and whether a function may as well, which is then taken as it is.
_WANTED: Mapping[str, tuple[tuple[type, ...], str, bool]] = {
    "layers": ((keras.Layer,), "a layer", False),
    "cells": ((keras.Layer,), "a recurrent cell", False),
    "optimizers": ((keras.optimizers.Optimizer,), "an optimizer", False),
    "schedules": ((keras.optimizers.schedules.LearningRateSchedule,), "a schedule", True),
    "losses": ((keras.losses.Loss,), "a loss", True),
    "metrics": ((keras.metrics.Metric,), "a metric", True),
    "callbacks": ((keras.callbacks.Callback,), "a callback", False),
    "initializers": ((keras.initializers.Initializer,), "an initializer", True),
    "regularizers": ((keras.regularizers.Regularizer,), "a regularizer", True),
    "constraints": ((keras.constraints.Constraint,), "a constraint", True),
    "activations": ((), "an activation", True),
    "objects": ((object,), "an object", True),
}
# Keras writes some of its errors in colour.
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# Folders whose code is not the author's own.
_NOT_THE_AUTHORS = (str(Path(__file__).parents[1]), str(Path(keras.__file__).parent), "<frozen")


def import_all(calls: tuple[Call, ...]) -> dict[str, str]:
    """Imports what the calls name; the digests (SHA-256) of the modules' files by the modules' names.

    Raises: SpecRefused with the place in the spec.
    """
    for call in calls:
        _imported(call)
    modules = dict.fromkeys(call.code.module for call in calls if call.code is not None)
    files = {name: getattr(sys.modules[name], "__file__", None) for name in modules}
    return {name: hashlib.sha256(Path(file).read_bytes()).hexdigest() for name, file in files.items() if file}


def made(call: Call, arguments: Mapping[str, Any]) -> Any:
    """The object that stands in the call's place.

    Raises: SpecRefused where it cannot be imported or made, or is none that may stand there.
    """
    code = call.code
    assert code is not None
    found = _imported(call)
    types, what, functions = _WANTED[call.facts.namespace]
    taken = functions and not code.called and not inspect.isclass(found)
    result = found if taken else _called(call, found, arguments)
    if isinstance(result, types) or (functions and callable(result) and not inspect.isclass(result)):
        return result
    raise SpecRefused(f"{call.span}: `{code}` gives {_named(result)}, and this is the place of {what}")


def _named(value: Any) -> str:
    return "nothing" if value is None else f"an object of type `{type(value).__name__}`"


def _called(call: Call, found: Any, arguments: Mapping[str, Any]) -> Any:
    if not inspect.isclass(found) and not inspect.isroutine(found):
        raise SpecRefused(
            f"{call.span}: `{call.code}` is neither a class nor a function; name one that makes the object"
        )
    with telling(call, f"`{call.code}` could not be made"):
        _require_fit(call, found, arguments)
        return found(**arguments)


def _require_fit(call: Call, found: Any, arguments: Mapping[str, Any]) -> None:
    """Raises: SpecRefused for arguments that the object does not take, before its code begins."""
    try:
        inspect.signature(found).bind(**arguments)
    except TypeError as error:
        why = str(error)
        if "'name'" in why and "name" not in call.arguments:
            why += "; let it take `**kwargs`, and give them to `super().__init__`, as Keras asks of layers"
        raise SpecRefused(f"{call.span}: `{call.code}` does not take these arguments: {why}") from error
    except ValueError:
        # Some written in C have no signature: what is wrong shows when they are called.
        return


@contextmanager
def telling(call: Call, what: str) -> Iterator[None]:
    """Turns whatever the author's code raises into a message that names its line, and the spec's."""
    try:
        yield
    except SpecRefused:
        raise
    except (Exception, SystemExit) as error:
        # Anything at all can come out of code that somebody wrote.
        raise SpecRefused(f"{call.span}: {what}: {told(error)}") from error


def told(error: BaseException) -> str:
    """An error in a line: its type, what it says, and the author's line that it comes from."""
    said = _said(error)
    text = type(error).__name__ if said == type(error).__name__ else f"{type(error).__name__}: {said}"
    if isinstance(error, SyntaxError):
        return text
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith(_NOT_THE_AUTHORS)]
    return f"{text} ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else text


def _said(error: BaseException) -> str:
    """What an error says; of one that Keras explains in its own words, what it was at first."""
    inner = _COLOUR.sub("", str(error)).partition("Error encountered:")[2].strip()
    return inner.splitlines()[0] if inner else first_line(error)


def _imported(call: Call) -> Any:
    """What the call names, out of its module."""
    code = call.code
    assert code is not None
    folder = (call.span.source.folder / code.path).resolve()
    module = _module(call, code, folder)
    found = getattr(module, code.name, None)
    if found is None:
        near = suggest(code.name, [name for name in vars(module) if not name.startswith("_")])
        help = f"; did you mean `{near}`?" if near else ""
        raise SpecRefused(f"{call.span}: the module `{code.module}` has no `{code.name}`{help}")
    if getattr(found, "__name__", "") == "<lambda>":
        raise SpecRefused(f"{call.span}: `{code}` is a lambda, which Keras cannot save; write it with `def`")
    return found


def _module(call: Call, code: PythonObject, folder: Path) -> ModuleType:
    _require_unambiguous(call, code, folder)
    with _first_on_path(folder), telling(call, f"the module `{code.module}` could not be imported"):
        try:
            return importlib.import_module(code.module)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{code.module}.".startswith(f"{error.name}."):
                raise
            where = f"neither in {folder} nor among the installed ones"
            raise SpecRefused(f"{call.span}: there is no module `{error.name}`, {where}") from error


def _require_unambiguous(call: Call, code: PythonObject, folder: Path) -> None:
    """Raises: SpecRefused where another module of that name is in use already: a process knows each name once."""
    first = code.module.partition(".")[0]
    known = getattr(sys.modules.get(first), "__file__", None)
    here = PathFinder.find_spec(first, [str(folder)])
    beside = here.origin if here is not None else None
    if known and beside and Path(known).resolve() != Path(beside).resolve():
        raise SpecRefused(
            f"{call.span}: a module `{first}` is in use already, from {known}: rename the one at {beside}"
        )


@contextmanager
def _first_on_path(folder: Path) -> Iterator[None]:
    """For the time of an import alone, modules are looked for in the folder first."""
    importlib.invalidate_caches()
    before = sys.path
    sys.path = [str(folder), *before]
    try:
        yield
    finally:
        sys.path = before


def known_to_keras(calls: tuple[Call, ...]) -> AbstractContextManager[Any]:
    """Inside, Keras finds what the calls name, and what else their modules define, when it loads a model.

    Raises: SpecRefused where two objects have one name, by which Keras alone would know them.
    """
    found: dict[str, Any] = {}
    named: dict[str, Any] = {}
    for call in calls:
        thing = _imported(call)
        assert call.code is not None
        found |= _defined_in(sys.modules[call.code.module])
        if not callable(thing):
            continue
        name = keras.saving.get_registered_name(thing)
        if named.setdefault(name, thing) is not thing:
            help = "give one another name, or register it with `keras.saving.register_keras_serializable`"
            raise SpecRefused(f"{call.span}: two objects are called `{name}`, and Keras saves only the name; {help}")
    scope: AbstractContextManager[Any] = keras.saving.custom_object_scope({**found, **named})
    return scope


def _defined_in(module: ModuleType) -> dict[str, Any]:
    """The classes and functions that a module defines itself: a named one may be built of the others."""
    own = [thing for thing in vars(module).values() if getattr(thing, "__module__", None) == module.__name__]
    return {keras.saving.get_registered_name(thing): thing for thing in own if _has_a_name(thing)}


def _has_a_name(thing: Any) -> bool:
    return inspect.isclass(thing) or inspect.isfunction(thing)


def require_saveable(model: keras.Model, plan: Plan) -> None:
    """Raises: SpecRefused for a layer whose configuration Keras cannot have, so that it could not be loaded back."""
    for step in plan.steps:
        calls = [call for call in calls_in(step.call) if call.code is not None]
        if not calls or step.shares is not None:
            continue
        try:
            model.get_layer(step.name).get_config()
        except Exception as error:
            why = (
                f"`{calls[0].code}` needs a `get_config` that returns its arguments, or say `outputs: {{model: false}}`"
            )
            raise SpecRefused(
                f"{calls[0].span}: `{step.name}` cannot be saved: {why} ({type(error).__name__})"
            ) from error


@contextmanager
def in_use(plan: Plan, spec: Spec) -> Iterator[Mapping[str, str]]:
    """Imports what a plan names and lets Keras know it; gives the digests of its modules."""
    calls = python_calls(plan, spec)
    digests = import_all(calls)
    with known_to_keras(calls):
        yield digests
