"""The target that reads settings: they are frozen values within their limits, or one clear line says what is wrong."""

import os
import tempfile
from pathlib import Path

from bot.config import Settings
from bot.errors import SettingsError


def settings(data: bytes) -> None:
    """A .env file of any bytes: settings within their limits, or one line that does not repeat the token."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            Path(".env").write_bytes(b"KALKAN_TELEGRAM_TOKEN=123:canary\n" + data)
            said = _read()
        finally:
            os.chdir(here)
    assert "\n" not in said
    assert "canary" not in said


def _read() -> str:
    """What is wrong with the settings; "" when they can be read."""
    try:
        read = Settings.read()
    except SettingsError as error:
        return str(error)
    _check(read)
    return ""


def _check(read: Settings) -> None:
    assert 0 < read.burst_seconds <= 60
    assert 1 <= read.inbox_keep_days <= 6
    assert "canary" not in repr(read)
    assert read.database
