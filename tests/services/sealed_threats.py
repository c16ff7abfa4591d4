"""Threats whose words are full of canaries, and what seals them."""

import os
from datetime import timedelta

import pyrage
import sqlalchemy as sa

from bot.documents.sealed_body import written
from bot.i18n import Catalogs
from bot.model.newsroom import Member, Newsroom
from bot.model.rights import Role
from bot.model.sealed_body import CaseBody, WrittenBody
from bot.model.submission import Origin, OriginKind
from bot.services.body_sealing import BodySealing
from bot.services.custody import Custody
from bot.services.erasing import Erasure
from bot.services.seals.recipients import SealRecipients
from bot.services.threat_steps import ThreatSteps
from bot.services.threats import Threats
from bot.storage.tables import alarms, screen_readings
from tests.newsroom import message
from tests.services.conftest import EditorsDesk
from tests.services.test_custody import KEYS

LEAD, SECOND = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
HOT = timedelta(hours=24)
#: Each stands in a text, a note or a place of the case.
CANARIES = ("кенарейка сгорит дотла", "записка канарейки", "канареечный переулок", "ответ канарейки")
THREAT = f"Сенин үйүңдү өрттөйм, {CANARIES[0]} сегодня ночью"
CATALOGS = Catalogs.load(strict=True)


def write(body: CaseBody, newsroom: Newsroom) -> WrittenBody:
    return written(body, CATALOGS[newsroom.language].plain)


def sealing_of(desk: EditorsDesk) -> BodySealing:
    custody = Custody(desk.store, desk.clock, KEYS)
    analysis = desk.findings._analysis
    erasure = Erasure(desk.store, desk.clock, custody, desk.vault, analysis, desk.newsroom.id)
    return BodySealing(desk.store, desk.clock, desk.vault, analysis, custody, erasure, desk.newsroom.id, write, HOT)


async def threatened(desk: EditorsDesk, words: str = THREAT) -> Member:
    """A threat by a stranger, with a place and a note; a security lead reports it."""
    member = await desk.member(Role.SECURITY)
    author = Origin(kind=OriginKind.HIDDEN_USER, name="Асан")
    await desk.send(member, message(member, desk.clock(), words, origin=author))
    log = Threats(desk.store, desk.clock)
    threat_id = await log.by_number(member, 1)
    steps = ThreatSteps(desk.store, desk.clock, log)
    await steps.note(desk.stage, member, threat_id, f"он писал: {CANARIES[1]}")
    await desk.commit()
    await steps.set_place(desk.stage, member, threat_id, CANARIES[2])
    await desk.commit()
    return member


async def answered(desk: EditorsDesk) -> None:
    """Every alarm is answered, every picture read, every burst over."""
    await desk.settle()
    async with desk.store.write() as conn:
        await conn.execute(sa.update(alarms).values(state="taken", due_at=None))
        await conn.execute(sa.update(screen_readings).values(state="done"))


async def with_leads(desk: EditorsDesk) -> None:
    recipients = SealRecipients(desk.store, desk.clock, desk.newsroom.id)
    for number, lead in enumerate((LEAD, SECOND)):
        await recipients.add(str(lead.to_public()), f"Lead {number}")


async def sealed(desk: EditorsDesk) -> BodySealing:
    """All of it, after the hot time."""
    await with_leads(desk)
    await answered(desk)
    desk.clock.tick(HOT.total_seconds() + 60)
    sealing = sealing_of(desk)
    await sealing.sweep()
    for path in (desk.vault.path_for(name) for name in await desk.vault.names()):
        os.utime(path, (1, 1))
    return sealing
