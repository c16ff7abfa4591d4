"""How the bot is, for administrators and security leads: what waits, what was done last, what room there is."""

from datetime import datetime, timedelta

from bot.i18n import N_, Html
from bot.model.custody import Trust
from bot.model.health import HouseHealth, Queue
from bot.model.process import CrewTrouble, ProcessRole
from handlers.cards.card import Card, Reader, lines
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk

_TRUST = {
    Trust.GOOD: N_("whole"),
    Trust.UNANCHORED: N_("whole, but no checkpoint outside this server vouches for it"),
    Trust.PARTLY: N_("whole as far as it could be checked without its key"),
    Trust.BROKEN: N_("broken"),
}
_SHARED = (ProcessRole.WEB, ProcessRole.WORKER, ProcessRole.SCHEDULER)
_TROUBLES = {
    CrewTrouble.NO_WORKER: N_("⚠️ Messages wait, and no process is there that handles them"),
    CrewTrouble.NO_SCHEDULER: N_("⚠️ No process is there that sends, or does what is due by the clock"),
    CrewTrouble.NO_LEADER: N_("⚠️ No process sends just now: another takes over within half a minute"),
}
#: Whatever waits for less is under way.
_WORTH_A_WORD = timedelta(seconds=5)


async def _health(desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return health_card(await desk.health.look(reader.newsroom.id), reader)


def health_card(house: HouseHealth, reader: Reader) -> Card:
    """The card."""
    t = reader.t
    since = t.gettext(
        "Version {version}, running since {moment}", version=house.version, moment=_at(house.since, reader)
    )
    return Card(
        text=lines(
            t.gettext("<b>How the bot is</b>"),
            t.gettext("Messages to read: {queue}", queue=_queue(house.inbox, reader)),
            t.gettext("Alarms to send: {queue}", queue=_queue(house.alarms, reader)),
            t.gettext("Answers to send: {queue}", queue=_queue(house.outbox, reader)),
            _dead(house.dead, reader),
            _backup(house.backup_at, reader),
            _log(house, reader),
            _room(house, reader),
            *_crew(house, reader),
            since,
        )
    )


def _queue(queue: Queue, reader: Reader) -> Html:
    t, waited = reader.t, timedelta(seconds=queue.seconds)
    if not queue.waiting:
        return t.gettext("none")
    count = t.number(queue.waiting)
    if waited < _WORTH_A_WORD:
        return Html.escaped(count)
    return t.gettext("{count}, the oldest waits for {time}", count=count, time=t.duration(waited))


def _dead(count: int, reader: Reader) -> Html | None:
    if not count:
        return None
    return reader.t.gettext("⚠️ Could not be handled: {count}, see /deadletters", count=reader.t.number(count))


def _backup(moment: datetime | None, reader: Reader) -> Html:
    if moment is None:
        return reader.t.gettext("⚠️ There is no daily backup yet")
    return reader.t.gettext("Last daily backup: {moment}", moment=_at(moment, reader))


def _log(house: HouseHealth, reader: Reader) -> Html:
    t, entries = reader.t, reader.t.number(house.entries)
    if house.verified_at is None or house.trust is None:
        return t.gettext("Custody log: entries {count}, not checked yet", count=entries)
    return t.gettext(
        "Custody log: entries {count}, checked {moment}: {state}",
        count=entries,
        moment=_at(house.verified_at, reader),
        state=t.gettext(_TRUST[house.trust]),
    )


def _room(house: HouseHealth, reader: Reader) -> Html | None:
    t = reader.t
    if house.free_bytes is None or house.free_percent is None:
        return t.gettext("⚠️ The disk could not be looked at")
    return t.gettext(
        "Free on the disk: {percent} ({size} GB)",
        percent=t.percent(house.free_percent / 100),
        size=t.number(round(house.free_bytes / 1e9, 1)),
    )


def _crew(house: HouseHealth, reader: Reader) -> list[Html]:
    """Who is at work where several may share it, without the names of their machines."""
    crew, t = house.crew, reader.t
    if crew is None or crew.is_alone:
        return []
    web, worker, scheduler = (t.number(crew.count(role)) for role in _SHARED)
    living = t.gettext(
        "Processes: receiving {web}, handling {worker}, sending {scheduler}",
        web=web,
        worker=worker,
        scheduler=scheduler,
    )
    return [living, *(t.gettext(_TROUBLES[trouble]) for trouble in house.troubles)]


def _at(moment: datetime, reader: Reader) -> str:
    return reader.t.datetime(moment, reader.zone, "short")


HEALTH_REPLIES: dict[str, Render] = {"health": _health}
