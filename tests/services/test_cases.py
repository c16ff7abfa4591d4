"""What people do with a case: every decision is kept, and whoever relied on it hears of it."""

from typing import Any

import pytest

from bot.errors import Outage, Refusal
from bot.model.account import AccountEntry
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Role
from bot.model.staff import StaffKind
from bot.model.submission import Case, OriginKind, PartKind, SubmissionState
from bot.storage import cases, history, members, staff
from bot.storage.tables import comments, photos, threats
from tests.detection.image import hostile
from tests.newsroom import count, make_member, make_newsroom, message, queued, said, typed
from tests.services.conftest import EditorsDesk

THREAT = "Сенин үйүңдү өрттөйм"
TEXT = "Бул редакциянын баары сатылып кеткен жалганчылар"
LISTED = AccountEntry(platform="facebook", handle="fake.one", source="x")


async def forward(desk: EditorsDesk, member: Member, text: str = TEXT, **options: Any) -> Case:
    """A case of one forwarded text, its burst being over."""
    (case,) = await desk.send(member, message(member, desk.clock(), text, **options))
    await desk.settle()
    return await see(desk, member, case.submission_id)


async def question(desk: EditorsDesk, member: Member, text: str = TEXT) -> Case:
    """Typed words about which the bot asks."""
    (case,) = await desk.send(member, typed(member, desk.clock(), text))
    await desk.settle()
    return await see(desk, member, case.submission_id)


async def see(desk: EditorsDesk, member: Member, submission_id: int) -> Case:
    return await desk.cases.see(member, submission_id)


async def rows(desk: EditorsDesk, table: Any, *conditions: Any) -> int:
    async with desk.store.read() as conn:
        return await count(conn, table, *conditions)


async def test_lonely_words_become_a_question(desk: EditorsDesk) -> None:
    """When the burst is over, and with the card anew; a forwarded text is a case already and needs no second card."""
    member = await desk.member()
    words, case = await question(desk, member), await forward(desk, member)
    assert (words.state, words.number, words.settled) == (SubmissionState.ASKING, None, True)
    assert (case.state, case.settled) == (SubmissionState.CASE, True)
    assert await desk.settle() == 0
    assert await desk.cases.is_settled(member.newsroom_id, case.submission_id)


async def test_words_are_checked_on_request(desk: EditorsDesk) -> None:
    """ "Check this": the words become a case of their own with its number, compared, recorded and found again."""
    member = await desk.member()
    words = await question(desk, member, THREAT)
    await desk.cases.check(desk.stage, member, words.submission_id)
    await desk.cases.check(desk.stage, member, words.submission_id)
    await desk.commit()
    case = await see(desk, member, words.submission_id)
    assert (case.label, case.state, case.note) == ("K-1", SubmissionState.CASE, "")
    assert (case.parts[0].origin.kind, case.verdict.threat.level) == (OriginKind.PASTED, "threat")
    assert [await rows(desk, table) for table in (comments, threats)] == [1, 1]
    again = await forward(desk, member, THREAT.upper())
    assert again.verdict.copy_count == 1


async def test_checked_words_rely_on_the_accounts_they_name(desk: EditorsDesk) -> None:
    """A card that was made of typed words is corrected like any other when the account is cleared."""
    member, editor = await desk.member(), await desk.member(Role.EDITOR)
    await desk.accounts.suspect(desk.stage, editor, LISTED)
    await desk.commit()
    words = await question(desk, member, "Муну карачы https://facebook.com/fake.one")
    await desk.cases.check(desk.stage, member, words.submission_id)
    await desk.commit()
    account = await desk.accounts.named(editor, "fake.one")
    await desk.accounts.clear(desk.stage, editor, account.id, None)
    await desk.commit()
    assert "account_cleared" in await said(desk.store, member)


async def test_words_are_kept_as_a_note(desk: EditorsDesk) -> None:
    """They go to one's latest case, whose card shows them; the second press changes nothing."""
    member = await desk.member()
    case = await forward(desk, member)
    words = await question(desk, member, "Бул кечээ да келген")
    for _ in range(2):
        await desk.cases.keep_as_note(desk.stage, member, words.submission_id, 9)
    await desk.commit()
    noted = await see(desk, member, case.submission_id)
    assert (noted.note, len(noted.parts)) == ("Бул кечээ да келген", 2)
    assert (await see(desk, member, words.submission_id)).state is SubmissionState.NOTE
    assert (await said(desk.store)).count("noted") == 1


