"""Pictures that are never all in memory: decoded once into a file where that has room, else whenever they are taken."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mnistspec.datasets.layouts import PictureLayout
from mnistspec.datasets.loaded import Array, Indices, RawSplit, Say
from mnistspec.datasets.on_disk import Reader, all_of
from mnistspec.datasets.picture_arrays import decode
from mnistspec.datasets.stored import Stored
from mnistspec.datasets.unpacked import has_room, place, unpacked
from mnistspec.frozen import dataclass

# Bytes of pictures decoded at a time on the way into a file.
_AT_ONCE = 2**23


@dataclass(frozen=True, eq=False)
class Pictures:
    """A reader that decodes the files it is asked for; `where` names them in messages.

    `of_one` is the shape of one picture, where that is not (height, width, channels).
    """

    paths: Sequence[Path]
    layout: PictureLayout
    where: Path
    decode: Callable[[Sequence[Path], PictureLayout, Path], Array] = decode
    of_one: tuple[int, ...] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self.paths), *(self.of_one or (*self.layout.image_size, self.layout.channels)))

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(np.uint8)

    def read(self, rows: Indices) -> Array:
        pixels = self.decode([self.paths[row] for row in rows], self.layout, self.where)
        return pixels.reshape(len(rows), *self.shape[1:])


def stream_pictures(labelled: Sequence[tuple[Path, int]], layout: PictureLayout, where: Path, say: Say) -> RawSplit:
    """As `read_pictures`, but they are left on the disk. Raises: BadData for a file that is no picture."""
    pictures = Pictures([path for path, _ in labelled], layout, where)
    x = Stored(all_of(_kept(pictures, say)), ())
    return RawSplit({"x": x}, {"y": np.array([label for _, label in labelled], dtype=np.int64)})


def _kept(pictures: Pictures, say: Say) -> Reader:
    if not has_room(math.prod(pictures.shape)):
        say(f"{place()} has no room for the pictures of {pictures.where}: they are decoded again in every epoch")
        return pictures
    return decoded_once(pictures, say)


def decoded_once(pictures: Pictures, say: Say) -> Reader:
    """The pictures in a file of this process."""
    say(f"decoding the pictures of {pictures.where} into {place()}, for this run only")
    return unpacked(_decoded(pictures), pictures.shape, pictures.dtype)


def _decoded(pictures: Pictures) -> Iterator[memoryview]:
    count, rows = pictures.shape[0], max(1, _AT_ONCE // math.prod(pictures.shape[1:]))
    for start in range(0, count, rows):
        yield pictures.read(np.arange(start, min(start + rows, count))).reshape(-1).data
