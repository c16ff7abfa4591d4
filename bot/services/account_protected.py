"""An account that bears the name of somebody under protection, or of a public figure: nobody lists it alone.

It may be a fake that pretends to be them, or their own: a second person says which, before it stands anywhere.
"""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountEntry, account_label
from bot.model.newsroom import MemberStatus
from bot.model.rights import Right
from bot.services import notices
from bot.storage import account_records, account_reports, history, members, outbox, staff
from bot.storage.accounts import Listing
from detection.accounts.name_index import NameIndex
from detection.thresholds import IMPERSONATION_LIKENESS


class ProtectedNames:
    """The names of whom nobody lists alone."""

    def __init__(self, names: list[tuple[str, bool]]) -> None:
        # A first name alone fits thousands.
        self._names = [(name, is_outlet) for name, is_outlet in names if is_outlet or len(name.split()) > 1]
        self._people, self._outlets = NameIndex(), NameIndex()
        for number, (name, is_outlet) in enumerate(self._names):
            (self._outlets if is_outlet else self._people).put(number, [name])

    @classmethod
    async def read(cls, conn: AsyncConnection, newsroom_id: int) -> "ProtectedNames":
        """Those of a newsroom."""
        return cls(await staff.protected_names(conn, newsroom_id))

    def of(self, entry: AccountEntry) -> str | None:
        """Whose name an account bears."""
        if not self._names:
            return None
        called = [(name, index) for name in entry.names for index in (self._people, self._outlets)]
        called += [(entry.handle, self._outlets)] if entry.handle else []
        hits = [hit for name, index in called for hit in index.search(name) if hit.score >= IMPERSONATION_LIKENESS]
        return self._names[max(hits, key=lambda hit: hit.score).ref][0] if hits else None


async def keep_back(conn: AsyncConnection, listing: Listing, account_id: int, entry: AccountEntry, name: str) -> bool:
    """Keep an account off the list while one person alone reports it; editors are asked once. False: others do too."""
    newsroom_id = listing.newsroom_id
    heard = {each.member_id for each in await account_reports.heard(conn, newsroom_id, [account_id])}
    if heard != {listing.member_id}:
        return False
    await account_records.set_details(conn, newsroom_id, account_id, {"withdrawn_at": listing.at})
    subject = ("account", account_id)
    if any(event == "kept_back" for event, _, _ in await history.of(conn, newsroom_id, subject)):
        return True
    await history.note(conn, newsroom_id, listing.member_id, subject, "kept_back", listing.at, name=name)
    label = account_label(entry.platform, entry.handle, entry.numeric_id, entry.names)
    told = {"account": account_id, "label": label, "name": name, "who": listing.lister}
    people = await members.all_of(conn, newsroom_id, MemberStatus.ACTIVE)
    asked = [each for each in people if each.may(Right.DECIDE_ACCOUNT) and each.id != listing.member_id]
    said = [notices.reply(each, "account_protected_ask", **told) for each in asked]
    await outbox.put(conn, said, listing.at)
    return True


def kept_back(entry: AccountEntry, name: str) -> dict[str, str]:
    """What whoever reported it is told."""
    label = account_label(entry.platform, entry.handle, entry.numeric_id, entry.names)
    return {"label": label, "name": name}
