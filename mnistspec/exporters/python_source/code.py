"""Objects of Python outside Keras in the script: imported, and told to Keras when it loads the model."""

from __future__ import annotations

from mnistspec.calls import PythonObject
from mnistspec.diagnostics import UsageError
from mnistspec.exporters.python_source.layout import call, quoted, statement, table
from mnistspec.exporters.python_source.objects import imported_name, module_name
from mnistspec.plan import Plan, python_calls
from mnistspec.spec import Spec


def import_lines(spec: Spec, plan: Plan) -> list[str]:
    """The imports of the modules whose objects the script names."""
    modules = sorted({code.module for code in _objects(spec, plan)})
    own = {module: module_name(module) for module in modules}
    return [f"import {module}" if own[module] == module else f"import {module} as {own[module]}" for module in modules]


def _require_apart(names: list[str]) -> None:
    """Raises: UsageError where one name would stand for two objects."""
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"two modules have a `{twice}`, and Keras loads the model by that name: rename one")


def code_modules(spec: Spec, plan: Plan) -> list[str]:
    """The modules that the script needs besides Keras and NumPy."""
    return list(dict.fromkeys(f"`{code.module}`" for code in _objects(spec, plan)))


def load_lines(spec: Spec, plan: Plan) -> list[str]:
    """The lines that load the saved model."""
    objects = _objects(spec, plan)
    _require_apart([code.name for code in objects])
    named = [(quoted(code.name), imported_name(code)) for code in objects]
    extra = {"custom_objects": table(named)} if named else {}
    return statement(call("keras.models.load_model", ['FOLDER / "model.keras"'], extra), "reloaded = ")


def _objects(spec: Spec, plan: Plan) -> list[PythonObject]:
    """The objects, each once."""
    return list(dict.fromkeys(call.code for call in python_calls(plan, spec) if call.code is not None))
