"""A plain data folder is encrypted whole, wherever it is stopped; nothing plain is left, and nothing is lost."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2 as sqlcipher

from bot.config import Settings
from bot.errors import SettingsError
from bot.sealing.key_text import key_text
from bot.services.custody_secret import read_or_make_custody_keys
from bot.services.keys import read_or_make_key
from bot.storage import converting
from bot.storage.cipher import DatabaseLocked, Form, form_of
from bot.storage.converting import NotConverted
from bot.storage.store import Store
from bot.storage.vault import Vault
from bot.wiring.archive import Archive
from bot.wiring.sealing import seal_house
from tests.stores import sqlite_url

WORDS = [f"SECRET-WORD-{n:05d}" for n in range(300)]
PICTURES = [f"PICTURE-{n}-".encode() * 2000 for n in range(3)]


class PowerCut(BaseException):
    """Nothing after it is done, and nothing catches it."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A plain house with rows, originals, keys, an index of photos and an unsent export; and a master key elsewhere."""
    data, key = tmp_path / "data", tmp_path / "master.key"
    key.write_text(key_text(bytes(range(32))))
    data.mkdir()
    asyncio.run(_furnished(data))
    read_or_make_key(data / "secret.key")
    read_or_make_custody_keys(data / "custody.key")
    for place in ("photos/1/shelf.bin", "exports/finished/one.zip"):
        (data / place).parent.mkdir(parents=True)
        (data / place).write_bytes(b"SECRET-WORD-in-a-side-file")
    return Settings.read(data_dir=data, master_key_file=key)


async def _furnished(data: Path) -> None:
    store = Store(sqlite_url(data / "kalkan.sqlite"))
    async with store.write() as conn:
        await conn.exec_driver_sql("CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT)")
        await conn.exec_driver_sql("CREATE TABLE pairs (a TEXT, b BLOB, PRIMARY KEY (b, a)) WITHOUT ROWID")
        await conn.exec_driver_sql("CREATE INDEX ix_words ON words (word)")
        await conn.execute(sa.text("INSERT INTO words (word) VALUES (:w)"), [{"w": word} for word in WORDS])
        await conn.execute(sa.text("INSERT INTO pairs VALUES (:w, x'00ff')"), [{"w": word} for word in WORDS[:20]])
        await conn.exec_driver_sql("DELETE FROM words WHERE id % 7 = 0")
    await store.close()
    for picture in PICTURES:
        await Vault(data / "vault").put(picture)


def content(settings: Settings) -> tuple[list[Any], list[bytes], bytes]:
    """All that is kept, read with the key."""

    async def read() -> tuple[list[Any], list[bytes]]:
        archive = Archive.of(settings)
        store, vault = archive.store(), archive.vault()
        async with store.read() as conn:
            words = (await conn.execute(sa.text("SELECT id, word FROM words ORDER BY id"))).all()
            pairs = (await conn.execute(sa.text("SELECT a, b FROM pairs ORDER BY a"))).all()
        await store.close()
        pictures = [await vault.get(sha256) for sha256 in _hashes()]
        return [*map(tuple, words), *map(tuple, pairs)], pictures

    rows, pictures = asyncio.run(read())
    secrets = Archive.of(settings).secrets
    return rows, pictures, read_or_make_key(settings.key_path, secrets).buttons


def _hashes() -> list[str]:
    import hashlib

    return [hashlib.sha256(picture).hexdigest() for picture in PICTURES]


def plain_left(folder: Path) -> list[str]:
    """Files in which a word, a picture or its hash can be read."""
    found = []
    for path in folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        if b"SECRET-WORD" in data or b"PICTURE-" in data or path.name in _hashes():
            found.append(str(path.relative_to(folder)))
    return found


def as_plain(settings: Settings) -> Settings:
    return settings.model_copy(update={"master_key_file": None, "plain_database": True})


def test_everything_is_sealed_and_nothing_lost(settings: Settings) -> None:
    """Rows, originals and keys are the same afterwards; no byte of them can be read; a second run has nothing to do."""
    before, secret = content(as_plain(settings)), (settings.data_dir / "custody.key").read_bytes()
    assert len(plain_left(settings.data_dir)) >= 6
    said: list[str] = []
    seal_house(settings, said.append)
    assert said[:2] == ["database: encrypted", "vault: 3 originals encrypted"]
    assert content(settings) == before
    assert plain_left(settings.data_dir) == []
    assert secret not in (settings.data_dir / "custody.key").read_bytes()
    assert sorted(path.name for path in settings.data_dir.iterdir()) == [
        "custody.key",
        "kalkan.sqlite",
        "secret.key",
        "vault",
    ]
    said.clear()
    seal_house(settings, said.append)
    assert said[0].startswith("database: encrypted already")
    assert content(settings) == before


