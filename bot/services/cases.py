"""What people do with a case: look, note, undo, edit, rule, say who is aimed at and who wrote it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import trail
from bot.clock import Clock
from bot.errors import Outage, Refusal
from bot.model.account import Account
from bot.model.codec import dump
from bot.model.newsroom import Member
from bot.model.outbox import Outgoing, Priority
from bot.model.photo import PhotoFacts
from bot.model.photo_pair import PhotoPair
from bot.model.rights import Right
from bot.model.submission import Case, CaseLine, Incoming, Origin, OriginKind, SubmissionState
from bot.model.threat import Category
from bot.model.verdict import AccountFound, Finding, combine
from bot.services import custody_events, notices
from bot.services.case_authors import as_found, author_of, listed_account, named_accounts, said_of
from bot.services.case_rulings import follow_ruling
from bot.services.case_threats import aim_threats, as_incoming, record_ruled, record_threat, regrade_threat
from bot.services.findings import Author, Findings, TextQuery, author_key
from bot.services.knowledge import Knowledge
from bot.services.photo_finding import shrunk_profiles
from bot.services.photo_pairs import by_photo, pairs_of_case
from bot.services.profiles import profile_link
from bot.services.restricted_findings import without_kept
from bot.services.stage import Stage
from bot.services.submissions import comment_of, own_words, text_query
from bot.storage import (
    accounts,
    campaign_pictures,
    campaigns,
    cases,
    comments,
    custody,
    dialogs,
    history,
    members,
    outbox,
    photos,
    restrictions,
    staff,
    threats,
)
from bot.storage.comments import NewComment
from bot.storage.filing import set_finding, take_numbers
from bot.storage.need_to_know import looking_as
from bot.storage.store import Store

_NOTE_WITHIN = timedelta(days=1)
_ANSWER_WITHIN = timedelta(minutes=15)
_PAGE = 10
_OPEN = (SubmissionState.GROWING, SubmissionState.CASE, SubmissionState.ASKING)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseView:
    """A case with what is known now, not only what was known when it was filed: statuses change."""

    case: Case
    accounts: dict[int, Account]
    author: str | None
    named: tuple[AccountFound, ...] = ()
    #: Every pair of a picture and a stored one, those that a person ruled out included.
    all_pairs: tuple[PhotoPair, ...] = ()
    #: Label of the campaign in which a picture of the case is.
    picture_campaign: str | None = None
    #: What members say who may not decide it, as (event, who, what): "author_said" an account, "target_said" a name.
    said: tuple[tuple[str, str, str], ...] = ()

    @property
    def pairs(self) -> tuple[PhotoPair, ...]:
        """The pairs that count or are a question, best first."""
        return tuple(pair for pair in self.all_pairs if not pair.is_rejected)

    @property
    def wants_a_file(self) -> bool:
        """Whether some screenshot, sent once more as a file, may show whose photo it is; nothing is like it so far."""
        return bool(shrunk_profiles(self.case) - {pair.place for pair in self.pairs if pair.is_match})

    @property
    def accounts_found(self) -> tuple[AccountFound, ...]:
        """What was found when the parts were read, then the listed accounts that the author or a link is now.

        What speaks for an account by a photo alone follows the people who compared the two photos.
        """
        read = (found for part in self.case.parts for found in part.findings)
        found = combine(replace(f, accounts=tuple(by_photo(f.accounts, self.pairs))) for f in read).accounts
        certain = {a.account_id for a in found if a.strength != "possible"}
        named = [a for a in self.named if a.account_id not in certain]
        there = {a.account_id for a in named}
        return (*named, *(a for a in found if a.account_id not in there))


class Cases:
    """The desk's folders."""

    def __init__(self, store: Store, clock: Clock, findings: Findings, knowledge: Knowledge) -> None:
        self._store = store
        self._clock = clock
        self._findings = findings
        self._knowledge = knowledge

    async def see(self, member: Member, submission_id: int) -> Case:
        """A case by its submission. Raises Refusal when there is none that this member may see."""
        async with self._store.read() as conn:
            return _visible(member, await cases.by_submission(conn, member.newsroom_id, submission_id), 0)

    async def changeable(self, member: Member, submission_id: int) -> Case:
        """The same for who wants to rule of it: its own reporter may not, where it is restricted to others."""
        case = await self.see(member, submission_id)
        with looking_as(None):
            async with self._store.read() as conn:
                if await restrictions.is_kept_from(conn, member.newsroom_id, submission_id, member.id):
                    raise Refusal("case_held")
        return case

    async def view(self, member: Member, submission_id: int) -> CaseView:
        """A case with the present status of every account that its findings name."""
        async with self._store.read() as conn:
            case = _visible(member, await cases.by_submission(conn, member.newsroom_id, submission_id), 0)
            case = await without_kept(conn, case)
            pairs = await pairs_of_case(conn, case)
            ids = {a.account_id for a in case.verdict.accounts}
            author, said = await author_of(conn, case), await said_of(conn, case)
            named = await named_accounts(conn, case, author)
            ids |= set(named)
            known = {a.id: a for a in await accounts.by_ids(conn, member.newsroom_id, ids)} if ids else {}
            pictured = await campaign_pictures.of_submission(conn, member.newsroom_id, submission_id)
            labels = [each.label for each in (await campaigns.by_ids(conn, member.newsroom_id, pictured)).values()]
        listed = tuple(as_found(known[i]) for i in named if i in known)
        return CaseView(
            case=case,
            accounts=known,
            author=author,
            named=listed,
            all_pairs=tuple(pairs),
            picture_campaign=min(labels, default=None),
            said=said,
        )

    async def by_number(self, member: Member, number: int) -> Case:
        """Case K-number. Raises Refusal when there is none that this member may see."""
        async with self._store.read() as conn:
            return _visible(member, await cases.by_number(conn, member.newsroom_id, number), number)

    async def lines(self, member: Member, *, mine: bool, before: int | None = None) -> list[CaseLine]:
        """The newest cases: one's own, or all of them."""
        async with self._store.read() as conn:
            return await cases.lines(conn, member.newsroom_id, member.id if mine else None, _PAGE, before)

    async def is_settled(self, newsroom_id: int, submission_id: int) -> bool:
        """Whether a submission's burst is over."""
        async with self._store.read() as conn:
            return await cases.is_settled(conn, newsroom_id, submission_id)

    async def photos(self, member: Member, submission_id: int) -> list[PhotoFacts]:
        """The pictures of a case, then the stored ones that they match."""
        case = await self.see(member, submission_id)
        async with self._store.read() as conn:
            own = await photos.of_submission(conn, submission_id)
            pairs = await pairs_of_case(conn, case)
        return [*own, *(pair.known for pair in pairs if not pair.is_rejected)]

    async def _asked(self, member: Member, submission_id: int) -> Case:
        case = await self.see(member, submission_id)
        if case.reporter_id != member.id:
            raise Refusal("button_not_yours")
        return case

    async def settle(self) -> int:
        """Close the bursts that are over: the card is complete, lonely words become a question."""
        async with self._store.write() as conn:
            due = await cases.due_to_settle(conn, self._clock())
            if not due:
                return 0
            await cases.settle(conn, [row.id for row in due])
            people = {m.id: m for m in await members.by_ids(conn, {row.member_id for row in due})}
            said = [note for row in due for note in _settled(people[row.member_id], row)]
            await outbox.put(conn, said, self._clock())
        return len(due)

    async def undo(self, stage: Stage, member: Member, submission_id: int, message_id: int) -> None:
        """Withdraw a submission: it no longer counts anywhere, and its card says so."""
        case = await self.changeable(member, submission_id)
        if case.reporter_id != member.id:
            raise Refusal("undo_own_only")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            if await cases.set_state(conn, submission_id, SubmissionState.WITHDRAWN, before=_OPEN):
                await comments.withdraw(conn, submission_id, now)
                await photos.withdraw(conn, submission_id, now)
                await threats.withdraw(conn, member.newsroom_id, submission_id)
                await history.note(conn, member.newsroom_id, member.id, ("submission", submission_id), "withdrawn", now)
            await outbox.put(conn, [notices.case_copy(member, submission_id, message_id)], now)

        stage.stage_once(act)
        self._knowledge.outdate()

    async def check(self, stage: Stage, member: Member, submission_id: int) -> None:
        """Typed words are to be checked: the question becomes a case. Raises Refusal for somebody else's words."""
        case = await self._asked(member, submission_id)
        parts = [part for part in case.parts if part.text]
        outcomes = [await self._findings.text(TextQuery(text=p.text, skip=submission_id)) for p in parts]

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            if not await cases.set_state(conn, submission_id, SubmissionState.CASE, before=[SubmissionState.ASKING]):
                return
            number = await take_numbers(conn, member.newsroom_id, "case_counter", 1)
            await cases.set_number(conn, submission_id, number)
            await custody.put(conn, custody_events.of_pasted(member, case, now))
            await cases.set_part_origin(conn, submission_id, dump(Origin(kind=OriginKind.PASTED)))
            for part, outcome in zip(parts, outcomes, strict=True):
                await set_finding(conn, part.id, submission_id, outcome.finding, None)
                await record_threat(conn, member, as_incoming(case, part), (submission_id, part.id), outcome, now)
                await _rely_on_accounts(conn, member, submission_id, outcome.finding)
            rows = [
                NewComment(
                    newsroom_id=member.newsroom_id,
                    text=part.text,
                    words=outcome.words,
                    text_key=outcome.text_key,
                    prints=outcome.prints,
                    source=f"telegram:{case.chat_id}:{part.message_id}",
                    submission_id=submission_id,
                    part_id=part.id,
                )
                for part, outcome in zip(parts, outcomes, strict=True)
                if outcome.words
            ]
            await comments.add(conn, rows, now)
            await outbox.put(conn, [notices.submission_card(member, submission_id)], now)

        stage.stage_once(act)
        self._knowledge.outdate()

    async def keep_as_note(self, stage: Stage, member: Member, submission_id: int, message_id: int) -> None:
        """Typed words are a note to the member's latest case. Raises Refusal when there is none, or the words are not
        the member's own."""
        await self._asked(member, submission_id)
        since = self._clock() - _NOTE_WITHIN
        async with self._store.read() as conn:
            target = await cases.latest_case_of(conn, member.id, since)
        if target is None:
            raise Refusal("note_without_case")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            if await cases.set_state(conn, submission_id, SubmissionState.NOTE, before=[SubmissionState.ASKING]):
                await cases.move_parts(conn, submission_id, target)
                await history.note(conn, member.newsroom_id, member.id, ("submission", target), "noted", now)
                case = await cases.by_submission(conn, member.newsroom_id, target)
                label = case.label if case else ""
                done = notices.edited_reply(member, message_id, "noted", case=label)
                await outbox.put(conn, [done, notices.submission_card(member, target)], now)

        stage.stage_once(act)

    async def edit(self, stage: Stage, member: Member, incoming: Incoming) -> bool:
        """The case follows an edit of what was filed; False when there is none. Raises Outage while it is unread."""
        async with self._store.read() as conn:
            place = await cases.by_message(conn, member.newsroom_id, incoming.chat_id, incoming.message_id)
            case = await cases.by_submission(conn, member.newsroom_id, place[0]) if place else None
        if place is None or case is None or case.state is SubmissionState.WITHDRAWN:
            return False
        submission_id, part_id = place
        part = next(p for p in case.parts if p.id == part_id)
        if part.finding is None:
            # What is found of the picture would be lost on words that are read before it.
            raise Outage("the message that was edited is not read yet")
        incoming = replace(incoming, origin=part.origin)
        outcome = await self._findings.text(text_query(incoming, skip=submission_id))
        is_own = part.origin.kind is OriginKind.TYPED
        finding = own_words(outcome.finding) if is_own else outcome.finding

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            details = {"before": part.text, "after": incoming.text}
            await history.note(conn, member.newsroom_id, member.id, ("part", part_id), "edited", now, **details)
            await custody.put(conn, custody_events.of_edit(member, submission_id, part_id, incoming, now))
            await cases.set_part_text(conn, part_id, incoming.text, now)
            await comments.withdraw_part(conn, part_id, now)
            if not is_own and outcome.words:
                row = comment_of(member.newsroom_id, submission_id, part_id, incoming, outcome)
                await comments.add(conn, [row], now)
            await set_finding(conn, part_id, submission_id, _merged(part.finding, finding), None)
            if not is_own:
                await regrade_threat(conn, member, incoming, (submission_id, part_id), outcome, now)
            await _rely_on_accounts(conn, member, submission_id, finding)
            await outbox.put(conn, [notices.submission_card(member, submission_id)], now)

        stage.stage_once(act)
        self._knowledge.outdate()
        return True

    async def rule_threat(self, stage: Stage, member: Member, submission_id: int, value: str, message_id: int) -> None:
        """A person says that it is, or is not, a threat; the reporter hears of it."""
        case = await self.changeable(member, submission_id)

        async def act(conn: AsyncConnection) -> None:
            await self._rule(conn, member, case, value)
            await outbox.put(conn, [notices.case_copy(member, submission_id, message_id)], self._clock())

        stage.stage_once(act)

    async def by_message(self, member: Member, chat_id: int, message_id: int) -> Case | None:
        """The case that a message belongs to: one that was sent, or the card that answered it."""
        async with self._store.read() as conn:
            place = await cases.by_message(conn, member.newsroom_id, chat_id, message_id)
            submission_id = place[0] if place else await cases.by_card(conn, member.newsroom_id, member.id, message_id)
            case = await cases.by_submission(conn, member.newsroom_id, submission_id) if submission_id else None
        return case if case is not None and case.number is not None else None

    async def say_threat(self, stage: Stage, member: Member, case: Case, category: Category) -> None:
        """A person says of a case what it is: a threat, or another attack. Raises Refusal for a case of others."""
        await self.changeable(member, case.submission_id)

        async def act(conn: AsyncConnection) -> None:
            await self._rule(conn, member, case, "yes", category)
            await self.refresh_card(conn, case)

        stage.stage_once(act)

    async def say_threat_of_message(
        self, stage: Stage, member: Member, place: tuple[int, int], category: Category
    ) -> None:
        """The same of a message that is being filed in this very transaction; `place` is chat and message."""

        async def act(conn: AsyncConnection) -> None:
            found = await cases.by_message(conn, member.newsroom_id, *place)
            case = await cases.by_submission(conn, member.newsroom_id, found[0]) if found else None
            if case is not None:
                await self._rule(conn, member, case, "yes", category)

        stage.stage_once(act)

    async def _rule(
        self, conn: AsyncConnection, member: Member, case: Case, value: str, category: Category = Category.THREAT
    ) -> None:
        now, submission_id = self._clock(), case.submission_id
        if not await cases.add_ruling(conn, member.newsroom_id, submission_id, member.id, "threat", value, now):
            return
        is_threat = value == "yes"
        await follow_ruling(conn, member, case, is_threat=is_threat, now=now)
        if is_threat:
            threat_id = await record_ruled(conn, member, case, now, category)
            if threat_id is not None:
                # After the card of the case, so that it stands last in the chat.
                asked = notices.reply(member, "threat_questions", threat=threat_id, step=0)
                await outbox.put(conn, [replace(asked, priority=Priority.CARD)], now)
        await self._tell_reporter(conn, member, case, "ruled_threat" if value == "yes" else "ruled_no_threat")

    async def set_target(
        self, stage: Stage, member: Member, submission_id: int, staff_id: int, message_id: int
    ) -> None:
        """A person says at whom it is aimed."""
        await self.changeable(member, submission_id)
        async with self._store.read() as conn:
            listed = {person.id: person.name for person in await staff.all_of(conn, member.newsroom_id)}
        if staff_id not in listed:
            raise Refusal("staff_unknown")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            decides = member.may(Right.SEE_TARGETS)
            # Another's word stands beside what the machine, or somebody who may decide it, says.
            if decides:
                await cases.set_target(conn, submission_id, staff_id)
            await aim_threats(conn, member, submission_id, staff_id)
            event, subject = "target" if decides else "target_said", ("submission", submission_id)
            await history.note(
                conn, member.newsroom_id, member.id, subject, event, now, staff=staff_id, name=listed[staff_id]
            )
            await outbox.put(conn, [notices.case_copy(member, submission_id, message_id)], now)

        stage.stage_once(act)

    async def ask_author(self, stage: Stage, member: Member, submission_id: int) -> None:
        """Ask who wrote it; the member's next message is the answer."""
        case = await self.see(member, submission_id)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            body = {"submission": submission_id}
            await dialogs.ask(conn, member.newsroom_id, member.id, "author", body, now + _ANSWER_WITHIN)
            await outbox.put(conn, [notices.reply(member, "ask_author", case=case.label)], now)

        stage.stage_once(act)

    async def set_author(self, stage: Stage, member: Member, submission_id: int, text: str) -> None:
        """Bind the case's comments to the account that a link names. Raises Refusal when the text holds none.

        The word of whoever sent the case, of editors and of security leads; another's is shown as theirs, and binds
        nothing.
        """
        case = await self.see(member, submission_id)
        link = profile_link(text)
        if link is None:
            raise Refusal("author_link_missing")
        author = Author(platform=link.platform, handle=link.handle or link.numeric_id, numeric_id=link.numeric_id)
        account = f"{link.platform}:{author.handle or ''}"

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await dialogs.end(conn, member.id)
            handle = author.handle or ""
            await comments.set_author(conn, submission_id, link.platform, handle, author_key(author) or handle)
            await history.note(
                conn, member.newsroom_id, member.id, ("submission", submission_id), "author", now, url=link.url
            )
            account_id = await listed_account(conn, member.newsroom_id, link.platform, handle)
            if account_id is not None:
                await cases.rely_on(conn, member.newsroom_id, {(submission_id, account_id)})
            await outbox.put(conn, [notices.reply(member, "author_kept", case=case.label, account=account)], now)
            await self.refresh_card(conn, case)

        is_theirs = case.reporter_id == member.id or member.may(Right.SEE_TARGETS)
        stage.stage_once(act if is_theirs else partial(self._say_author, member, case, link.url, account))

    async def _say_author(self, member: Member, case: Case, url: str, account: str, conn: AsyncConnection) -> None:
        now, subject = self._clock(), ("submission", case.submission_id)
        await dialogs.end(conn, member.id)
        await history.note(conn, member.newsroom_id, member.id, subject, "author_said", now, url=url)
        await outbox.put(conn, [notices.reply(member, "author_said", case=case.label, account=account)], now)
        await self.refresh_card(conn, case)

    async def tell_reporters(
        self, conn: AsyncConnection, member: Member, account_id: int, code: str, **values: str
    ) -> None:
        """Refresh the cards of cases that relied on an account, and tell their reporters what was decided."""
        for submission_id in await cases.relying_on_account(conn, member.newsroom_id, account_id):
            case = await cases.by_submission(conn, member.newsroom_id, submission_id)
            if case is not None:
                await self._tell_reporter(conn, member, case, code, **values)

    async def refresh_card(self, conn: AsyncConnection, case: Case) -> Member | None:
        """Bring the reporter's card up to date; returns the reporter, if they may still see it.

        The card is the reporter's message, whoever changed the case: for others there are copies.
        """
        reporter = await members.get(conn, case.newsroom_id, case.reporter_id)
        if reporter is None or not reporter.may(Right.OWN_CASES):
            return None
        await outbox.put(conn, [notices.submission_card(reporter, case.submission_id)], self._clock())
        return reporter

    async def _tell_reporter(self, conn: AsyncConnection, member: Member, case: Case, code: str, **values: str) -> None:
        reporter = await self.refresh_card(conn, case)
        if reporter is not None and reporter.id != member.id:
            said = notices.reply(reporter, code, case=case.label, who=member.name, **values)
            await outbox.put(conn, [said], self._clock())


