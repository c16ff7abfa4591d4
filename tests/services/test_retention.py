"""Cases on which nothing hangs leave by themselves; evidence stays; who sent one is told before, and may keep it."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.custody.keys import CustodyKeys
from bot.errors import Damaged, Refusal
from bot.model.custody import Break, CustodyReport
from bot.model.rights import Role
from bot.services.backup.making import BackupMaker, BackupPlaces
from bot.services.backup.shelf import KeepFor, expired, shelved
from bot.services.custody import Custody
from bot.services.daily import BackupPlan, Daily
from bot.services.erasing import Erasure
from bot.services.retention import Retention
from bot.storage import chores, page_look
from bot.storage.tables import custody_entries, submissions
from tests.backups import RECIPIENTS
from tests.newsroom import count, message, said
from tests.services.conftest import EditorsDesk

KEYS = CustodyKeys(b"k" * 32)
THREAT = "Сенин үйүңдү өрттөйм"
HARMLESS = "Бүгүн аба ырайы жакшы экен"
DAY = 86_400


def erasure_of(desk: EditorsDesk) -> Erasure:
    """Over the desk's store."""
    log = Custody(desk.store, desk.clock, KEYS)
    return Erasure(desk.store, desk.clock, log, desk.vault, desk.findings._analysis, desk.newsroom.id)


def retention_of(desk: EditorsDesk) -> Retention:
    """Over the desk's store."""
    return Retention(desk.store, desk.clock, erasure_of(desk), KEYS, desk.newsroom.id)


async def forwarded(desk: EditorsDesk, text: str = HARMLESS) -> int:
    """Somebody forwards something; returns its submission."""
    member = await desk.member()
    (case,) = await desk.send(member, message(member, desk.clock(), text))
    await desk.settle()
    await Custody(desk.store, desk.clock, KEYS).sequence()
    return case.submission_id


async def there(desk: EditorsDesk) -> set[int]:
    """The submissions that are there."""
    async with desk.store.read() as conn:
        return set((await conn.execute(sa.select(submissions.c.id))).scalars())


async def test_what_nobody_needs_leaves_after_a_notice(desk: EditorsDesk) -> None:
    """After 83 days its sender is told, after 90 it is gone, and the log says so; a threat stays."""
    retention = retention_of(desk)
    old, threat = await forwarded(desk), await forwarded(desk, THREAT)
    desk.clock.tick(80 * DAY)
    assert (await retention.sweep(), await said(desk.store)) == (0, [])
    desk.clock.tick(4 * DAY)
    assert (await retention.sweep(), await said(desk.store)) == (0, ["case_leaving"])
    desk.clock.tick(6.5 * DAY)
    assert await retention.sweep() == 0
    desk.clock.tick(DAY)
    assert await retention.sweep() == 1
    assert await there(desk) == {threat}
    assert old not in await there(desk)
    async with desk.store.read() as conn:
        assert await count(conn, custody_entries, custody_entries.c.kind == "erased") > 0


async def test_a_late_notice_gives_a_week_all_the_same(desk: EditorsDesk) -> None:
    """A bot that was away for months lets nothing go of which nobody was told."""
    retention = retention_of(desk)
    await forwarded(desk)
    desk.clock.tick(200 * DAY)
    assert await retention.sweep() == 0
    desk.clock.tick(6 * DAY)
    assert await retention.sweep() == 0
    desk.clock.tick(1.1 * DAY)
    assert await retention.sweep() == 1


async def test_who_sent_it_may_keep_it(desk: EditorsDesk) -> None:
    """One press, and it stays for good; another journalist's press keeps nothing."""
    retention = retention_of(desk)
    submission_id = await forwarded(desk)
    desk.clock.tick(84 * DAY)
    await retention.sweep()
    sender = (await desk.members.everyone(desk.newsroom.id))[1]
    stranger = await desk.member(name="Бермет")
    with pytest.raises(Refusal, match="case_unknown"):
        await retention.keep(desk.stage, stranger, submission_id, 5)
    await retention.keep(desk.stage, sender, submission_id, 5)
    await desk.commit()
    desk.clock.tick(300 * DAY)
    assert await retention.sweep() == 0
    assert await there(desk) == {submission_id}
    assert (await said(desk.store))[-1] == "case_kept"


