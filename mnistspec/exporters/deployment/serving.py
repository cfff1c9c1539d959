"""The model as it is served: a SavedModel that predicts, under names that every runtime can spell."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import keras

ENDPOINT = "serve"


class SavedModels:
    """A model's SavedModels in a folder, each written when it is first asked for.

    Keras' own `model.export` calls the model without saying that it predicts, and so leaves random flips and crops
    switched on in what it writes; here the model is called as `predict` calls it.
    """

    def __init__(self, model: keras.Model, inputs: tuple[str, ...], outputs: tuple[str, ...], folder: Path) -> None:
        self.model, self.folder = model, folder
        self.inputs = spelt(inputs)
        self.outputs = spelt(outputs, self.inputs)

    def folder_of(self, batch_size: int | None = None) -> Path:
        """The folder of the SavedModel that takes `batch_size` examples at once, None for any number of them."""
        folder = self.folder / f"for-{batch_size or 'any'}"
        if not folder.exists():
            self._write(folder, batch_size)
        return folder

    def _write(self, folder: Path, batch_size: int | None) -> None:
        archive = keras.export.ExportArchive()
        archive.track(self.model)
        specs = [
            keras.InputSpec(shape=(batch_size or tensor.shape[0], *tensor.shape[1:]), dtype=tensor.dtype, name=name)
            for name, tensor in zip(self.inputs, self.model.inputs, strict=True)
        ]
        archive.add_endpoint(ENDPOINT, self._served, input_signature=specs)
        archive.write_out(str(folder), verbose=False)

    def _served(self, *given: Any) -> dict[str, Any]:
        alone = isinstance(self.model, keras.Sequential)
        x = given[0] if alone else keras.tree.pack_sequence_as(self.model.input, given)
        result = self.model(x, training=False)
        return dict(zip(self.outputs, keras.tree.flatten(result), strict=True))


def spelt(names: Iterable[str], taken: Iterable[str] = ()) -> tuple[str, ...]:
    """Names as Python could spell them, each once and none of those `taken`: a runtime takes no others."""
    found: list[str] = []
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
        plain = plain if plain[:1].isalpha() else f"tensor_{plain}"
        plain = f"{plain}_" if keyword.iskeyword(plain) else plain
        candidates = (plain, *(f"{plain}_{number}" for number in range(2, 10_000)))
        found.append(next(one for one in candidates if one not in found and one not in taken))
    return tuple(found)
