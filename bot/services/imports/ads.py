"""Imports ads as they were sighted in a platform's library; twice the same file changes nothing."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refusal
from bot.model.post import AdEntry
from bot.services.batchfiles.rows import Row
from bot.services.checks.lines import clean, platform_named
from bot.services.imports.named_columns import NamedColumns, squeezed
from bot.services.imports.posts import open_run
from bot.services.imports.report_words import count, money, yes_no
from bot.services.imports.room import ImportRoom, Tally, Watch
from bot.services.imports.times import DateOrder, posted_at
from bot.storage import ads

AD_NAMES: Final[Mapping[str, str]] = {
    "advertiser": "advertiser pagename page payer sponsor рекламодатель страница заказчик жарнакберүүчү",
    "platform": "platform network publisherplatform платформа сеть соцсеть тармак",
    "count": "count ads number adscount количество число объявлений саны",
    "spend": "spend cost amount spent расход расходы потрачено сумма чыгым сумма",
    "spend_most": "spendmost spendmax maxspend upperbound расходдо суммадо чыгымчейин",
    "currency": "currency валюта",
    "disclaimer": "disclaimer paidforby fundingentity bylines оплачено ктооплатил маркировка төлөгөн белги",
    "first": "first start startdate from начало с датаначала башталышы",
    "last": "last end enddate to stop конец по датаокончания аягы",
    "period": "period dates период даты мезгил",
    "link": "link url adurl ссылка шилтеме",
    "id": "id adid libraryid ид idобъявления",
}
_REQUIRED: Final = (("advertiser",), ("first", "period"))
_RANGE: Final = re.compile(r"(.*\d.*?)\s*(?:\.\.|–|—|-|до|чейин)\s*(\d.*)")
_DAY: Final = r"\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}\.\d{4}"
_PERIOD: Final = re.compile(rf"({_DAY})\s*(?:\.\.\.?|–|—|…|\s-\s|/)\s*({_DAY})")
_CURRENCIES: Final = {"$": "USD", "€": "EUR", "₽": "RUB", "сом": "KGS", "som": "KGS", "руб": "RUB", "с": "KGS"}


async def import_ads(
    room: ImportRoom,
    path: Path,
    watch: Watch,
    columns: Mapping[str, str] | None = None,
    platform: str | None = None,
    order: DateOrder | None = None,
) -> Tally:
    """Take in the ads of a CSV, JSONL or XLSX file. Raises Refusal when it cannot be read at all."""
    naming = NamedColumns(AD_NAMES, _REQUIRED, columns)
    run = await open_run(room, path, "ads", f"{naming.identity} {platform} {order}", watch)

    async def store(conn: AsyncConnection, rows: Sequence[Row]) -> None:
        entries: dict[str, AdEntry] = {}
        for row in rows:
            try:
                entry = read_ad(row, platform, order)
            except Refusal as refusal:
                run.refuse(row, refusal)
                continue
            run.tally.same += entry.source in entries
            entries[entry.source] = entry
        known = await ads.with_sources(conn, room.newsroom_id, entries)
        new = [entry for source, entry in entries.items() if source not in known]
        file_id = await run.file_id(conn)
        await ads.add(conn, room.newsroom_id, new, run.tally.batch, room.clock(), file_id)
        run.tally.added += len(new)
        again = [(ad_id, entries[source]) for source, ad_id in known.items()]
        for is_news in await ads.renew(conn, room.newsroom_id, again, file_id, room.clock()):
            run.tally.count("changed" if is_news else "same")

    return await run.take(path, naming, store)


def read_ad(row: Row, platform: str | None = None, order: DateOrder | None = None) -> AdEntry:
    """The ads of a row. Raises Refusal with the code of what is wrong."""
    if row.values is None:
        raise Refusal(row.error or "not_an_object")
    values = {key: _text(value, key) for key, value in row.values.items()}
    advertiser = values.get("advertiser", "")
    if not advertiser:
        raise Refusal("advertiser_missing")
    first, last = _days(values, order)
    least, most, currency = _spend(values)
    disclaimer = values.get("disclaimer", "")
    said = yes_no(disclaimer) if disclaimer else None
    named = platform_named(values.get("platform") or platform or "facebook")
    if named is None:
        raise Refusal("platform_unknown", platform=values.get("platform", "")[:40])
    return AdEntry(
        source=_source(values, (named, advertiser, first)),
        advertiser=advertiser[:200],
        platform=named,
        first_day=first,
        last_day=last,
        count=count(values["count"], "count") if values.get("count") else 1,
        spend_least=least,
        spend_most=most,
        currency=currency,
        disclaimer="" if said is not None else disclaimer[:500],
        is_disclosed=said if said is not None else (True if disclaimer else None),
        link=values.get("link", "")[:1000],
    )


def _text(value: Any, key: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refusal("cell_wrong", column=key)
    return clean(str(value)).strip()


def _days(values: Mapping[str, str], order: DateOrder | None) -> tuple[date, date]:
    first, last = values.get("first", ""), values.get("last", "")
    if not first:
        found = _PERIOD.fullmatch(values.get("period", ""))
        if found is None:
            raise Refusal("period_wrong")
        first, last = found.groups()
    days = [posted_at(word, order).date() for word in (first, last or first)]
    if days[1] < days[0]:
        raise Refusal("period_wrong")
    return days[0], days[1]


def _spend(values: Mapping[str, str]) -> tuple[int | None, int | None, str]:
    """The ends of what was spent, in hundredths, and the currency; a library's range, or one figure for both."""
    said, most = values.get("spend", ""), values.get("spend_most", "")
    currency = _currency(values.get("currency", ""), said)
    if not said:
        return None, None, currency
    found = _RANGE.fullmatch(said) if not most else None
    ends = found.groups() if found is not None else (said, most or said)
    amounts = [money(_bare(end)) for end in ends]
    if amounts[1] < amounts[0]:
        raise Refusal("spend_wrong")
    return amounts[0], amounts[1], currency


def _bare(amount: str) -> str:
    return re.sub(r"[^\d.,\s]", "", amount).strip(" .,")


def _currency(word: str, spend: str) -> str:
    if not word:
        return next((code for sign, code in _CURRENCIES.items() if sign in spend.lower()), "")
    name = squeezed(word) if any(map(str.isalnum, word)) else word.strip()
    code = _CURRENCIES.get(name, name.upper())
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise Refusal("currency_unknown", word=word[:10])
    return code


def _source(values: Mapping[str, str], said: tuple[str, str, date]) -> str:
    if given := values.get("id"):
        return f"id:{said[0]}:{given}"[:600]
    if link := values.get("link"):
        return f"link:{link}"[:600]
    told = "\0".join([said[0], squeezed(said[1]), said[2].isoformat()])
    return f"sha256:{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()}"
