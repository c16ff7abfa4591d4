"""The commands that everybody has, and the verifier in the bag, asked about an unpacked bag."""

import shutil
import subprocess
import sys
from pathlib import Path


def has_minisign() -> bool:
    """Whether the public tool is installed."""
    return shutil.which("minisign") is not None


def stock_commands(bag: Path, key: str) -> bool:
    """sha256sum twice, minisign, and the count of files: whether all of them say yes."""
    asked = [
        ["sha256sum", "--quiet", "--strict", "-c", "tagmanifest-sha256.txt"],
        ["sha256sum", "--quiet", "--strict", "-c", "manifest-sha256.txt"],
        ["minisign", "-Vq", "-m", "tagmanifest-sha256.txt", "-P", key],
    ]
    if any(_run(command, bag) for command in asked):
        return False
    manifests = ("manifest-sha256.txt", "tagmanifest-sha256.txt")
    listed = sum((bag / name).read_bytes().count(b"\n") for name in manifests)
    # The tag manifest and its signature list themselves nowhere.
    return listed + 2 == sum(path.is_file() for path in bag.rglob("*"))


def bagit_says_valid(bag: Path) -> bool:
    """The Library of Congress' own command."""
    return _run([sys.executable, "-m", "bagit", "--validate", str(bag)], bag.parent) == 0


def verifier_says_good(verifier: Path, bag: Path, key: str | None) -> bool:
    """The one-file verifier, from where the receiver keeps it: a spoilt bag's own copy is not asked."""
    given = ["--key", key] if key is not None else []
    return _run([sys.executable, "-I", str(verifier), str(bag), *given], bag.parent) == 0


def _run(command: list[str], folder: Path) -> int:
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode
