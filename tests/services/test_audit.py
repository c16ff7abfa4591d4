"""/audit: what members saw, searched, exported and changed, as the custody log says it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.custody.keys import CustodyKeys
from bot.errors import Refusal
from bot.model.access import ActKind
from bot.model.newsroom import Member
from bot.model.outbox import Waiting
from bot.model.rights import Role
from bot.model.verdict import Finding, ThreatFound
from bot.services import notices
from bot.services.account_exports import AccountExports
from bot.services.audit import Audit, AuditQuery
from bot.services.custody import Custody
from bot.services.custody_events import of_opening
from bot.services.outbox import Outbox
from bot.storage import cases, custody, filing, history, threats
from bot.storage.filing import BurstRule, NewPart
from bot.storage.store import Store
from tests.access_ground import AccessGround, access_ground
from tests.newsroom import message, queued
from tests.stores import StoppedClock


@pytest.fixture
async def ground(store: Store, clock: StoppedClock) -> AccessGround:
    return await access_ground(store, clock)


async def test_the_audit_says_who_did_what(ground: AccessGround) -> None:
    """Opened, searched (without the words), exported, changed: by whom, filtered, paged; only for who may read it."""
    lead, editor = await ground.member(Role.SECURITY), await ground.member(Role.EDITOR, name="Нурлан")
    admin, journalist = await ground.member(Role.ADMIN), await ground.member(Role.JOURNALIST)
    sender = Outbox(ground.store, ground.clock, 3, ground.vigilance)
    shown = [notices.case_copy(editor, 7), notices.reply(editor, "threat", threat=9)]
    shown += [notices.reply(editor, "find", text="тайный текст"), notices.reply(editor, "help")]
    shown += [notices.reply(editor, "campaigns", since="", target="", page=0)]
    await ground.queue(*shown)
    for row in await queued(ground.store):
        out = next(each for each in shown if each.body == row.body)
        await sender.start(Waiting(id=row.id, outgoing=out, tries=0, created_at=ground.clock()))
        await sender.start(Waiting(id=row.id, outgoing=out, tries=1, created_at=ground.clock()))
    async with ground.store.write() as conn:
        about = ("newsroom", ground.newsroom.id)
        await history.note(conn, ground.newsroom.id, lead.id, about, "setting", ground.clock(), name="zone")
    audit = Audit(ground.store, Custody(ground.store, ground.clock, CustodyKeys(b"c" * 32)))
    page = await audit.page(admin, AuditQuery())
    told = [(line.who, line.deed, line.what, line.row) for line in reversed(page.lines)]
    assert told[:4] == [
        ("Нурлан", "saw", "submission", 7),
        ("Нурлан", "saw", "threat", 9),
        ("Нурлан", "searched", "find", None),
        ("Нурлан", "saw", "campaigns", None),
    ]
    assert next(line.what for line in page.lines if line.deed == "changed") == "setting"
    assert "тайный" not in repr(page)
    one = await audit.page(lead, AuditQuery(member_id=editor.id, deed="searched"))
    assert [line.what for line in one.lines] == ["find"]
    first = await audit.page(lead, AuditQuery(), size=2)
    rest = await audit.page(lead, AuditQuery(), before=first.further, size=50)
    assert (*first.lines, *rest.lines) == (await audit.page(lead, AuditQuery(), size=50)).lines
    later = AuditQuery(since=ground.clock() + timedelta(hours=1))
    assert (await audit.page(lead, later)).lines == ()
    for nobody in (journalist, editor, replace(admin, roles=frozenset())):
        with pytest.raises(Refusal):
            await audit.page(nobody, AuditQuery())


async def test_the_list_of_accounts_leaves_by_two(ground: AccessGround) -> None:
    """Nothing is noted or sent before another lead allows it; a second press sends nothing more."""
    lead, second = await ground.member(Role.SECURITY), await ground.member(Role.ADMIN)
    exports = AccountExports(ground.store, ground.clock, ground.acts)
    await exports.order(ground.stage, lead, "csv")
    await ground.commit()
    assert "table" not in await ground.waiting(lead)
    act = await ground.last_act()
    await ground.decide(lead, act)
    assert "table" not in await ground.waiting(lead)
    for _ in range(2):
        await ground.decide(second, act)
    assert (await ground.waiting(lead)).count("table") == 1
    refused = await ground.asked(lead, ActKind.ACCOUNTS_OUT, form="xlsx")
    await ground.decide(second, refused, allow=False)
    assert (await ground.waiting(lead)).count("table") == 1


async def test_of_people_behind_farms_an_administrator_hears_nothing(ground: AccessGround) -> None:
    """Not that there are records, lists or work reports: neither in the chat nor in the file."""
    lead, admin = await ground.member(Role.SECURITY), await ground.member(Role.ADMIN)
    newsroom_id = lead.newsroom_id
    async with ground.store.write() as conn:
        for noun, event in (("curator", "added"), ("work_report", "assigned"), ("newsroom", "setting")):
            await history.note(conn, newsroom_id, lead.id, (noun, newsroom_id), event, ground.clock())
        for code in ("curator", "curators", "workreports", "members"):
            opened = notices.reply(lead, code, number=1)
            await custody.put(conn, of_opening(opened, str, ground.clock()))
    audit = Audit(ground.store, Custody(ground.store, ground.clock, CustodyKeys(b"c" * 32)))
    assert [line.what for line in (await audit.page(admin, AuditQuery())).lines] == ["members", "setting"]
    assert [line.what for line in await audit.table(admin, AuditQuery())] == ["members", "setting"]
    everything = {(line.about, line.what) for line in (await audit.page(lead, AuditQuery())).lines}
    assert {("curator", "curator"), ("newsroom", "workreports"), ("work_report", "assigned")} <= everything
    assert len(everything) == 7


async def filed_threat(ground: AccessGround, member: Member, number: int) -> tuple[int, int]:
    """A case with its number, and the threat in it."""
    finding = Finding(threat=ThreatFound(level="threat", severity=4))
    said = message(member, ground.clock())
    part = NewPart(newsroom_id=member.newsroom_id, member_id=member.id, incoming=said, finding=finding)
    async with ground.store.write() as conn:
        (filed,) = await filing.file_parts(conn, [part], BurstRule(within=timedelta(0), parts=1), ground.clock())
        await cases.set_number(conn, filed.submission_id, number)
        found = threats.NewThreat(
            newsroom_id=member.newsroom_id, submission_id=filed.submission_id, part_id=filed.id, finding=finding.threat
        )
        await threats.record(conn, [found], ground.clock())
        (threat_id,) = await threats.ids_of_submission(conn, member.newsroom_id, filed.submission_id)
    return filed.submission_id, threat_id


async def test_cases_and_threats_bear_their_numbers(ground: AccessGround) -> None:
    """Opened or changed: the number that stands on the card; of another newsroom's row none."""
    lead = await ground.member(Role.SECURITY)
    elsewhere = await access_ground(ground.store, ground.clock)
    case, threat = await filed_threat(ground, lead, 41)
    foreign, _ = await filed_threat(elsewhere, await elsewhere.member(Role.SECURITY), 42)
    async with ground.store.write() as conn:
        for noun, row in (("submission", case), ("threat", threat), ("submission", foreign)):
            await history.note(conn, lead.newsroom_id, lead.id, (noun, row), "ruled", ground.clock())
        opened = notices.case_copy(lead, case)
        await custody.put(conn, of_opening(opened, str, ground.clock()))
    audit = Audit(ground.store, Custody(ground.store, ground.clock, CustodyKeys(b"c" * 32)))
    page = await audit.page(lead, AuditQuery(), size=4)
    assert [(line.deed, line.about, line.number) for line in page.lines] == [
        ("saw", "submission", 41),
        ("changed", "submission", None),
        ("changed", "threat", 1),
        ("changed", "submission", 41),
    ]