async def test_a_note_needs_a_case(desk: EditorsDesk) -> None:
    """Of one's own, of the last day."""
    member, other = await desk.member(), await desk.member()
    await forward(desk, other)
    words = await question(desk, member)
    with pytest.raises(Refusal, match="note_without_case"):
        await desk.cases.keep_as_note(desk.stage, member, words.submission_id, 9)
    await forward(desk, member)
    desk.clock.tick(86_401)
    late = await question(desk, member)
    with pytest.raises(Refusal, match="note_without_case"):
        await desk.cases.keep_as_note(desk.stage, member, late.submission_id, 9)


async def test_the_question_is_the_sender_s(desk: EditorsDesk) -> None:
    """Nobody else answers it."""
    member, editor = await desk.member(), await desk.member(Role.EDITOR)
    words = await question(desk, member)
    with pytest.raises(Refusal, match="button_not_yours"):
        await desk.cases.check(desk.stage, editor, words.submission_id)
    with pytest.raises(Refusal, match="button_not_yours"):
        await desk.cases.keep_as_note(desk.stage, editor, words.submission_id, 9)


async def test_undo_takes_everything_back(desk: EditorsDesk) -> None:
    """Text, picture and threat no longer count anywhere; a second press changes nothing more."""
    member = await desk.member()
    data = hostile.encoded(hostile.drawing(3))
    picture = message(member, desk.clock(), THREAT, kind=PartKind.PHOTO)
    assert picture.file is not None
    desk.files.files[picture.file.file_id] = data
    (case,) = await desk.send(member, picture)
    for _ in range(2):
        await desk.cases.undo(desk.stage, member, case.submission_id, 9)
        await desk.commit()
    assert (await see(desk, member, case.submission_id)).state is SubmissionState.WITHDRAWN
    assert await rows(desk, threats, threats.c.status == "withdrawn") == 1
    again = message(member, desk.clock.tick(60), THREAT, kind=PartKind.PHOTO)
    assert again.file is not None
    desk.files.files[again.file.file_id] = data
    (second,) = await desk.send(member, again)
    assert (second.verdict.copies, second.verdict.photos) == ((), ())
    assert await rows(desk, photos, photos.c.withdrawn_at.is_(None)) == 1
    async with desk.store.read() as conn:
        events = await history.of(conn, member.newsroom_id, ("submission", case.submission_id))
    assert [event for event, _, _ in events] == ["withdrawn"]


async def test_undo_is_the_sender_s(desk: EditorsDesk) -> None:
    """Nobody withdraws what another one sent; what does not exist, or is another newsroom's, is unknown."""
    member, editor = await desk.member(), await desk.member(Role.EDITOR)
    case = await forward(desk, member)
    with pytest.raises(Refusal, match="undo_own_only"):
        await desk.cases.undo(desk.stage, editor, case.submission_id, 9)
    other = await make_member(desk.store, await make_newsroom(desk.store, desk.clock()), desk.clock(), Role.EDITOR)
    for person, submission_id in ((editor, 1), (other, case.submission_id)):
        with pytest.raises(Refusal, match="case_unknown"):
            await desk.cases.undo(desk.stage, person, submission_id, 9)


async def test_an_edit_is_followed(desk: EditorsDesk) -> None:
    """The old text no longer counts, the new one does; both are in the history, and the card is made anew."""
    member = await desk.member()
    sent = message(member, desk.clock(), TEXT, message_id=5)
    (case,) = await desk.send(member, sent)
    await desk.settle()
    await desk.cases.edit(desk.stage, member, message(member, desk.clock(), THREAT, message_id=5))
    await desk.commit()
    edited = await see(desk, member, case.submission_id)
    assert (edited.parts[0].text, edited.verdict.threat.level) == (THREAT, "threat")
    assert edited.parts[0].edited_at == desk.clock()
    assert await rows(desk, threats) == 1
    desk.clock.tick(60)
    assert (await forward(desk, member, TEXT)).verdict.copy_count == 0
    assert (await forward(desk, member, THREAT)).verdict.copy_count == 1
    async with desk.store.read() as conn:
        ((event, _, details),) = await history.of(conn, member.newsroom_id, ("part", edited.parts[0].id))
    assert (event, details) == ("edited", {"before": TEXT, "after": THREAT})


async def test_an_edited_note_stays_a_note(desk: EditorsDesk) -> None:
    """One's own words are judged as little when they are edited as when they were typed."""
    member = await desk.member()
    words = typed(member, desk.clock(), "Карачы", message_id=5)
    await desk.send(member, words, message(member, desk.clock()))
    await desk.cases.edit(desk.stage, member, typed(member, desk.clock(), THREAT, message_id=5))
    await desk.commit()
    case = await desk.of(member, words)
    assert (case.note, case.verdict.threat.level) == (THREAT, "none")
    assert await rows(desk, comments) == 1


