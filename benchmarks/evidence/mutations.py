"""Six ways of spoiling an unpacked bag: any file of it may be hit, those that carry the signature included."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

Mutation = Callable[[list[Path], random.Random], None]


def mutate(bag: Path, kind: str, seed: int) -> None:
    """Spoil a bag in its folder."""
    dice = random.Random(f"{kind}:{seed}")
    KINDS[kind](sorted(path for path in bag.rglob("*") if path.is_file()), dice)


def copy_of(bag: Path, name: str) -> Path:
    """The bag once more, to be spoilt."""
    path = bag.with_name(name)
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(bag, path)
    return path


def _flip(files: list[Path], dice: random.Random) -> None:
    path = dice.choice(files)
    data = bytearray(path.read_bytes())
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)


def _truncate(files: list[Path], dice: random.Random) -> None:
    path = dice.choice(files)
    data = path.read_bytes()
    path.write_bytes(data[: dice.randrange(len(data))] if dice.random() < 0.7 else data[:-1])


def _delete(files: list[Path], dice: random.Random) -> None:
    dice.choice(files).unlink()


def _add(files: list[Path], dice: random.Random) -> None:
    folder = dice.choice(files).parent
    name = dice.choice(("more.jpg", ".hidden", "manifest-sha512.txt", "tagmanifest-md5.txt", "fetch.txt"))
    (folder / name).write_bytes(dice.randbytes(20))


def _swap(files: list[Path], dice: random.Random) -> None:
    one, other = dice.sample(files, 2)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def _append(files: list[Path], dice: random.Random) -> None:
    path = dice.choice(files)
    path.write_bytes(path.read_bytes() + dice.choice((b"\n", b" ", b"\x00", b"more")))


KINDS: dict[str, Mutation] = {
    "a bit flipped": _flip,
    "truncated": _truncate,
    "deleted": _delete,
    "added": _add,
    "swapped": _swap,
    "appended": _append,
}
