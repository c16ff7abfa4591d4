"""The command line of the catalogues' workshop."""

import argparse
import sys
from pathlib import Path

from scripts.catalogs.checks import check
from scripts.catalogs.extraction import extract


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two commands; 1 when the check finds faults."""
    parser = argparse.ArgumentParser(prog="python -m scripts.catalogs", description="Kalkan's message catalogues")
    parser.add_argument("command", choices=("extract", "check"))
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2], help="the checkout")
    options = parser.parse_args(arguments)
    return _extract(options.root) if options.command == "extract" else _check(options.root)


def _extract(root: Path) -> int:
    changed = extract(root)
    for path in changed:
        print(f"written: {path.relative_to(root)}")
    print(f"{len(changed)} of the catalogue files changed")
    return 0


def _check(root: Path) -> int:
    faults = check(root)
    for fault in faults:
        print(fault)
    print(f"catalogues: {len(faults)} faults" if faults else "catalogues: complete")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
