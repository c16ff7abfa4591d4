"""A BagIt bag: the payload, what describes it, the signature over all of it, and the zip around it."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

MANIFEST: Final = "manifest-sha256.txt"
TAGMANIFEST: Final = "tagmanifest-sha256.txt"
_SECONDS: Final = 300
_BAGGED: Final = ("VERIFY.ru.txt", "VERIFY.ky.txt", "VERIFY.en.txt", "verify.py")


class BagFailed(Exception):
    """The bag could not be made; the message is bagit's last line."""


class Bag:
    """A bag that is being made in a folder of its own, which must not exist yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fill(self, payload: Mapping[str, bytes], info: Mapping[str, str]) -> bytes:
        """Put the payload in; returns the manifest's bytes, over which a time stamp may be asked for."""
        self._folder.mkdir(mode=0o700)
        for name, data in payload.items():
            _write(self._folder / name, data)
        _run("make", self._folder, json.dumps(dict(info)))
        return (self._folder / MANIFEST).read_bytes()

    def close(self, public_key: str, token: bytes | None) -> bytes:
        """Add the files by which people check it; returns the tag manifest's bytes, which are to be signed."""
        for name in _BAGGED:
            _write(self._folder / name, files(__package__).joinpath("bagged", name).read_bytes())
        _write(self._folder / "minisign.pub", public_key.encode())
        if token is not None:
            _write(self._folder / f"{MANIFEST}.tsr", token)
        _run("close", self._folder, "")
        return (self._folder / TAGMANIFEST).read_bytes()

    def packed(self, signature: bytes) -> bytes:
        """The signed bag as a zip: one folder in it, dates the same for every file."""
        _write(self._folder / f"{TAGMANIFEST}.minisig", signature)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(self._folder.rglob("*")):
                if path.is_file():
                    name = f"{self._folder.name}/{path.relative_to(self._folder).as_posix()}"
                    member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                    member.external_attr = 0o600 << 16
                    archive.writestr(member, path.read_bytes(), zipfile.ZIP_DEFLATED)
        return out.getvalue()

    @property
    def size(self) -> int:
        """How many files lie in it."""
        return sum(path.is_file() for path in self._folder.rglob("*"))


def sha256_of(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)


def _run(what: str, folder: Path, said: str) -> None:
    command = [sys.executable, "-m", "bot.documents.evidence.bagging", what, str(folder.absolute())]
    done = subprocess.run(  # noqa: S603 - our own module on a folder of our own
        command, input=said, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if done.returncode:
        raise BagFailed(done.stderr.strip().rpartition("\n")[2])
