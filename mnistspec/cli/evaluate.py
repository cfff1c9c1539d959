"""`mnistspec evaluate`."""


def evaluate() -> None:
    """The command evaluate."""
