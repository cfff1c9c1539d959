"""PNG, as much of it as a picture of pixels needs: eight bits, grey or colour, one chunk of data."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np

from mnistspec.reports.predictions import Array

COLOUR_TYPES = {1: 0, 3: 2, 4: 6}  # channels -> PNG's number for grey, RGB, RGB with transparency


def encode(pixels: Array) -> bytes:
    """A PNG file of uint8 `pixels`, (height, width, channels) with 1, 3 or 4 channels.

    Follows https://www.w3.org/TR/png-3/: each row is led by the number of its filter, here 0 for none.
    """
    height, width, channels = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, COLOUR_TYPES[channels], 0, 0, 0)
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def data_uri(pixels: Array) -> str:
    """The picture as an address that holds it, for the `src` of an image."""
    return "data:image/png;base64," + base64.b64encode(encode(pixels)).decode("ascii")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
