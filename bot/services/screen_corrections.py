"""What a person says stands on a screenshot, in place of what was read: one comment, or the profile.

The comment that was read wrongly is withdrawn, the right one is checked and added; the history keeps both.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.dialog import Dialog
from bot.model.newsroom import Member
from bot.model.rights import Right
from bot.model.screen import PROFILE_NUMBER, ReadComment, ReadProfile, ReadScreen
from bot.model.submission import Case, SubmissionState
from bot.services import notices
from bot.services.screen_findings import Checked, ScreenFindings, source_of
from bot.services.screens import CaseDesk, file_screen
from bot.services.stage import Stage
from bot.storage import comments, dialogs, history, outbox, screens, texts
from bot.storage.screens import Picture
from bot.storage.store import Store

_ANSWER_WITHIN = timedelta(minutes=15)
_LONGEST_NAME: Final = 200
_LONGEST_HANDLE: Final = 100
# The line that names the author, in each language of the newsroom, as the question itself gives it.
_AUTHOR: Final = re.compile(r"(?:author|автор|автору|name|имя|аты)\s*[:=]\s*(.*)", re.IGNORECASE)
_HANDLE: Final = re.compile(r"(?<!\S)@([\w.\-·]{2,100})")
_NOTHING: Final = frozenset({"-", "–", "—"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What a person typed; None leaves a field as it was read."""

    text: str | None = None
    author: str | None = None
    handle: str | None = None
    drop: bool = False


def read_correction(typed: str) -> Correction:
    """The right text, with a line "author: Name @handle" where that was wrong; a lone dash: it is no comment at all.

    Raises Refusal("correction_empty").
    """
    if typed.strip() in _NOTHING:
        return Correction(drop=True)
    author: str | None = None
    kept: list[str] = []
    for line in typed.splitlines():
        named = _AUTHOR.fullmatch(line.strip()) if author is None else None
        if named is None:
            kept.append(line)
        else:
            author = named.group(1).strip()
    text = "\n".join(kept).strip() or None
    if text is None and not author:
        raise Refusal("correction_empty")
    name, handle = _name_and_handle(author) if author else (None, None)
    return Correction(text=text, author=name, handle=handle)


