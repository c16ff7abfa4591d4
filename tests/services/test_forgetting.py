"""What two people erase, and who leaves: nothing is left of them in any row, what others need stays, nobody returns."""

import json
import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import NotAllowed, Refusal
from bot.model.access import ActKind
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Role
from bot.services.account_merging import AccountMerging
from bot.services.accounts import read_suspicion
from bot.services.imports.accounts import import_accounts
from bot.services.imports.comments import import_comments
from bot.services.imports.room import ImportRoom
from bot.services.members import Newcomer
from bot.services.own_data import OwnDataDesk
from bot.services.verifying import Verification
from bot.storage import photos
from bot.storage.tables import accounts, comments, history, members, submissions
from tests.erasing_ground import (
    CALLED,
    HANDLE,
    KEYS,
    LOG_KEYS,
    NAME,
    OWNER,
    TELEGRAM_ID,
    USERNAME,
    ErasingGround,
    a_curator,
    a_member,
    an_account,
    an_owner,
    erasing_ground,
    former_staff,
    held,
    letters,
)
from tests.newsroom import count, message, said
from tests.services.conftest import EditorsDesk
from tests.services.rooms import Seen

MINE = (NAME, USERNAME, str(TELEGRAM_ID))
ITS = (HANDLE, *CALLED, "канарейк")
SHA = "ab" * 32


@pytest.fixture
def ground(desk: EditorsDesk) -> ErasingGround:
    """The services that erase, over the desk."""
    return erasing_ground(desk)


async def whole(ground: ErasingGround) -> None:
    """The custody log verifies, and says that something was erased."""
    desk = ground.desk
    report = await Verification(desk.store, desk.vault, LOG_KEYS, desk.newsroom.id).run([])
    assert report.broken is None
    assert report.erased > 0


async def test_a_case_takes_two_as_everything_does(ground: ErasingGround) -> None:
    """Who asked cannot allow it, whoever holds the server can; a journalist asks for nothing."""
    desk = ground.desk
    journalist = await desk.member()
    (case,) = await desk.send(journalist, message(journalist, desk.clock(), "Сенин үйүңдү өрттөйм"))
    await desk.settle()
    editor = await ground.lead(Role.EDITOR, name="Бермет")
    with pytest.raises(NotAllowed):
        await ground.forgetting.case(desk.stage, journalist, 1, "x")
    for number, ground_, refusal in ((99, "x", "case_unknown"), (1, "  ", "erasure_ground")):
        with pytest.raises(Refusal, match=refusal):
            await ground.forgetting.case(desk.stage, editor, number, ground_)
    await ground.forgetting.case(desk.stage, editor, 1, "просьба")
    await desk.commit()
    assert await said(desk.store, editor) == ["act_alone"]
    (view,) = await ground.acts.waiting(desk.newsroom.id)
    assert (view.act.kind, view.about, view.act.body["ground"]) == (ActKind.ERASE, case.label, "просьба")
    assert await ground.acts.allow_by_command(desk.newsroom.id, view.act.id)
    async with desk.store.read() as conn:
        assert await count(conn, submissions) == 0
    assert not await ground.acts.allow_by_command(desk.newsroom.id, view.act.id)
    await ground.settled()
    await whole(ground)


async def test_both_are_told_and_the_second_asks_no_more(ground: ErasingGround) -> None:
    """Who asked, and who allowed; what is erased already cannot be asked for."""
    desk = ground.desk
    editor, lead = await ground.lead(Role.EDITOR, name="Бермет"), await ground.lead(Role.SECURITY, name="Чолпон")
    await desk.send(editor, message(editor, desk.clock(), "биринчи сөз биринчи"))
    await desk.settle()
    await ground.forgetting.case(desk.stage, editor, 1, "просьба")
    await ground.allowed(lead)
    assert [(await said(desk.store, each))[-1] for each in (editor, lead)] == ["erased", "erased"]
    with pytest.raises(Refusal, match="case_unknown"):
        await ground.forgetting.case(desk.stage, editor, 1, "просьба")


