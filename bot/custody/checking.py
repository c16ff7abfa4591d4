"""The check of a log, line by line: it takes what a database gives, whatever that is, and stops at the first break.

Memory stays the same however long the log is: the frontier, the anchors that are still ahead, the subjects' keys.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.custody.checkpoints import Checkpoint
from bot.custody.entries import NO_ENTRY, SAID, Entry, EntryKind, moment_of
from bot.custody.keys import CustodyKeys, Unreadable
from bot.custody.merkle import HASH_BYTES, Frontier, grown, root_of
from bot.custody.sealing import Opened, unseal

#: A subject has a key for what was said of it, and one for what was done with it.
BOTH: Final = 2
#: Why a log is broken.
BREAKS: Final = (
    "row",  # a line holds what no line can hold
    "gap",  # a number is missing
    "prev",  # a line does not point at the one before
    "leaf",  # a line was changed after it was written
    "body_missing",  # a line's sealed body is not there
    "body_changed",  # a sealed body cannot be opened, or is another line's
    "key_missing",  # a subject's key is gone, and nothing says that it was erased
    "key_changed",  # a subject's key cannot be unwrapped
    "commitment",  # a body is not the one that was committed to
    "anchor",  # an anchor of this size has another root: something before it was changed
    "cut",  # an anchor knows of more lines than there are
    "head",  # the log's own note of its head is another
)


class Broken(Exception):
    """The log is not what it was: the code of the first break, and the line (or the anchor's size) where it is."""

    def __init__(self, code: str, place: int) -> None:
        super().__init__(f"{code} at {place}")
        self.code = code
        self.place = place


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A line as a database gives it: nothing of it is trusted, not even its types."""

    seq: Any
    at: Any
    kind: Any
    subject: Any
    commitment: Any
    prev: Any
    leaf: Any
    sealed: Any


class Bodies:
    """Opens bodies: `wrapped` are the subjects' keys as the database has them, `erased` the last line that says of a
    subject that a key of its was destroyed, or left with words that were sealed."""

    def __init__(self, keys: CustodyKeys, wrapped: Mapping[str, Any], erased: Mapping[str, int]) -> None:
        self._keys = keys
        self._wrapped = wrapped
        self._erased = erased
        self._known: dict[str, bytes] = {}

    def open(self, entry: Entry, sealed: Any) -> Opened | None:
        """The body; None when its subject was erased, or its words sealed, after it was written. Raises Broken."""
        opened = self.told(entry, sealed)
        return opened[0] if opened is not None else None

    def told(self, entry: Entry, sealed: Any) -> tuple[Opened, str] | None:
        """The body with the name of the key that opened it. Raises Broken."""
        may_be_gone = entry.seq < self._erased.get(entry.subject, -1)
        held = [
            (name, key)
            for name in (entry.subject, self._keys.words_of(entry.subject))
            if (key := self._key(name, entry))
        ]
        if not held:
            if may_be_gone:
                return None
            raise Broken("key_missing", entry.seq)
        if not isinstance(sealed, bytes):
            raise Broken("body_missing", entry.seq)
        found = next((each for each in (_unsealed(sealed, name, key, entry) for name, key in held) if each), None)
        if found is None:
            if may_be_gone:
                return None
            raise Broken(
                "body_changed" if self._is_whole(entry, [name for name, _ in held]) else "key_missing", entry.seq
            )
        if found[0].commitment != entry.commitment:
            raise Broken("commitment", entry.seq)
        return found

    def _is_whole(self, entry: Entry, held: Sequence[str]) -> bool:
        """Whether the key that should open an entry is there; of changes nothing says which of the two it is."""
        if entry.kind == EntryKind.CHANGED:
            return len(held) == BOTH
        return (self._keys.words_of(entry.subject) if entry.kind in SAID else entry.subject) in held

    def _key(self, name: str, entry: Entry) -> bytes | None:
        known = self._known.get(name)
        if known is not None:
            return known
        wrapped = self._wrapped.get(name)
        if wrapped is None:
            return None
        try:
            key = self._keys.unwrap(wrapped, name)
        except Unreadable:
            raise Broken("key_changed", entry.seq) from None
        self._known[name] = key
        return key


def _unsealed(sealed: bytes, name: str, key: bytes, entry: Entry) -> tuple[Opened, str] | None:
    try:
        return unseal(sealed, key, entry.seq), name
    except Unreadable:
        return None


class LogCheck:
    """Takes the lines in their order; `anchors` are checkpoints whose signatures were checked."""

    def __init__(self, anchors: Iterable[Checkpoint], bodies: Bodies | None = None) -> None:
        self._ahead = sorted(anchors, key=lambda anchor: anchor.size, reverse=True)
        self._bodies = bodies
        self._frontier: Frontier = ()
        self._prev = NO_ENTRY
        self.size = 0
        self.anchored = 0
        self._pass_anchors()

    @property
    def root(self) -> bytes:
        """The root of what was taken so far."""
        return root_of(self._frontier)

    @property
    def head(self) -> bytes:
        """The leaf of the last line."""
        return self._prev

    def take(self, row: Row) -> tuple[Entry, Opened | None]:
        """Check the next line; returns it with its body, where that can be opened. Raises Broken."""
        entry = self._entry(row)
        if entry.seq != self.size:
            raise Broken("gap", self.size)
        if entry.prev != self._prev:
            raise Broken("prev", entry.seq)
        leaf = entry.leaf
        if row.leaf != leaf:
            raise Broken("leaf", entry.seq)
        opened = self._bodies.open(entry, row.sealed) if self._bodies is not None else None
        self._frontier = grown(self._frontier, self.size, leaf)
        self._prev = leaf
        self.size += 1
        self._pass_anchors()
        return entry, opened

    def end(self) -> None:
        """There are no more lines. Raises Broken when an anchor knows of more."""
        if self._ahead:
            raise Broken("cut", self._ahead[-1].size)

    def _pass_anchors(self) -> None:
        while self._ahead and self._ahead[-1].size <= self.size:
            anchor = self._ahead.pop()
            if anchor.root != self.root:
                raise Broken("anchor", anchor.size)
            self.anchored = anchor.size

    def _entry(self, row: Row) -> Entry:
        texts = (row.at, row.kind, row.subject)
        hashes = (row.commitment, row.prev)
        good = isinstance(row.seq, int) and all(isinstance(each, str) for each in texts) and _are_hashes(hashes)
        try:
            if not good:
                raise ValueError("not a line")
            moment_of(row.at)
            entry = Entry(
                seq=row.seq,
                at=row.at,
                kind=row.kind,
                subject=row.subject,
                commitment=bytes(row.commitment),
                prev=bytes(row.prev),
            )

        except ValueError:
            raise Broken("row", self.size) from None
        return entry


def _are_hashes(values: Sequence[Any]) -> bool:
    return all(isinstance(each, bytes) and len(each) == HASH_BYTES for each in values)
