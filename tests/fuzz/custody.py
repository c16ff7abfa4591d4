"""Targets that read what comes back from outside: checkpoints, exported chats, entries, tokens, evidence bags."""

import contextlib
import io
import json
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.cli.runs.verify import _notes
from bot.custody.bag_signatures import BagSigner, is_signed
from bot.custody.checkpoints import NotACheckpoint, notes_in, opened
from bot.custody.entries import entry_of, moment_of
from bot.custody.merkle import is_included
from bot.custody.reading import loaded
from bot.custody.timestamps import NotAToken, checked, time_of
from bot.documents.evidence.bagged import verify
from tests.fuzz.wording import text_of

PUBLIC = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
SIGNER = BagSigner(bytes(32))


def notes(data: bytes) -> None:
    """Nothing unsigned passes for a checkpoint, a token, a signature, or an entry of the log."""
    text = text_of(data)
    for note in (text, *notes_in(text)):
        _no_checkpoint(note)
    assert isinstance(loaded(data), dict)
    assert not is_signed(b"bag", data, SIGNER.public_key)
    assert not is_signed(b"bag", SIGNER.sign(b"bag", "x"), text)
    for read in (lambda: checked(data, b"x"), lambda: time_of(data)):
        with contextlib.suppress(NotAToken):
            read()
            raise AssertionError("a token out of nowhere")
    with contextlib.suppress(ValueError):
        moment_of(text)
    _entry(data)
    _chat(data)


def _no_checkpoint(note: str) -> None:
    try:
        opened(note, PUBLIC)
    except NotACheckpoint:
        return
    raise AssertionError("a checkpoint out of nowhere")


def _entry(data: bytes) -> None:
    with contextlib.suppress(ValueError, RecursionError):
        value = json.loads(data)
        if isinstance(value, list):
            entry_of(value)
    parts = [data[at : at + 32] for at in range(0, len(data), 32)]
    assert not is_included(b"l" * 32, len(data), len(data) + 7, parts, b"r" * 32)


def _chat(data: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        assert all(isinstance(note, str) for note in _notes(Path(file.name)))


_FILES = (
    "tagmanifest-sha256.txt",
    "tagmanifest-sha256.txt.minisig",
    "manifest-sha256.txt",
    "minisign.pub",
    "data/custody/checkpoint.txt",
    "data/custody/log-key.txt",
    "data/custody/entries.jsonl",
)


def bags(data: bytes) -> None:
    """A folder of such files is never good, and the verifier says so instead of breaking down."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "data" / "custody").mkdir(parents=True)
        for name, content in zip(_FILES, data.split(b"\n\n\n"), strict=False):
            (Path(folder) / name).write_bytes(content)
        with contextlib.redirect_stdout(io.StringIO()):
            assert verify.main([folder]) == 1
            for check in (verify.check_checkpoint, lambda place: verify.check_signature(place, None)):
                with contextlib.suppress(Exception):
                    check(folder)
                    raise SystemError("signed by nobody")
    line = text_of(data)
    with contextlib.suppress(verify.Fault, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        verify.check_entry(line, 5, b"r" * 32)
        raise SystemError("an entry out of nowhere")
