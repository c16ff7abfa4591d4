"""Two newsrooms in one database, each with one of everything: what the tests of the wall between them stand on."""

import dataclasses
from array import array
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.access import ActKind
from bot.model.account import AccountEntry, AccountStatus
from bot.model.account_record import FactKind, NewFact
from bot.model.ids import new_id
from bot.model.newsroom import Member, Newsroom
from bot.model.outbox import Kind, Outgoing
from bot.model.photo_owner import OwnerEntry
from bot.model.rights import Role
from bot.model.spike import Makeup, Series, SeriesKind, SpikeStatus
from bot.model.staff import StaffKind
from bot.model.takedown import Aim, TakedownEntry, TakedownStatus
from bot.model.threat import SavedQuery
from bot.model.threat_model import Lesson
from bot.model.tokens import token_hash
from bot.model.verdict import Finding, ThreatFound
from bot.storage import account_files as account_files_room
from bot.storage import account_links as account_links_room
from bot.storage import account_records as account_records_room
from bot.storage import account_reports as account_reports_room
from bot.storage import account_shares as account_shares_room
from bot.storage import (
    accounts,
    cases,
    comments,
    dialogs,
    filing,
    history,
    inbox,
    members,
    outbox,
    photos,
    staff,
    threats,
)
from bot.storage import alarms as alarms_room
from bot.storage import campaign_pictures as campaign_pictures_room
from bot.storage import curators as curators_room
from bot.storage import duty as duty_room
from bot.storage import event_records as event_records_room
from bot.storage import farm_links as farm_links_room
from bot.storage import farms as farms_room
from bot.storage import impersonations as impersonations_room
from bot.storage import incidents as incidents_room
from bot.storage import lockdowns as lockdowns_room
from bot.storage import outreaches as outreaches_room
from bot.storage import pending_acts as pending_acts_room
from bot.storage import photo_owners as photo_owners_room
from bot.storage import photo_rulings as photo_rulings_room
from bot.storage import postings as postings_room
from bot.storage import public_labels as public_labels_room
from bot.storage import restrictions as restrictions_room
from bot.storage import screens as screens_room
from bot.storage import sent_messages as sent_messages_room
from bot.storage import spent_presses as spent_presses_room
from bot.storage import spike_counts as spike_counts_room
from bot.storage import spikes as spikes_room
from bot.storage import step_ups as step_ups_room
from bot.storage import takedown_batches as takedown_batches_room
from bot.storage import takedowns as takedowns_room
from bot.storage import texts as texts_room
from bot.storage import threat_models as threat_models_room
from bot.storage import threat_queries as threat_queries_room
from bot.storage import threat_words as threat_words_room
from bot.storage import vigils as vigils_room
from bot.storage import watch_windows as watch_windows_room
from bot.storage import work_reports as work_reports_room
from bot.storage.filing import BurstRule, NewPart
from bot.storage.screens import NewReading
from bot.storage.spent_presses import Spent
from bot.storage.store import Store
from bot.storage.tables import (
    campaign_parts,
    campaigns,
    campaigns_apart,
    import_runs,
    stock_phrases,
    submissions,
    text_rejections,
    text_stops,
)
from bot.storage.tables import texts as texts_table
from bot.storage.texts import DONE, NewText
from tests.newsroom import make_member, make_newsroom, message
from tests.storage.house_exchange import exchange
from tests.storage.house_rows import LONG_AGO, NAMED, PERSON, digest, ids, leaving, only, report
from tests.storage.house_seals import evidence, seal
from tests.stores import StoppedClock

SHA, HANDLE = "a" * 64, "aibek"
SUBJECT = "5" * 32
ENTRY = AccountEntry(platform="vk", handle=HANDLE, numeric_id="5", names=("Айбек",))
KEYS = accounts.Keys(handle=HANDLE, names={"Айбек": "айбек"})
TARGET, IN_HAND = "account:vk:5", 2
OWNER_KEYS = (f"photo:{SHA}", "name:zhyldyz")
LESSON = Lesson(texts=90, threats=41, gain=0.1, low=0.05, high=0.2, is_used=True, tried_at=LONG_AGO)


@dataclasses.dataclass(frozen=True, kw_only=True)
class House:
    """A newsroom that holds one of everything, with the ids of its rows."""

    newsroom: Newsroom
    member: Member
    submission_id: int
    part_id: int
    message_id: int
    account_id: int
    campaign_id: int
    phrase_id: int
    word_id: int
    threat_id: int
    incident_id: int
    alarm_id: int
    query_id: int
    takedown_id: int
    batch_id: int
    outreach_id: int
    label_id: int
    file_id: int
    source_id: int
    partner_id: int
    sent_id: int
    export_id: int
    share_id: int
    link_id: int
    farm_id: int
    farm_link_id: int
    spike_id: int
    staff_id: int
    run_id: int
    curator_id: int
    tie_id: int
    report_id: int
    post_id: int
    order_id: int
    act_id: int
    chat_row_id: int
    schedule_id: int
    digest_id: int
    ids: frozenset[int]


async def _access(conn: AsyncConnection, newsroom: Newsroom, member: Member, submission_id: int, now: datetime) -> None:
    await step_ups_room.hold(conn, newsroom.id, member.id)
    await step_ups_room.replace_codes(conn, newsroom.id, member.id, ["c" * 64])
    later = now + timedelta(days=1)
    await pending_acts_room.add(conn, newsroom.id, ActKind.UNLOCK, {}, "s", member.id, now, later)
    await lockdowns_room.begin(conn, newsroom.id, member.id, now)
    await vigils_room.opened(conn, newsroom.id, member.id, ("submission", submission_id), now)
    await vigils_room.tell(conn, newsroom.id, member.id, "vigil_bulk", LONG_AGO, now)


async def build(store: Store, clock: StoppedClock) -> House:
    """A newsroom with everything in it; two of them differ in nothing but their ids."""
    newsroom = await make_newsroom(store, clock())
    member = await make_member(store, newsroom, clock(), Role.ADMIN, telegram_id=PERSON)
    incoming = message(member, clock(), message_id=1)
    async with store.write() as conn:
        filed = await _forward(conn, newsroom, member, clock())
        account_id = await _list(conn, newsroom, member, filed, clock())
        campaign_id, phrase_id = await _campaign(conn, newsroom, member, clock())
        await _picture(conn, newsroom, filed, campaign_id, clock())
        await _letters(conn, newsroom, member, clock())
        await evidence(conn, newsroom, SUBJECT, clock())
        await _deeds(conn, newsroom, member, account_id, clock())
        await digest(conn, newsroom, clock())
        await cases.set_card_message(conn, filed.submission_id, incoming.message_id)
        await cases.rely_on(conn, newsroom.id, [(filed.submission_id, account_id)])
        await cases.add_ruling(conn, newsroom.id, filed.submission_id, member.id, "threat", "yes", clock())
        await staff.put(conn, newsroom.id, StaffKind.PERSON, "Айгүл", None, (), clock())
        await _records(conn, newsroom, member, account_id, clock())
        word_id, _ = await threat_words_room.put(conn, newsroom.id, "отхайдар*", "violence", member.id, clock())
        await threat_models_room.put(conn, newsroom.id, LESSON, b"model")
        await history.note(conn, newsroom.id, member.id, ("account", account_id), "added", clock())
        await _access(conn, newsroom, member, filed.submission_id, clock())
        await dialogs.ask(conn, newsroom.id, member.id, "author", {}, clock() + timedelta(days=1))
        await _farm(conn, newsroom, member, account_id, clock())
        await exchange(conn, newsroom, member, clock())
        await _spike(conn, newsroom, member, clock())
        await report(conn, newsroom, member, clock())
        await leaving(conn, newsroom, filed, clock())
        await seal(conn, newsroom, filed.submission_id, SHA, clock())
        await _restricted(conn, newsroom, member, clock())
    return House(
        newsroom=newsroom,
        member=member,
        submission_id=filed.submission_id,
        part_id=filed.id,
        message_id=incoming.message_id,
        account_id=account_id,
        campaign_id=campaign_id,
        phrase_id=phrase_id,
        word_id=word_id,
        **{name: await only(store, newsroom, table) for name, table in NAMED.items()},
        ids=frozenset(await ids(store, newsroom)),
    )