class Days:
    """A day's chores over a desk, with a log that is as it is told."""

    def __init__(self, desk: EditorsDesk, folder: Path) -> None:
        self.desk = desk
        self.folder = folder / "backups"
        self.report = CustodyReport(has_key=True)
        maker = BackupMaker(desk.store, desk.clock, BackupPlaces(vault=desk.vault, keys={}))
        keep = KeepFor(daily=3, weekly=2, most=timedelta(days=20))
        self.plan = BackupPlan(maker=maker, folder=self.folder, recipients=RECIPIENTS, keep=keep)
        self.daily = self.opened()

    def opened(self) -> Daily:
        """As a new process opens it."""
        desk = self.desk
        retention, erasure = retention_of(desk), erasure_of(desk)
        chores = {"plan": self.plan, "verify": self._verified, "retention": retention, "erasure": erasure}
        return Daily(desk.store, desk.clock, desk.newsroom.id, 4, **chores)  # type: ignore[arg-type]

    async def _verified(self) -> CustodyReport:
        return self.report


async def test_chores_are_done_once_a_day_and_made_up_for(desk: EditorsDesk, tmp_path: Path) -> None:
    """However often the clock ticks, and whoever asks; after days of absence once, not for each day."""
    days = Days(desk, tmp_path)
    assert await days.daily.tick() == 4
    assert [await days.daily.tick() for _ in range(3)] == [0, 0, 0]
    assert await days.opened().tick() == 0
    assert len(shelved(days.folder)) == 1
    desk.clock.tick(DAY)
    assert (await days.daily.tick(), len(shelved(days.folder))) == (4, 2)
    desk.clock.tick(9 * DAY)
    assert await days.opened().tick() == 4
    assert len(shelved(days.folder)) == 2 + 1 - 0
    desk.clock.tick(-DAY)
    before = len(shelved(days.folder))
    await days.daily.tick()
    assert len(shelved(days.folder)) <= before + 1


async def test_a_backup_made_before_a_kill_is_the_day_s(desk: EditorsDesk, tmp_path: Path) -> None:
    """The file is there, the row is not: no second one is made."""
    days = Days(desk, tmp_path)
    await days.plan.maker.make(days.folder, RECIPIENTS)
    desk.clock.tick(60)
    assert await days.daily.tick() == 4
    assert len(shelved(days.folder)) == 1


async def test_people_are_told_of_what_went_wrong(desk: EditorsDesk, tmp_path: Path) -> None:
    """A broken log: admins and security, once a day. No good backup for 48 hours: the admins."""
    admin = await desk.member(Role.ADMIN, name="Азамат")
    lead = await desk.member(Role.SECURITY, name="Чолпон")
    days = Days(desk, tmp_path)
    days.report = CustodyReport(has_key=True, broken=Break(code="cut", place=3))
    days.folder.write_text("a file where the folder should be")
    for _ in range(3):
        await days.daily.tick()
    assert [await said(desk.store, each) for each in (admin, lead)] == [["log_broken"], ["log_broken"]]
    desk.clock.tick(2.5 * DAY)
    days.report = CustodyReport(has_key=True)
    for _ in range(3):
        await days.daily.tick()
    assert await said(desk.store, admin) == ["log_broken", "backup_late"]
    assert await said(desk.store, lead) == ["log_broken"]
    days.folder.unlink()
    assert await days.daily.tick() == 1
    assert len(shelved(days.folder)) == 1