class ScreenCorrections:
    """Takes what people say of readings."""

    def __init__(self, store: Store, clock: Clock, checks: ScreenFindings, cases: CaseDesk, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._checks = checks
        self._cases = cases
        self._newsroom_id = newsroom_id

    async def ask(self, stage: Stage, member: Member, submission_id: int, part_id: int, number: int) -> None:
        """Ask what is right; the member's next message is the answer. Raises Refusal."""
        case, screen = await self._found(member, submission_id, part_id, number)
        body = {"submission": submission_id, "part": part_id, "number": number}
        comment = screen.comment(number)
        shown = {"text": comment.text, "author": _shown(comment)} if comment is not None else {}

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await dialogs.ask(conn, member.newsroom_id, member.id, "screen", body, now + _ANSWER_WITHIN)
            values = body | {"case": case.label} | shown
            await outbox.put(conn, [notices.reply(member, "ask_screen", **values)], now)

        stage.stage_once(act)

    async def correct(self, stage: Stage, member: Member, dialog: Dialog, typed: str) -> None:
        """Take a person's answer to `ask` for a comment, or for the profile (number 0). Raises Refusal."""
        submission_id, part_id, number = (int(dialog.body[name]) for name in ("submission", "part", "number"))
        case, screen = await self._found(member, submission_id, part_id, number)
        async with self._store.read() as conn:
            picture = await screens.picture(conn, self._newsroom_id, part_id)
        if picture is None:
            raise Refusal("screen_unknown")
        if number == PROFILE_NUMBER:
            checked = await self._profile(screen, typed)
        else:
            checked = await self._comment(screen, number, read_correction(typed), picture)

        async def act(conn: AsyncConnection) -> None:
            await dialogs.end(conn, member.id)
            await texts.lock(conn, self._newsroom_id)
            await self._keep(conn, member, picture, number, checked)
            await self._cases.refresh_card(conn, case)
            shown = notices.reply(member, "screen", submission=submission_id, part=part_id, number=number)
            await outbox.put(conn, [shown], self._clock())

        stage.stage_once(act)

    async def _found(self, member: Member, submission_id: int, part_id: int, number: int) -> tuple[Case, ReadScreen]:
        """Raises Refusal for a case that the member may not see or correct, and for what was not read there."""
        case = await self._cases.see(member, submission_id)
        if case.reporter_id != member.id and not member.may(Right.CORRECT_SCREEN):
            raise Refusal("not_allowed")
        part = next((each for each in case.parts if each.id == part_id), None)
        screen = part.reading.screen if part is not None and part.reading is not None else None
        is_withdrawn = case.state is SubmissionState.WITHDRAWN
        if screen is None or is_withdrawn or not _has(screen, number):
            raise Refusal("screen_unknown")
        return case, screen

    async def _comment(self, screen: ReadScreen, number: int, said: Correction, picture: Picture) -> Checked:
        """The screen with the right comment alone."""
        read = screen.comment(number)
        if read is None:
            raise Refusal("screen_unknown")
        right = _corrected(read, said)
        if not right.counts:
            return Checked(screen=replace(screen, profile=None, comments=(right,)), outcomes={})
        # The case's own comments are skipped, that which is corrected among them.
        return await self._checks.check_comments(replace(screen, profile=None), [right], picture)

    async def _profile(self, screen: ReadScreen, typed: str) -> Checked:
        if screen.profile is None:
            raise Refusal("screen_unknown")
        said = _AUTHOR.sub(r"\1", typed.strip())
        name, handle = _name_and_handle(" ".join(said.split()))
        if not name and not handle:
            raise Refusal("correction_empty")
        right = replace(
            screen.profile,
            name=name or screen.profile.name,
            handle=handle or screen.profile.handle,
            corrected=True,
            unsure=False,
        )
        return Checked(
            screen=replace(screen, comments=(), profile=await self._checks.check_profile(right, screen)), outcomes={}
        )

    async def _keep(
        self, conn: AsyncConnection, member: Member, picture: Picture, number: int, checked: Checked
    ) -> None:
        held = await screens.hold(conn, self._newsroom_id, picture.part_id)
        before = held.reading.screen if held is not None else None
        if held is None or before is None or held.is_withdrawn or not _has(before, number):
            return
        now, after = self._clock(), _with(before, checked.screen)
        await screens.correct(conn, self._newsroom_id, picture.part_id, after, member.id)
        if number != PROFILE_NUMBER:
            await comments.withdraw_source(conn, self._newsroom_id, source_of(picture, number), now)
        await file_screen(conn, self._newsroom_id, picture, checked, self._clock)
        details = {"number": number, "before": _said(before, number), "after": _said(after, number)}
        subject = ("part", picture.part_id)
        await history.note(conn, self._newsroom_id, member.id, subject, "screen_corrected", now, **details)


def _has(screen: ReadScreen, number: int) -> bool:
    return screen.profile is not None if number == PROFILE_NUMBER else screen.comment(number) is not None


def _shown(comment: ReadComment) -> str:
    """The author as the question gives it, to be copied and put right."""
    return " ".join(each for each in (comment.author, f"@{comment.handle}" if comment.handle else "") if each)


def _corrected(read: ReadComment, said: Correction) -> ReadComment:
    names_author = said.author is not None or said.handle is not None
    return replace(
        read,
        text=said.text if said.text is not None else read.text,
        author=(said.author or "") if names_author else read.author,
        handle=said.handle if names_author else read.handle,
        # Whoever names the author of the phone owner's message says that it is somebody else's.
        own=read.own and not names_author,
        dropped=said.drop,
        corrected=True,
        unsure=False,
    )


def _with(screen: ReadScreen, checked: ReadScreen) -> ReadScreen:
    """The screen with what was corrected in its place."""
    right = {each.number: each for each in checked.comments}
    comments_now = tuple(right.get(each.number, each) for each in screen.comments)
    unsure = any(each.unsure for each in comments_now if each.counts)
    profile = checked.profile or screen.profile
    unsure = unsure or (profile is not None and profile.unsure)
    return replace(screen, comments=comments_now, profile=profile, unsure=unsure)


def _said(screen: ReadScreen, number: int) -> dict[str, object]:
    """What the history keeps of a comment or a profile."""
    if number == PROFILE_NUMBER:
        profile = screen.profile or ReadProfile()
        return {"name": profile.name, "handle": profile.handle}
    read = next(each for each in screen.comments if each.number == number)
    return {"author": read.author, "handle": read.handle, "text": read.text, "dropped": read.dropped}


def _name_and_handle(said: str) -> tuple[str | None, str | None]:
    found = _HANDLE.search(said)
    handle = found.group(1)[:_LONGEST_HANDLE] if found is not None else None
    name = _HANDLE.sub(" ", said).strip()[:_LONGEST_NAME].strip()
    return name or None, handle
