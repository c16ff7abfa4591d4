"""What seizure surrenders: of a server that was switched off, nothing at all.

200 canaries go through the real bot (`python -m bot serve`, encrypted), by every way that words and bytes come in and
go out; it is killed in the middle, as when somebody pulls the plug. Then every byte is searched that is left on its
disk: data folder, write-ahead log, shared memory, temporary folder, home and logs. What is in memory is not on the
disk: the folder in memory and the process itself are what a *running* server surrenders.
"""

import json
import shutil
import zlib
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bot.model.rights import Role
from bot.sealing.boxes import is_sealed
from bot.sealing.house_keys import HouseKeys
from bot.sealing.key_text import key_text
from bot.simulator import User, origins
from bot.storage.cipher import Form, form_of
from tests.bot_process import BotProcess
from tests.bot_runner import Newsroom, open_newsroom, until
from tests.journeys.burst import picture
from tests.journeys.command_line import CommandLine
from tests.security.canaries import Flock

pytestmark = pytest.mark.proof

MASTER = bytes(range(7, 39))
#: Enough that the bot is still busy with them when it is killed.
BURST = 30


@dataclass(kw_only=True)
class House:
    """A house on a disk of its own: what lies under `disk` is what is seized; `memory` is gone with the power."""

    disk: Path
    memory: Path
    key: Path
    room: Newsroom
    process: BotProcess
    kalkan: CommandLine


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory of this test's own."""
    shared = Path("/dev/shm")  # noqa: S108 - the test's own, with a name like no other
    if not shared.is_dir():
        pytest.skip("there is no /dev/shm: the bot finds no folder in memory here")
    folder = shared / f"kalkan-test-{tmp_path.parent.name}-{tmp_path.name}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path, memory: Path) -> AsyncIterator[House]:
    """An encrypted house with nobody in it."""
    disk, key = tmp_path / "disk", tmp_path / "stick" / "master.key"
    for folder in (disk / "tmp", disk / "home", key.parent):
        folder.mkdir(parents=True)
    key.write_text(key_text(MASTER))
    given = {"master_key_file": key, "memory_dir": memory, "log_level": "DEBUG", "poll_timeout": 1}
    async with open_newsroom(disk / "data", **given) as room:
        process = BotProcess.of(room)
        home = {"TMPDIR": str(disk / "tmp"), "HOME": str(disk / "home")}
        process.environment = {**process.environment, **home}
        kalkan = CommandLine(disk / "data", KALKAN_MASTER_KEY_FILE=str(key), KALKAN_MEMORY_DIR=str(memory))
        kalkan.environment |= home
        yield House(disk=disk, memory=memory, key=key, room=room, process=process, kalkan=kalkan)
        process.close()


