"""Replies about copies, campaigns and the never-match list: asks the services, and leaves the words to the cards."""

from datetime import datetime

from bot.model.rights import Right
from handlers.cards.campaign_edits import merge_question, merged_card, split_card, text_choice
from handlers.cards.campaign_list import campaign_list
from handlers.cards.campaigns import campaign_card
from handlers.cards.card import Card, Reader, clipped, lines, spoiler
from handlers.cards.copies import Listed, copy_page
from handlers.cards.render import Render, Values
from handlers.cards.stock_phrases import phrase_list
from handlers.desk import FrontDesk

_TEXT = 300


async def _copies(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    submission = int(v["submission"])
    case = await desk.cases.see(reader.member, submission)
    page = await desk.copies.of_case(reader.member, submission, int(v.get("page", 0)))
    listed = Listed(
        turn="copies",
        differ="diff",
        subject=submission,
        may_reject=case.reporter_id == reader.member.id or reader.member.may(Right.REJECT_COPY),
        may_ignore=reader.member.may(Right.NEVER_MATCH),
    )
    return copy_page(page, reader, listed, desk.differences.compact)


async def _find(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    found = await desk.copies.of_text(reader.member, str(v["text"]))
    listed = Listed(turn="found", differ="fdiff", subject=found.text_key, is_stock=found.is_stock)
    return copy_page(found.page, reader, listed, desk.differences.compact)


async def _found(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    found = await desk.copies.of_key(reader.member, int(v["key"]), int(v["page"]))
    listed = Listed(turn="found", differ="fdiff", subject=found.text_key, is_stock=found.is_stock)
    return copy_page(found.page, reader, listed, desk.differences.compact)


async def _campaign_copies(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    number = int(v["number"])
    page = await desk.copies.of_campaign(reader.member, number, int(v["page"]))
    return copy_page(page, reader, Listed(turn="ccopies", differ="cdiff", subject=number), desk.differences.compact)


async def _campaign(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    number = int(v["number"])
    view = await desk.campaigns.view(reader.member, number)
    is_editor = reader.member.may(Right.EDIT_CAMPAIGNS)
    candidates = await desk.campaigns.candidates(reader.member, number) if is_editor else []
    return campaign_card(view, candidates, reader, number)


async def _campaigns(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    since = datetime.fromisoformat(v["since"]) if v.get("since") else None
    target, page = str(v.get("target") or ""), int(v.get("page", 0))
    rows = await desk.campaigns.lines(reader.member, since=since, target=target or None, page=page)
    return campaign_list(rows, reader, since=since, target=target, page=page)


async def _merge(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    one = await desk.campaigns.view(reader.member, int(v["number"]))
    other = await desk.campaigns.view(reader.member, int(v["other"]))
    return merge_question(one, other, reader)


async def _texts(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    number, page = int(v["number"]), int(v["page"])
    texts = await desk.campaigns.texts(reader.member, number, page)
    return text_choice(number, texts, page, str(v["purpose"]), reader)


async def _merged(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    text = int(v["text"]) if v.get("text") is not None else None
    return merged_card(f"C-{v['campaign']}", f"C-{v['other']}", text, reader)


async def _split(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return split_card(f"C-{v['campaign']}", f"C-{v['other']}", int(v["texts"] or 0), reader)


async def _phrases(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return phrase_list(await desk.stock_phrases.lines(reader.member), reader, int(v.get("page", 0)))


async def _phrase_added(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    return Card(
        text=lines(
            t.gettext("On the never-match list now: it counts as nobody's copy."),
            spoiler(clipped(str(v["text"]), _TEXT)),
            t.gettext("/phrases shows the list and takes texts off it."),
        )
    )


async def _phrase_there(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    said = reader.t.gettext("This is on the never-match list already. /phrases shows the list.")
    return Card(text=lines(said, spoiler(clipped(str(v["text"]), _TEXT))))


COPY_REPLIES: dict[str, Render] = {
    "copies": _copies,
    "find": _find,
    "found": _found,
    "campaign_copies": _campaign_copies,
    "campaign": _campaign,
    "campaigns": _campaigns,
    "campaign_merge": _merge,
    "campaign_texts": _texts,
    "campaigns_merged": _merged,
    "campaign_split": _split,
    "stock_phrases": _phrases,
    "stock_phrase_added": _phrase_added,
    "stock_phrase_there": _phrase_there,
}