async def test_an_edited_caption_keeps_its_picture(desk: EditorsDesk) -> None:
    """What was found of the picture stays, whatever becomes of the words under it."""
    member = await desk.member()
    data = hostile.encoded(hostile.drawing(4))
    await desk.accounts.suspect(desk.stage, member, LISTED, picture=data)
    await desk.commit()
    sent = message(member, desk.clock(), TEXT, kind=PartKind.PHOTO, message_id=5)
    assert sent.file is not None
    desk.files.files[sent.file.file_id] = data
    await desk.send(member, sent)
    await desk.cases.edit(desk.stage, member, message(member, desk.clock(), THREAT, message_id=5))
    await desk.commit()
    verdict = (await desk.of(member, sent)).verdict
    assert (len(verdict.photos), [a.account for a in verdict.accounts]) == (1, ["facebook:fake.one"])
    assert verdict.threat.level == "threat"


async def test_an_edit_waits_for_the_picture(desk: EditorsDesk) -> None:
    """While the picture is not read an edit is put off, or what is found of the picture would be lost."""
    member = await desk.member()
    sent = message(member, desk.clock(), TEXT, kind=PartKind.PHOTO, message_id=5)
    desk.files.trouble = Outage("down")
    with pytest.raises(Outage):
        await desk.submissions.submit(desk.stage, member, sent, desk.files.fetch)
    with pytest.raises(Outage):
        await desk.cases.edit(desk.stage, member, message(member, desk.clock(), THREAT, message_id=5))


async def test_an_edit_of_nothing_changes_nothing(desk: EditorsDesk) -> None:
    """A message that was never filed, or whose submission was withdrawn."""
    member = await desk.member()
    (case,) = await desk.send(member, message(member, desk.clock(), message_id=5))
    await desk.cases.undo(desk.stage, member, case.submission_id, 9)
    await desk.commit()
    for number in (5, 6):
        await desk.cases.edit(desk.stage, member, message(member, desk.clock(), THREAT, message_id=number))
    assert desk.stage.steps == []


async def test_the_reporter_hears_of_a_ruling(desk: EditorsDesk) -> None:
    """A person's word stands beside the machine's finding; said again it is no news; the opposite is."""
    member, lead = await desk.member(), await desk.member(Role.SECURITY, "Данияр")
    case = await forward(desk, member, THREAT)
    for value in ("no", "no", "yes"):
        await desk.cases.rule_threat(desk.stage, lead, case.submission_id, value, 9)
        await desk.commit()
        assert await rows(desk, threats, threats.c.status == ("new" if value == "yes" else "dismissed")) == 1
    assert [code for code in await said(desk.store, member) if code.startswith("ruled")] == [
        "ruled_no_threat",
        "ruled_threat",
    ]
    # Whoever calls it a threat is asked by which way it came, and no more.
    assert (await said(desk.store, lead)) == ["threat_questions"]
    seen = await see(desk, member, case.submission_id)
    assert seen.verdict.threat.level == "threat"
    assert [(r.value, r.member_name) for r in seen.rulings] == [("no", "Данияр"), ("yes", "Данияр")]


async def test_a_person_may_see_a_threat_where_the_machine_saw_none(desk: EditorsDesk) -> None:
    """It is recorded once, on what was forwarded and not on the note beside it; one's own ruling is no news."""
    member = await desk.member()
    note, text = typed(member, desk.clock(), "Коркуп жатам"), message(member, desk.clock(), "Биз сени билебиз")
    (case,) = await desk.send(member, note, text)
    for value in ("yes", "no", "yes"):
        await desk.cases.rule_threat(desk.stage, member, case.submission_id, value, 9)
        await desk.commit()
    forwarded = next(part for part in case.parts if not part.is_note)
    assert await rows(desk, threats, threats.c.part_id == forwarded.id, threats.c.level == "threat") == 1
    assert await rows(desk, threats) == 1
    assert set(await said(desk.store)) == {"threat_questions"}


async def test_a_person_says_who_is_aimed_at(desk: EditorsDesk) -> None:
    """Somebody on the list; one who is not, is refused."""
    member = await desk.member(Role.EDITOR)
    case = await forward(desk, member)
    async with desk.store.write() as conn:
        await staff.put(conn, member.newsroom_id, StaffKind.PERSON, "Айгүл", None, (), desk.clock())
        (person,) = await staff.all_of(conn, member.newsroom_id)
    await desk.cases.set_target(desk.stage, member, case.submission_id, person.id, 9)
    await desk.commit()
    assert (await see(desk, member, case.submission_id)).target == "Айгүл"
    with pytest.raises(Refusal, match="staff_unknown"):
        await desk.cases.set_target(desk.stage, member, case.submission_id, 1, 9)


