"""Sends farms as pictures and files: network, week, sides; GraphML, GEXF, CSV, XLSX; and a work report's picture."""

import asyncio

from telegram import Bot

from bot.errors import Refusal
from bot.model.farm import FarmView, Network
from bot.model.outbox import Outgoing
from handlers.cards import words
from handlers.cards.card import Reader
from handlers.cards.farm_words import farm_name, reason, week_says
from handlers.desk import FrontDesk


class FarmDelivery:
    """Speaks to Telegram about farms. Raises telegram.error.TelegramError."""

    def __init__(self, bot: Bot, desk: FrontDesk) -> None:
        self._bot = bot
        self._desk = desk

    async def send(self, outgoing: Outgoing, reader: Reader) -> str | None:
        """Send what was asked for; the code of what is to be said instead when there is nothing."""
        form = str(outgoing.body["form"])
        number = int(outgoing.body["number"]) if outgoing.body.get("number") is not None else None
        try:
            data = await self._made(reader, number, form)
        except Refusal as refusal:
            return refusal.code
        if data is None:
            return "farm_nothing_to_draw"
        day = self._desk.now().astimezone(reader.zone)
        name = f"{'farms' if number is None else f'farm-{number}'}-{form}-{day:%Y-%m-%d}"
        if form == "workreport":
            await self._bot.send_photo(outgoing.chat_id, data, has_spoiler=True, protect_content=True)
        elif form == "network":
            # As a file: Telegram would shrink a photo, and with it the names.
            await self._bot.send_document(outgoing.chat_id, data, filename=f"{name}.png", protect_content=True)
        elif form in ("week", "sides"):
            await self._bot.send_photo(outgoing.chat_id, data, filename=f"{name}.png", protect_content=True)
        else:
            await self._bot.send_document(outgoing.chat_id, data, filename=f"{name}.{form}", protect_content=True)
        return None

    async def _made(self, reader: Reader, number: int | None, form: str) -> bytes | None:
        match form:
            case "workreport":
                return await self._desk.work_reports.picture(reader.member, number or 0)
            case "network":
                return await self._network(reader, number)
            case "graphml" | "gexf":
                network = await self._desk.farms.network(reader.member, number)
                return await self._desk.charts.graph(network, form) if network.nodes else None
            case "week":
                return await self._week(reader, number or 0)
            case "sides":
                return await self._sides(reader, number or 0)
            case "csv" | "xlsx":
                return await self._table(reader, number or 0, form)
        raise Refusal("button_not_yours")

    async def _network(self, reader: Reader, number: int | None) -> bytes | None:
        network = await self._desk.farms.network(reader.member, number)
        if not network.nodes:
            return None
        t = reader.t.plain
        left_out = self._desk.farms.most_drawn <= len(network.nodes)
        return await self._desk.charts.network(
            network,
            title=t.gettext("Who moves together"),
            groups=await self._groups(reader, network),
            filled=t.gettext("a person's word"),
            hollow=t.gettext("only suggested"),
            left_out=t.gettext("the first {count} accounts", count=t.number(len(network.nodes))) if left_out else "",
        )

    async def _groups(self, reader: Reader, network: Network) -> dict[str, str]:
        named = {each.label: farm_name(each.label, each.name) for each in await self._desk.farms.names(reader.member)}
        return {node.group: named.get(node.group, node.group) for node in network.nodes}

    async def _week(self, reader: Reader, number: int) -> bytes | None:
        view = await self._desk.farms.view(reader.member, number)
        if not view.rhythm.total:
            return None
        t = reader.t.plain
        count = t.ngettext("{count} comment", "{count} comments", view.rhythm.total, count=t.number(view.rhythm.total))
        return await self._desk.charts.week(
            view.rhythm,
            t,
            title=t.gettext("{farm}: the hours of its comments", farm=_named(view)),
            zone=f"{reader.newsroom.zone} · {count}",
            said=week_says(view.rhythm, reader),
        )

    async def _sides(self, reader: Reader, number: int) -> bytes | None:
        weeks = await self._desk.farms.sides(reader.member, number)
        if not weeks:
            return None
        view = await self._desk.farms.view(reader.member, number)
        t = reader.t.plain
        return await self._desk.charts.sides(
            weeks,
            t,
            title=t.gettext("{farm}: whom it praised and attacked", farm=_named(view)),
            praised=t.gettext("praised"),
            attacked=t.gettext("attacked"),
            switches=[
                (each.at.astimezone(reader.zone).date(), t.gettext("{day}: changed sides", day=reader.day(each.at)))
                for each in view.switches
            ],
        )

    async def _table(self, reader: Reader, number: int, form: str) -> bytes | None:
        people = await self._desk.farms.everybody(reader.member, number)
        if not people:
            return None
        t = reader.t.plain
        heads = [
            t.pgettext("column", "Farm"),
            t.pgettext("column", "Account"),
            t.pgettext("column", "Status"),
            t.pgettext("column", "Confidence, %"),
            t.pgettext("column", "Reason"),
            t.pgettext("column", "By"),
            t.pgettext("column", "Date"),
        ]
        rows: list[list[str | int]] = [
            [
                f"F-{number}",
                each.account,
                words.word(reader.t, words.STATUSES, each.status.value),
                each.confidence,
                reason(each, reader.t),
                each.author or t.gettext("an import"),
                f"{each.at.astimezone(reader.zone):%Y-%m-%d}",
            ]
            for each in people
        ]
        tables = self._desk.tables
        return await asyncio.to_thread(tables.csv_file if form == "csv" else tables.xlsx_file, heads, rows)


def _named(view: FarmView) -> str:
    return farm_name(view.line.farm.label, view.line.farm.name)