async def _restricted(conn: AsyncConnection, newsroom: Newsroom, member: Member, now: datetime) -> None:
    """A case of its own that only one member may know of."""
    row = {"id": new_id(), "newsroom_id": newsroom.id, "member_id": member.id, "chat_id": PERSON, "state": "note"}
    row |= {"first_message_id": 2, "settled": True, "source": "", "level": "none"}
    row |= {"opened_at": now, "last_sent_at": now, "settles_at": now}
    await conn.execute(sa.insert(submissions), [row])
    await restrictions_room.put(conn, newsroom.id, row["id"], member.id, now)
    await restrictions_room.name(conn, newsroom.id, row["id"], [member.id], member.id, now)


async def _forward(conn: AsyncConnection, newsroom: Newsroom, member: Member, now: datetime) -> filing.FiledPart:
    found = Finding(threat=ThreatFound(level="threat", severity=4))
    sent = message(member, now, message_id=1)
    part = NewPart(newsroom_id=newsroom.id, member_id=member.id, incoming=sent, finding=found, sha256=SHA)
    (filed,) = await filing.file_parts(conn, [part], BurstRule(within=timedelta(0), parts=1), now)
    threat = threats.NewThreat(
        newsroom_id=newsroom.id, submission_id=filed.submission_id, part_id=filed.id, finding=found.threat
    )
    await threats.record(conn, [threat], now)
    picture = NewReading(newsroom_id=newsroom.id, submission_id=filed.submission_id, part_id=filed.id)
    await screens_room.enqueue(conn, [picture], now)
    await _alarm(conn, newsroom, member, filed, now)
    return filed


async def _alarm(
    conn: AsyncConnection, newsroom: Newsroom, member: Member, filed: filing.FiledPart, now: datetime
) -> None:
    """An incident with its alarm, somebody on duty, a query that is kept."""
    (threat_id,) = await threats.ids_of_submission(conn, newsroom.id, filed.submission_id)
    incident = await incidents_room.add(conn, newsroom.id, (), (), now)
    await threats.change(conn, newsroom.id, threat_id, incident_id=incident.id)
    await threats.add_targets(conn, newsroom.id, threat_id, [(None, "Айгүл")])
    alarm_id = await alarms_room.add(conn, newsroom.id, incident.id, threat_id, (4, True), now, now)
    await alarms_room.call(conn, newsroom.id, alarm_id, [member.id], 0, now)
    await duty_room.put(conn, newsroom.id, member.id, first=True)
    query = SavedQuery(id=new_id(), member_id=member.id, name=None, words="kind:death")
    await threat_queries_room.remember(conn, newsroom.id, query.id, member.id, query.words, now)
    await threat_queries_room.keep(conn, newsroom.id, query, "өлүм", now)
    await event_records_room.put(conn, newsroom.id, member.id, ("threat", threat_id), "impact", "1", now)


async def _list(
    conn: AsyncConnection, newsroom: Newsroom, member: Member, filed: filing.FiledPart, now: datetime
) -> int:
    listing = accounts.Listing(newsroom_id=newsroom.id, member_id=member.id, lister="x", batch="list.csv", at=now)
    account_id, _ = await accounts.put(conn, ENTRY, KEYS, listing)
    whose = {"newsroom_id": newsroom.id, "account_id": account_id, "member_id": member.id, "batch": None}
    shown = account_reports_room.NewReport(**whose, lister="x", source="x", said={"photos": [1]}, at=now)
    await account_reports_room.add(conn, shown)
    await accounts.rule(conn, newsroom.id, account_id, member.id, "confirm", None, now)
    words = {"newsroom_id": newsroom.id, "text": "т", "words": "т", "text_key": 7, "source": "row 1"}
    said = comments.NewComment(
        **words, batch="c.csv", platform="vk", author_key="vk:5", post="p", prints=array("q", [5]).tobytes()
    )
    ours = dataclasses.replace(said, submission_id=filed.submission_id, part_id=filed.id, posted_at=now)
    *_, gone = await comments.add(conn, [said, ours, ours], now)
    await conn.execute(comments.t.update().where(comments.t.c.id == gone).values(withdrawn_at=now))
    size = {"width": 1, "height": 1}
    picture = photos.NewPhoto(newsroom_id=newsroom.id, sha256=SHA, description=b"1", source="row 1", **size)
    bound = dataclasses.replace(picture, account_id=account_id)
    unread = dataclasses.replace(picture, sha256="f" * 64, description=None)
    _, gone, _ = await photos.add(conn, [bound, picture, unread], now)
    owner = OwnerEntry(name="Жылдыз", profile=HANDLE)
    await photo_owners_room.put(conn, newsroom.id, SHA, owner, member.id, now)
    await photo_rulings_room.add(conn, newsroom.id, (SHA, "b" * 64), False, member.id, filed.submission_id, now)
    await conn.execute(photos.t.update().where(photos.t.c.id == gone).values(withdrawn_at=now))
    return account_id


