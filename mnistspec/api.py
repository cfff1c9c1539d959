"""What programs call: check, build and run a spec, and its ways in and out of Keras."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mnistspec.collecting import without_collecting
from mnistspec.diagnostics import MissingExtra, SpecInvalid, UsageError, has_errors
from mnistspec.parse import read_source
from mnistspec.pipeline import CheckResult, check_source
from mnistspec.source import Source

if TYPE_CHECKING:
    import keras

    from mnistspec.differences import Differences
    from mnistspec.runs.run import Run


def check(
    path_or_text: str | Path,
    *,
    overrides: Sequence[str] = (),
    filename: str | None = None,
    allow_env: bool = False,
    allow_code: bool = False,
) -> CheckResult:
    """Checks a spec completely, without Keras.

    A string with a line break is the spec's text, any other string a path. `filename` is what diagnostics call it;
    relative paths in a text start from that file's folder. `overrides` are settings such as `fit.epochs=3`. With
    `allow_code` the spec may name objects of Python; none is imported here.

    Raises: UsageError when the file cannot be read.
    """
    if isinstance(overrides, str):
        raise UsageError(f"`overrides` is a list of settings: write [{overrides!r}]")
    try:
        source = _source(path_or_text, filename)
    except SpecInvalid as error:
        return CheckResult(Source("", filename or str(path_or_text)), error.diagnostics)
    return check_source(source, overrides=overrides, allow_env=allow_env, allow_code=allow_code)


def build(
    path_or_text: str | Path,
    *,
    overrides: Sequence[str] = (),
    compile: bool = True,
    weights: str | Path | None = None,
    allow_code: bool = False,
) -> keras.Model:
    """Builds the spec's Keras model, its weights drawn from the spec's seed (which seeds Keras as a whole).

    `weights` is a `.weights.h5` file to load them from instead, of a model that has the same layers. With `allow_code`
    the objects of Python that the spec names are imported: its author's code runs then.

    Raises: SpecInvalid with the diagnostics, MissingExtra without Keras, RunFailed when Keras refuses the model,
    UsageError where the weights cannot be loaded.
    """
    from mnistspec.backend import import_keras

    result = _valid(check(path_or_text, overrides=overrides, allow_code=allow_code))
    assert result.spec is not None
    import_keras(result.spec.backend)
    from mnistspec.exporters.keras_model import build_model

    model = build_model(result.plan(), compile=compile)
    if weights is not None:
        from mnistspec.exporters.weights import load_weights

        load_weights(model, Path(weights))
    return model


def run(
    path_or_text: str | Path,
    *,
    overrides: Sequence[str] = (),
    out: str | Path = "runs",
    weights: str | Path | None = None,
    allow_code: bool = False,
) -> Run:
    """Trains the spec's model, proves that it can be loaded back, and writes the run's folder under `out`.

    `weights` is a `.weights.h5` file to begin with, instead of weights that the seed draws. With `allow_code` the
    objects of Python that the spec names are imported: its author's code runs then.

    Raises: SpecInvalid, UsageError, MissingExtra, DataUnavailable, BadData, OutputFailed, RunFailed, ProofFailed.
    """
    from mnistspec.running import start

    result = _valid(check(path_or_text, overrides=overrides, allow_code=allow_code))
    given = Path(weights) if weights is not None else None
    return start(result, Path(out), weights=given, command=("mnistspec.run", *overrides))


def from_keras(model: keras.Model, *, name: str | None = None, compile: bool = True, flat: bool = False) -> str:
    """The shortest spec, as YAML text, that builds exactly this model; its weights stay with it.

    `name` replaces the model's own name; `compile` says whether the settings it was compiled with are wanted. Structure
    that comes again is said once, in blocks and repeats; with `flat` every layer has an entry of its own.

    Raises: UsageError, naming the layer and the reason, for a model that the language cannot say; MissingExtra.
    """
    try:
        from mnistspec.importers.keras_model import from_keras as spec_of
    except ModuleNotFoundError as error:
        raise MissingExtra(f"this needs {error.name}: pip install 'mnistspec[cpu]' (or 'mnistspec[gpu]')") from error
    return spec_of(model, name=name, compile=compile, flat=flat)


def to_python(path_or_text: str | Path, *, overrides: Sequence[str] = (), allow_code: bool = False) -> str:
    """The spec as one Python script that needs Keras and NumPy only; making it needs neither.

    With `allow_code` the spec may name objects of Python, which the script imports, and making it does not.
    The model that the script builds has the configuration and the initial weights of the one that `build` builds.
    With data, compile and fit in the spec the script also trains, evaluates, predicts, saves, and loads to compare.

    Raises: SpecInvalid with the diagnostics, UsageError where nothing says an input's shape, DataUnavailable for a
    data file that is not there and decides the code.
    """
    from mnistspec.exporters.python_source import python_source
    from mnistspec.resolve.variables import variables_of

    result = _valid(check(path_or_text, overrides=overrides, allow_code=allow_code))
    assert result.spec is not None and result.graph is not None and result.written is not None
    return python_source(result.plan(), result.spec, result.graph, variables_of(result.written))


def format_spec(path_or_text: str | Path) -> str:
    """The text of a spec in the one layout: what it says and its comments stay. No file is written.

    A text with something that the layout cannot keep comes back as it is.

    Raises: SpecInvalid for what is not YAML, UsageError when the file cannot be read.
    """
    from mnistspec.layout import lay_out

    with without_collecting():
        layout = lay_out(_source(path_or_text, None))
    if has_errors(layout.diagnostics):
        raise SpecInvalid(layout.diagnostics)
    return layout.text


def compare(before: str | Path, after: str | Path, *, allow_code: bool = False) -> Differences:
    """What differs between two specs, runs' folders or models' files, every default spelled out.

    A string with a line break is a spec's text, any other a path. The result's `.same` says whether nothing differs;
    `.layers`, `.totals`, `.settings` and `.record` say what does.

    Raises: SpecInvalid with the diagnostics, UsageError where nothing can be read, MissingExtra for a model whose
    file does not say all without Keras.
    """
    from mnistspec.differences import differences
    from mnistspec.differences.sides import side, text_side

    one, other = (
        text_side(given, allow_code=allow_code)
        if isinstance(given, str) and "\n" in given
        else side(Path(given), allow_code=allow_code)
        for given in (before, after)
    )
    return differences(one, other)


def _source(path_or_text: str | Path, filename: str | None) -> Source:
    """The text of a spec or of the file at a path. Raises: SpecInvalid for what is no text, UsageError."""
    if isinstance(path_or_text, str) and "\n" in path_or_text:
        return Source(path_or_text, filename or "<text>", Path(filename) if filename else None)
    outcome = read_source(Path(path_or_text), filename)
    if outcome.value is None:
        raise SpecInvalid(outcome.diagnostics)
    return outcome.value


def _valid(result: CheckResult) -> CheckResult:
    if not result.ok:
        raise SpecInvalid(result.diagnostics)
    return result
