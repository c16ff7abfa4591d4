"""The outbox rows that use cases leave behind: codes and numbers for the front desk to put into words."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.model.digest import DigestChat
from bot.model.newsroom import Member
from bot.model.outbox import Kind, Outgoing, Priority


def submission_card(member: Member, submission_id: int) -> Outgoing:
    """The reporter's card of a submission: sent once, then edited in place."""
    return _to(member, Kind.SUBMISSION, {"submission": submission_id}, f"card:{submission_id}", Priority.CARD)


def case_copy(member: Member, submission_id: int, message_id: int | None = None) -> Outgoing:
    """A case shown on request; with `message_id` that message is edited instead."""
    return _to(member, Kind.SUBMISSION, {"submission": submission_id, "copy": True, "edit": message_id})


def reaction(member: Member, submission_id: int, chat_id: int, message_id: int) -> Outgoing:
    """The acknowledgement on the first message: seen, then filed."""
    body = {"submission": submission_id, "message": message_id}
    return replace(_to(member, Kind.REACTION, body, f"react:{submission_id}"), chat_id=chat_id)


def reply(member: Member, code: str, /, **values: Any) -> Outgoing:
    """A sentence or a list for one member; `code` names the card."""
    return _to(member, Kind.REPLY, {"code": code, "values": values})


def keyed_reply(member: Member, key: str, code: str, /, **values: Any) -> Outgoing:
    """A sentence that is not said twice while it waits, and that can be found by its key."""
    return _to(member, Kind.REPLY, {"code": code, "values": values}, key)


def edited_reply(member: Member, message_id: int, code: str, /, **values: Any) -> Outgoing:
    """A reply that takes the place of a message already there."""
    return _to(member, Kind.REPLY, {"code": code, "values": values, "edit": message_id})


def answer(member: Member, callback_id: str, code: str | None = None, /, **values: Any) -> Outgoing:
    """The answer to a press: a short line over the chat, or nothing visible."""
    return _to(member, Kind.ANSWER, {"callback": callback_id, "code": code, "values": values})


def menu(member: Member) -> Outgoing:
    """Set the command menu of a member anew, after a change of roles or language."""
    return _to(member, Kind.MENU, {}, f"menu:{member.id}")


def clear_menu(member: Member) -> Outgoing:
    """Take the command menu away from somebody who is no member any longer."""
    return replace(_to(member, Kind.CLEAR_MENU, {}), member_id=None)


def photos(member: Member, submission_id: int) -> Outgoing:
    """The pictures of a case beside those that they match, behind spoilers."""
    return _to(member, Kind.PHOTOS, {"submission": submission_id})


def photo_pair(
    member: Member, submission_id: int, place: int, photo_id: int, message_id: int | None = None
) -> Outgoing:
    """A picture of a case (its part number `place`) beside a stored one; with `message_id` the words under it anew."""
    body = {"submission": submission_id, "place": place, "photo": photo_id, "edit": message_id}
    return _to(member, Kind.PHOTO_PAIR, body)


def looked_up_pair(member: Member, file_id: str, sha256: str, found: Any) -> Outgoing:
    """A picture that was only looked up, and that Telegram still holds, beside a stored one that was `found`."""
    return _to(member, Kind.PHOTO_PAIR, {"file": file_id, "sha256": sha256, "found": found})


def difference(member: Member, listed: str, subject: int, page: int, comment: int) -> Outgoing:
    """A picture of how a comment differs from the text that it copies; it stands on a page of copies.

    `listed` says what the pages are of: "case" (`subject` is its submission), "campaign" (its number) or "found" (the
    key of the text that was looked up).
    """
    return _to(member, Kind.DIFFERENCE, {"listed": listed, "subject": subject, "page": page, "comment": comment})


def evidence(member: Member, order: Any, bag: str) -> Outgoing:
    """Evidence that was ordered: made when it is sent, and sent as a file; `bag` is the name by which it is kept."""
    return _to(member, Kind.EVIDENCE, {"order": order, "bag": bag}, priority=Priority.CARD)


def alarm(member: Member, alarm_id: int) -> Outgoing:
    """An alarm that calls: a loud message of its own, before all else that waits."""
    return _to(member, Kind.ALARM, {"alarm": alarm_id, "ring": True}, f"ring:{alarm_id}:{member.id}", Priority.ALARM)


def alarm_edit(member: Member, alarm_id: int, priority: Priority = Priority.CARD) -> Outgoing:
    """The message of an alarm brought up to date where it stands: it makes no sound."""
    return _to(member, Kind.ALARM, {"alarm": alarm_id, "ring": False}, f"alarm:{alarm_id}:{member.id}", priority)


