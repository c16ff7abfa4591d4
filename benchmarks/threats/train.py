"""`python -m benchmarks.threats.train`: makes `detection/threats/model.bin` from the project's own text."""

import argparse
from pathlib import Path
from typing import Final

from benchmarks.threats.templates import training_texts
from detection.threats.training import train

MODEL: Final = Path(__file__).parents[2] / "detection/threats/model.bin"


def main() -> None:
    """Train and write the model; the same text gives the same bytes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.threats.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=MODEL)
    given = parser.parse_args()
    texts = training_texts()
    model = train(texts)
    given.out.write_bytes(model.to_bytes())
    print(f"{len(texts)} texts, {sum(each.threat for each in texts)} threats; {given.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