#: Every step that changes a disk; a power cut comes before one of them.
STEPS: list[tuple[Any, str]] = [
    (Path, "replace"),
    (Path, "rename"),
    (Path, "unlink"),
    (Path, "touch"),
    (Path, "hardlink_to"),
    (os, "link"),
    (os, "fsync"),
    (converting, "_copy"),
    (converting, "_compare"),
]


def cut_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the power go before the step of this number."""
    taken = 0

    def counted(original: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken >= number:
                raise PowerCut
            return original(*arguments, **options)

        return step

    for owner, name in STEPS:
        monkeypatch.setattr(owner, name, counted(getattr(owner, name)))


def test_a_power_cut_at_any_step_loses_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut before each step in turn: no other command opens the half-sealed folder, and the next run finishes it."""
    before, untouched = content(as_plain(settings)), settings.data_dir.with_name("untouched")
    shutil.copytree(settings.data_dir, untouched)
    cuts = 0
    while cut_once(settings, cuts + 1, monkeypatch):
        cuts += 1
        seal_house(settings, lambda _: None)
        assert content(settings) == before, cuts
        assert plain_left(settings.data_dir) == [], cuts
        shutil.rmtree(settings.data_dir)
        shutil.copytree(untouched, settings.data_dir)
    assert cuts >= 30


def cut_once(settings: Settings, number: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the power went before the step of this number, or sealing was finished by then."""
    with monkeypatch.context() as patched:
        cut_at(number, patched)
        try:
            seal_house(settings, lambda _: None)
        except PowerCut:
            is_cut = True
        else:
            is_cut = False
    if (settings.data_dir / ".sealing").exists():
        for opened in (settings, as_plain(settings)):
            with pytest.raises(SettingsError, match="not finished"):
                Archive.of(opened)
    return is_cut


HOLDER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1])
held.execute("SELECT count(*) FROM words").fetchone()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_database_in_use_is_left_alone(settings: Settings) -> None:
    """While another process has it open nothing is begun, and the line says to stop the bot."""
    path = settings.data_dir / "kalkan.sqlite"
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(NotConverted, match="stop the bot"):
            seal_house(settings, lambda _: None)
        assert form_of(path) is Form.PLAIN
        holder.kill()
    seal_house(settings, lambda _: None)
    assert form_of(path) is Form.SEALED


def test_a_copy_that_differs_is_not_taken(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """One row less in the encrypted copy, and the plain one stays."""
    compare = converting._compare

    def after_a_loss(source: Any, path: Path) -> None:
        source.execute("DELETE FROM sealed.words WHERE id = 150")
        compare(source, path)

    monkeypatch.setattr(converting, "_compare", after_a_loss)
    with pytest.raises(NotConverted, match="differs in words"):
        seal_house(settings, lambda _: None)
    assert form_of(settings.data_dir / "kalkan.sqlite") is Form.PLAIN


def test_another_key_seals_nothing(settings: Settings, tmp_path: Path) -> None:
    """What one key has sealed, another neither opens nor damages."""
    seal_house(settings, lambda _: None)
    before = content(settings)
    (tmp_path / "other.key").write_text(key_text(b"o" * 32))
    other = settings.model_copy(update={"master_key_file": tmp_path / "other.key"})
    with pytest.raises(DatabaseLocked):
        seal_house(other, lambda _: None)
    (settings.data_dir / ".sealing").unlink()
    assert content(settings) == before


def test_sealed_files_are_really_sqlciphers(settings: Settings) -> None:
    """Not merely scrambled: the stock driver opens the file with the raw key, and only so."""
    seal_house(settings, lambda _: None)
    keys = Archive.of(settings).keys
    assert keys is not None
    conn = sqlcipher.connect(str(settings.data_dir / "kalkan.sqlite"))
    conn.execute("PRAGMA cipher_log_level = NONE")
    conn.execute(f"PRAGMA key = \"x'{keys.database.hex()}'\"")
    assert conn.execute("PRAGMA cipher_integrity_check").fetchall() == []
    assert conn.execute("SELECT count(*) FROM words").fetchone()[0] == 258
    conn.close()
