"""The vault: the same bytes once, given back unharmed or not at all, and never half an object under its name."""

import asyncio
import hashlib
import os
import random
import signal
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sealing.boxes import Box
from bot.storage.vault import Seal, Vault, VaultCorrupt, VaultMissing

UNKNOWN = hashlib.sha256(b"never put").hexdigest()


SEAL = Seal(box=Box(b"k" * 32), names=b"n" * 32)


@pytest.fixture(params=[None, SEAL], ids=["plain", "sealed"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault", request.param)


def objects(vault: Vault) -> list[Path]:
    return sorted(path for path in vault.root.rglob("*") if path.is_file())


async def test_bytes_come_back(vault: Vault) -> None:
    """What was put is got by its hash, empty and large bytes alike."""
    for data in (b"", b"hello", random.Random(1).randbytes(3_000_000)):
        digest = await vault.put(data)
        assert (digest.sha256, digest.size) == (hashlib.sha256(data).hexdigest(), len(data))
        assert await vault.get(digest.sha256) == data
        assert await vault.exists(digest.sha256)


async def test_the_vault_tells_what_it_holds(vault: Vault) -> None:
    """Its objects' hashes, whatever their names on the disk; damaged ones and foreign files are left out."""
    assert await vault.names() == []
    kept = [(await vault.put(data)).sha256 for data in (b"", b"one", random.Random(4).randbytes(70_000))]
    assert await vault.names() == sorted(kept)
    (vault.path_for(kept[0]).parent / "foreign").write_bytes(b"x")
    assert await vault.names() == sorted(kept)


async def test_same_bytes_are_kept_once(vault: Vault) -> None:
    """Twenty writers of the same bytes at once leave one object, and no temporary file."""
    digests = await asyncio.gather(*(vault.put(b"same" * 1000) for _ in range(20)))
    assert len(set(digests)) == 1
    assert objects(vault) == [vault.path_for(digests[0].sha256)]


async def test_only_the_owner_may_look(vault: Vault) -> None:
    """Folders are 0700 and files 0600, whatever the umask."""
    before = os.umask(0)
    try:
        await vault.put(b"private")
    finally:
        os.umask(before)
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in (vault.root, *vault.root.rglob("*"))}
    assert modes == {True: 0o700, False: 0o600}


async def test_unknown_hash_is_missing(vault: Vault) -> None:
    """Asking for what was never put is answered by a typed error, also before the first put."""
    assert not await vault.exists(UNKNOWN)
    with pytest.raises(VaultMissing) as raised:
        await vault.get(UNKNOWN)
    assert raised.value.sha256 == UNKNOWN


@pytest.mark.parametrize("harm", [b"", b"other bytes", b"original byteS", b"original bytes and more"])
async def test_changed_object_is_never_given_out(vault: Vault, harm: bytes) -> None:
    """A cut, swapped, altered or lengthened object is corrupt; putting the original again heals it."""
    digest = await vault.put(b"original bytes")
    vault.path_for(digest.sha256).write_bytes(harm)
    with pytest.raises(VaultCorrupt):
        await vault.get(digest.sha256)
    await vault.put(b"original bytes")
    assert await vault.get(digest.sha256) == b"original bytes"


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", UNKNOWN.upper(), UNKNOWN[:-1], UNKNOWN + "\n", "a/" * 32]
)
async def test_name_that_is_no_hash_is_refused(vault: Vault, name: str) -> None:
    """No path outside the vault can be asked for."""
    for ask in (vault.get, vault.exists):
        with pytest.raises(ValueError, match="not a SHA-256"):
            await ask(name)


@given(st.text(max_size=80))
def test_path_is_inside_or_refused(name: str) -> None:
    """Whatever is asked, the path lies in the vault's own folders or there is none."""
    try:
        path = Vault(Path("/v")).path_for(name)
    except ValueError:
        return
    assert path == Path("/v") / name[:2] / name[2:4] / name


