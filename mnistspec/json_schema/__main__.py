"""Writes `schemas/mnistspec-v1.schema.json` anew from the stored catalogue, without Keras, or says whether it is stale.

python -m mnistspec.json_schema            writes the file
python -m mnistspec.json_schema --check    prints what would change; exits 1 if anything would
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from mnistspec.catalogue.generate import bring_up_to_date
from mnistspec.json_schema import schema_file, schema_text


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command. Returns its exit code: 1 where `--check` finds the file stale, else 0."""
    return bring_up_to_date("mnistspec.json_schema", lambda: {schema_file(): schema_text()}, arguments)


if __name__ == "__main__":
    sys.exit(main())
