"""What is stored about a member, as they are shown it and no other person is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.model.newsroom import Member


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnCase:
    """A case that the member sent: its label, when, and the texts of its messages."""

    label: str
    opened_at: datetime
    texts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnData:
    """All of it. `rows` says how many rows of each table name the member ("rulings.member_id": 12)."""

    member: Member
    number: int
    invited_by: str | None
    has_second_factor: bool
    duty_place: int | None
    quiet_hours: tuple[int, int] | None
    queries: tuple[str, ...]
    cases: tuple[OwnCase, ...]
    rulings: tuple[tuple[str, str, str, datetime], ...]
    reports: tuple[tuple[str, str, datetime], ...]
    #: Messages as Telegram gave them, which are kept for some days.
    updates: int
    #: Messages of the bot in this chat that are still to be deleted.
    messages: int
    rows: dict[str, int]

    def as_object(self) -> dict[str, Any]:
        """The same as plain values, for a file."""
        me = self.member
        return {
            "name": me.name,
            "telegram_id": me.telegram_id,
            "number": self.number,
            "roles": sorted(role.value for role in me.roles),
            "status": me.status.value,
            "member_since": me.joined_at.isoformat(),
            "invited_by": self.invited_by,
            "language": me.language,
            "sweep_hours": me.sweep_hours,
            "second_factor": self.has_second_factor,
            "duty_place": self.duty_place,
            "quiet_hours": list(self.quiet_hours) if self.quiet_hours else None,
            "saved_queries": list(self.queries),
            "cases": [
                {"case": each.label, "opened_at": each.opened_at.isoformat(), "texts": list(each.texts)}
                for each in self.cases
            ],
            "rulings": [
                {"about": about, "kind": kind, "ruling": value, "at": at.isoformat()}
                for about, kind, value, at in self.rulings
            ],
            "reports_of_accounts": [
                {"account": account, "source": source, "at": at.isoformat()} for account, source, at in self.reports
            ],
            "messages_as_telegram_gave_them": self.updates,
            "messages_in_this_chat": self.messages,
            "rows_that_name_you": dict(sorted(self.rows.items())),
        }