async def _records(conn: AsyncConnection, newsroom: Newsroom, member: Member, account_id: int, now: datetime) -> None:
    """Accounts in every state, with all that a record holds, and somebody whom one pretends to be."""
    own = newsroom.id
    listing = accounts.Listing(newsroom_id=own, member_id=member.id, lister="x", batch=None, at=now)
    made = {}
    for state in ("alone", "gone", "cleared", "withdrawn", "merged"):
        entry = AccountEntry(platform="vk", handle=state)
        made[state], _ = await accounts.put(conn, entry, accounts.Keys(handle=state, names={}), listing)
        if state in ("gone", "cleared"):
            before = [AccountStatus.SUSPECTED]
            await accounts.set_status(conn, made[state], AccountStatus(state), before, now)
    await accounts.rule(conn, own, made["cleared"], member.id, "clear", None, now)
    await account_records_room.set_details(conn, own, made["withdrawn"], {"withdrawn_at": now})
    await account_records_room.set_details(conn, own, made["merged"], {"merged_into": account_id})
    await account_records_room.set_details(conn, own, account_id, {"posts_a_day": 3.0})
    seen = [NewFact(kind=FactKind.LINK, value="https://x.y"), NewFact(kind=FactKind.PRAISED, value="Асан")]
    await account_records_room.add_facts(conn, own, account_id, seen, member.id, now)
    await account_links_room.offer(conn, own, (made["gone"], account_id), ["photo"], now)
    share_id = await account_shares_room.begin(conn, own, member.id, "csv", "accounts.csv", now)
    await account_shares_room.hold(conn, own, share_id, await accounts.by_ids(conn, own, [account_id]))
    columns = [("handle", "handle", ["aibek"])]
    file_id = await account_files_room.add(conn, own, member.id, ("list.csv", SHA), columns, now)
    await account_files_room.change(conn, own, file_id, "asking", {"state": "ready"})
    (person,) = await staff.all_of(conn, own)
    await impersonations_room.agree(conn, own, person.id, member.id, now)
    await impersonations_room.add_photo(conn, own, person.id, SHA, now)
    (incident,) = await incidents_room.recent(conn, own, 9)
    await impersonations_room.add(conn, own, (account_id, person.id), ["name"], incident.id, now)
    text = "Бир эле текст эки аккаунттан: узунураак сөз болсун деп жазылды"
    words = {"newsroom_id": own, "text": text, "words": text, "text_key": 71, "platform": "vk", "prints": b""}
    written = [comments.NewComment(**words, source=f"row {name}", author_key=f"vk:{name}") for name in (HANDLE, "gone")]
    await comments.add(conn, written, now)


async def _campaign(conn: AsyncConnection, newsroom: Newsroom, member: Member, now: datetime) -> tuple[int, int]:
    """Campaigns, one of them with the comments' text, and all that is kept of texts."""
    own = {"newsroom_id": newsroom.id}
    await texts_room.register(conn, newsroom.id, [NewText(9, "ж")])
    await texts_room.register(conn, newsroom.id, [NewText(8, "з")], posted=False)
    seen = {"started_at": now, "first_seen": now, "last_seen": now, "name": "т"}
    first, second, third = ({"id": new_id(), "number": number, **own, **seen} for number in (1, 2, 3))
    phrase_id = new_id()
    by_member = {**own, "member_id": member.id}
    apart = {"campaign_id": first["id"], "other_id": third["id"]}
    run = {"noun": "comments", "sha256": SHA, "position": 1, "counts": {}, "changed_at": now}
    for table, rows in (
        (
            campaigns,
            [each | {"merged_into": first["id"] if each is second else None} for each in (first, second, third)],
        ),
        (campaign_parts, [{"campaign_id": first["id"], "number": 2, **own}]),
        (campaigns_apart, [apart | own]),
        (stock_phrases, [{"id": phrase_id, "text_key": 7, "text": "т", "added_at": now, **by_member}]),
        (text_rejections, [{"text_key": 7, "other_key": 9, "at": now, **by_member}]),
        (import_runs, [run | own]),
        (text_stops, [{"hash": int(postings_room._stored(newsroom.id, [6])[0]), "texts": 65}]),
    ):
        await conn.execute(sa.insert(table), rows)
    mine = (texts_table.c.newsroom_id == newsroom.id, texts_table.c.text_key == 7)
    await conn.execute(sa.update(texts_table).where(*mine).values(campaign_id=first["id"], state=DONE))
    await history.note(conn, newsroom.id, member.id, ("campaign", int(str(first["id"]))), "started", now)
    return int(str(first["id"])), phrase_id