async def test_who_wrote_it_is_asked_and_kept(desk: EditorsDesk) -> None:
    """The answer binds the comments, ends the question, and counts as an author for the next copies."""
    member = await desk.member()
    case = await forward(desk, member)
    await desk.cases.ask_author(desk.stage, member, case.submission_id)
    await desk.commit()
    asked = await desk.dialogs.of(member)
    assert asked is not None
    assert (asked.kind, asked.body) == ("author", {"submission": case.submission_id})
    with pytest.raises(Refusal, match="author_link_missing"):
        await desk.cases.set_author(desk.stage, member, case.submission_id, "билбейм")
    await desk.cases.set_author(desk.stage, member, case.submission_id, "мына https://facebook.com/aibek.fake")
    await desk.commit()
    assert await desk.dialogs.of(member) is None
    assert (await desk.cases.view(member, case.submission_id)).author == "facebook:aibek.fake"
    desk.clock.tick(60)
    assert (await forward(desk, member)).verdict.copies[0].account == "facebook:aibek.fake"


async def test_the_author_of_a_screenshot_is_kept(desk: EditorsDesk) -> None:
    """A picture without words has no comment to bind; its author is known all the same, and can be listed."""
    member = await desk.member()
    sent = message(member, desk.clock(), "", kind=PartKind.PHOTO)
    assert sent.file is not None
    desk.files.files[sent.file.file_id] = hostile.encoded(hostile.drawing(11))
    (case,) = await desk.send(member, sent)
    with pytest.raises(Refusal, match="account_not_named"):
        await desk.accounts.suspect_from_case(desk.stage, member, case.submission_id)
    await desk.cases.set_author(desk.stage, member, case.submission_id, "https://vk.com/id777")
    await desk.commit()
    assert (await desk.cases.view(member, case.submission_id)).author == "vk:777"
    await desk.accounts.suspect_from_case(desk.stage, member, case.submission_id)
    await desk.commit()
    listed = await desk.accounts.named(member, "https://vk.com/id777")
    assert (listed.numeric_id, listed.reason, len(listed.photos)) == ("777", case.label, 1)


@pytest.mark.parametrize("act", ["author", "suspect", "ruling"])
async def test_the_card_stays_the_reporter_s(desk: EditorsDesk, act: str) -> None:
    """Whoever changes a case, its card is edited in the reporter's chat and in no other."""
    member, editor = await desk.member(), await desk.member(Role.EDITOR)
    case = await forward(desk, member, "Көргүлө https://facebook.com/aibek.fake жазганын")
    before = {row.id for row in await queued(desk.store)}
    if act == "author":
        await desk.cases.set_author(desk.stage, editor, case.submission_id, "https://facebook.com/aibek.fake")
    elif act == "suspect":
        await desk.accounts.suspect_from_case(desk.stage, editor, case.submission_id)
    else:
        await desk.cases.rule_threat(desk.stage, editor, case.submission_id, "yes", 9)
    await desk.commit()
    cards = [
        row
        for row in await queued(desk.store)
        if row.kind == "submission" and not row.body.get("copy") and row.body["submission"] == case.submission_id
    ]
    assert {(row.chat_id, row.member_id) for row in cards} == {(member.telegram_id, member.id)}
    assert any(row.member_id == editor.id for row in await queued(desk.store) if row.id not in before)


async def test_a_reporter_who_left_hears_nothing(desk: EditorsDesk) -> None:
    """Their cases stay; nothing is sent to a stranger."""
    member, editor = await desk.member(), await desk.member(Role.EDITOR)
    case = await forward(desk, member)
    async with desk.store.write() as conn:
        await members.set_status(conn, member.id, MemberStatus.REMOVED, MemberStatus.ACTIVE)
    before = len(await queued(desk.store))
    await desk.cases.rule_threat(desk.stage, editor, case.submission_id, "yes", 9)
    await desk.commit()
    assert {row.member_id for row in (await queued(desk.store))[before:]} == {editor.id}


async def test_lists(desk: EditorsDesk) -> None:
    """One's own or everyone's, newest first; a number that no case has is unknown."""
    member, other = await desk.member(), await desk.member()
    for person in (member, other):
        await forward(desk, person)
    case = await forward(desk, member)
    assert [line.number for line in await desk.cases.lines(member, mine=True)] == [3, 1]
    assert [line.number for line in await desk.cases.lines(member, mine=False, before=3)] == [2, 1]
    assert (await desk.cases.by_number(member, 3)).submission_id == case.submission_id
    with pytest.raises(Refusal) as refusal:
        await desk.cases.by_number(member, 4)
    assert (refusal.value.code, refusal.value.values) == ("case_unknown", {"number": 4})
    async with desk.store.read() as conn:
        assert await cases.latest_case_of(conn, member.id, case.opened_at) == case.submission_id