async def test_who_leaves_is_nobody_and_their_work_stays(ground: ErasingGround) -> None:
    """No row knows name, username or Telegram id; the case, its text and the log are there; messages are swept."""
    desk = ground.desk
    me, (submission_id, text) = await a_member(ground)
    before = await held(ground, MINE)
    assert before.keys() == set(MINE)
    assert {"members", "inbox_updates", "outbox_messages", "digest_chats", "submissions"} <= before[str(TELEGRAM_ID)]
    with pytest.raises(Refusal, match="leaving_last_security"):
        await ground.leaving.begin(desk.stage, me)
    await ground.lead(Role.SECURITY, name="Чолпон")
    await ground.leaving.begin(desk.stage, me)
    await desk.commit()
    ground.leaving.leave(desk.stage, me)
    await desk.commit()
    assert {kind for kind, chat in await letters(ground) if chat == TELEGRAM_ID} == {"delete", "clear_menu"}
    await ground.settled()
    assert await held(ground, MINE) == {}
    gone = await ground.now(me)
    assert (gone.name, gone.status, gone.roles, gone.telegram_id < 0) == (
        "M-2",
        MemberStatus.REMOVED,
        frozenset(),
        True,
    )
    async with desk.store.read() as conn:
        query = sa.select(comments.c.text).where(comments.c.submission_id == submission_id)
        assert (await conn.execute(query)).scalars().all() == [text]
        assert await count(conn, history, history.c.event == "member_erased") == 1
    admin = next(iter((await ground.members.everyone(desk.newsroom.id)).values()))
    assert "member_left" in await said(desk.store, admin)
    await whole(ground)


async def test_who_left_is_a_stranger_and_may_come_back(ground: ErasingGround) -> None:
    """The same Telegram account finds no member; a new invite makes a new one, with nothing of the old."""
    desk = ground.desk
    me, _ = await a_member(ground)
    await ground.lead(Role.SECURITY, name="Чолпон")
    ground.leaving.leave(desk.stage, me)
    await desk.commit()
    assert await ground.members.present(desk.newsroom.id, TELEGRAM_ID) is None
    ground.leaving.leave(desk.stage, me)
    await desk.commit()
    token = await ground.members.invite_by_command(desk.newsroom.id, Role.JOURNALIST)
    newcomer = Newcomer(telegram_id=TELEGRAM_ID, name=NAME, language="ru")
    await ground.members.redeem(desk.stage, desk.newsroom.id, token, newcomer)
    await desk.commit()
    back = await ground.members.present(desk.newsroom.id, TELEGRAM_ID)
    assert back is not None
    assert (back.id != me.id, back.status, back.roles) == (True, MemberStatus.ACTIVE, {Role.JOURNALIST})
    assert (await OwnDataDesk(desk.store).of(back)).cases == ()


@pytest.mark.parametrize(
    ("role", "code"), [(Role.ADMIN, "leaving_last_admin"), (Role.SECURITY, "leaving_last_security")]
)
async def test_the_last_who_lead_stay(ground: ErasingGround, role: Role, code: str) -> None:
    """They are told what to do first; with a second one they may go, also when two press at once."""
    desk = ground.desk
    one = await ground.lead(role, name="Азамат")
    with pytest.raises(Refusal, match=code):
        await ground.leaving.begin(desk.stage, one)
    two = await ground.lead(role, name="Чолпон")
    await ground.leaving.begin(desk.stage, one)
    for each in (one, two):
        ground.leaving.leave(desk.stage, each)
    await desk.commit()
    assert [(await ground.now(each)).status for each in (one, two)] == [MemberStatus.REMOVED, MemberStatus.ACTIVE]
    assert (await said(desk.store, two))[-1] == code


async def test_a_removed_member_is_erased_by_two(ground: ErasingGround) -> None:
    """By name or number, and only who was removed; the number stays."""
    desk = ground.desk
    me, _ = await a_member(ground)
    admin, lead = await ground.lead(Role.ADMIN, name="Данияр"), await ground.lead(Role.SECURITY, name="Чолпон")
    with pytest.raises(Refusal, match="member_not_removed"):
        await ground.forgetting.member(desk.stage, admin, NAME, "просьба")
    await ground.members.remove(desk.stage, admin, me.id)
    await desk.commit()
    editor = await ground.lead(Role.EDITOR, name="Бермет")
    with pytest.raises(NotAllowed):
        await ground.forgetting.member(desk.stage, editor, NAME, "просьба")
    await ground.forgetting.member(desk.stage, lead, NAME.upper(), "просьба")
    await ground.allowed(admin)
    await ground.settled()
    assert await held(ground, MINE) == {}
    assert (await ground.now(me)).name == "M-2"
    with pytest.raises(Refusal, match="member_not_removed"):
        await ground.forgetting.member(desk.stage, lead, "2", "просьба")
    await whole(ground)