async def _picture(
    conn: AsyncConnection, newsroom: Newsroom, filed: filing.FiledPart, campaign_id: int, now: datetime
) -> None:
    """A posted picture in the campaign, and one that waits."""
    photo = photos.NewPhoto(
        newsroom_id=newsroom.id,
        sha256=SHA,
        description=None,
        width=1,
        height=1,
        source="m",
        submission_id=filed.submission_id,
    )
    ids = await photos.add(conn, [photo, photo], now)
    posted = {"submission_id": filed.submission_id, "sha256": SHA, "platform": "vk", "handle": HANDLE, "author": "А"}
    rows = [
        campaign_pictures_room.NewPicture(
            photo_id=photo_id, newsroom_id=newsroom.id, author_key="vk:5", post="p", seen_at=now, **posted
        )
        for photo_id in ids
    ]
    await campaign_pictures_room.add(conn, rows)
    await campaign_pictures_room.put(conn, newsroom.id, ids[:1], campaign_id)
    await campaign_pictures_room.set_waiting(conn, newsroom.id, ids[:1], False)


async def _letters(conn: AsyncConnection, newsroom: Newsroom, member: Member, now: datetime) -> None:
    update = inbox.NewUpdate(
        newsroom_id=newsroom.id,
        bot_id=newsroom.id,
        update_id=1,
        identity="i",
        chat_key=newsroom.id,
        media_group=None,
        loose=False,
        raw="{}",
    )
    await inbox.accept(conn, [update], now)
    (one,) = await inbox.claim(conn, now, 1, ())
    await inbox.bury(conn, one.id, "ValueError", now)
    await inbox.accept(conn, [dataclasses.replace(update, update_id=IN_HAND, identity="h", raw="[]")], now)
    await inbox.claim(conn, now, 1, ())
    said = Outgoing(kind=Kind.REPLY, chat_id=PERSON, newsroom_id=newsroom.id, key="k", member_id=member.id)
    await outbox.put(conn, [said], now)
    (head, *_) = await outbox.heads(conn, now, 1, outbox.Reserved(busy=(), paced=()))
    await sent_messages_room.note_sent(conn, said, head.id, [1], (now, now))
    assert await spent_presses_room.spend(conn, [Spent(newsroom_id=newsroom.id, drawn_by=head.id, said="a:0:")], now)
    await outbox.fail(conn, head.id, "x", now)
    token = members.NewInvite(
        id=new_id(),
        newsroom_id=newsroom.id,
        token_hash=token_hash(f"of {newsroom.id}"),
        role=Role.EDITOR,
        created_by=member.id,
        needs_approval=True,
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    await members.add_invite(conn, token)


async def _spike(conn: AsyncConnection, newsroom: Newsroom, member: Member, now: datetime) -> None:
    """A spike that stands, muted; hours that were counted; a watch window and an own story."""
    await spike_counts_room.cursor(conn, newsroom.id, now)
    hour = now.replace(minute=0, second=0, microsecond=0)
    written = await spike_counts_room.fresh(conn, newsroom.id, 0, 99)
    (person, *_) = await staff.all_of(conn, newsroom.id)
    marks = {row.id: hour for row in written}
    await spike_counts_room.mark(conn, newsroom.id, marks, [(comment, person.id) for comment in marks])
    await spike_counts_room.recount(conn, newsroom.id, {hour})
    await spike_counts_room.move(conn, newsroom.id, comment_id=1, recounted_at=now, scanned_at=now)
    found = spikes_room.NewSpike(
        series=Series(kind=SeriesKind.TARGET, ref=str(person.id)),
        name="Айгүл",
        joined=(),
        started=hour,
        window=6,
        count=9,
        usual=0.5,
        makeup=Makeup(unfamiliar=9),
        campaigns=(),
        farm=None,
        trigger=None,
    )
    spike_id = await spikes_room.add(conn, newsroom.id, found, now)
    until, open_ = now + timedelta(days=1), [SpikeStatus.OPEN]
    await spikes_room.set_status(conn, newsroom.id, spike_id, SpikeStatus.MUTED, open_, until)
    await watch_windows_room.add_window(conn, newsroom.id, member.id, (now, until), "эфир", person.id, now)
    await watch_windows_room.add_story(conn, newsroom.id, member.id, ("https://a.kg/1", "a.kg/1"), "Мост", now)


async def _farm(conn: AsyncConnection, newsroom: Newsroom, member: Member, account_id: int, now: datetime) -> None:
    """A farm with a member, a link, a suggestion, a switch, a run, a vote; who is behind it; a report."""
    farm = await farms_room.add(conn, newsroom.id, "Көл", now)
    said = {"reason": "с", "confidence": 5, "source": "person", "member_id": member.id, "now": now}
    await farms_room.join(conn, newsroom.id, farm.id, [account_id], **said)
    link = farm_links_room.NewLink(account_id=account_id, other_id=account_id, farm_id=farm.id, weights={"text": 4.0})
    await farm_links_room.put(conn, newsroom.id, [link], now)
    await farm_links_room.put_suggestions(conn, newsroom.id, {account_id: (farm.id, 60)}, now)
    when = {"at": now, "earliest": now, "latest": now}
    switch = farm_links_room.NewSwitch(account_id=account_id, turned_on="А", turned_to="Б", **when)
    await farm_links_room.put_switches(conn, newsroom.id, [switch])
    await farm_links_room.ask_run(conn, newsroom.id, member.id, now)
    await farms_room.add_vote(conn, newsroom.id, now.date(), "шайлоо", member.id, now)
    who = {"kind": "curator", "name": "А", "grade": "B2", "member_id": member.id, "now": now}
    curator_id, _ = await curators_room.add(conn, newsroom.id, **who)
    tie = {"farm_id": farm.id, "account_kind": None, "span": (None, None), "grade": "C3", "why": "с"}
    await curators_room.tie(conn, newsroom.id, curator_id, **tie, member_id=member.id, now=now)
    await curators_room.suppose(conn, newsroom.id, curator_id, "т", "D4", member.id, now)
    await work_reports_room.add(conn, newsroom.id, SHA, "т", now.date())
    await work_reports_room.expect_album(conn, newsroom.id, f"{newsroom.id:064x}", now)


async def _deeds(conn: AsyncConnection, newsroom: Newsroom, member: Member, account_id: int, now: datetime) -> None:
    """A report on a list, a thread with an owner, a public note, and a confirmed account that nobody reported."""
    entry = AccountEntry(platform="vk", handle="beka", names=("Бека",))
    listing = accounts.Listing(newsroom_id=newsroom.id, member_id=member.id, lister="x", batch=None, at=now)
    other, _ = await accounts.put(conn, entry, accounts.Keys(handle="beka", names={}), listing)
    await accounts.set_status(conn, other, AccountStatus.CONFIRMED, [AccountStatus.SUSPECTED], now)
    await history.note(conn, newsroom.id, member.id, ("account", account_id), "confirmed", now)
    batch_id = await takedown_batches_room.open_list(conn, newsroom.id, "vk", "form", member.id, now)
    aim = Aim(
        kind="account", platform="vk", target="https://vk.com/5", key=TARGET, account_id=account_id, account="vk:5"
    )
    given = {"member_id": member.id, "batch_id": batch_id}
    draft = TakedownEntry(aim=aim, status=TakedownStatus.DRAFT)
    await takedowns_room.add(conn, newsroom.id, 1, draft, now, **given)
    await outreaches_room.start(conn, newsroom.id, OwnerEntry(name="Жылдыз"), SHA, OWNER_KEYS, member.id, now)
    await public_labels_room.add(conn, newsroom.id, account_id, "ru", "текст", {}, member.id, now)
