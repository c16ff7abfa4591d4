"""Whose photo was stolen: a member says which real person it is, and how that is known. Earlier words are kept."""

import re
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.dialog import Dialog
from bot.model.newsroom import Member
from bot.model.photo_owner import OwnerEntry, PhotoOwner
from bot.model.rights import Right
from bot.services import notices
from bot.services.cases import Cases
from bot.services.knowledge import Knowledge
from bot.services.pictures import KeptPicture, Pictures
from bot.services.stage import Stage
from bot.storage import dialogs, history, outbox, photo_owners, photo_uses, photos
from bot.storage.photos import NewPhoto
from bot.storage.store import Store

#: The two questions, by the kinds of their dialogs.
QUESTIONS = ("owner", "owner_how")

_ANSWER_WITHIN = timedelta(minutes=15)
_SOURCE = "owner"
_LONGEST_NAME = 200
_LONGEST_LINE = 500
_LONGEST_NOTE = 2000
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_LABELS = {
    **dict.fromkeys(("name", "имя", "аты"), "name"),
    **dict.fromkeys(("how", "как", "кантип"), "how"),
    **dict.fromkeys(("note", "заметка", "эскертүү"), "note"),
}
# What a person answers who does not know.
_NOTHING = frozenset({"-", "–", "—", "?"})


def read_owner(text: str) -> OwnerEntry:
    """Read NAME, a link, `how: …` and `note: …` on lines of their own; further lines belong to the note.

    Raises Refusal("owner_name_missing") when there is no name.
    """
    link = _LINK.search(text)
    rest = text if link is None else text[: link.start()] + "\n" + text[link.end() :]
    told: dict[str, list[str]] = {"name": [], "how": [], "note": []}
    for line in (line.strip(" \t,;") for line in rest.splitlines()):
        label, _, value = line.partition(":")
        kind = _LABELS.get(label.strip().lower())
        if kind is not None:
            told[kind].append(value.strip())
        elif line:
            told["note" if told["name"] else "name"].append(line)
    name = " ".join(told["name"])
    if not any(char.isalpha() for char in name):
        raise Refusal("owner_name_missing")
    return OwnerEntry(
        name=name[:_LONGEST_NAME],
        profile=link.group()[:_LONGEST_LINE] if link is not None else None,
        how=" ".join(told["how"])[:_LONGEST_LINE] or None,
        note="\n".join(told["note"])[:_LONGEST_NOTE] or None,
    )


