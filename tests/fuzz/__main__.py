"""Checks mutated specs for a while, and adds each that is checked wrongly to the corpus, made small.

python -m tests.fuzz --seconds 60 --seed 1
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from pathlib import Path
from random import Random

from tests.fuzz.judging import complaint
from tests.fuzz.mutating import mutated

_ROOT = Path(__file__).resolve().parents[2]
_CORPUS = Path(__file__).resolve().parent / "corpus"


def main() -> None:
    """Runs for the seconds asked for; the same seed tries the same inputs. Exits with 1 where one is found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    specs = [path.read_bytes() for path in sorted(_ROOT.glob("specs/*.yaml"))]
    specs += [path.read_bytes() for path in sorted(_ROOT.glob("tests/golden/*/*.yaml")) if path.stat().st_size < 5000]
    random, until, tried, found = Random(asked.seed), time.monotonic() + asked.seconds, 0, {}
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < until:
            data = mutated(specs, random)
            tried += 1
            wrong = _wrong(data, Path(folder))
            if wrong is not None and wrong not in found:
                found[wrong] = _smaller(data, wrong, Path(folder))
                _keep(found[wrong], wrong)
    print(f"{tried:,} inputs, {len(found)} of them checked wrongly")
    raise SystemExit(bool(found))


def _wrong(data: bytes, folder: Path) -> str | None:
    """What is wrong with how the bytes are checked, in words that stay the same while they are made smaller."""
    try:
        told = complaint(data, folder)
    except Exception as error:
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        return f"{type(error).__name__} in {place.tb_frame.f_code.co_qualname if place else '?'}"
    return told.split()[0] if told is not None else None


def _smaller(data: bytes, wrong: str, folder: Path) -> bytes:
    """The bytes without all that can be left out while the same is wrong."""
    size = len(data) // 2
    while size:
        start = 0
        while start < len(data):
            shorter = data[:start] + data[start + size :]
            if _wrong(shorter, folder) == wrong:
                data = shorter
            else:
                start += size
        size //= 2
    return data


def _keep(data: bytes, wrong: str) -> None:
    path = _CORPUS / f"found-{hashlib.sha256(data).hexdigest()[:10]}.yaml"
    path.write_bytes(data)
    print(f"{wrong}: {path.relative_to(_ROOT)}")


if __name__ == "__main__":
    main()
