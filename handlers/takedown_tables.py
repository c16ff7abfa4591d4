"""The takedown ledger and batch lists as tables: one row for a report, in the reader's or the platform's language."""

from collections.abc import Sequence

from bot.i18n import NP_
from bot.model.account import AccountStatus
from bot.model.plain import one_line
from bot.model.takedown import Batch, BatchItem, Takedown
from handlers.cards import words
from handlers.cards.card import Reader
from handlers.cards.takedown_names import TAKEDOWN_CHANNELS, TAKEDOWN_STATUSES, WHYS

_LEDGER = {
    "record": NP_("plain", "Report"),
    "platform": NP_("plain", "Platform"),
    "link": NP_("plain", "Link"),
    "account": NP_("plain", "Account"),
    "status": NP_("plain", "Status"),
    "channel": NP_("plain", "Channel"),
    "ticket": NP_("plain", "Ticket"),
    "sent": NP_("plain", "Sent"),
    "answered": NP_("plain", "Answered"),
    "ended": NP_("plain", "Ended"),
    "days": NP_("plain", "Days"),
    "recheck": NP_("plain", "Look again"),
    "why": NP_("plain", "What is fake"),
    "evidence": NP_("plain", "Evidence"),
    "answer": NP_("plain", "Answer"),
    "note": NP_("plain", "Note"),
    "who": NP_("plain", "Recorded by"),
}
_BATCH = {
    "number": NP_("plain", "No."),
    "link": NP_("plain", "Link"),
    "handle": NP_("plain", "Handle"),
    "id": NP_("plain", "Account id"),
    "names": NP_("plain", "Names shown"),
    "why": NP_("plain", "What is fake"),
    "details": NP_("plain", "Details"),
    "evidence": NP_("plain", "Evidence"),
}


def ledger_heads(reader: Reader) -> list[str]:
    """The names of the ledger's columns."""
    return [reader.t.plain.pgettext("plain", name) for name in _LEDGER.values()]


def ledger_row(found: Takedown, reader: Reader) -> list[str | int]:
    """A report's cells, in the order of the heads."""
    t = reader.t.plain
    days = found.days(reader.now or found.recorded_at)

    def day(name: str) -> str:
        moment = getattr(found, name)
        return moment.astimezone(reader.zone).strftime("%Y-%m-%d") if moment is not None else ""

    cells: dict[str, str | int] = {
        "record": found.label,
        "platform": words.platform(found.platform),
        "link": found.target,
        "account": words.account_name(found.account) if found.account else "",
        "status": t.gettext(TAKEDOWN_STATUSES[found.status.value]),
        "channel": t.gettext(TAKEDOWN_CHANNELS[found.channel]) if found.channel in TAKEDOWN_CHANNELS else found.channel,
        "ticket": found.ticket or "",
        "sent": day("sent_at"),
        "answered": day("answered_at"),
        "ended": day("closed_at"),
        "days": int(days) if days is not None else "",
        "recheck": day("recheck_at"),
        "why": _whys(found.why, reader),
        "evidence": ", ".join(found.evidence),
        "answer": found.answer or "",
        "note": found.note,
        "who": found.reporter or "",
    }
    return [cells[name] for name in _LEDGER]


def _whys(codes: Sequence[str], reader: Reader) -> str:
    t = reader.t.plain
    return ", ".join(t.gettext(WHYS[code]) for code in codes if code in WHYS)


def batch_heads(reader: Reader) -> list[str]:
    """The names of a batch list's columns."""
    return [reader.t.plain.pgettext("plain", name) for name in _BATCH.values()]


def batch_row(number: int, item: BatchItem, reader: Reader) -> list[str | int]:
    """A line for a platform: the link, what the account shows of itself, and codes put into words.

    Nothing that a member wrote is in it: no note, no reason, no farm, nobody's name.
    """
    found, account = item.takedown, item.account
    cells: dict[str, str | int] = {
        "number": number,
        "link": found.target,
        "handle": (account.handle or "") if account is not None else "",
        "id": (account.numeric_id or "") if account is not None else "",
        "names": ", ".join(account.names) if account is not None else "",
        "why": _whys(found.why, reader),
        "details": _details(item, reader),
        "evidence": ", ".join(found.evidence),
    }
    return [cells[name] for name in _BATCH]


def _details(item: BatchItem, reader: Reader) -> str:
    t, facts, said = reader.t.plain, item.facts, []
    if item.account is not None and item.account.status is AccountStatus.CONFIRMED:
        said.append(t.gettext("confirmed by two people"))
    if facts.photo_accounts:
        count = facts.photo_accounts
        said.append(
            t.ngettext(
                "the same picture at {count} other account",
                "the same picture at {count} other accounts",
                count,
                count=count,
            )
        )
    if facts.copies > 1 and facts.copy_accounts > 1:
        count = facts.copy_accounts
        said.append(
            t.ngettext(
                "near-identical comments of {count} account: {times} in all",
                "near-identical comments of {count} accounts: {times} in all",
                count,
                count=count,
                times=facts.copies,
            )
        )
    return "; ".join(said)


def batch_text(batch: Batch, reader: Reader) -> bytes:
    """The list as plain text, for a letter: a number, the link, what is fake, the references."""
    t = reader.t.plain
    platform = words.platform(batch.platform)
    head = t.ngettext(
        "{platform}: {count} fake account or post",
        "{platform}: {count} fake accounts and posts",
        len(batch.items),
        platform=platform,
        count=len(batch.items),
    )
    told = [head, ""]
    for number, item in enumerate(batch.items, start=1):
        facts = "; ".join(part for part in (_whys(item.takedown.why, reader), _details(item, reader)) if part)
        names = ", ".join(item.account.names[:3]) if item.account is not None else ""
        told.append(one_line(f"{number}. {item.takedown.target}" + (f" ({names})" if names else "")))
        told += [one_line(f"   {facts}")] if facts else []
        references = ", ".join(item.takedown.evidence)
        told += ["   " + t.gettext("Evidence: {labels}", labels=one_line(references))] if references else []
    return ("\n".join(told) + "\n").encode("utf-8", "replace")
