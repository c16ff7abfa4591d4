"""The secret key: made once, private, never half a key; what is made from it cannot be guessed from each other."""

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.model.tokens import START_WITH_TOKEN
from bot.services.keys import Keys, read_or_make_key


def test_a_key_is_made_once(tmp_path: Path) -> None:
    """Readable by its owner only, in a folder of its owner's only, and the same at the next start."""
    path = tmp_path / "data" / "secret.key"
    made = read_or_make_key(path)
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    assert len(path.read_bytes()) == 32
    assert read_or_make_key(path).buttons == made.buttons
    assert [each.name for each in path.parent.iterdir()] == ["secret.key"]


def test_who_starts_at_the_same_moment_has_the_same_key(tmp_path: Path) -> None:
    """The bot and the command line, on a fresh folder: one key, and no empty one is ever read."""
    for number in range(10):
        path = tmp_path / str(number) / "secret.key"
        with ThreadPoolExecutor(8) as pool:
            keys = list(pool.map(lambda _, path=path: read_or_make_key(path).buttons, range(8)))
        assert len(set(keys)) == 1
        assert keys[0] != Keys(b"").buttons


@pytest.mark.parametrize("content", [b"", b"short", b"k" * 31])
def test_half_a_key_is_refused(tmp_path: Path, content: bytes) -> None:
    """Signatures made with a known key can be forged: better no start at all."""
    path = tmp_path / "secret.key"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match="is no key"):
        read_or_make_key(path)
    assert path.read_bytes() == content


def test_what_is_derived() -> None:
    """Tokens fit a deep link, differ by invite and by key, and are not the key of the buttons."""
    one, other = Keys(b"a" * 32), Keys(b"b" * 32)
    tokens = [keys.invite_token(number) for keys in (one, other) for number in (1, 2)]
    assert len(set(tokens)) == 4
    assert all(
        re.fullmatch(r"[A-Za-z0-9_-]{22}", token) and START_WITH_TOKEN.fullmatch(f"/start {token}") for token in tokens
    )
    assert one.invite_token(1) == tokens[0]
    assert len({one.buttons, other.buttons}) == 2
