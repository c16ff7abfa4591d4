"""/audit: who saw, searched, exported and changed what, read from the custody log itself: nobody edits that.

The log names members and subjects by pseudonyms and seals what was done; whoever may read the audit has them opened
here, the newest first, some hundred lines at a time.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot.custody.checking import Bodies, Broken
from bot.custody.entries import Entry, EntryKind
from bot.custody.reading import loaded
from bot.errors import Refusal
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right
from bot.services.custody import Custody
from bot.storage import cases, custody, members, threats
from bot.storage.store import Store

#: Lines on one page, and lines of the log that are opened to find them, before the rest is left to the next page.
PAGE: Final = 15
_LOOKED_AT: Final = 2_000
_FILE_ROWS: Final = 10_000
_AT_A_TIME: Final = 500
#: Who may know of a case: of these the log says which case, and whom they name.
RESTRICTING: Final = frozenset(
    {
        "restricted",
        "restriction_named",
        "restriction_unnamed",
        "restriction_lifted",
        "restriction_opened",
        "restriction_closed",
    }
)
#: Of these nobody knows that there are any, but whoever may read them: by what a deed is about, or what it opened.
SECLUDED: Final[Mapping[str, Right]] = {
    "curator": Right.CURATORS,
    "curators": Right.CURATORS,
    "work_report": Right.WORK_REPORTS,
    "workreports": Right.WORK_REPORTS,
}
#: What can be asked for: a member's deeds, not what came in.
DEEDS: Final[Mapping[str, frozenset[str]]] = {
    "saw": frozenset({EntryKind.VIEWED.value}),
    "searched": frozenset({EntryKind.VIEWED.value}),
    "exported": frozenset({EntryKind.EXPORTED.value}),
    "changed": frozenset({EntryKind.CHANGED.value, EntryKind.ERASED.value}),
    "all": frozenset(
        kind.value for kind in (EntryKind.VIEWED, EntryKind.EXPORTED, EntryKind.CHANGED, EntryKind.ERASED)
    ),
}
#: What has a number that people know, and where it stands.
_NUMBERED: Final = {"submission": cases.numbers, "threat": threats.numbers}


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditQuery:
    """Whose deeds (None: everybody's), since when, of which sort."""

    member_id: int | None = None
    since: datetime | None = None
    deed: str = "all"


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditLine:
    """One deed: its number in the log, when, by whom (None: the house, or the server's operator), what.

    `number` is the K- or T-number of the case or the threat that it was about, as long as there is such a row.
    """

    seq: int
    at: datetime
    who: str | None
    who_id: int | None
    deed: str
    what: str
    about: str
    row: int | None
    subject: str = ""
    number: int | None = None
    #: Of a restriction: which case, and whom it names.
    told: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditPage:
    """Lines, the newest first; `further` is the number before which the next page begins."""

    lines: tuple[AuditLine, ...]
    further: int | None


class Audit:
    """Reads the custody log for who may."""

    def __init__(self, store: Store, log: Custody) -> None:
        self._store = store
        self._log = log

    async def page(self, member: Member, query: AuditQuery, before: int | None = None, size: int = PAGE) -> AuditPage:
        """A page of deeds. Raises Refusal for whoever may not read the audit."""
        if not member.may(Right.AUDIT):
            raise Refusal("not_allowed")
        page = await self._page(member, query, before, size)
        return replace(page, lines=await self._numbered(member.newsroom_id, page.lines))

    async def _page(self, member: Member, query: AuditQuery, before: int | None, size: int) -> AuditPage:
        newsroom_id = member.newsroom_id
        # What was done a moment ago is in it.
        await self._log.sequence()
        async with self._store.read() as conn:
            people = await members.all_of(conn, newsroom_id, *MemberStatus)
        names = {self._log.keys.pseudonym(newsroom_id, "member", each.id): each for each in people}
        found: list[AuditLine] = []
        looked = 0
        while len(found) <= size and looked < _LOOKED_AT * max(1, size // PAGE):
            async with self._store.read() as conn:
                rows = await custody.newest(conn, newsroom_id, sorted(DEEDS[query.deed]), before, _AT_A_TIME)
                both = self._log.keys.with_words(row["subject"] for row in rows)
                wrapped = await custody.keys_of(conn, newsroom_id, both)
            if not rows:
                return AuditPage(lines=tuple(found[:size]), further=_further(found, size))
            bodies = Bodies(self._log.keys, wrapped, {})
            opened = await asyncio.to_thread(_opened, rows, bodies)
            lines = (_line(entry, body, names) for entry, body in opened)
            found += [line for line in lines if _fits(line, query) and _may_hear(member, line)]
            looked, before = looked + len(rows), int(rows[-1]["seq"])
            if query.since is not None and _moment(rows[-1]["at"]) < query.since:
                return AuditPage(lines=tuple(found[:size]), further=_further(found, size))
        return AuditPage(lines=tuple(found[:size]), further=_further(found, size) or before)

    async def _numbered(self, newsroom_id: int, lines: tuple[AuditLine, ...]) -> tuple[AuditLine, ...]:
        """The lines with the numbers of the cases and threats that they are about."""
        found: dict[tuple[str, int | str], int] = {}
        for noun, numbers in _NUMBERED.items():
            mine = [line for line in lines if line.about == noun]
            if not mine:
                continue
            async with self._store.read() as conn:
                by_row = await numbers(conn, newsroom_id)
            found |= {(noun, row): number for row, number in by_row.items()}
            if any(line.row is None for line in mine):
                # Of what was changed the log knows a pseudonym alone.
                found |= await asyncio.to_thread(self._by_pseudonym, newsroom_id, noun, by_row)
        named = ((line, line.subject if line.row is None else line.row) for line in lines)
        return tuple(replace(line, number=found.get((line.about, name))) for line, name in named)

    def _by_pseudonym(self, newsroom_id: int, noun: str, by_row: Mapping[int, int]) -> dict[tuple[str, int | str], int]:
        named = self._log.keys.pseudonym
        return {(noun, named(newsroom_id, noun, row)): number for row, number in by_row.items()}

    async def table(self, member: Member, query: AuditQuery) -> tuple[AuditLine, ...]:
        """Everything that answers a query, for a file; at most ten thousand lines. Raises Refusal."""
        return (await self.page(member, query, size=_FILE_ROWS)).lines


def _further(found: Sequence[AuditLine], size: int) -> int | None:
    return found[size - 1].seq if len(found) > size else None


def _opened(rows: Sequence[Mapping[str, Any]], bodies: Bodies) -> list[tuple[Entry, Mapping[str, Any]]]:
    read: list[tuple[Entry, Mapping[str, Any]]] = []
    for row in rows:
        names = ("seq", "at", "kind", "subject", "commitment", "prev")
        entry = Entry(**{name: row[name] for name in names})
        try:
            opened = bodies.open(entry, row["sealed"])
            body = loaded(opened.body) if opened is not None else {}
        except (Broken, ValueError):
            # Erased, or damaged: that something was done is still said; `kalkan verify` says the rest.
            body = {}
        read.append((entry, body))
    return read


def _line(entry: Entry, body: Mapping[str, Any], names: Mapping[str, Member]) -> AuditLine:
    who = names.get(str(body.get("by") or ""))
    deed = "searched" if "searched" in body else "saw" if entry.kind == EntryKind.VIEWED else entry.kind
    what = body.get("searched") or body.get("opened") or body.get("shown") or body.get("event") or body.get("what")
    row = body.get("row")
    return AuditLine(
        seq=entry.seq,
        at=_moment(entry.at),
        who=who.name if who is not None else None,
        who_id=who.id if who is not None else None,
        deed=deed,
        what=str(what or ""),
        about=str(body.get("about") or ""),
        row=int(row) if isinstance(row, int) else None,
        subject=entry.subject,
        told=_told(str(what or ""), body.get("details")),
    )


def _told(event: str, details: Any) -> tuple[str, ...]:
    if event not in RESTRICTING or not isinstance(details, Mapping):
        return ()
    case, who = str(details.get("case") or ""), str(details.get("who") or "")
    return (case, who) if who else (case,)


def _may_hear(member: Member, line: AuditLine) -> bool:
    rights = {SECLUDED[named] for named in (line.about, line.what) if named in SECLUDED}
    return all(member.may(right) for right in rights)


def _fits(line: AuditLine, query: AuditQuery) -> bool:
    if query.since is not None and line.at < query.since:
        return False
    if query.deed in ("saw", "searched") and line.deed != query.deed:
        return False
    if query.member_id is None:
        # What the house does by itself is no deed of anybody's.
        return line.who is not None or query.deed != "all"
    return line.who_id == query.member_id


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
