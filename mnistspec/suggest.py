"""Did you mean: the nearest known names, by meaning or by spelling, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import zip_longest

from mnistspec.frozen import dataclass
from mnistspec.meanings import Meaning, form, meanings, remark

# What stands before a name where it comes from Python.
_MODULES = (
    r"(?:(?:tf|tensorflow|torch|keras|nn|functional|F|optim|datasets|layers|optimizers|losses|metrics|callbacks|activations"
    r"|initializers|regularizers|constraints|schedules|lr_scheduler|torchmetrics|init)\.)+(?=\w)"
)
# The parts of `keras.ops` that functions with a name of their own come from: `ops.linalg.det` is `ops.det`.
_INSIDE_OPS = r"^ops\.(?:numpy|nn|math|linalg|core)\.(?=\w)"
_DIGIT = r"[0-9]"
# A shorter word is too many words with one letter changed.
_LONG_ENOUGH = 4
# A part of a name as short as this is a label of its own, as in `tower_a` and `x_train`.
_LABEL = 1
# A longer word (characters) is compared with no other: what comparing takes grows with the square.
_LONGEST = 100
# Of more names that are equally near none is told.
_SHOWN = 3
# What was meant among so many names is kept.
_FEW = 100


@dataclass(frozen=True)
class Suggestion:
    """The names that were probably meant, equally near. `certain`: only one can have been."""

    names: tuple[str, ...]
    certain: bool = False

    @property
    def help(self) -> str:
        """`did you mean ...?`"""
        *others, last = (f"`{name}`" for name in self.names)
        return f"did you mean {', '.join(others)} or {last}?" if others else f"did you mean {last}?"


def suggest(word: str, known: Iterable[str], context: str = "") -> str | None:
    """The known name that was probably meant, or None where no name is near."""
    found = suggestion(word, known, context)
    return found.names[0] if found is not None else None


def suggestion(word: str, known: Iterable[str], context: str = "") -> Suggestion | None:
    """What was probably meant: the name itself but for case, hyphens and underscores; a word that means it in the
    context; or a name that is spelled nearly so. Among equally near names the one in the word's case wins.
    """
    names = dict.fromkeys(known)
    return _of_few(word, tuple(names), context) if len(names) <= _FEW else _suggestion(word, names, context)


@lru_cache(maxsize=1000)
def _of_few(word: str, names: tuple[str, ...], context: str) -> Suggestion | None:
    """Looked up once: a mistake in a repeat comes again at every turn."""
    return _suggestion(word, dict.fromkeys(names), context)


def _suggestion(word: str, names: dict[str, None], context: str) -> Suggestion | None:
    plain = without_modules(word)
    if plain != word and plain in names:
        return Suggestion((plain,), certain=True)
    elsewhere = same_at_end(word, names) if word.startswith("ops.") else None
    if elsewhere is not None:
        return Suggestion((elsewhere,), certain=True)
    near = _by_spelling(plain, names)
    if near is not None and form(near.names[0]) == form(plain):
        return near
    meant = _by_meaning(plain, names, context)
    # A word that there is something else to tell of is no slip.
    return meant or (near if remark(plain, context) is None else None)


def without_modules(word: str) -> str:
    """The name without the modules of Python that it was written behind, or a call's `()`: `nn.Linear` is `Linear`."""
    word = word.removesuffix("()")
    return re.sub(_INSIDE_OPS, "ops.", re.sub(_MODULES, "", word, count=1)) if "." in word else word


def same_at_end(word: str, known: Iterable[str]) -> str | None:
    """The known name that ends as the word does, whatever stands before its last dot: `ops.image.resize`."""
    last = word.rpartition(".")[2]
    return next((name for name in known if name.rpartition(".")[2] == last), None)


def _by_meaning(word: str, names: dict[str, None], context: str) -> Suggestion | None:
    in_scope: list[tuple[str, bool]] = []
    for meaning in meanings(word, context):
        name = _spelled_alike(meaning, word, names)
        if name is not None:
            in_scope.append((name, meaning.sure))
    if not in_scope:
        return None
    return Suggestion(tuple(name for name, _ in in_scope[:_SHOWN]), certain=len(in_scope) == 1 and in_scope[0][1])


def _spelled_alike(meaning: Meaning, word: str, names: dict[str, None]) -> str | None:
    """The spelling that is in scope, in the word's case where there are two."""
    spellings = [name for name in meaning.spellings if name in names]
    return min(spellings, key=lambda name: _other_case(name, word), default=None)


def _other_case(name: str, word: str) -> bool:
    return name[:1].isupper() != word[:1].isupper()


def _by_spelling(word: str, names: dict[str, None]) -> Suggestion | None:
    slips, found = _nearest(word, names)
    kept: dict[str, str] = {}
    for name in sorted(found, key=lambda name: _other_case(name, word)):
        kept.setdefault(form(name), name)
    if not kept:
        return None
    certain = len(kept) == 1 and _is_certain(word, next(iter(kept.values())), slips)
    return Suggestion(tuple(kept.values())[:_SHOWN], certain)


def _is_certain(word: str, name: str, slips: int) -> bool:
    if slips == 0:
        return True
    long_enough = min(len(form(word)), len(form(name))) >= _LONG_ENOUGH
    return slips == 1 and long_enough and not _tells_apart(word, name)


def _tells_apart(word: str, name: str) -> bool:
    """Whether two names differ where names are told apart: `beta_3` is not `beta_1` misspelt, nor `y_test` `x_test`."""
    if re.findall(_DIGIT, word) != re.findall(_DIGIT, name):
        return True
    parts = list(zip_longest(word.split("_"), name.split("_"), fillvalue=""))
    return any(one != other and min(len(one), len(other)) <= _LABEL for one, other in parts if one and other)


def _nearest(word: str, names: Iterable[str]) -> tuple[int, list[str]]:
    """The least number of slips, and the names at that distance."""
    plain, letters = _form(word)
    if len(plain) > _LONGEST:
        return 0, []
    # One slip in five letters, one more in every three more: nearer than that, names are no longer told apart.
    bound = max(1, (len(plain) - _in_common(word, names)) // 3)
    found: list[str] = []
    for name in names:
        other, other_letters = _form(name)
        # A slip changes at most two of the letters that there are: most names need no closer look.
        if abs(len(other) - len(plain)) > bound or len(letters ^ other_letters) > 2 * bound:
            continue
        distance = _distance(plain, other, bound)
        if distance > bound or distance >= len(plain):
            continue
        if distance < bound:
            bound, found = distance, []
        found.append(name)
    return bound, found


def _in_common(word: str, names: Iterable[str]) -> int:
    """How many letters the word begins with that tell no two names apart, as `ops.` does not."""
    head, dot, _ = word.partition(".")
    return len(form(head)) + 1 if dot and all(name.startswith(f"{head}.") for name in names) else 0


@lru_cache(maxsize=4096)
def _form(name: str) -> tuple[str, frozenset[str]]:
    """The name without what does not count, and the letters in it."""
    plain = form(name)
    return plain, frozenset(plain)


def _distance(one: str, other: str, bound: int) -> int:
    """Slips between two words: a letter too many, missing, or wrong, or two swapped; more than `bound` is cut short."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > bound:
            return bound + 1
    return row[-1]
