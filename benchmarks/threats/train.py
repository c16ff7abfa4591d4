"""`python -m benchmarks.threats.train`: makes the models in `detection/threats` from the project's own text."""

import argparse
from pathlib import Path
from typing import Final

from benchmarks.threats.kinds import taught_kinds
from benchmarks.threats.templates import training_texts
from benchmarks.threats.written import written
from detection.threats.training import train

#: Ten times the pull that rulings are learnt with: of 0.3, 1, 3, 10 and 30 times it finds most at 2 alarms in 1,000.
_PULL: Final = 1e-5
FOLDER: Final = Path(__file__).parents[2] / "detection/threats"


def main() -> None:
    """Train and write both models; the same text gives the same bytes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.threats.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER)
    given = parser.parse_args()
    texts = training_texts()
    (given.out / "model.bin").write_bytes(train(texts, pull=_PULL).to_bytes())
    (given.out / "kinds.bin").write_bytes(taught_kinds(list(written())).to_bytes())
    sizes = sum((given.out / name).stat().st_size for name in ("model.bin", "kinds.bin"))
    print(f"{len(texts)} texts, {sum(each.threat for each in texts)} threats; {sizes} bytes")


if __name__ == "__main__":
    main()
