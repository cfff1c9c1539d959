"""`mnistspec predict`."""


def predict() -> None:
    """The command predict."""
