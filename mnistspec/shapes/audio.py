"""Sound as spectrograms."""

from __future__ import annotations

from mnistspec.calls import Call
from mnistspec.shapes.arguments import flag, whole, whole_or_none, word
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Size
from mnistspec.shapes.results import only, result, unknown, weightless
from mnistspec.shapes.sizes import check_minimum_rank, elements, required, scaled
from mnistspec.shapes.volume import Window, volume


def mel_spectrogram(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, samples)` or `(samples,)` to `(batch, mel bins, frames)` or `(mel bins, frames)`."""
    longest, length = whole(call, "fft_length"), whole_or_none(call, "sequence_length")
    if length is not None and length > longest:
        raise ShapeError(f"`sequence_length` is {length}, more than the `fft_length` of {longest}", "sequence_length")
    step, bins = whole(call, "sequence_stride"), whole(call, "num_mel_bins")
    shape = only(call, inputs).shape
    if shape is None:
        return weightless(call, None)
    check_minimum_rank(call, shape, 1)
    if len(shape) == 1:
        return weightless(call, (bins, _frames(shape[0], step)), None)
    return weightless(call, (shape[0], bins, _frames(shape[1], step)), None)


def _frames(samples: Size, step: int) -> Size:
    return None if samples is None else (samples + step + 1) // step


_MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")


def stft_spectrogram(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, samples, channels)` to `(batch, frames, frequencies * channels)`, by convolution with fixed waves."""
    window, waves = _frame(call)
    mode = word(call, "mode", _MODES)
    count = window.size[0] * waves * (1 if mode in ("real", "imag") else 2)
    shape = only(call, inputs).shape
    if shape is None:
        return unknown(call, (count, 0))
    given = volume(call, shape, 1)
    channels = required(call, given.channels, shape, "the number of channels")
    frequencies = 2 * waves if mode == "stft" else waves
    frames = given.with_space(window.over(given.space)).with_channels(frequencies * channels)
    work = scaled(elements(frames.with_channels(count * channels).shape), 2)
    output: Shape = frames.shape
    if flag(call, "expand_dims"):
        steps = frames.space[0]
        inner = (channels, steps, frequencies) if frames.channels_first else (steps, frequencies, channels)
        output = (frames.batch, *inner)
    return result(call, output, (count, 0), work)


def _frame(call: Call) -> tuple[Window, int]:
    """The window over the samples and the number of waves it is measured with."""
    length, step = whole(call, "frame_length"), whole_or_none(call, "frame_step")
    fft = whole_or_none(call, "fft_length") or 2 ** (length - 1).bit_length()
    if step is not None and step > length:
        raise ShapeError(f"`frame_step` is {step}, more than the `frame_length` of {length}", "frame_step")
    if fft < length:
        raise ShapeError(f"`fft_length` is {fft}, less than the `frame_length` of {length}", "fft_length")
    if step is None and length < 2:
        raise ShapeError("a frame of 1 has no half to step by", "frame_length", "give `frame_step`")
    window = Window(
        (length,), (step or length // 2,), (1,), word(call, "padding", ("valid", "same")), "frame_length", "a frame"
    )
    return window, fft // 2 + 1