class PhotoOwners:
    """The owners of one newsroom's stored pictures."""

    def __init__(self, store: Store, clock: Clock, knowledge: Knowledge, cases: Cases, pictures: Pictures) -> None:
        self._store = store
        self._clock = clock
        self._knowledge = knowledge
        self._cases = cases
        self._pictures = pictures

    async def of(self, member: Member, sha256: str) -> PhotoOwner | None:
        """The owner of a picture, as far as it is known."""
        async with self._store.read() as conn:
            return (await photo_owners.of_pictures(conn, member.newsroom_id, [sha256])).get(sha256)

    async def picture_of_photo(self, member: Member, photo_id: int) -> str:
        """The SHA-256 of a stored photo. Raises Refusal("photo_unknown")."""
        async with self._store.read() as conn:
            found = await photos.by_ids(conn, member.newsroom_id, [photo_id])
        if not found:
            raise Refusal("photo_unknown")
        return found[0].sha256

    async def picture_of_case(self, member: Member, number: int) -> str:
        """The SHA-256 of the one picture of case K-number.

        Raises Refusal when there is no such case for this member, no picture in it ("owner_photo_missing"), or several
        ("owner_photo_ambiguous").
        """
        case = await self._cases.by_number(member, number)
        shas = {part.sha256 for part in case.parts if part.sha256 is not None}
        if len(shas) != 1:
            raise Refusal("owner_photo_ambiguous" if shas else "owner_photo_missing")
        return shas.pop()

    async def picture_of_bytes(self, data: bytes) -> str:
        """The SHA-256 of a picture that is kept from now on. Raises Refusal when it cannot be read."""
        return (await self._pictures.keep(data)).sha256

    async def ask(self, stage: Stage, member: Member, sha256: str) -> None:
        """Ask whose photo it is; the member's next message is the answer. Raises Refusal("owner_of_others")."""
        await self._may_say(member, sha256)
        await self._ask(stage, member, "owner", {"sha256": sha256})

    async def answer(self, stage: Stage, member: Member, dialog: Dialog, text: str) -> None:
        """The answer to the first question, which leads to the second, or to the second. Raises Refusal."""
        sha256 = str(dialog.body["sha256"])
        if dialog.kind == "owner":
            entry = read_owner(text)
            if entry.how is None:
                body = {"sha256": sha256, "name": entry.name, "profile": entry.profile, "note": entry.note}
                await self._ask(stage, member, "owner_how", body)
                return
        else:
            entry = _with_reason(dialog, text)
        await self.record(stage, member, sha256, entry)

    async def record(self, stage: Stage, member: Member, sha256: str, entry: OwnerEntry | None) -> None:
        """Record whose photo it is, or take back what was said (None). Whoever waits for a question is done with it.

        Raises Refusal("owner_of_others") for somebody else's word, which editors and security leads may change.
        """
        await self._may_say(member, sha256)
        kept = None if entry is None else await self._unknown(member, sha256)

        async def act(conn: AsyncConnection) -> None:
            now, newsroom_id = self._clock(), member.newsroom_id
            asked = await dialogs.of_member(conn, member.id, now)
            if asked is not None and asked.kind in QUESTIONS:
                await dialogs.end(conn, member.id)
            if kept is not None and not await photo_uses.of_pictures(conn, newsroom_id, [sha256]):
                await photos.add(conn, [_photo_of(kept, newsroom_id)], now)
            news = await photo_owners.put(conn, newsroom_id, sha256, entry, member.id, now)
            uses = await photo_uses.of_pictures(conn, newsroom_id, [sha256])
            if news and uses:
                subject = ("photo", uses[0].photo_id)
                await history.note(conn, newsroom_id, member.id, subject, "owner", now, sha256=sha256)
            code = "owner_forgotten" if entry is None else "owner_kept" if news else "owner_same"
            await outbox.put(conn, [notices.reply(member, code, sha256=sha256)], now)

        stage.stage_once(act)
        self._knowledge.outdate()

    async def _ask(self, stage: Stage, member: Member, kind: str, body: dict[str, str | None]) -> None:
        code = "ask_owner" if kind == "owner" else "ask_owner_how"

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await dialogs.ask(conn, member.newsroom_id, member.id, kind, body, now + _ANSWER_WITHIN)
            await outbox.put(conn, [notices.reply(member, code, **body)], now)

        stage.stage_once(act)

    async def _may_say(self, member: Member, sha256: str) -> None:
        known = await self.of(member, sha256)
        if known is not None and known.member_id != member.id and not member.may(Right.OWNER_DETAILS):
            raise Refusal("owner_of_others")

    async def _unknown(self, member: Member, sha256: str) -> KeptPicture | None:
        """What is kept of a picture that is not among the stored photos yet."""
        async with self._store.read() as conn:
            if await photo_uses.of_pictures(conn, member.newsroom_id, [sha256]):
                return None
        return await self._pictures.keep_stored(sha256)


def _with_reason(dialog: Dialog, text: str) -> OwnerEntry:
    how, _, more = text.strip().partition("\n")
    notes = [str(dialog.body["note"])] if dialog.body.get("note") else []
    notes += [more.strip()] if more.strip() else []
    return OwnerEntry(
        name=str(dialog.body["name"]),
        profile=dialog.body.get("profile"),
        how=None if how.strip() in _NOTHING else how.strip()[:_LONGEST_LINE],
        note="\n".join(notes)[:_LONGEST_NOTE] or None,
    )


def _photo_of(kept: KeptPicture, newsroom_id: int) -> NewPhoto:
    return NewPhoto(
        newsroom_id=newsroom_id,
        sha256=kept.sha256,
        description=kept.description,
        width=kept.width,
        height=kept.height,
        source=_SOURCE,
    )
