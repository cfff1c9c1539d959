"""Writes `docs/reference.md` anew from the tables of the language, or says whether it is stale.

python -m mnistspec.reference            writes the file
python -m mnistspec.reference --check    prints what would change; exits 1 if anything would
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from mnistspec.catalogue.generate import bring_up_to_date
from mnistspec.reference.page import docs_file, page


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command. Returns its exit code: 1 where `--check` finds the file stale, else 0."""
    return bring_up_to_date("mnistspec.reference", lambda: {docs_file(): page()}, arguments)


if __name__ == "__main__":
    sys.exit(main())
