"""Images and their kin: a batch, the sizes in space and the channels, whichever side the channels stand on."""

from __future__ import annotations

from collections.abc import Iterable

from mnistspec.calls import Call
from mnistspec.frozen import dataclass
from mnistspec.shapes.arguments import word
from mnistspec.shapes.base import Shape, ShapeError, Size
from mnistspec.shapes.sizes import check_rank

# The axes in space by their number, as messages name them.
SPACE = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


@dataclass(frozen=True)
class Volume:
    """A shape taken apart: `(batch, *space, channels)`, or `(batch, channels, *space)` with `channels_first`."""

    batch: Size
    space: tuple[Size, ...]
    channels: Size
    channels_first: bool

    @property
    def shape(self) -> Shape:
        if self.channels_first:
            return (self.batch, self.channels, *self.space)
        return (self.batch, *self.space, self.channels)

    def with_space(self, space: Iterable[Size]) -> Volume:
        return Volume(self.batch, tuple(space), self.channels, self.channels_first)

    def with_channels(self, channels: Size) -> Volume:
        return Volume(self.batch, self.space, channels, self.channels_first)


def channels_first(call: Call) -> bool:
    """Whether `data_format` puts the channels before the space; null is Keras' default, channels last.

    Raises: ShapeError for any other value.
    """
    if call.argument("data_format") is None:
        return False
    return word(call, "data_format", ("channels_last", "channels_first")) == "channels_first"


def volume(call: Call, shape: Shape, rank: int, before: tuple[str, ...] = ("batch",)) -> Volume:
    """The shape of an input of `rank` axes in space. Raises: ShapeError for another number of axes."""
    first = channels_first(call)
    space = SPACE[rank]
    check_rank(call, shape, (*before, "channels", *space) if first else (*before, *space, "channels"))
    inner = shape[len(before) :]
    if first:
        return Volume(shape[0], inner[1:], inner[0], True)
    return Volume(shape[0], inner[:-1], inner[-1], False)


@dataclass(frozen=True)
class Window:
    """What slides over the space: its size, step and spread along each axis, and how the edge is padded.

    `argument` is the layer's name for its size, `noun` the word for it in messages.
    """

    size: tuple[int, ...]
    strides: tuple[int, ...]
    dilation: tuple[int, ...]
    padding: str
    argument: str
    noun: str

    def over(self, space: tuple[Size, ...]) -> tuple[Size, ...]:
        """How many places the window has along each axis. Raises: ShapeError where it does not fit once."""
        return tuple(self._places(axis, size, SPACE[len(space)][axis]) for axis, size in enumerate(space))

    def _places(self, axis: int, size: Size, name: str) -> Size:
        if size is None:
            return None
        if self.padding != "valid":
            return (size - 1) // self.strides[axis] + 1
        reach = self.dilation[axis] * (self.size[axis] - 1) + 1
        if reach > size:
            raise self._too_large(axis, reach, size, name)
        return (size - reach) // self.strides[axis] + 1

    def _too_large(self, axis: int, reach: int, size: int, name: str) -> ShapeError:
        spread = f" spread over {reach}" if reach != self.size[axis] else ""
        message = f"{self.noun} of {self.size[axis]}{spread} does not fit a {name} of {size} with padding `valid`"
        return ShapeError(message, self.argument, "use `padding: same`, or a smaller one")
