"""What somebody says of a case that is not theirs to decide: it is kept as their word, and changes nothing else."""

from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import Refusal
from bot.model.newsroom import Member
from bot.model.rights import Role
from bot.model.staff import StaffKind
from bot.model.submission import Case, OriginKind
from bot.model.threat import ThreatQuery
from bot.services.threat_steps import ThreatSteps
from bot.services.threats import Threats
from bot.storage import staff
from bot.storage.tables import alarms, threats
from tests.newsroom import FORWARDED, message, queued, said
from tests.services.conftest import EditorsDesk

THREAT = "Тебе конец, мы тебя убьём завтра в 18:00 у твоего дома"


async def forward(desk: EditorsDesk, member: Member, text: str = THREAT, **options: Any) -> Case:
    """A case of one forwarded text."""
    (case,) = await desk.send(member, message(member, desk.clock(), text, **options))
    return case


async def rule(desk: EditorsDesk, member: Member, case: Case, value: str) -> None:
    """A press on "a threat" or "not a threat"."""
    await desk.cases.rule_threat(desk.stage, member, case.submission_id, value, 9)
    await desk.commit()


async def column(desk: EditorsDesk, *columns: Any) -> list[tuple[Any, ...]]:
    """All rows of some columns of a table, the oldest first."""
    query = sa.select(*columns).order_by(columns[0].table.c.id)
    async with desk.store.read() as conn:
        return [tuple(row) for row in (await conn.execute(query)).all()]


async def named(desk: EditorsDesk, name: str, member: Member | None = None) -> int:
    """Somebody on the list of staff, who is this member; the id."""
    async with desk.store.write() as conn:
        await staff.put(conn, desk.newsroom.id, StaffKind.PERSON, name, None, (), desk.clock())
        person = next(p for p in await staff.all_of(conn, desk.newsroom.id) if p.name == name)
        if member is not None:
            await staff.link_member(conn, person.id, member.id, desk.clock())
    return person.id


@pytest.mark.parametrize("role", [Role.JOURNALIST, Role.EDITOR])
async def test_a_threat_is_dismissed_by_who_may(desk: EditorsDesk, role: Role) -> None:
    """Another's "no" stands on the case; record and alarm stay, and the lead is asked; their press agrees."""
    reporter, other, lead = await desk.member(), await desk.member(role), await desk.member(Role.SECURITY)
    case = await forward(desk, reporter)
    await rule(desk, other, case, "no")
    assert await column(desk, threats.c.status) == [("new",)]
    assert await column(desk, alarms.c.state) == [("ringing",)]
    assert await said(desk.store, lead) == ["threat_doubted"]
    await rule(desk, lead, case, "no")
    assert await column(desk, threats.c.status) == [("dismissed",)]


async def test_ones_own_word_is_taken_back(desk: EditorsDesk) -> None:
    """Where the machine saw nothing and nobody else says so; a colleague's word is not one's own."""
    reporter, other, lead = await desk.member(), await desk.member(), await desk.member(Role.SECURITY)
    case = await forward(desk, reporter, "приходи и поговорим")
    await rule(desk, reporter, case, "yes")
    await rule(desk, other, case, "no")
    assert await column(desk, threats.c.status) == [("new",)]
    await rule(desk, reporter, case, "no")
    assert await column(desk, threats.c.status) == [("dismissed",)]
    assert (await said(desk.store, lead)).count("threat_doubted") == 1