def rows(path: Path, lines: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def import_lists(house: House, flock: Flock, folder: Path) -> None:
    """Staff, known accounts and comments by the command line, from files on the operator's own stick."""
    staff = [{"name": flock.russian("staff name"), "aliases": [flock.latin("alias")]} for _ in range(10)]
    fakes = [
        {
            "platform": "instagram",
            "handle": flock.latin("handle of a fake"),
            "names": [flock.russian("name of a fake")],
            "reason": flock.russian("why it is listed"),
        }
        for _ in range(10)
    ]
    comments = [
        {
            "text": f"Это просто комментарий номер {n}, и в нём есть {flock.russian('comment')} и ещё слова.",
            "author": flock.latin("author"),
            "platform": "facebook",
            "id": str(n),
        }
        for n in range(15)
    ]
    for what, lines in (("staff", staff), ("accounts", fakes), ("comments", comments)):
        done = house.kalkan("import", what, rows(folder / f"{what}.jsonl", lines))
        assert done.code == 0, done.err


async def let_in(house: House, flock: Flock) -> dict[Role, User]:
    """One of each role, by invites whose tokens are canaries too."""
    people = {}
    for role in (Role.JOURNALIST, Role.EDITOR, Role.SECURITY, Role.ADMIN):
        (token,) = await house.room.invite(role)
        user = house.room.world.add_user(
            flock.russian("member"), username=flock.latin("member's handle"), language_code="en"
        )
        house.room.world.start(user, flock.keep("invite", token))
        people[role] = user
    await quiet(house)
    return people


async def quiet(house: House) -> None:
    await until(house.room.is_quiet, 90, house.process)
    house.room.later()


def with_words(seed: int, words: str) -> bytes:
    """A picture with words in its file, after its last byte and in its comment, as cameras and editors leave them."""
    data = picture(seed)
    said = words.encode()
    comment = b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said
    return data[:2] + comment + data[2:] + said


async def talk(house: House, people: dict[Role, User], flock: Flock) -> None:
    """Everything that people send, ask for and write into forms; and what they are sent back."""
    world, journalist, security = house.room.world, people[Role.JOURNALIST], people[Role.SECURITY]
    for n in range(10):
        origin = origins.from_user(flock.russian("author's name"), username=flock.latin("author's handle"))
        world.forward(journalist, origin, f"Пересланный комментарий {n}: {flock.russian('forwarded text')}")
        house.room.later()
    for n in range(5):
        data = with_words(100 + n, flock.latin("inside a picture"))
        world.send_document(
            journalist, data, f"{flock.latin('file name')}.jpg", "image/jpeg", caption=flock.russian("caption")
        )
        house.room.later()
    await quiet(house)
    for n in range(5):
        name = flock.russian("threatened")
        world.forward(
            journalist,
            origins.from_hidden_user(flock.russian("who threatens")),
            f"{name}, мы тебя найдём и убьём, сожжём твой дом {n}",
        )
        house.room.later()
    await quiet(house)
    for order in (
        f"/find {flock.russian('looked for')}",
        f"/note T-1 {flock.russian('note')}",
        f"/threat {flock.russian('threat by hand')} обещает взорвать редакцию завтра",
        f"/curator add B2 {flock.russian('curator')}",
        f"/curator client B3 {flock.russian('client')}",
        f"/curator P-1 note {flock.russian('note on a curator')}",
        f"/words add {flock.latin('own threat word')}",
        f"/published https://example.org/{flock.latin('link')} {flock.russian('headline')}",
        f"/fakes {flock.latin('searched handle')}",
        f"/threats {flock.latin('searched threat')}",
    ):
        world.send_text(security, order)
        house.room.later()
    world.send_text(people[Role.EDITOR], f"/fake https://instagram.com/{flock.latin('suspected')}")
    world.send_text(journalist, flock.russian("talk that is no order"))
    await quiet(house)
    world.send_text(security, "/export T-1")
    house.room.later()
    await quiet(house)


async def burst(house: House, who: User, flock: Flock) -> None:
    """Pull the plug while the bot is busy with what came in one second."""
    for n in range(BURST):
        house.room.world.forward(
            who, origins.from_hidden_user(flock.russian("hidden author")), f"В потоке {n}: {flock.russian('burst')}"
        )
    busy = "SELECT count(*) FROM inbox_updates WHERE state IN ('new', 'working')"
    await until(lambda: house.room.database.value(busy) > BURST // 3, 60, house.process)
    house.process.kill()


async def start_again(house: House) -> None:
    """Start it, and wait until it polls: before that, a stop would end it as a signal ends any program."""
    counts = house.room.world.journal.counts
    introduced = counts["getMe"]
    house.process.start()
    await until(lambda: counts["getMe"] > introduced, 60, house.process)
    polled = counts["getUpdates"]
    await until(lambda: counts["getUpdates"] > polled, 60, house.process)


@pytest.mark.timeout(600)
@pytest.mark.asyncio(loop_scope="session")
async def test_a_powered_off_server_yields_nothing(house: House, tmp_path: Path) -> None:
    """0 of at least 200 canaries, after a kill in the middle and after a clean stop; and the key is nowhere on it."""
    flock = Flock(seed=8)
    import_lists(house, flock, house.key.parent)
    house.process.start()
    people = await let_in(house, flock)
    await talk(house, people, flock)
    await burst(house, people[Role.JOURNALIST], flock)
    for secret in (MASTER, *_sub_keys()):
        flock.keep("key", secret.hex())
    assert len(flock.words) >= 200, len(flock.words)
    assert (house.disk / "data" / "kalkan.sqlite-wal").stat().st_size > 0
    assert flock.found([house.disk]) == {}
    _only_sealed(house.disk)
    await start_again(house)
    await quiet(house)
    assert await house.process.stop() == 0
    assert flock.found([house.disk]) == {}
    _only_sealed(house.disk)
    # What was stored is all there for whoever has the key: nothing was simply not kept.
    kept = house.kalkan("export", "comments")
    assert kept.code == 0, kept.err
    told = [word for word, kind in flock.words.items() if kind in ("comment", "forwarded text", "burst")]
    assert [word for word in told if word not in kept.out] == []
    assert len(list((house.disk / "data" / "vault").glob("??/??/*"))) >= 5


def _sub_keys() -> Iterator[bytes]:

    keys = HouseKeys(MASTER)
    yield from (keys.database, keys.names)


def _only_sealed(disk: Path) -> None:
    """Everything in the data folder is encrypted: the database's own files, and what our boxes have sealed.

    But for which process on which machine served it last, and the room that is kept in reserve.
    """
    for path in (disk / "data").rglob("*"):
        if path.is_file() and path.name not in {"serve.lock", "ballast"} and not path.name.startswith("kalkan.sqlite"):
            assert is_sealed(path.read_bytes()), path
    assert form_of(disk / "data" / "kalkan.sqlite") is Form.SEALED


def test_the_search_finds_canaries(tmp_path: Path) -> None:
    """The search can fail: a word is found in each form in which it might lie on a disk."""
    flock = Flock(seed=1)
    word, other = flock.russian("a"), flock.latin("b")
    hidden = {
        "plain": f"xx{word}xx".encode(),
        "lower": word.lower().encode(),
        "utf16": b"." + word.encode("utf-16-le"),
        "hex": word.encode().hex().encode(),
        "json": json.dumps({"a": word}).encode(),
        "zlib": b"..." + zlib.compress(word.encode() * 3),
        **{f"base64-{n}": b64encode(b"y" * n + word.encode() + b"tail") for n in range(3)},
    }
    for name, data in hidden.items():
        (tmp_path / name).write_bytes(data)
        assert set(flock.found([tmp_path])) == {word}, name
        (tmp_path / name).unlink()
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", _folder(tmp_path / "in", other))
    shutil.rmtree(tmp_path / "in")
    assert set(flock.found([Path(archive).parent])) == {other}


def _folder(path: Path, word: str) -> Path:
    path.mkdir()
    (path / "file.txt").write_text(f"{word} " * 50)
    return path
