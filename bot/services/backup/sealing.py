"""age around a backup: encrypted to keys that are not on the server, as a stream, in a thread.

What is read is pulled piece by piece from the event loop, so that nothing of it ever lies on disk in the clear.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyrage

from bot.errors import Refusal

Recipients = Sequence[Any]
_MOST_KEY_FILE: Final = 100_000


def read_recipients(words: Iterable[str]) -> list[Any]:
    """Public keys ("age1…", "ssh-ed25519 …", "ssh-rsa …"). Raises Refusal."""
    return [_recipient(word) for word in words]


def read_identities(path: Path) -> list[Any]:
    """The private keys in a file as age-keygen writes it, or an SSH key. Raises Refusal."""
    try:
        text = path.read_bytes()[:_MOST_KEY_FILE]
    except OSError as error:
        raise Refusal("file_unreadable", file=str(path), why=error.strerror or "") from None
    try:
        if text.startswith(b"-----BEGIN"):
            return [pyrage.ssh.Identity.from_buffer(text)]
        lines = [line.strip() for line in text.decode().splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (pyrage.IdentityError, UnicodeDecodeError):
        found = []
    if not found:
        raise Refusal("identity_wrong", file=str(path))
    return found


async def seal(pieces: AsyncIterator[bytes], out: BinaryIO, recipients: Recipients) -> None:
    """Write all pieces, encrypted. Raises what reading or writing raised (OSError: disk full)."""
    source, sink = _Source(pieces, asyncio.get_running_loop()), _Sink(out)
    try:
        await _in_thread(lambda: pyrage.encrypt_io(source, sink, recipients), source)
    except pyrage.EncryptError:
        raise (source.failed or sink.failed or OSError("the backup could not be encrypted")) from None


async def unseal(path: Path, identities: Sequence[Any], take: Callable[[bytes], Awaitable[None]]) -> None:
    """Hand on every piece of a sealed file as it is opened. Raises Refusal for another key, and for damage.

    That the file ends where it was ended is known only when this returns.
    """
    drain = _Drain(take, asyncio.get_running_loop())

    def opened() -> None:
        with path.open("rb") as file:
            pyrage.decrypt_io(file, drain, identities)

    try:
        await _in_thread(opened, drain)
    except pyrage.DecryptError as error:
        if drain.failed is not None:
            raise drain.failed from None
        code = "backup_other_key" if "matching keys" in str(error) else "backup_damaged"
        raise Refusal(code, file=str(path)) from None
    except OSError as error:
        if drain.failed is not None:
            raise drain.failed from None
        if error.errno is not None and error.filename is not None:
            raise Refusal("file_unreadable", file=str(path), why=error.strerror or "") from None
        raise Refusal("backup_damaged", file=str(path)) from None


class _Bridge:
    """Between age's thread and the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._is_closed = False
        self.failed: BaseException | None = None

    def close(self) -> None:
        """Let the thread end at its next piece."""
        self._is_closed = True

    def _wait(self, work: Any) -> Any:
        try:
            if self._is_closed:
                work.close()
                raise InterruptedError("stopped")
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except BaseException as error:
            # The first one counts: age may ask once more before it gives up.
            self.failed = self.failed or error
            self._is_closed = True
            raise OSError("stopped") from None


class _Source(_Bridge):
    def __init__(self, pieces: AsyncIterator[bytes], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._pieces = pieces
        self._left = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        while not self._left:
            piece = self._wait(self._next())
            if piece is None:
                return b""
            self._left = memoryview(piece)
        size = len(self._left) if size < 0 else size
        given, self._left = self._left[:size], self._left[size:]
        return bytes(given)

    async def _next(self) -> bytes | None:
        return await anext(self._pieces, None)


class _Drain(_Bridge):
    def __init__(self, take: Callable[[bytes], Awaitable[None]], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._take = take

    def write(self, piece: bytes) -> int:
        self._wait(self._taken(bytes(piece)))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    async def _taken(self, piece: bytes) -> None:
        await self._take(piece)


class _Sink:
    """The file, and what it raised: age tells only that something was wrong."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.failed: OSError | None = None

    def write(self, piece: bytes) -> int:
        try:
            return self._out.write(piece)
        except OSError as error:
            self.failed = error
            raise

    def flush(self) -> None:
        self._out.flush()


async def _in_thread(work: Callable[[], None], bridge: _Bridge) -> None:
    running = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        bridge.close()
        await asyncio.wait([running])
        raise


def _recipient(word: str) -> Any:
    kind = pyrage.ssh if word.startswith("ssh-") else pyrage.x25519
    try:
        return kind.Recipient.from_str(word)
    except pyrage.RecipientError:
        raise Refusal("recipient_wrong", word=word[:80]) from None
