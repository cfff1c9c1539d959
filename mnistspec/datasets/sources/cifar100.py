"""CIFAR-100: 60,000 colour pictures of a hundred kinds of things in twenty groups, 32 by 32 pixels (Krizhevsky)."""

from __future__ import annotations

from pathlib import Path

from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.datasets.keras_sets import load_keras_set
from mnistspec.datasets.loaded import RawData, Request
from mnistspec.datasets.options import text
from mnistspec.datasets.sources.base import CachedFile, DataSource
from mnistspec.spec import SourceSpec

_THINGS = """
    apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
    caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant
    flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree
    motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate
    poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider
    squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle
    wardrobe whale willow_tree wolf woman worm
"""
_GROUPS = """
    aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices
    household_furniture insects large_carnivores large_man-made_outdoor_things large_natural_outdoor_scenes
    large_omnivores_and_herbivores medium_mammals non-insect_invertebrates people reptiles small_mammals trees
    vehicles_1 vehicles_2
"""
THINGS = tuple(_THINGS.split())
GROUPS = tuple(_GROUPS.split())
FILES = (
    CachedFile(
        "cifar-100-python-target_archive",
        "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
        "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
    ),
)


def facts(source: SourceSpec, folder: Path) -> DataFacts:
    """50,000 pictures to train on, 10,000 to test; the labels are things or, `label_mode: coarse`, groups."""
    names = GROUPS if text(source.options, "label_mode") == "coarse" else THINGS
    pixels = ArrayFacts((32, 32, 3), "uint8", 0, 255)
    labels = ArrayFacts((1,), "int64", 0, len(names) - 1, len(names))
    return DataFacts({"x": pixels}, {"y": labels}, 50_000, 0, 10_000, names)


def load(source: SourceSpec, request: Request) -> RawData:
    """Unpacks and reads the archive through Keras. Raises: as `load_keras_set`."""
    return load_keras_set(source, request, FILES, facts(source, request.folder))


SOURCE = DataSource(facts, load, FILES)
