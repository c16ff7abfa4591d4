"""The process that draws the demo's pictures while the bot starts."""

import asyncio
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_POLL_SECONDS: Final = 0.02
_ALLOWANCE_SECONDS: Final = 120.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """A process at work; each finished picture stands in `folder` under its name."""

    folder: Path
    process: "subprocess.Popen[bytes]"

    @classmethod
    def begin(cls, folder: Path) -> "Drawing":
        """Start drawing. In a session of its own: Ctrl-C reaches the demo, which then ends it."""
        folder.mkdir(mode=0o700)
        command = [sys.executable, "-m", "bot.cli.demo.pictures", str(folder)]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our own module
        return cls(folder=folder, process=process)

    def end(self) -> None:
        """Stop it, if it is still at work."""
        self.process.kill()
        self.process.wait()

    async def picture(self, name: str) -> bytes:
        """A picture's bytes, as soon as it is drawn. Raises RuntimeError when it never will be."""
        path = self.folder / name
        async with asyncio.timeout(_ALLOWANCE_SECONDS):
            while not path.exists():
                if self.process.poll() is not None and not path.exists():
                    raise RuntimeError(f"{name} was not drawn")
                await asyncio.sleep(_POLL_SECONDS)
        return path.read_bytes()