async def listed(ground: ErasingGround) -> Member:
    """An editor who listed the account."""
    editor = await ground.lead(Role.EDITOR, name="Айгерим")
    await an_account(ground, editor)
    return editor


async def erase_account(ground: ErasingGround, editor: Member) -> int:
    """Two people erase the account; returns its id."""
    desk = ground.desk
    lead = await ground.lead(Role.SECURITY, name="Чолпон")
    account = await desk.accounts.named(editor, f"https://facebook.com/{HANDLE}")
    for path in [desk.vault.path_for(name) for name in await desk.vault.names()]:
        # Of what came just now another message may be about to need the bytes.
        os.utime(path, (1, 1))
    await ground.forgetting.account(desk.stage, editor, account.id, "просьба человека")
    await ground.allowed(lead)
    await ground.settled()
    return account.id


async def test_nothing_of_an_erased_account_is_left(ground: ErasingGround) -> None:
    """No name, handle, fact or photo; its comment stays in the case, by nobody; who exported it is told."""
    desk = ground.desk
    editor = await listed(ground)
    assert set(ITS) == (await held(ground, ITS)).keys()
    account_id = await erase_account(ground, editor)
    assert await held(ground, ITS) == {}
    async with desk.store.read() as conn:
        (wrote,) = (await conn.execute(sa.select(comments.c.text, comments.c.author, comments.c.author_key))).all()
        assert (wrote.author, wrote.author_key) == (None, f"erased:{account_id}")
        assert wrote.text == "Фейк жазган узун сөз, далил катары калат"
        assert await photos.there(conn, desk.newsroom.id, [SHA]) == set()
    assert await desk.vault.names() == []
    assert {"share_erased", "account_erased_case"} & set(await said(desk.store, editor)) == {"share_erased"}
    with pytest.raises(Refusal, match="account_unknown"):
        await desk.accounts.named(editor, f"https://facebook.com/{HANDLE}")
    await whole(ground)


async def test_an_erased_account_does_not_come_back(ground: ErasingGround, tmp_path: Path) -> None:
    """Neither by a list, which says so, nor by /fake; another account of that list is taken."""
    desk = ground.desk
    editor = await listed(ground)
    await erase_account(ground, editor)
    entry = read_suspicion(f"https://www.facebook.com/{HANDLE.upper()}\nимя: {CALLED[0]}").entry
    desk.accounts._erased = ground.erased
    await desk.accounts.suspect(desk.stage, editor, entry)
    await desk.commit()
    assert (await said(desk.store, editor))[-1] == "account_was_erased"
    lines = [{"platform": "facebook", "handle": each, "names": CALLED[0]} for each in (HANDLE, "another.one")]
    path = tmp_path / "list.jsonl"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in lines))
    tally = await import_accounts(_imports(ground), path, Seen())
    assert (tally.added, tally.erased, tally.counts["erased"]) == (1, 1, 1)
    async with desk.store.read() as conn:
        handles = (await conn.execute(sa.select(accounts.c.handle).where(accounts.c.handle.is_not(None)))).scalars()
        assert set(handles) == {"another.one"}
    assert KEYS.erased(1, "facebook", "x") != KEYS.erased(2, "facebook", "x")


