"""Which cases, messages and threats an order of evidence comes to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refusal
from bot.model.evidence import EvidenceOrder
from bot.storage import evidence, newsrooms

#: Cases in one export, until the newsroom sets `export_cases`.
EXPORT_CASES: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """What is handed over: cases `whole`; of those in `copies` only the messages (part ids) that repeat a threat.

    `threats` are the ids of the records that are told of.
    """

    whole: Sequence[int]
    threats: Sequence[int]
    copies: dict[int, frozenset[int]] = field(default_factory=dict)

    @property
    def cases(self) -> list[int]:
        """All submissions of it."""
        return [*self.whole, *self.copies]


async def choice_of(conn: AsyncConnection, newsroom_id: int, order: EvidenceOrder) -> Choice:
    """What an order comes to. Raises Refusal for a number that there is not, and for more than the newsroom allows.

    A threat brings the case in which it was seen first, whole, and of other cases its copies.
    """
    named = await evidence.numbered_threats(conn, newsroom_id, order.threats)
    cases = await evidence.cases_of_numbers(conn, newsroom_id, order.cases)
    _all_there("T", order.threats, named)
    _all_there("K", order.cases, cases)
    rows = await evidence.threat_rows(conn, newsroom_id, list(named.values()))
    whole = list(dict.fromkeys([*(row["submission_id"] for row in rows), *cases.values()]))
    copies: dict[int, frozenset[int]] = {}
    for seen in await evidence.sighting_rows(conn, newsroom_id, list(named.values())):
        case = seen["submission_id"]
        if case not in whole:
            copies[case] = copies.get(case, frozenset()) | {seen["part_id"]}
    await _within_limit(conn, newsroom_id, len(whole) + len(copies))
    told = dict.fromkeys([*named.values(), *await evidence.threats_in(conn, newsroom_id, whole)])
    return Choice(whole=whole, copies=copies, threats=list(told))


def _all_there(letter: str, wanted: Sequence[int], found: dict[int, int]) -> None:
    lost = next((number for number in wanted if number not in found), None)
    if lost is not None:
        raise Refusal("export_unknown", label=f"{letter}-{lost}")


async def _within_limit(conn: AsyncConnection, newsroom_id: int, count: int) -> None:
    most = int(await newsrooms.limit(conn, newsroom_id, "export_cases", EXPORT_CASES))
    if count > most:
        raise Refusal("export_too_many", count=count, most=most)
