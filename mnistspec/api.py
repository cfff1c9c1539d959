"""What programs call: check, build and run a spec, and its ways in and out of Keras."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mnistspec.diagnostics import MissingExtra, SpecInvalid, UsageError
from mnistspec.parse import read_source
from mnistspec.pipeline import CheckResult, check_source
from mnistspec.source import Source

if TYPE_CHECKING:
    import keras

    from mnistspec.runs.run import Run


def check(
    path_or_text: str | Path, *, overrides: Sequence[str] = (), filename: str | None = None, allow_env: bool = False
) -> CheckResult:
    """Checks a spec completely, without Keras.

    A string with a line break is the spec's text, any other string a path. `filename` is what diagnostics call it;
    relative paths in a text start from that file's folder. `overrides` are settings such as `fit.epochs=3`.

    Raises: UsageError when the file cannot be read.
    """
    if isinstance(overrides, str):
        raise UsageError(f"`overrides` is a list of settings: write [{overrides!r}]")
    if isinstance(path_or_text, str) and "\n" in path_or_text:
        source = Source(path_or_text, filename or "<text>", Path(filename) if filename else None)
        return check_source(source, overrides=overrides, allow_env=allow_env)
    outcome = read_source(Path(path_or_text), filename)
    if outcome.value is None:
        return CheckResult(Source("", filename or str(path_or_text)), outcome.diagnostics)
    return check_source(outcome.value, overrides=overrides, allow_env=allow_env)


def build(path_or_text: str | Path, *, overrides: Sequence[str] = (), compile: bool = True) -> keras.Model:
    """Builds the spec's Keras model, its weights drawn from the spec's seed (which seeds Keras as a whole).

    Raises: SpecInvalid with the diagnostics, MissingExtra without Keras, RunFailed when Keras refuses the model.
    """
    from mnistspec.backend import import_keras

    result = _valid(check(path_or_text, overrides=overrides))
    assert result.spec is not None
    import_keras(result.spec.backend)
    from mnistspec.exporters.keras_model import build_model

    return build_model(result.plan(), compile=compile)


def run(path_or_text: str | Path, *, overrides: Sequence[str] = (), out: str | Path = "runs") -> Run:
    """Trains the spec's model, proves that it can be loaded back, and writes the run's folder under `out`.

    Raises: SpecInvalid, MissingExtra, DataUnavailable, BadData, OutputFailed, RunFailed, ProofFailed.
    """
    from mnistspec.running import start

    result = _valid(check(path_or_text, overrides=overrides))
    return start(result, Path(out), command=("mnistspec.run", *overrides))


def from_keras(model: keras.Model, *, name: str | None = None, compile: bool = True) -> str:
    """The shortest spec, as YAML text, that builds exactly this model; its weights stay with it.

    `name` replaces the model's own name; `compile` says whether the settings it was compiled with are wanted.

    Raises: UsageError, naming the layer and the reason, for a model that the language cannot say; MissingExtra.
    """
    try:
        from mnistspec.importers.keras_model import from_keras as spec_of
    except ModuleNotFoundError as error:
        raise MissingExtra(f"this needs {error.name}: pip install 'mnistspec[cpu]' (or 'mnistspec[gpu]')") from error
    return spec_of(model, name=name, compile=compile)


def to_python(path_or_text: str | Path, *, overrides: Sequence[str] = ()) -> str:
    """The spec as one Python script that needs Keras and NumPy only; making it needs neither.

    The model that the script builds has the configuration and the initial weights of the one that `build` builds.
    With data, compile and fit in the spec the script also trains, evaluates, predicts, saves, and loads to compare.

    Raises: SpecInvalid with the diagnostics, UsageError where nothing says an input's shape, DataUnavailable for a
    data file that is not there and decides the code.
    """
    from mnistspec.exporters.python_source import python_source
    from mnistspec.resolve.variables import variables_of

    result = _valid(check(path_or_text, overrides=overrides))
    assert result.spec is not None and result.graph is not None and result.written is not None
    return python_source(result.plan(), result.spec, result.graph, variables_of(result.written))


def _valid(result: CheckResult) -> CheckResult:
    if not result.ok:
        raise SpecInvalid(result.diagnostics)
    return result