async def test_no_file_of_comments_and_no_split_brings_an_erased_account_back(
    ground: ErasingGround, tmp_path: Path
) -> None:
    """Its comments come in as those of one person whom nothing names; a part of another account cannot become it."""
    desk = ground.desk
    editor = await listed(ground)
    await erase_account(ground, editor)
    writers = (HANDLE, HANDLE.upper(), "b")
    lines = [{"id": n, "text": f"слова {n}", "author": who, "platform": "facebook"} for n, who in enumerate(writers)]
    path = tmp_path / "comments.jsonl"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in lines))
    assert (await import_comments(_imports(ground), path, Seen())).added == 3
    async with desk.store.read() as conn:
        query = sa.select(comments.c.handle, comments.c.author, comments.c.author_key)
        rows = (await conn.execute(query.where(comments.c.batch.is_not(None)).order_by(comments.c.text))).all()
    assert [row.handle for row in rows] == [None, None, "b"]
    assert {row.author for row in rows[:2]} == {None}
    assert len({row.author_key for row in rows}) == 2
    assert HANDLE.lower() not in repr(rows).lower()
    other = read_suspicion("https://facebook.com/another.one\nимя: Некто").entry
    await desk.accounts.suspect(desk.stage, editor, other)
    await desk.commit()
    merging = AccountMerging(desk.store, desk.clock, desk.knowledge, ground.acts, ground.erased)
    found = await desk.accounts.named(editor, "https://facebook.com/another.one")
    await merging.split(desk.stage, editor, found.id, f"1 https://facebook.com/{HANDLE}")
    await desk.commit()
    assert (await said(desk.store, editor))[-1] == "account_was_erased"
    assert (await desk.accounts.see(editor, found.id)).names == ("Некто",)


def _imports(ground: ErasingGround) -> ImportRoom:
    desk = ground.desk
    return ImportRoom(
        store=desk.store,
        clock=desk.clock,
        vault=desk.vault,
        analysis=desk.findings._analysis,
        newsroom_id=desk.newsroom.id,
        image_bytes=1000,
        erased=ground.erased,
    )


async def test_people_outside_are_erased_by_two(ground: ErasingGround) -> None:
    """A photo's owner with the thread, a curator by security leads alone, former staff."""
    desk = ground.desk
    one, two = await ground.lead(Role.SECURITY, name="Чолпон"), await ground.lead(Role.SECURITY, name="Азамат")
    thread, curator = await an_owner(ground, one, SHA), await a_curator(ground, one)
    name = await former_staff(ground)
    canaries = (OWNER.name, "kanareika_real", "канарейка", "канарейкин", "kanareikina")
    assert (await held(ground, canaries)).keys() == set(canaries)
    editor, admin = await ground.lead(Role.EDITOR, name="Бермет"), await ground.lead(Role.ADMIN, name="Данияр")
    with pytest.raises(NotAllowed):
        await ground.forgetting.person(desk.stage, editor, "curator", curator, "просьба")
    with pytest.raises(Refusal, match="person_unknown"):
        await ground.forgetting.person(desk.stage, one, "outreach", 99, "просьба")
    await ground.forgetting.person(desk.stage, one, "curator", curator, "просьба")
    await ground.allowed(admin)
    assert (await said(desk.store, admin))[-1] == "act_needs_security"
    await ground.allowed(two)
    await ground.forgetting.person(desk.stage, editor, "outreach", thread, "просьба")
    await ground.allowed(one)
    await ground.forgetting.staff(desk.stage, editor, name, "просьба")
    await ground.allowed(one)
    await ground.settled()
    assert await held(ground, canaries) == {}
    await whole(ground)


async def test_a_member_is_shown_their_own_data_alone(ground: ErasingGround) -> None:
    """Name, id, inviter, cases with their texts, reports, counts of every table; nothing of a colleague's."""
    desk = ground.desk
    me, (_, text) = await a_member(ground)
    other = await desk.member(name="Бермет")
    await desk.send(other, message(other, desk.clock(), "Чужие слова, не мои вовсе"))
    await desk.settle()
    mine = (await OwnDataDesk(desk.store).of(me)).as_object()
    assert (mine["name"], mine["telegram_id"], mine["invited_by"]) == (NAME, TELEGRAM_ID, "Азамат")
    assert [each["case"] for each in mine["cases"] if each["case"]] == ["K-1"]
    assert text in json.dumps(mine, ensure_ascii=False)
    assert mine["reports_of_accounts"][0]["account"] == "facebook:some.fake"
    assert {"submissions.member_id", "duty_roster.member_id", "history.member_id"} <= mine["rows_that_name_you"].keys()
    assert "Чужие" not in json.dumps(mine, ensure_ascii=False)
    async with desk.store.read() as conn:
        assert await count(conn, members) == 3
