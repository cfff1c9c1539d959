"""Model files as specs: what the config says, before anything is loaded, and what only the loaded model knows."""

from __future__ import annotations

import json
import shutil
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mnistspec.backend import import_keras
from mnistspec.diagnostics import UsageError, first_line
from mnistspec.importers.document import spec_text
from mnistspec.importers.masks import has_masks, without_all_masks

# The longest config that is read (bytes).
_MAX_CONFIG = 64 * 1024 * 1024
# Where Keras keeps a model's weights in its file.
_WEIGHTS = "model.weights.h5"
# The argument that holds what a layer learnt from data; a config has it only where it was given.
_LEARNT = {"Normalization": "mean", "IntegerLookup": "vocabulary", "StringLookup": "vocabulary",
           "TextVectorization": "vocabulary"}  # fmt: skip


def spec_of_file(path: Path, *, name: str | None = None, compile: bool = True, flat: bool = False) -> str:
    """The spec of a `.keras` file, or of a `.json` file written with `model.to_json()`.

    No code of a model is ever run: a class or function that is not Keras' own is refused before anything is loaded.
    Keras itself is imported only where the config does not say everything: layers that learnt from data, masks, and
    layers inside several others.

    Raises: UsageError, MissingExtra.
    """
    config = _config(path)
    weighted = path.suffix == ".keras"
    try:
        text = spec_text(without_all_masks(_unmarked(config)), name=name, compile=compile, flat=flat)
        _check_origins(config, path)
        loading = has_masks(config) or (weighted and (any(_unsaid(config)) or _shares_layers(config)))
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, RecursionError) as error:
        raise UsageError(f"`{path}` does not hold the config of a Keras 3 model") from error
    return _spec_of_loaded(path, config, name=name, compile=compile, flat=flat) if loading else text


def copy_weights(path: Path, place: Path) -> None:
    """Writes the weights in a `.keras` file, as they are in it, to a `.weights.h5` file. Raises: UsageError."""
    if path.suffix != ".keras":
        raise UsageError(f"`{path}` is a config, which has no weights: `model.save_weights(...)` writes them")
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_WEIGHTS) as stream, place.open("wb") as copy:
            shutil.copyfileobj(stream, copy)
    except (zipfile.BadZipFile, KeyError, NotImplementedError) as error:
        raise UsageError(f"`{path}` holds no weights that could be copied") from error


def _config(path: Path) -> dict[str, Any]:
    if path.suffix not in (".keras", ".json"):
        raise UsageError(f"`{path}` is no `.keras` file: load it with Keras, and save it with `model.save(...)`")
    try:
        data = _archived(path) if path.suffix == ".keras" else _read(path)
        config = json.loads(data) if len(data) <= _MAX_CONFIG else None
    except OSError as error:
        raise UsageError(f"`{path}` cannot be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, KeyError, ValueError, RecursionError, NotImplementedError) as error:
        raise UsageError(f"`{path}` is damaged, or no model that Keras 3 saved") from error
    if not isinstance(config, dict) or not isinstance(config.get("config"), dict):
        raise UsageError(f"`{path}` does not hold the config of a Keras 3 model, as `model.to_json()` writes it")
    return config


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_MAX_CONFIG + 1)


def _archived(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive, archive.open("config.json") as stream:
        return stream.read(_MAX_CONFIG + 1)


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every serialized object in a config."""
    if isinstance(value, Mapping):
        if "class_name" in value:
            yield value
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _objects(inner)


def _check_origins(config: Mapping[str, Any], path: Path) -> None:
    """Everything that Keras would make is Keras' own, also where the spec does not look. Raises: UsageError."""
    for entry in _objects(config["config"]):
        module = str(entry.get("module") or "keras")
        if module.split(".")[0] not in ("keras", "builtins"):
            raise UsageError(
                f"`{path}` holds a `{entry['class_name']}` of `{module}`, and a spec names only Keras' own"
            )


def _unsaid(config: Mapping[str, Any]) -> Iterator[bool]:
    """Of each layer that may learn from data, whether it does not say what it knows."""
    for entry in _objects(config):
        argument = _LEARNT.get(entry["class_name"])
        if argument is not None:
            yield not isinstance(entry["config"].get(argument), list | int | float)


def _shares_layers(config: Mapping[str, Any]) -> bool:
    """Whether a layer is marked as one that Keras has met before, inside another."""
    return any("shared_object_id" in entry and entry.get("module") == "keras.layers" for entry in _objects(config))


def _unmarked(value: Any) -> Any:
    """The config without the marks by which Keras finds one object in several places."""
    if isinstance(value, Mapping):
        return {key: _unmarked(inner) for key, inner in value.items() if key != "shared_object_id"}
    return [_unmarked(item) for item in value] if isinstance(value, list) else value


def _spec_of_loaded(path: Path, config: Mapping[str, Any], *, name: str | None, compile: bool, flat: bool) -> str:
    """The spec of the model in a file, once its config is known to name nothing but what Keras offers."""
    import_keras()
    from mnistspec.importers.keras_model import completed_config

    completed = completed_config(_loaded(path, compile=compile), compile=compile)
    # A model takes on the policy of the process that loads it: only the file knows that of the model.
    body = {**completed["config"], "dtype": config["config"].get("dtype")}
    return spec_text({**completed, "config": body}, name=name, flat=flat)


def _loaded(path: Path, *, compile: bool) -> Any:
    import keras

    # Keras warns of weights of the optimizer, which no spec has.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if path.suffix == ".json":
                return keras.models.model_from_json(path.read_text("utf-8"))
            return keras.saving.load_model(path, compile=compile, safe_mode=True)
        except (ValueError, TypeError, KeyError, OSError, RuntimeError, AttributeError, NotImplementedError) as error:
            raise UsageError(f"Keras cannot load `{path}`: {first_line(error)}") from error
