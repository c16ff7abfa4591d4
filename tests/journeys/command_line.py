"""Runs `python -m bot` as a person would, over a data folder of its own."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bot.cli.application import run

_SECONDS = 100


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The lines of JSON that it printed."""
        return [json.loads(line) for line in self.out.splitlines()]


class CommandLine:
    """`kalkan` with a data folder and settings of its own."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("KALKAN_")}
        # Compiled modules are kept for the next command: without them each start costs three times as much.
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self.environment |= {"KALKAN_DATA_DIR": str(data), **settings}
        if "KALKAN_MASTER_KEY_FILE" not in settings:
            self.environment["KALKAN_PLAIN_DATABASE"] = "yes"

    def __call__(self, *arguments: str | Path, given: bytes = b"", folder: Path | None = None) -> Done:
        """Run a command with `given` on its stdin."""
        done = subprocess.run(
            self.command(*arguments),
            env=self.environment,
            input=given,
            capture_output=True,
            cwd=folder or self.data.parent,
            timeout=_SECONDS,
            check=False,
        )
        return Done(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())

    def here(self, *arguments: str | Path, folder: Path | None = None) -> Done:
        """The same in this process, a second cheaper: for what a command does, where it need not be a program."""
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
        with (
            patch.dict(os.environ, self.environment, clear=True),
            contextlib.chdir(folder or self.data.parent),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = run([str(each) for each in arguments])
        return Done(code=code, out=_written(out), err=_written(err))

    @staticmethod
    def command(*arguments: str | Path) -> Sequence[str]:
        """The words of a command."""
        return [sys.executable, "-m", "bot", *map(str, arguments)]


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()