async def test_that_no_backup_is_made_is_said_each_week(desk: EditorsDesk, tmp_path: Path) -> None:
    """To the administrators, once a week, however often the bot is started anew; not where keys are set."""
    admin = await desk.member(Role.ADMIN, name="Азамат")
    days = Days(desk, tmp_path)
    await days.daily.tick()
    assert await said(desk.store, admin) == []
    days.plan = replace(days.plan, recipients=())
    for _ in range(15):
        await days.opened().tick()
        desk.clock.tick(DAY)
    assert await said(desk.store, admin) in (["no_backups"] * 2, ["no_backups"] * 3)


async def test_a_page_that_nobody_reads_is_looked_at(desk: EditorsDesk, tmp_path: Path) -> None:
    """Damage is found by the look, off the event loop; from then on nothing is written. Each day looks once."""
    assert await Days(desk, tmp_path).daily.tick() == 4
    async with desk.store.read() as conn:
        assert await chores.outcome_of(conn, desk.newsroom.id, "pages") == {"whole": True}
    assert await desk.store.look_at_pages(60) is True
    if not desk.store.is_sqlite:
        return
    await desk.store.scrub()
    await asyncio.to_thread(_spoil_the_end, Path(desk.store.url.database or ""))
    with pytest.raises(Damaged):
        await desk.store.look_at_pages(60)
    assert desk.store.damaged.is_set()
    with pytest.raises(Damaged):
        async with desk.store.write():
            raise AssertionError("something may be written")


def _spoil_the_end(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 4096 // 2 * 4096)
        file.write(b"\xa5" * 4096 * 9)


async def test_a_look_that_takes_too_long(desk: EditorsDesk) -> None:
    """It is ended, and says that it does not know: each time, also while the event loop does something else."""
    if not desk.store.is_sqlite:
        return
    rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
    async with desk.store.write() as conn:
        await conn.execute(sa.text("CREATE TABLE long (i INTEGER, t TEXT UNIQUE)"))
        await conn.execute(sa.text(f"INSERT INTO long {rows} SELECT i, hex(randomblob(16)) FROM n"))  # noqa: S608
    began = time.monotonic()
    assert await desk.store.look_at_pages(60) is True
    whole = time.monotonic() - began
    assert [await desk.store.look_at_pages(0) for _ in range(5)] == [None] * 5
    look = asyncio.create_task(desk.store.look_at_pages(0))
    while not look.done():
        await asyncio.sleep(0)
        # In each turn of the loop there is time enough to look at all pages.
        time.sleep(whole)  # noqa: ASYNC251 - the loop is to be held up
    assert await look is None
    assert not desk.store.damaged.is_set()


async def test_a_look_that_nobody_waits_for_ends(desk: EditorsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot stops: it need not wait until a large database is read."""
    if not desk.store.is_sqlite:
        return
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    monkeypatch.setattr(page_look, "CHECK", endless)
    look = asyncio.create_task(desk.store.look_at_pages(600))
    await asyncio.sleep(0.5)
    assert not look.done()
    look.cancel()
    async with asyncio.timeout(10):
        with pytest.raises(asyncio.CancelledError):
            await look


def test_backups_stay_by_day_and_week_and_none_too_long(tmp_path: Path) -> None:
    """Over 100 days: three days, two weeks, nothing that is 20 days old; a foreign file is left alone."""

    begin = datetime(2026, 1, 1, 4, tzinfo=UTC)
    keep = KeepFor(daily=3, weekly=2, most=timedelta(days=20))
    foreign = tmp_path / "kalkan.txt"
    foreign.write_text("mine")
    for day in range(100):
        now = begin + timedelta(days=day)
        (tmp_path / f"kalkan-{now:%Y%m%dT%H%M%SZ}-{day}-{day:016x}.tar.age").write_bytes(b"")
        for each in expired(shelved(tmp_path), keep, now):
            each.path.unlink()
        left = shelved(tmp_path)
        assert left[0].made_at == now
        assert all(now - each.made_at < timedelta(days=20) for each in left)
        assert 3 <= len(left) <= 5 or day < 3
    assert foreign.exists()
    gone = expired(shelved(tmp_path), keep, now + timedelta(days=30))
    assert gone == shelved(tmp_path)
