"""Public notes about confirmed fakes: taken by a member word for word, and corrected when the account is cleared."""

from dataclasses import asdict
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.account import AccountStatus
from bot.model.newsroom import Member
from bot.model.public_label import LABEL_LANGUAGES, LabelGround, PublicLabel
from bot.model.rights import Right
from bot.model.takedown import Facts
from bot.services import notices
from bot.services.account_confirming import CONFIRMATIONS
from bot.services.account_facts import facts_of
from bot.services.stage import Stage
from bot.services.takedown_watch import whom
from bot.storage import accounts, history, outbox, public_labels
from bot.storage.store import Store

_AT_A_TIME: Final = 100


class PublicLabels:
    """The notes of one newsroom. Raises Refusal for what there is not, and for accounts that are not confirmed."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def ground(self, member: Member, account_id: int) -> LabelGround:
        """What a note about an account may say. Of a cleared one only what was said before, to be corrected.

        Raises Refusal("label_not_confirmed") for any other account.
        """
        async with self._store.read() as conn:
            account = await accounts.get(conn, member.newsroom_id, account_id)
            if account is None:
                raise Refusal("account_unknown")
            taken = await public_labels.of_account(conn, member.newsroom_id, account_id)
            is_corrected = account.status is AccountStatus.CLEARED and bool(taken)
            if not is_corrected and not await _may_be_said(conn, member.newsroom_id, account_id):
                raise Refusal("label_not_confirmed")
            return LabelGround(
                account=account,
                confirmed_at=await public_labels.confirmed_at(conn, member.newsroom_id, account_id),
                facts=(await facts_of(conn, member.newsroom_id, [account]))[account_id],
                taken=tuple(taken),
            )

    async def take(self, stage: Stage, member: Member, account_id: int, language: str, text: str, facts: Facts) -> None:
        """Keep that a member took a note, word for word, and on what it stands; the account is looked at once more."""
        if language not in LABEL_LANGUAGES:
            raise Refusal("button_not_yours")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await accounts.lock(conn, account_id)
            if not await _may_be_said(conn, member.newsroom_id, account_id):
                await outbox.put(conn, [notices.reply(member, "label_not_confirmed")], now)
                return
            told = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(facts).items()}
            label_id = await public_labels.add(
                conn, member.newsroom_id, account_id, language, text, told, member.id, now
            )
            subject, event = ("account", account_id), "label_taken"
            await history.note(
                conn, member.newsroom_id, member.id, subject, event, now, language=language, label=label_id
            )
            await outbox.put(conn, [notices.reply(member, "label", label=label_id)], now)

        stage.stage_once(act)

    async def one(self, member: Member, label_id: int) -> PublicLabel:
        """A note that was taken. Raises Refusal."""
        async with self._store.read() as conn:
            found = await public_labels.get(conn, member.newsroom_id, label_id)
        if found is None:
            raise Refusal("label_unknown")
        return found

    async def of_account(self, member: Member, account_id: int) -> list[PublicLabel]:
        """The notes about an account, the newest first, for whoever may publish them."""
        if not member.may(Right.PUBLISH_LABEL):
            return []
        async with self._store.read() as conn:
            return await public_labels.of_account(conn, member.newsroom_id, account_id)

    async def correct(self) -> int:
        """Tell whoever took a note about an account that was cleared since, once, with the text of a correction."""
        async with self._store.read() as conn:
            if not await public_labels.to_correct(conn, 1):
                return 0
        async with self._store.write() as conn:
            now, told = self._clock(), 0
            for newsroom_id, each in await public_labels.to_correct(conn, _AT_A_TIME):
                if not await public_labels.set_corrected(conn, each.id, now):
                    continue
                people = await whom(conn, newsroom_id, each.member_id, Right.PUBLISH_LABEL)
                said = [notices.reply(member, "label_correction", label=each.id) for member in people]
                await outbox.put(conn, said, now)
                subject = ("account", each.account_id)
                await history.note(conn, newsroom_id, None, subject, "label_corrected", now, label=each.id)
                told += 1
        return told


async def _may_be_said(conn: AsyncConnection, newsroom_id: int, account_id: int) -> bool:
    """Confirmed now, by the word of two different people; one that its platform removed has nothing to stand under."""
    account = await accounts.get(conn, newsroom_id, account_id)
    if account is None or account.status is not AccountStatus.CONFIRMED:
        return False
    return await public_labels.confirmers(conn, newsroom_id, account_id) >= CONFIRMATIONS