async def test_failed_write_leaves_nothing(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is reported, and neither an object nor a temporary file stays behind."""

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space left"):
        await vault.put(b"too much")
    monkeypatch.undo()
    assert objects(vault) == []


async def test_put_returns_after_everything_is_on_disk(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is forced to disk before it is named, its folder after; new folders are forced into their parents."""
    steps: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def forced(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def named(path: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", forced)
    monkeypatch.setattr(Path, "rename", named)
    await vault.put(b"new")
    assert steps == ["folder", "folder", "folder", "file", "rename", "folder"]
    steps.clear()
    await vault.put(b"new")
    assert steps == ["folder"]


WRITER = textwrap.dedent(
    """
    import asyncio, random, sys
    from pathlib import Path
    from bot.sealing.boxes import Box
    from bot.storage.vault import Seal, Vault

    async def main():
        seal = Seal(box=Box(b"k" * 32), names=b"n" * 32) if sys.argv[3] == "sealed" else None
        vault, source = Vault(Path(sys.argv[1]), seal), random.Random(int(sys.argv[2]))
        while True:
            digest = await vault.put(source.randbytes(source.randrange(1, 2_000_000)))
            print(digest.sha256, flush=True)

    asyncio.run(main())
    """
)


def killed_writer(root: Path, seed: int, form: str) -> list[str]:
    """Run a writer, kill it at a random instant, and return the hashes it had been promised."""
    command = [sys.executable, "-c", WRITER, str(root), str(seed), form]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    promised = [writer.stdout.readline().strip()]
    time.sleep(random.Random(seed).uniform(0, 0.15))
    writer.send_signal(signal.SIGKILL)
    promised += writer.stdout.read().split()
    writer.stdout.close()
    assert writer.wait() == -signal.SIGKILL
    return [sha256 for sha256 in promised if len(sha256) == 64]


@pytest.mark.parametrize("form", ["plain", "sealed"])
async def test_killed_writer_leaves_no_half_object(tmp_path: Path, form: str) -> None:
    """After each of five kills -9 all that was promised is whole, and nothing else bears an object's name."""
    vault = Vault(tmp_path / "vault", SEAL if form == "sealed" else None)
    promised = [sha256 for seed in range(5) for sha256 in killed_writer(vault.root, seed, form)]
    assert len(promised) >= 5
    for sha256 in promised:
        await vault.get(sha256)
    whole = [path for path in objects(vault) if not path.name.startswith(".incoming-")]
    # Killed between giving an object its name and saying so.
    unsaid = {path.name for path in whole} - {vault.path_for(sha256).name for sha256 in promised}
    assert len(unsaid) <= 5
    if form == "plain":
        for name in unsaid:
            await vault.get(name)
    await vault.remove_leftovers()
    assert not [path for path in objects(vault) if path.name.startswith(".incoming-")]


async def test_a_sealed_vault_tells_nothing(tmp_path: Path) -> None:
    """Neither the bytes nor their hash can be found; what is cut, or lies under another name, is corrupt."""
    vault, data = Vault(tmp_path / "vault", SEAL), random.Random(3).randbytes(200_000)
    digest, other = await vault.put(data), await vault.put(b"another")
    path = vault.path_for(digest.sha256)
    assert digest.sha256 not in str(path)
    sealed = path.read_bytes()
    assert data[:64] not in sealed
    assert data[-64:] not in sealed
    for harm in (
        sealed[:-1],
        sealed[: len(sealed) - 100_000],
        sealed + b"\0",
        vault.path_for(other.sha256).read_bytes(),
        data,
    ):
        path.write_bytes(harm)
        with pytest.raises(VaultCorrupt):
            await vault.get(digest.sha256)
    path.write_bytes(sealed)
    with pytest.raises(VaultCorrupt):
        await Vault(vault.root, Seal(box=Box(b"o" * 32), names=SEAL.names)).get(digest.sha256)
    with pytest.raises(VaultMissing):
        await Vault(vault.root).get(digest.sha256)
    assert await vault.get(digest.sha256) == data


async def test_leftovers_are_removed_and_live_writers_spared(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed writer's temporary file goes; one that is being written stays and becomes its object."""
    digest = await vault.put(b"neighbour")
    leftover = vault.path_for(digest.sha256).parent / ".incoming-0123"
    leftover.write_bytes(b"half")
    removed: list[int] = []
    write = os.write

    def write_while_sweeping(descriptor: int, data: bytes) -> int:
        removed.append(vault._remove_leftovers())
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", write_while_sweeping)
    kept = await vault.put(b"being written")
    assert removed == [1]
    assert await vault.get(kept.sha256) == b"being written"
    assert not leftover.exists()


async def test_what_is_removed_is_gone(vault: Vault) -> None:
    """Overwritten and unlinked; to remove it again is no error; the rest stays."""
    gone, stays = await vault.put(b"gone"), await vault.put(b"stays")
    path = vault.path_for(gone.sha256)
    other = path.with_name("hard-link")
    other.hardlink_to(path)
    assert await vault.remove(gone.sha256, unused_for=0)
    assert await vault.remove(gone.sha256, unused_for=0)
    assert not any(other.read_bytes())
    assert await vault.names() == [stays.sha256]


async def test_nothing_is_removed_from_a_vault_that_is_held(vault: Vault) -> None:
    """While somebody copies it, in this process or another."""
    digest = await vault.put(b"held")
    async with Vault(vault.root).held():
        assert not await vault.remove(digest.sha256, unused_for=0)
        await vault.put(b"new ones may come")
    assert await vault.remove(digest.sha256, unused_for=0)


async def test_what_was_put_again_just_now_is_not_removed(vault: Vault) -> None:
    """Whoever put it is about to write down that it is needed."""
    digest = await vault.put(b"again")
    os.utime(vault.path_for(digest.sha256), (1, 1))
    await vault.put(b"again")
    assert not await vault.remove(digest.sha256)
    os.utime(vault.path_for(digest.sha256), (1, 1))
    assert await vault.remove(digest.sha256)
