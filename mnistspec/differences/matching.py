"""Which layer of one model is which of another: by the names people gave, then by class, arguments and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence

from mnistspec.differences.facts import LayerFacts

# Models of more pairs of layers than this are matched in the order of their layers alone.
_MOST_PAIRS = 200_000
# What speaks for two layers of one class: arguments, one less for each that differs, connections, both being outputs,
# and least a counted name.
_CLASS, _ARGUMENTS, _SOURCES, _OUTPUT, _NAME = 4, 3, 2, 1, 1

_Layers = Sequence[LayerFacts]


def matched(before: _Layers, after: _Layers, inputs: Mapping[str, str]) -> dict[str, str]:
    """The layers that correspond, by name: of the model before, that of the model after.

    `inputs` says the same of the models' inputs. The layers of a nested model correspond to those of the nested model
    that it corresponds to, and to no others.
    """
    levels = _by_model(before), _by_model(after)
    found = _matched(levels[0][""], levels[1][""], inputs)
    waiting = list(found)
    for name in waiting:
        inner = levels[0][name], levels[1][found[name]]
        if all(inner):
            more = _matched(*inner, {**inputs, **found})
            found |= more
            waiting += more
    return found


def _by_model(layers: _Layers) -> defaultdict[str, list[LayerFacts]]:
    """The layers of each nested model, and with an empty name those of the model itself."""
    found: defaultdict[str, list[LayerFacts]] = defaultdict(list)
    for layer in layers:
        found[layer.inside].append(layer)
    return found


def _matched(before: _Layers, after: _Layers, inputs: Mapping[str, str]) -> dict[str, str]:
    """The layers of one model that correspond to those of another; `inputs` are what they read from outside.

    Layers of one given name belong together, whatever their class. Of the others those are paired that share most, in
    one order: the longest common subsequence over the order in which they are built, weighted by what is alike. What
    is left is paired by what it reads, then not at all.
    """
    found = _by_given_name(before, after)
    rest, others = _unmatched(before, after, found)
    found |= _in_order(rest, others, _Likeness(before, after, {**inputs, **found}))
    rest, others = _unmatched(before, after, found)
    return found | _by_sources(rest, others, {**inputs, **found})


def _by_given_name(before: _Layers, after: _Layers) -> dict[str, str]:
    """Layers of one name in Keras, where either side tells that it was given: `aux__dropout` of `aux/dropout`."""
    named = {layer.known_as: layer for layer in after}
    pairs = ((layer, named[layer.known_as]) for layer in before if layer.known_as in named)
    return {one.name: other.name for one, other in pairs if one.has_own_name or other.has_own_name}


def _unmatched(before: _Layers, after: _Layers, found: Mapping[str, str]) -> tuple[list[LayerFacts], list[LayerFacts]]:
    taken = set(found.values())
    return [one for one in before if one.name not in found], [one for one in after if one.name not in taken]


class _Likeness:
    """How much two layers have in common; 0 for two classes."""

    def __init__(self, before: _Layers, after: _Layers, known: Mapping[str, str]) -> None:
        self.known = known
        self.classes = ({one.name: one.layer for one in before}, {one.name: one.layer for one in after})
        self.told = {value: key for key, value in known.items()}

    def of(self, one: LayerFacts, other: LayerFacts) -> int:
        if one.layer != other.layer:
            return 0
        alike = _CLASS + _NAME * (one.known_as == other.known_as) + _OUTPUT * (one.is_output and other.is_output)
        return alike + _SOURCES * self.reads_alike(one, other) + max(0, _ARGUMENTS - _differing(one, other))

    def reads_alike(self, one: LayerFacts, other: LayerFacts) -> bool:
        """Whether two layers read the same, as far as it is known by now; otherwise layers of the same classes."""
        return len(one.sources) == len(other.sources) and all(map(self.alike, one.sources, other.sources))

    def alike(self, source: str, other: str) -> bool:
        if source in self.known or other in self.told:
            return self.known.get(source) == other
        return self.classes[0].get(source) == self.classes[1].get(other)


def _differing(one: LayerFacts, other: LayerFacts) -> int:
    """How many arguments of two layers of one class differ."""
    if one.settled == other.settled:
        return 0
    return sum(value != other.settled.get(name) for name, value in one.settled.items())


def _in_order(before: _Layers, after: _Layers, likeness: _Likeness) -> dict[str, str]:
    def is_same(one: LayerFacts, other: LayerFacts) -> bool:
        return one.layer == other.layer and one.settled == other.settled and likeness.reads_alike(one, other)

    first = _common_start(before, after, is_same)
    last = _common_start(before[first:][::-1], after[first:][::-1], is_same)
    ends = [*zip(before[:first], after[:first], strict=True)]
    if last:
        ends += zip(before[-last:], after[-last:], strict=True)
    inner, others = before[first : len(before) - last], after[first : len(after) - last]
    pairs = _aligned(inner, others, likeness) if len(inner) * len(others) <= _MOST_PAIRS else _in_turn(inner, others)
    return {one.name: other.name for one, other in [*ends, *pairs]}


def _common_start(before: _Layers, after: _Layers, is_same: Callable[[LayerFacts, LayerFacts], bool]) -> int:
    count = 0
    while count < min(len(before), len(after)) and is_same(before[count], after[count]):
        count += 1
    return count


def _aligned(before: _Layers, after: _Layers, likeness: _Likeness) -> list[tuple[LayerFacts, LayerFacts]]:
    """The pairs in order that are most alike in sum."""
    scores = [[likeness.of(one, other) for other in after] for one in before]
    sums = [[0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for row in range(len(before) - 1, -1, -1):
        below, here, own = sums[row + 1], sums[row], scores[row]
        for column in range(len(after) - 1, -1, -1):
            paired = own[column] + below[column + 1] if own[column] else 0
            here[column] = max(paired, below[column], here[column + 1])
    return _read_off(before, after, scores, sums)


def _read_off(
    before: _Layers, after: _Layers, scores: list[list[int]], sums: list[list[int]]
) -> list[tuple[LayerFacts, LayerFacts]]:
    pairs: list[tuple[LayerFacts, LayerFacts]] = []
    row = column = 0
    while row < len(before) and column < len(after):
        score = scores[row][column]
        if score and sums[row][column] == score + sums[row + 1][column + 1]:
            pairs.append((before[row], after[column]))
            row, column = row + 1, column + 1
        elif sums[row][column] == sums[row + 1][column]:
            row += 1
        else:
            column += 1
    return pairs


def _in_turn(before: _Layers, after: _Layers) -> list[tuple[LayerFacts, LayerFacts]]:
    """The first layer of a class and its arguments with the first, the second with the second; then by class alone."""
    exact = _paired(before, after, lambda layer: (layer.layer, repr(layer.settled)))
    one, other = ({pair[index].name for pair in exact} for index in (0, 1))
    rest = [layer for layer in before if layer.name not in one], [layer for layer in after if layer.name not in other]
    return exact + _paired(*rest, lambda layer: layer.layer)


def _paired(
    before: _Layers, after: _Layers, mark: Callable[[LayerFacts], Hashable]
) -> list[tuple[LayerFacts, LayerFacts]]:
    """Layers of one mark, in their order."""
    waiting: defaultdict[Hashable, list[LayerFacts]] = defaultdict(list)
    for layer in reversed(after):
        waiting[mark(layer)].append(layer)
    return [(layer, waiting[mark(layer)].pop()) for layer in before if waiting[mark(layer)]]


def _by_sources(before: _Layers, after: _Layers, known: Mapping[str, str]) -> dict[str, str]:
    """Layers of one class that read the same known layers: branches that stand in another order, and what follows."""
    waiting: defaultdict[Hashable, list[str]] = defaultdict(list)
    for layer in reversed(after):
        waiting[layer.layer, layer.sources].append(layer.name)
    known, found = dict(known), {}
    for layer in before:
        mark = layer.layer, tuple(_followed(source, known) for source in layer.sources)
        if waiting[mark]:
            found[layer.name] = known[layer.name] = waiting[mark].pop()
    return found


def _followed(source: str, known: Mapping[str, str]) -> str:
    """A layer's name on the other side, also that of the input of a nested model; empty where it is not known."""
    outer, _, name = source.rpartition("/")
    return known.get(source) or (f"{known[outer]}/{name}" if outer in known else "")
