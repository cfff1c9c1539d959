"""Names in the script: a variable for each node, and which layers need a `name=` to be called as in the spec."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Mapping

from mnistspec.calls import calls_in
from mnistspec.catalogue.activations import LAYER_OF
from mnistspec.exporters.mask_operations import uncertain_stems
from mnistspec.exporters.python_source.objects import module_name
from mnistspec.graph import Port, snake_case, stem_of
from mnistspec.plan import LayerStep, Plan, python_calls
from mnistspec.spec import Spec
from mnistspec.wrapping import wrapped

_AUGMENTING = (
    "AutoContrast", "Equalization", "RandomBrightness", "RandomColorDegeneration", "RandomContrast",
    "RandomPosterization", "RandomRotation", "RandomSharpness", "RandomShear", "RandomTranslation", "Solarization",
)  # fmt: skip
# Layers that make other layers unseen, and which: Keras counts these too when it makes up names.
HIDDEN: Mapping[str, tuple[str, ...]] = {
    "AugMix": _AUGMENTING,
    "GroupQueryAttention": ("Dropout", "Softmax"),
    "MultiHeadAttention": ("Dropout", "Softmax"),
    "RandAugment": _AUGMENTING,
    "RandomColorJitter": ("RandomBrightness", "RandomContrast", "RandomHue", "RandomSaturation"),
    "RNN": ("StackedRNNCells",),
    "TextVectorization": ("StringLookup",),
}
# Layers and functions whose class Keras knows by another name than the public one, and what it names them after.
OTHERWISE_CALLED: Mapping[str, str] = {
    "GroupQueryAttention": "grouped_query_attention",
    "ops.abs": "absolute",
    "ops.allclose": "all_close",
    "ops.batch_normalization": "batch_norm",
    "ops.cdist": "c_dist",
    "ops.conj": "conjugate",
    "ops.hard_swish": "hard_silu",
    "ops.image.extract_patches_3d": "extract_patches",
    "ops.isin": "is_in",
    "ops.layer_normalization": "layer_norm",
    "ops.rms_normalization": "rms_norm",
    "ops.searchsorted": "search_sorted",
    "ops.swish": "silu",
}
_TAKEN = frozenset(["policy", "SEED", "i", "j", "k", "keras", "layers", "model", "named", "np", "numbered"])
# A letter that looks like others: style checkers refuse it as a name.
_UNCLEAR = "l"


def steps_to_name(plan: Plan, written: Iterable[str], wanted: Iterable[str]) -> frozenset[str]:
    """The steps that need `name=`: those the spec names (`written`) or the script asks for by name (`wanted`), and all
    of a class whose automatic names would come out otherwise.
    """
    given = set(written)
    made = [step for step in plan.steps if step.shares is None]
    free = [step for step in made if step.name not in given]
    if any(wrapped(step.call)[-1].facts.is_application for step in plan.everywhere()):
        return frozenset(step.name for step in made)
    contested = _contested(plan) | uncertain_stems(plan, given)
    contested |= {_stem(step) for step in free if step.name in set(wanted)}
    counts: dict[str, int] = {}
    for step in made:
        stem = _stem(step)
        if step.name in given and not step.call.facts.tensors:
            continue
        # A function is given its name when it has one of Keras already.
        counts[stem] = counts.get(stem, -1) + 1
        usual = f"{stem}_{counts[stem]}" if counts[stem] else stem
        if step.name == usual and step.call.name not in OTHERWISE_CALLED:
            given.discard(step.name)
        elif step.name not in given:
            contested |= {stem, OTHERWISE_CALLED.get(step.call.name, stem)}
    return frozenset(step.name for step in made if step.name in given or _stem(step) in contested)


def _stem(step: LayerStep) -> str:
    return stem_of(step.call)


def _contested(plan: Plan) -> set[str]:
    """Stems of names that Keras also gives to layers inside others, and to functions in nested models."""
    steps = list(plan.everywhere())
    nested = [step for outer in plan.steps if outer.model is not None for step in outer.model.everywhere()]
    functions = [step.call.name for step in nested if step.call.facts.tensors]
    inner = [given for step in steps for given in calls_in(step.call.arguments)]
    makers = [*(given.name for given in inner), *(step.call.name for step in steps)]
    hidden = [name for maker in makers for name in HIDDEN.get(maker, ())]
    # An activation with arguments is made as the layer that says the same.
    stems = {snake_case(LAYER_OF.get(name, name)) for name in (*hidden, *(given.name for given in inner))}
    return stems | {OTHERWISE_CALLED.get(name, name.rpartition(".")[2]) for name in functions}


def variables(plan: Plan, written: Iterable[str], constants: Iterable[str]) -> dict[str, str]:
    """The variable of every input and step: a name made of its own, and `x` for what only the next step uses."""
    chosen: dict[str, str] = {}
    taken = {*_TAKEN, *imported(plan), *constants, "x"}
    given = frozenset(written)
    for entry in plan.inputs:
        chosen[entry.name] = untaken("inputs" if entry.name in ("input", "x") else entry.name, taken)
    for place, step in enumerate(plan.steps):
        if step.name in given or not _only_next_uses(plan, place):
            chosen[step.name] = untaken(step.name, taken)
        else:
            chosen[step.name] = "x" if place < len(plan.steps) - 1 else untaken("outputs", taken)
    return chosen


def imported(plan: Plan, spec: Spec | None = None) -> set[str]:
    """The names of modules outside Keras in the script, those of the spec's callbacks included."""
    objects = [call.code for call in python_calls(plan, spec) if call.code is not None]
    return {module_name(code.module).partition(".")[0] for code in objects}


def layer_variables(plan: Plan, taken: Iterable[str]) -> dict[str, str]:
    """The variable of every layer that is called more than once, by its step."""
    used = {*taken, *_TAKEN, *imported(plan)}
    shared = dict.fromkeys(step.shares for step in plan.steps if step.shares is not None)
    return {name: untaken(f"{name}_layer", used) for name in shared}


def _only_next_uses(plan: Plan, place: int) -> bool:
    name = plan.steps[place].name
    users = [index for index, step in enumerate(plan.steps) if any(port.node == name for port in step.sources())]
    if any(port.node == name for port in plan.outputs):
        return place == len(plan.steps) - 1
    return users == [place + 1]


def identifier(text: str) -> str:
    """The text as a Python name in small letters: other signs become `_`."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "node"
    plain = plain if not plain[0].isdigit() else f"node_{plain}"
    unfit = keyword.iskeyword(plain) or plain in vars(builtins) or plain == _UNCLEAR
    return f"{plain}_" if unfit else plain


def untaken(name: str, taken: set[str]) -> str:
    """The name as one of Python that is not `taken`, which it is from then on."""
    stem = chosen = identifier(name)
    count = 2
    while chosen in taken:
        chosen = f"{stem}_{count}"
        count += 1
    taken.add(chosen)
    return chosen


def port_code(port: Port, names: Mapping[str, str], several: frozenset[str]) -> str:
    """A port as code; `several` are the nodes that return more than one tensor."""
    if port.output is None or port.node not in several:
        return names[port.node]
    return f"{names[port.node]}[{port.output}]"