def _visible(member: Member, case: Case | None, number: int) -> Case:
    allowed = case is not None and (
        member.may(Right.OWN_CASES) if case.reporter_id == member.id else member.may(Right.ALL_CASES)
    )
    if case is None or not allowed:
        raise Refusal("case_unknown", number=number)
    trail.learn(case=case.submission_id, **trail.numbered(case.number))
    return case


def _settled(member: Member, row: cases.Settling) -> list[Outgoing]:
    is_private = row.chat_id == member.telegram_id
    said = [notices.reaction(member, row.id, row.chat_id, row.first_message_id)] if is_private else []
    # The card of a case shows all of it already; only words that stand alone become something else now: a question.
    lonely = row.state == SubmissionState.GROWING.value
    return [*said, notices.submission_card(member, row.id)] if lonely else said


def _merged(before: Finding | None, words: Finding) -> Finding:
    # The picture of a message stays what it was; only its words were edited.
    pictures = tuple(a for a in before.accounts if a.why == "same_photo") if before else ()
    return replace(
        words,
        photos=before.photos if before else (),
        accounts=(*words.accounts, *pictures),
        failure=words.failure or (before.failure if before else None),
        remark=before.remark if before else None,
    )


async def _rely_on_accounts(conn: AsyncConnection, member: Member, submission_id: int, finding: Finding) -> None:
    # So that whoever reads the card hears when one of them is confirmed or cleared later.
    await cases.rely_on(conn, member.newsroom_id, {(submission_id, found.account_id) for found in finding.accounts})
