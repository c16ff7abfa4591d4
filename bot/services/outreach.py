"""Threads with the real people whose photos were stolen: each is asked once, and what came of it is kept."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.account import Account, AccountStatus
from bot.model.newsroom import Member
from bot.model.outreach import LETTER_LANGUAGES, STEPS, Candidate, Outreach, OutreachPage, OutreachState, OutreachView
from bot.model.paging import first_of
from bot.model.photo_owner import OwnerEntry
from bot.model.rights import Right
from bot.services import notices
from bot.services.profiles import profile_link
from bot.services.stage import Stage
from bot.services.takedowns import aim_at, events, key_of
from bot.storage import accounts, dialogs, history, outbox, outreaches, photo_owners, photo_uses
from bot.storage.store import Store
from detection.text.normalise import fold, latinise

PAGE: Final = 8
_LONGEST_REPLY = 4000
_ANSWER_WITHIN = timedelta(minutes=15)


def keys_of_owner(owner: OwnerEntry, sha256: str) -> tuple[str, ...]:
    """By what an owner is known again: the profile, else the name; and the photo that is spoken of."""
    person = f"name:{' '.join(latinise(fold(owner.name)).split())}"
    if owner.profile:
        link = profile_link(owner.profile)
        address = owner.profile.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
        person = key_of(link) if link is not None else f"link:{address.rstrip('/')}"
    return (person[:600], photo_key(sha256))


def photo_key(sha256: str) -> str:
    """The key of a photo: one thread speaks of it."""
    return f"photo:{sha256}"


class OutreachDesk:
    """The threads of one newsroom. Raises Refusal for what there is not."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def candidates(self, member: Member, account: Account) -> list[Candidate]:
        """The recorded owners of an account's photos, each with the thread that there is already."""
        async with self._store.read() as conn:
            owners = await photo_owners.of_pictures(conn, member.newsroom_id, account.photos)
            found = {}
            for sha256, owner in owners.items():
                if owner.entry is not None:
                    keys = keys_of_owner(owner.entry, sha256)
                    taken = await outreaches.claimed(conn, member.newsroom_id, keys)
                    thread = await outreaches.get(conn, member.newsroom_id, min(taken.values())) if taken else None
                    found[keys[0]] = Candidate(sha256=sha256, owner=owner.entry.name, thread=thread)
        return list(found.values())

    async def start(self, stage: Stage, member: Member, sha256: str) -> None:
        """Begin a thread with the recorded owner of a photo. Whoever comes second is told who was first.

        Raises Refusal("outreach_no_owner") while nobody said whose photo it is.
        """
        async with self._store.read() as conn:
            owner = (await photo_owners.of_pictures(conn, member.newsroom_id, [sha256])).get(sha256)
        if owner is None or owner.entry is None:
            raise Refusal("outreach_no_owner")
        entry = owner.entry

        async def act(conn: AsyncConnection) -> None:
            now, keys = self._clock(), keys_of_owner(entry, sha256)
            thread, is_new = await outreaches.start(conn, member.newsroom_id, entry, sha256, keys, member.id, now)
            if not is_new:
                await outbox.put(conn, [notices.reply(member, "outreach_taken", outreach=thread)], now)
                return
            subject = ("outreach", thread)
            await history.note(conn, member.newsroom_id, member.id, subject, "outreach_started", now, sha256=sha256)
            await outbox.put(conn, [notices.reply(member, "outreach", outreach=thread)], now)

        stage.stage_once(act)

    async def by_number(self, member: Member, number: int) -> int:
        """The id of O-number. Raises Refusal."""
        async with self._store.read() as conn:
            found = await outreaches.by_number(conn, member.newsroom_id, number)
        if found is None:
            raise Refusal("outreach_unknown")
        return found

    async def view(self, member: Member, outreach_id: int) -> OutreachView:
        """A thread with the listed accounts that use the photo. Raises Refusal."""
        async with self._store.read() as conn:
            found = await outreaches.get(conn, member.newsroom_id, outreach_id)
            if found is None:
                raise Refusal("outreach_unknown")
            uses = await photo_uses.of_pictures(conn, member.newsroom_id, [found.sha256] if found.sha256 else [])
            ids = sorted({use.account_id for use in uses if use.account_id is not None})
            listed = await accounts.by_ids(conn, member.newsroom_id, ids) if ids else []
            told = await history.told(conn, member.newsroom_id, ("outreach", outreach_id))
        # A cleared account may well be the owner's own.
        users = tuple(each for each in reversed(listed) if each.status is not AccountStatus.CLEARED)
        return OutreachView(outreach=found, accounts=users, history=events(told))

    def links(self, view: OutreachView) -> list[tuple[Account, str]]:
        """The accounts of a thread that are there still, each with its address."""
        there = [each for each in view.accounts if each.status is not AccountStatus.GONE]
        return [(each, aim_at(each).target) for each in there]

    async def start_of_account(self, stage: Stage, member: Member, account: Account, sha256: str) -> None:
        """Begin a thread about one of an account's photos, named by the beginning of its hash. Raises Refusal."""
        shas = [each for each in account.photos if sha256 and each.startswith(sha256)]
        if not shas:
            raise Refusal("photo_unknown")
        await self.start(stage, member, shas[0])

    async def of_account(self, member: Member, account: Account) -> list[Outreach]:
        """The threads about an account's photos, for whoever may see them."""
        if not member.may(Right.OUTREACH) or not account.photos:
            return []
        async with self._store.read() as conn:
            return await outreaches.of_pictures(conn, member.newsroom_id, account.photos)

    async def page(self, member: Member, page: int = 0) -> OutreachPage:
        """A page of threads, the newest first."""
        async with self._store.read() as conn:
            lines, total = await outreaches.page(conn, member.newsroom_id, PAGE, first_of(page, PAGE))
        return OutreachPage(lines=tuple(lines), total=total, page=page, size=PAGE)

    async def written(self, stage: Stage, member: Member, outreach_id: int, language: str, message_id: int) -> None:
        """The member wrote to the owner, in this language. The first word counts; the second is told whose it was."""
        if language not in LETTER_LANGUAGES:
            raise Refusal("button_not_yours")
        await self.view(member, outreach_id)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            if not await outreaches.set_written(conn, member.newsroom_id, outreach_id, member.id, language, now):
                await outbox.put(conn, [notices.reply(member, "outreach_taken", outreach=outreach_id)], now)
                return
            subject, event = ("outreach", outreach_id), "outreach_written"
            await history.note(conn, member.newsroom_id, member.id, subject, event, now, language=language)
            said = notices.edited_reply(member, message_id, "outreach", outreach=outreach_id)
            await outbox.put(conn, [said], now)

        stage.stage_once(act)

    async def step(self, stage: Stage, member: Member, outreach_id: int, state: str, message_id: int) -> None:
        """What came of it. Raises Refusal for a state that a press cannot set."""
        if state not in {each.value for each in STEPS}:
            raise Refusal("button_not_yours")
        found = (await self.view(member, outreach_id)).outreach
        values: dict[str, Any] = {"state": state}
        now = self._clock()
        if state == OutreachState.COMPLAINED:
            values["complained_at"] = found.complained_at or now
        if state == OutreachState.GONE:
            values["gone_at"] = found.gone_at or now

        async def act(conn: AsyncConnection) -> None:
            if state == OutreachState.WRONG_PERSON and found.sha256:
                # Whoever really is on the photo may be asked then.
                await outreaches.release(conn, member.newsroom_id, outreach_id, photo_key(found.sha256))
            await self._change(conn, member, outreach_id, values, "outreach_state", {"state": state})
            said = notices.edited_reply(member, message_id, "outreach", outreach=outreach_id)
            await outbox.put(conn, [said], self._clock())

        stage.stage_once(act)

    async def set_consent(self, stage: Stage, member: Member, outreach_id: int, said: str, message_id: int) -> None:
        """Whether the owner agreed to be named in public: "yes" or "no". Raises Refusal."""
        if said not in ("yes", "no"):
            raise Refusal("button_not_yours")
        await self.view(member, outreach_id)

        async def act(conn: AsyncConnection) -> None:
            values = {"consent": said == "yes"}
            await self._change(conn, member, outreach_id, values, "outreach_consent", {"consent": said})
            shown = notices.edited_reply(member, message_id, "outreach", outreach=outreach_id)
            await outbox.put(conn, [shown], self._clock())

        stage.stage_once(act)

    async def ask_reply(self, stage: Stage, member: Member, outreach_id: int) -> None:
        """Ask what the owner answered; the member's next message is that. Raises Refusal."""
        found = (await self.view(member, outreach_id)).outreach

        async def act(conn: AsyncConnection) -> None:
            now, body = self._clock(), {"outreach": outreach_id}
            until = now + _ANSWER_WITHIN
            await dialogs.ask(conn, member.newsroom_id, member.id, "outreach_reply", body, until)
            await outbox.put(conn, [notices.reply(member, "ask_outreach_reply", label=found.label)], now)

        stage.stage_once(act)

    async def reply(self, stage: Stage, member: Member, outreach_id: int, text: str) -> None:
        """What the owner answered; further answers stand below the earlier ones. Raises Refusal when it is empty."""
        found, words = (await self.view(member, outreach_id)).outreach, text.strip()[:_LONGEST_REPLY]
        if not words:
            raise Refusal("note_empty")
        values: dict[str, Any] = {"reply": f"{found.reply}\n{words}"[-_LONGEST_REPLY:] if found.reply else words}
        values["replied_at"] = found.replied_at or self._clock()
        if found.state in (OutreachState.STARTED, OutreachState.WRITTEN, OutreachState.SILENT):
            values["state"] = OutreachState.REPLIED.value

        async def act(conn: AsyncConnection) -> None:
            await dialogs.end(conn, member.id)
            await self._change(conn, member, outreach_id, values, "outreach_replied", {})
            await outbox.put(conn, [notices.reply(member, "outreach", outreach=outreach_id)], self._clock())

        stage.stage_once(act)

    async def _change(
        self,
        conn: AsyncConnection,
        member: Member,
        outreach_id: int,
        values: Mapping[str, Any],
        event: str,
        told: Mapping[str, str],
    ) -> None:
        await outreaches.change(conn, member.newsroom_id, outreach_id, values)
        subject = ("outreach", outreach_id)
        await history.note(conn, member.newsroom_id, member.id, subject, event, self._clock(), **told)