async def test_nobody_names_themselves_to_read(desk: EditorsDesk) -> None:
    """Whoever says that they are meant reads nothing by it, and asks nothing; an editor's word lets them."""
    reporter, spy, editor = await desk.member(), await desk.member(name="Шпион"), await desk.member(Role.EDITOR)
    meant, own = await named(desk, "Айгуль Каналтарова"), await named(desk, "Шпион Шпионов", spy)
    case = await forward(desk, reporter)
    log = Threats(desk.store, desk.clock)
    ((threat_id,),) = await column(desk, threats.c.id)
    await desk.cases.set_target(desk.stage, editor, case.submission_id, meant, 9)
    await desk.commit()
    await desk.cases.set_target(desk.stage, spy, case.submission_id, own, 9)
    await desk.commit()
    await ThreatSteps(desk.store, desk.clock, log).tell(desk.stage, spy, threat_id, "who", f"{own:x}")
    await desk.commit()
    with pytest.raises(Refusal, match="threat_unknown"):
        await log.view(spy, threat_id)
    assert (await log.page(spy, ThreatQuery(targets=("айгуль",)))).total == 0
    line = (await log.view(editor, threat_id)).line
    assert {(each.name, each.said_by) for each in line.targets} == {
        ("Айгуль Каналтарова", None),
        ("Шпион Шпионов", "Шпион"),
    }
    view = await desk.cases.view(editor, case.submission_id)
    assert (view.case.target, view.said) == ("Айгуль Каналтарова", (("target_said", "Шпион", "Шпион Шпионов"),))
    await desk.cases.set_target(desk.stage, editor, case.submission_id, own, 9)
    await desk.commit()
    assert (await log.view(spy, threat_id)).line.lets_read(spy.id)


async def test_anothers_word_on_the_author_binds_nothing(desk: EditorsDesk) -> None:
    """It is shown as theirs; the word of whoever sent the case, or of an editor, counts."""
    reporter, spy, editor = await desk.member(), await desk.member(name="Шпион"), await desk.member(Role.EDITOR)
    case = await forward(desk, reporter)
    for who, author in ((spy, None), (reporter, "facebook:honest.man"), (editor, "facebook:honest.man")):
        await desk.cases.set_author(desk.stage, who, case.submission_id, "https://facebook.com/honest.man")
        await desk.commit()
        view = await desk.cases.view(reporter, case.submission_id)
        assert (view.author if view.author and ":" in view.author else None) == author
    assert view.said == (("author_said", "Шпион", "facebook:honest.man"),)
    assert (await said(desk.store, spy))[-1] == "author_said"


async def test_an_edit_that_is_graver_rings(desk: EditorsDesk) -> None:
    """The record takes the new words and the alarm rings; an edit to harmless words changes no record."""
    member, lead = await desk.member(), await desk.member(Role.SECURITY)
    origin = FORWARDED.__class__(kind=OriginKind.PASTED)
    case = await forward(desk, member, "приходи и поговорим", origin=origin, message_id=5)
    await rule(desk, member, case, "yes")
    assert await column(desk, alarms.c.id) == []
    for text in (THREAT, "добрый день"):
        await desk.cases.edit(desk.stage, member, message(member, desk.clock(), text, message_id=5))
        await desk.commit()
        assert await column(desk, threats.c.text, threats.c.severity, threats.c.imminent) == [(THREAT, 4, True)]
        assert len(await column(desk, alarms.c.id)) == 1
    assert [row.kind for row in await queued(desk.store) if row.chat_id == lead.telegram_id] == ["alarm"]


async def test_an_edit_leaves_a_shared_record(desk: EditorsDesk) -> None:
    """Two sent the same; one edits theirs to something graver: it becomes a record of its own and rings."""
    one, two, lead = await desk.member(), await desk.member(), await desk.member(Role.SECURITY)
    await forward(desk, one, "Мы тебя найдём и посадим", message_id=5)
    await forward(desk, two, "Мы тебя найдём и посадим", message_id=6)
    before = await column(desk, threats.c.text)
    await desk.cases.edit(desk.stage, one, message(one, desk.clock(), THREAT, message_id=5))
    await desk.commit()
    assert await column(desk, threats.c.text) == [*before, (THREAT,)]
    assert len(await column(desk, alarms.c.id)) == 1
    assert lead.id


async def test_words_taken_back_stand_in_no_list(desk: EditorsDesk) -> None:
    """A colleague's list shows that there was a case, and nothing of it."""
    member, other = await desk.member(), await desk.member()
    case = await forward(desk, member, "ЛИЧНОЕ от мамы")
    assert [line.excerpt for line in await desk.cases.lines(other, mine=False)] == ["ЛИЧНОЕ от мамы"]
    await desk.cases.undo(desk.stage, member, case.submission_id, 9)
    await desk.commit()
    assert [line.excerpt for line in await desk.cases.lines(other, mine=False)] == [""]
