"""Functions that a script takes along when its data need them; each stands alone but for the names of the script.

They give what `mnistspec.datasets` gives: the same rows, ids and order.
"""

from __future__ import annotations

from mnistspec.frozen import dataclass


@dataclass(frozen=True)
class Snippet:
    """One function of the script, what it imports from the standard library, and what else it calls."""

    text: str
    imports: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


_STREAM = """    stream = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
    generator = np.random.Philox(key=np.array([SEED, stream], "uint64"))
"""

SNIPPETS = {
    "draw_evenly": Snippet(
        '''
def draw_evenly(labels, size, name):
    """The rows of `size` examples, each class with its share, and the other rows."""
'''
        + _STREAM
        + """    tickets = generator.random_raw(len(labels))
    classes, counts = np.unique(labels, return_counts=True)
    shares, remainders = np.divmod(counts * size, len(labels))
    shares[np.argsort(-remainders, kind="stable")[: size - shares.sum()]] += 1
    rows = []
    for label, share in zip(classes, shares, strict=True):
        own = np.flatnonzero(labels == label)
        rows.extend(own[np.argsort(tickets[own], kind="stable")[:share]])
    return np.sort(rows), np.setdiff1d(np.arange(len(labels)), rows)
""",
        ("hashlib",),
    ),
    "draw": Snippet(
        '''
def draw(count, size, name):
    """The rows of `size` of so many examples, and the other rows."""
'''
        + _STREAM
        + """    rows = np.sort(np.argsort(generator.random_raw(count), kind="stable")[:size])
    return rows, np.setdiff1d(np.arange(count), rows)
""",
        ("hashlib",),
    ),
    "take": Snippet(
        '''
def take(arrays, rows):
    """These rows of every array."""
    return {name: array[rows] for name, array in arrays.items()}
'''
    ),
    "take_each": Snippet(
        '''
def take_each(arrays, rows):
    """These rows of every array, in whatever structure they are."""
    return keras.tree.map_structure(lambda array: array[rows], arrays)
'''
    ),
    "read_rows": Snippet(
        '''
def read_rows(path, delimiter=","):
    """The rows of a table, each as a dict by column."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream, delimiter=delimiter, skipinitialspace=True)
        return list(rows)
''',
        ("csv",),
    ),
    "numbers": Snippet(
        '''
def numbers(rows, columns):
    """The numbers in these columns (rows, columns)."""
    return np.array([[row[name] for name in columns] for row in rows], "float32")
'''
    ),
    "cells": Snippet(
        '''
def cells(rows, columns):
    """What stands in these columns (rows, columns), as strings."""
    return np.array([[row[name] for name in columns] for row in rows], object)
'''
    ),
    "class_ids": Snippet(
        '''
def class_ids(rows, column, classes):
    """The place of each row's word among the classes (rows,)."""
    return np.array([classes.index(row[column]) for row in rows])
'''
    ),
    "number_words": Snippet(
        '''
def number_words(places, splits):
    """Turns the words at these places into ids: from 1 as training has them, else 0."""
    for place in places:
        known = sorted(set(splits[0][:, place]))
        ids = {word: number for number, word in enumerate(known, 1)}
        for x in splits:
            x[:, place] = [ids.get(word, 0) for word in x[:, place]]
'''
    ),
    "load_pictures": Snippet(
        '''
def load_pictures(folder, **form):
    """Pictures (examples, height, width, channels), 0 to 255, and their class ids."""
    pictures, labels = [], []
    for label, name in enumerate(CLASSES):
        files = [path for path in (folder / name).rglob("*") if is_picture(path)]
        for path in sorted(files, key=natural_order):
            picture = keras.utils.load_img(path, **form)
            pictures.append(keras.utils.img_to_array(picture, dtype="uint8"))
            labels.append(label)
    return np.stack(pictures), np.array(labels)
''',
        needs=("is_picture", "natural_order"),
    ),
    "is_picture": Snippet(
        '''
def is_picture(path):
    """Whether a file's name is that of a picture, and not of a hidden file."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
'''
    ),
    "natural_order": Snippet(
        '''
def natural_order(path):
    """A sort key under which `file2` comes before `file10`."""
    name = path.as_posix()
    parts = re.split("([0-9]+)", name.lower())
    return [int(part) if part.isdigit() else part for part in parts], name
''',
        ("re",),
    ),
    "stretch": Snippet(
        '''
def stretch(pictures, length, axis):
    """The pictures with another length of one axis, each value a mean of those near it."""
    given = pictures.shape[axis]
    scale = given / length
    reach = max(scale, 1.0)
    centers = (np.arange(length) + 0.5) * scale
    first = np.maximum((centers - reach + 0.5).astype(int), 0)
    last = np.minimum((centers + reach + 0.5).astype(int), given)
    places = first[:, np.newaxis] + np.arange((last - first).max())
    away = (places - centers[:, np.newaxis] + 0.5) * (1.0 / reach)
    weights = np.maximum(1.0 - np.abs(away), 0.0) * (places < last[:, np.newaxis])
    weights /= weights.cumsum(axis=1)[:, -1:]
    is_bytes = pictures.dtype == np.uint8
    if is_bytes:  # Fractions of 2**22, as Pillow counts.
        weights = (weights * 2**22 + 0.5).astype("int32")
    values = np.moveaxis(pictures, axis, -1)
    total = np.full((*values.shape[:-1], length), 2**21 * is_bytes, weights.dtype)
    for place, weight in zip(places.T, weights.T, strict=True):
        total += values[..., np.minimum(place, given - 1)] * weight
    total = (total >> 22).clip(0, 255) if is_bytes else total
    return np.moveaxis(total.astype(pictures.dtype), -1, axis)
'''
    ),
    "resize": Snippet(
        '''
def resize(pictures, size):
    """Pictures (examples, height, width[, channels]) at another (height, width).

    The widths first, each with the values of Pillow's bilinear resizing, as mnistspec.
    """
    resized = pictures if pictures.dtype == np.uint8 else pictures.astype("float32")
    for axis, length in ((2, size[1]), (1, size[0])):
        if resized.shape[axis] != length:
            resized = stretch(resized, length, axis)
    return resized
''',
        needs=("stretch",),
    ),
    "gray": Snippet(
        '''
def gray(pictures):
    """Colour pictures (examples, height, width, channels) in gray, with one channel."""
    luma = pictures[..., :3].astype("float32") @ np.float32([[0.299], [0.587], [0.114]])
    return np.rint(luma).astype("uint8") if pictures.dtype == "uint8" else luma
'''
    ),
}


def shared_functions(names: frozenset[str]) -> list[list[str]]:
    """The lines of these functions and of those that they call, in the order of the table."""
    return [SNIPPETS[name].text.strip("\n").split("\n") for name in _with_needs(names)]


def imports_of(names: frozenset[str]) -> set[str]:
    """The modules of the standard library that these functions use, and those that they call."""
    return {module for name in _with_needs(names) for module in SNIPPETS[name].imports}


def _with_needs(names: frozenset[str]) -> list[str]:
    wanted = names.union(*(SNIPPETS[name].needs for name in names))
    return [name for name in SNIPPETS if name in wanted]
