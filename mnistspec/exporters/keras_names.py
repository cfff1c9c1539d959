"""The names that Keras makes up while a model is built: the same ones whatever was made before in the process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from keras.src.backend.common import global_state

# Where Keras keeps how often it has used each name; no public way leads there.
_COUNTS = "object_name_uids"


@contextmanager
def counted_anew() -> Iterator[None]:
    """Has Keras count the names it makes up from the start: those of operations on masks, of optimizers.

    Afterwards it passes over the names that were used, inside and before.
    """
    before = dict(global_state.get_global_attribute(_COUNTS) or {})
    global_state.set_global_attribute(_COUNTS, defaultdict(int))
    try:
        yield
    finally:
        inside = global_state.get_global_attribute(_COUNTS)
        used = {name: max(before.get(name, 0), inside.get(name, 0)) for name in {**before, **inside}}
        global_state.set_global_attribute(_COUNTS, defaultdict(int, used))
