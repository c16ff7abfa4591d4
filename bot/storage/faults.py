"""What a failing disk or database says, sorted by what is to be done about it.

A full, a read-only or a failing disk passes: whoever writes waits and tries again. Damage does not: going on would be
guessing.
"""

import errno
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """Why nothing can be written, or read."""

    FULL = "full"
    READ_ONLY = "read_only"
    FAILING = "failing"
    DAMAGED = "damaged"


#: Of the operating system.
_NUMBERS: Final = {
    errno.ENOSPC: Fault.FULL,
    errno.EDQUOT: Fault.FULL,
    errno.EROFS: Fault.READ_ONLY,
    errno.EIO: Fault.FAILING,
}
#: Of SQLite: the low byte of its error code.
_CODES: Final = {
    8: Fault.READ_ONLY,
    10: Fault.FAILING,
    11: Fault.DAMAGED,
    13: Fault.FULL,
    14: Fault.FAILING,
    26: Fault.DAMAGED,
}
#: In the words of PRAGMA quick_check: "unable to get the page. error code=266".
_CHECKED: Final = re.compile(r"error code[= ](\d+)")
#: The same in SQLite's words, for drivers that do not hand its code on.
_WORDS: Final = {
    "database or disk is full": Fault.FULL,
    "attempt to write a readonly database": Fault.READ_ONLY,
    "disk I/O error": Fault.FAILING,
    "unable to open database file": Fault.FAILING,
    "database disk image is malformed": Fault.DAMAGED,
    "file is not a database": Fault.DAMAGED,
}
#: Of drivers: no server of a cluster leads just now; no connection came free in time.
_KINDS: Final = ("asyncpg.exceptions._base.TargetServerAttributeNotMatched", "sqlalchemy.exc.TimeoutError")
#: Of PostgreSQL (appendix A of its manual); connections that break are FAILING.
_STATES: Final = {
    "53100": Fault.FULL,
    "25006": Fault.READ_ONLY,
    "58030": Fault.FAILING,
    "57P01": Fault.FAILING,
    "57P02": Fault.FAILING,
    "57P03": Fault.FAILING,
    "XX001": Fault.DAMAGED,
    "XX002": Fault.DAMAGED,
}


def fault_of(error: BaseException) -> Fault | None:
    """What this error says of the disk; None when it is about something else."""
    return next((fault for each in _chain(error) if (fault := _of(each)) is not None), None)


def passes(error: BaseException) -> bool:
    """Whether waiting may mend it."""
    return fault_of(error) not in (None, Fault.DAMAGED)


def tells_damage(found: Sequence[str]) -> bool:
    """Whether what SQLite's own check said is damage: it tells of a page that the disk did not give, too."""
    return list(found) != ["ok"] and not any(_unread(line) for line in found)


def _unread(line: str) -> bool:
    if "failed to get page" in line:
        return True
    return any(_CODES.get(int(code) & 0xFF) is Fault.FAILING for code in _CHECKED.findall(line))


def _chain(error: BaseException) -> Iterator[BaseException]:
    # SQLAlchemy keeps the driver's error in `orig`, and asyncpg's dialect the server's as its cause.
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop(0)
        if each is None or any(each is other for other in seen):
            continue
        seen.append(each)
        yield each
        waiting += [getattr(each, "orig", None), each.__cause__]


def _of(error: BaseException) -> Fault | None:
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return _STATES.get(state, Fault.FAILING if state.startswith("08") else None)
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _CODES.get(code & 0xFF)
    if isinstance(error, ConnectionError) or getattr(error, "connection_invalidated", False):
        return Fault.FAILING
    if f"{type(error).__module__}.{type(error).__qualname__}" in _KINDS:
        return Fault.FAILING
    if isinstance(error, OSError):
        return _NUMBERS.get(error.errno or 0)
    return (
        _WORDS.get(str(error)) if "sqlite" in type(error).__module__ or "sqlcipher" in type(error).__module__ else None
    )