def table(member: Member, query_id: int, form: str) -> Outgoing:
    """All that answers a query of the threat log as a file: "picture", "csv" or "xlsx"."""
    return _to(member, Kind.TABLE, {"query": query_id, "form": form})


def sealed_text(member: Member, threat_id: int) -> Outgoing:
    """The age files in which the words of a threat and of its copies are sealed."""
    return _to(member, Kind.TABLE, {"sealed": threat_id, "form": "age"})


def takedown_file(member: Member, query_id: int, form: str) -> Outgoing:
    """All that answers a query of the takedown ledger as a file: "csv" or "xlsx"."""
    return _to(member, Kind.TABLE, {"takedowns": query_id, "form": form})


def takedown_batch_file(member: Member, batch_id: int, form: str) -> Outgoing:
    """A batch list for a platform's trust team as a file: "csv", "xlsx" or "txt"."""
    return _to(member, Kind.TABLE, {"batch": batch_id, "form": form})


def report_file(member: Member, order_id: int, form: str) -> Outgoing:
    """A report over a period as files: "pdf", "xlsx" or "charts"."""
    return _to(member, Kind.TABLE, {"report": order_id, "form": form})


def account_table(member: Member, share_id: int, form: str) -> Outgoing:
    """An export of accounts that was noted, as a file: "csv", "xlsx" or "jsonl"."""
    return _to(member, Kind.TABLE, {"share": share_id, "form": form})


def farm_file(member: Member, number: int | None, form: str) -> Outgoing:
    """A farm, or all of them, as a file: "network", "week", "sides", "graphml", "gexf", "csv" or "xlsx"."""
    return _to(member, Kind.FARM, {"number": number, "form": form})


def spike(member: Member, spike_id: int, alert: int) -> Outgoing:
    """Editors are told of a spike, the first time or once more: a message of its own with a small chart."""
    key = f"spike:{spike_id}:{alert}:{member.id}"
    return _to(member, Kind.SPIKE, {"spike": spike_id, "alert": alert}, key, Priority.ANSWER)


def spike_edit(member: Member, spike_id: int, message_id: int | None) -> Outgoing:
    """A spike shown on request; with `message_id` that message is brought up to date."""
    return _to(member, Kind.SPIKE, {"spike": spike_id, "edit": message_id})


def quiet(member: Member, code: str, /, **values: Any) -> Outgoing:
    """A sentence of which nothing stays here once it was sent: not even that it was said."""
    return _to(member, Kind.QUIET, {"code": code, "values": values})


def fleeting(member: Member, code: str, /, **values: Any) -> Outgoing:
    """A sentence that is deleted again after some minutes."""
    return _to(member, Kind.REPLY, {"code": code, "values": values, "fleeting": True})


def digest(chat: DigestChat, digest_id: int, part: str, *, page: int = 0, message_id: int | None = None) -> Outgoing:
    """A part of a digest for its chat: "text" or "pictures"; with `message_id` that message shows another page."""
    body = {"digest": digest_id, "part": part, "page": page, "edit": message_id, "topic": chat.place.topic_id}
    return Outgoing(
        kind=Kind.DIGEST,
        chat_id=chat.place.chat_id,
        newsroom_id=chat.newsroom_id,
        priority=Priority.DIGEST if message_id is None else Priority.ANSWER,
        member_id=chat.member_id,
        key=f"digest:{digest_id}:{part}" if message_id is None else None,
        body=body,
    )


def digest_instead(member: Member, digest_id: int, part: str) -> Outgoing:
    """A part of a digest for an editor's own chat, because the group that it was made for cannot have it."""
    body = {"digest": digest_id, "part": part, "page": 0, "edit": None, "topic": None}
    return _to(member, Kind.DIGEST, body, f"digest:{digest_id}:{part}:{member.id}", Priority.DIGEST)


def deletion(newsroom_id: int, chat_id: int, messages: Sequence[int], priority: Priority = Priority.SWEEP) -> Outgoing:
    """Messages of a chat to be taken away, at most DELETED_AT_ONCE."""
    body = {"messages": list(messages)}
    return Outgoing(kind=Kind.DELETE, chat_id=chat_id, newsroom_id=newsroom_id, priority=priority, body=body)


def digest_file(member: Member, digest_id: int, form: str) -> Outgoing:
    """A digest as a file for whoever asked for it: "xlsx" or "pdf"."""
    return _to(member, Kind.DIGEST, {"digest": digest_id, "part": form})


def _to(
    member: Member, kind: Kind, body: dict[str, Any], key: str | None = None, priority: Priority = Priority.ANSWER
) -> Outgoing:
    return Outgoing(
        kind=kind,
        chat_id=member.telegram_id,
        newsroom_id=member.newsroom_id,
        priority=priority,
        member_id=member.id,
        key=key,
        body=body,
    )
