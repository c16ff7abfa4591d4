"""A digest as text: corrections first, then its sections, compact enough for a phone; pages where it is long."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.i18n import Html
from bot.model.digest import Correction, Counted, Digest, DigestContent, Figures, NamedSpike, NamedThreat, Section
from bot.model.plain import one_line
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, spoiler
from handlers.cards.digest_names import BECAME, SAID

#: UTF-16 units of a page: with header, footer and markup it stays below Telegram's 4096.
PAGE = 3000
_NAMES, _NAMED = 40, 6
_MARKUP = re.compile(r"<[^>]+>")

Block = list[Html]


def digest_card(digest: Digest, page: int, reader: Reader, bot: str) -> Card:
    """One page of a digest, with buttons for the others and for files."""
    pages = digest_pages(digest, reader, bot)
    page = max(0, min(page, len(pages) - 1))

    def button(label: str, action: str, argument: str) -> Button:
        return Button(label=label, press=Press(action=action, subject=digest.id, argument=argument))

    turn = [button("◀", "dgpage", str(page - 1))] if page > 0 else []
    turn += [button("▶", "dgpage", str(page + 1))] if page + 1 < len(pages) else []
    files = [] if digest.content.is_quiet else [button("XLSX", "dgfile", "xlsx"), button("PDF", "dgfile", "pdf")]
    return Card(text=pages[page], buttons=tuple(tuple(row) for row in (turn, files) if row))


def digest_pages(digest: Digest, reader: Reader, bot: str) -> list[Html]:
    """All pages; each begins with what the digest is of, the last one ends with the custody log's checkpoint."""
    content, t = digest.content, reader.t
    blocks = [block for _, block in digest_blocks(content, reader, bot) if block]
    bodies = _paged([line for block in blocks for line in [*block, Html("")]][:-1])
    if content.is_quiet:
        bodies = [[t.gettext("A quiet time: nothing was reported.")]]
        if content.work.total:
            bodies[0] += _work(content, reader)
    shown = []
    for n, body in enumerate(bodies):
        of = t.gettext("page {page} of {pages}", page=n + 1, pages=t.number(len(bodies))) if len(bodies) > 1 else None
        foot = digest_foot(content, reader) if n + 1 == len(bodies) else []
        shown.append(Html("\n").join([*digest_head(digest, reader), *([of] if of else []), Html(""), *body, *foot]))
    return shown


def _paged(lines: Sequence[Html]) -> list[list[Html]]:
    """Lines on pages; a line that is longer than a page does not come here."""
    pages: list[list[Html]] = [[]]
    room = PAGE
    for line in lines:
        # Telegram counts what is seen, not the markup of links.
        size = len(_MARKUP.sub("", line).encode("utf-16-le")) // 2 + 1
        if size > room and pages[-1]:
            pages.append([])
            room = PAGE
        if line or pages[-1]:
            pages[-1].append(line)
            room -= size
    return pages


def digest_head(digest: Digest, reader: Reader) -> list[Html]:
    """What it is, of which newsroom and time; and whether it takes the place of others."""
    t, content = reader.t, digest.content
    title = t.gettext("Preview of the digest") if digest.is_preview else t.gettext("Digest")
    if not digest.is_preview and digest.schedule.rhythm.is_weekly:
        title = t.gettext("Digest of the week")
    span = Html(f"{_moment(content.since, reader)} – {_moment(content.until, reader)}")
    head = [Html(f"🗞 {bold(title)} · {Html.escaped(reader.newsroom.name)}"), span]
    if len(digest.days) > 1:
        days = t.ngettext("{n} digest", "{n} digests", len(digest.days))
        head.append(t.gettext("I could not write for a while: this one takes the place of {digests}.", digests=days))
    return head


def _moment(moment: datetime, reader: Reader) -> Html:
    return Html.escaped(f"{reader.day(moment)} {reader.t.time(moment, reader.zone)}")


def digest_foot(content: DigestContent, reader: Reader) -> Block:
    """The custody log's latest checkpoint."""
    t = reader.t
    if content.checkpoint is None:
        return []
    size, root = content.checkpoint
    spoken = " ".join(root[i : i + 4] for i in range(0, len(root), 4))
    count = t.ngettext("{n} line", "{n} lines", size)
    log = t.gettext("Custody log: {lines}, checkpoint", lines=count)
    return [Html(""), Html(f"🔏 {log} <code>{spoken}</code>")]


def _corrections(found: Sequence[Correction], reader: Reader) -> Block:
    """What an earlier digest said and that is not so."""
    if not found:
        return []
    t = reader.t
    lines = [
        t.gettext(
            "{what}: on {day} it was said to be: {said}. Now: {now}.",
            what=_label(each),
            day=reader.day(each.told_at),
            said=words.word(t, SAID, f"{each.noun}:{each.said}"),
            now=words.word(t, BECAME, f"{each.noun}:{each.now}"),
        )
        for each in found
    ]
    title = bold(t.gettext("Corrections"))
    return [Html(f"⚠️ {title}"), *(Html(f"• {line}") for line in lines)]


def _label(each: Correction) -> str:
    return words.account_name(each.label) if each.noun == "account" else each.label


def digest_blocks(content: DigestContent, reader: Reader, bot: str) -> list[tuple[Section | None, Block]]:
    """Every section's heading and lines, empty where it has nothing to say; corrections are no section."""
    return [
        (None, _corrections(content.corrections, reader)),
        (Section.EVENTS, _events(content, reader, bot)),
        (Section.SPIKES, _spikes(content.spikes, reader, bot)),
        (Section.THREATS, _threats(content, reader, bot)),
        (Section.CAMPAIGNS, _campaigns(content, reader, bot)),
        (Section.FAKES, _fakes(content, reader, bot)),
        (Section.WORK, _work(content, reader)),
    ]


def _titled(sign: str, title: str, *lines: Html | None) -> Block:
    kept = [line for line in lines if line]
    return [Html(f"{sign} {bold(title)}"), *kept] if kept else []


def _change(now: int, before: int, reader: Reader) -> str:
    """What it was in the window before."""
    return reader.t.gettext("before: {count}", count=reader.t.number(before)) if now != before else ""


def _events(content: DigestContent, reader: Reader, bot: str) -> Block:
    t, now, before = reader.t, content.now, content.before
    if not now.cases and not now.comments:
        return []
    cases = t.ngettext("{n} case", "{n} cases", now.cases)
    comments = t.ngettext("{n} comment", "{n} comments", now.comments)
    changed = [_change(now.cases, before.cases, reader), _change(now.comments, before.comments, reader)]
    first = ", ".join(
        f"{said} ({change})" if change else said for said, change in zip((cases, comments), changed, strict=True)
    )
    return _titled(
        "📥",
        t.gettext("What happened"),
        Html(first),
        _origins(now, reader),
        _counted(t.gettext("About whom"), content.targets, reader),
        _counted(
            t.gettext("Where"),
            [Counted(name=_platform(each.name, reader), count=each.count) for each in content.platforms],
            reader,
        ),
        _linked(t.gettext("To look at"), [_case_link(each.number, each.level, bot) for each in content.cases]),
    )


def _platform(code: str, reader: Reader) -> str:
    return reader.t.plain.gettext("elsewhere") if code == "other" else words.platform(code)


def _origins(now: Figures, reader: Reader) -> Html | None:
    """Paid wave or real anger: how much is from known fakes, and how much was repeated."""
    t = reader.t
    if not now.comments:
        return None
    said = []
    if now.by_fakes:
        said.append(t.gettext("{share} from known fakes", share=t.percent(now.by_fakes / now.comments)))
    if now.repeated:
        said.append(t.gettext("{share} repeat a text", share=t.percent(now.repeated / now.comments)))
    return Html(", ").join(said) if said else None


def _counted(title: str, found: Sequence[Counted], reader: Reader) -> Html | None:
    if not found:
        return None
    t = reader.t
    shown = [Html(f"{clipped(one_line(each.name), _NAMES)} {t.number(each.count)}") for each in found[:_NAMED]]
    more = len(found) - _NAMED
    if more > 0:
        shown.append(t.gettext("and {count} more", count=t.number(more)))
    return Html(f"{Html.escaped(title)}: {Html(' · ').join(shown)}")


def _linked(title: str, links: Sequence[Html]) -> Html | None:
    return Html(f"{Html.escaped(title)}: {Html(' · ').join(links)}") if links else None


def link(bot: str, noun: str, number: int, label: str) -> Html:
    """A way back into the bot; whether its reader may see what it leads to is asked there."""
    return Html(f'<a href="https://t.me/{Html.escaped(bot)}?start={noun}_{number}">{Html.escaped(label)}</a>')


def _case_link(number: int, level: str, bot: str) -> Html:
    mark = {"threat": "⚠️ ", "review": "❔ "}.get(level, "")
    return Html(f"{mark}{link(bot, 'case', number, f'K-{number}')}")


def _spikes(found: Sequence[NamedSpike], reader: Reader, bot: str) -> Block:
    t = reader.t
    lines = []
    for each in found[:_NAMED]:
        name = _platform(each.name, reader) if each.kind == "platform" else each.name
        times = max(1, round(each.count / max(each.usual, 1.0)))
        count = t.ngettext("{n} comment", "{n} comments", each.count)
        made = [
            t.gettext("{share} from known fakes", share=t.percent(each.known)) if each.known else None,
            t.gettext("{share} repeat a text", share=t.percent(each.repeated)) if each.repeated else None,
        ]
        said = t.gettext(
            "{spike} {name}: {count}, ×{times} of what is usual, since {since}",
            spike=link(bot, "spike", each.number, f"S-{each.number}"),
            name=one_line(name)[:_NAMES],
            count=count,
            times=t.number(times),
            since=_moment(each.started_at, reader),
        )
        lines.append(Html(", ").join([Html(f"• {said}"), *(part for part in made if part)]))
    return _titled("📈", t.gettext("Spikes"), *lines)


def _threats(content: DigestContent, reader: Reader, bot: str) -> Block:
    """How many, of which kinds, how grave: never the words, never the targets."""
    t, now = reader.t, content.now
    if not now.threats:
        return []
    first = t.ngettext("{n} threat recorded", "{n} threats recorded", now.threats)
    if now.imminent:
        soon = t.ngettext(
            "{n} names a time, a place or a gathering", "{n} name a time, a place or a gathering", now.imminent
        )
        first = Html(f"{first}; {soon}")
    kinds = [Counted(name=words.word(t, words.KINDS, each.name), count=each.count) for each in content.kinds]
    return _titled(
        "🛡",
        t.gettext("Threats"),
        first,
        _counted(t.gettext("Kinds"), kinds, reader),
        _linked(t.gettext("Records"), [_threat_link(each, bot) for each in content.threats]),
    )


def _threat_link(each: NamedThreat, bot: str) -> Html:
    mark = "‼️ " if each.imminent else ""
    return Html(f"{mark}{link(bot, 'threat', each.number, f'T-{each.number}')}")


def _campaigns(content: DigestContent, reader: Reader, bot: str) -> Block:
    t = reader.t
    lines = []
    for each in content.campaigns[:_NAMED]:
        count = t.ngettext("{n} time", "{n} times", each.times)
        accounts = t.ngettext("{n} account", "{n} accounts", each.accounts)
        name = Html(f" {spoiler(clipped(one_line(each.name), _NAMES))}") if each.name else ""
        new = Html(" · ") + t.gettext("new") if each.is_new else ""
        fakes = t.ngettext("{n} known fake among them", "{n} known fakes among them", each.fakes) if each.fakes else ""
        said = f"• {link(bot, 'campaign', each.number, f'C-{each.number}')}{name}: {count}; {accounts}"
        lines.append(Html(f"{said}{f', {fakes}' if fakes else ''}{new}"))
    return _titled("🧩", t.gettext("Campaigns"), *lines)


def _fakes(content: DigestContent, reader: Reader, bot: str) -> Block:
    t, now = reader.t, content.now
    told = [
        t.ngettext("{n} account listed", "{n} accounts listed", now.listed) if now.listed else None,
        t.ngettext("{n} confirmed as a fake", "{n} confirmed as fakes", now.confirmed) if now.confirmed else None,
        t.ngettext("{n} cleared", "{n} cleared", now.cleared) if now.cleared else None,
        t.ngettext("{n} removed by its platform", "{n} removed by their platforms", now.gone) if now.gone else None,
    ]
    confirmed = [each.label for each in content.accounts if each.said == "confirmed"]
    removed, sent = content.takedowns
    reports = [
        t.ngettext("{n} report sent", "{n} reports sent", now.sent) if now.sent else None,
        t.ngettext("{n} account taken down", "{n} accounts taken down", now.removed) if now.removed else None,
    ]
    in_all = t.gettext("in all {removed} of {sent} removed", removed=t.number(removed), sent=t.number(sent))
    farms = [
        Html(f"{link(bot, 'farm', int(each.name[2:]), each.name)} +{t.number(each.count)}") for each in content.farms
    ]
    return _titled(
        "🎭",
        t.gettext("Fakes and farms"),
        _joined(told),
        _linked(
            t.gettext("Confirmed"), [Html.escaped(words.account_name(label)[:_NAMES]) for label in confirmed[:_NAMED]]
        ),
        _linked(t.gettext("Farms grew"), farms[:_NAMED]),
        _joined([*reports, in_all]) if any(reports) else None,
    )


def _joined(said: Sequence[Html | None]) -> Html | None:
    return Html(" · ").join(each for each in said if each) if any(said) else None


def _work(content: DigestContent, reader: Reader) -> Block:
    t, work = reader.t, content.work
    open_threats = None
    if work.threats:
        open_threats = t.ngettext("{n} open threat", "{n} open threats", work.threats)
        if work.unassigned:
            open_threats = t.gettext(
                "{threats}, {count} of them nobody's", threats=open_threats, count=t.number(work.unassigned)
            )
    said = [
        t.ngettext("{n} alarm rings", "{n} alarms ring", work.alarms) if work.alarms else None,
        open_threats,
        t.ngettext("{n} account waits for a second word", "{n} accounts wait for a second word", work.second_word)
        if work.second_word
        else None,
        t.ngettext("{n} report waits for its platform", "{n} reports wait for their platforms", work.takedowns)
        if work.takedowns
        else None,
        t.ngettext("{n} re-check is due", "{n} re-checks are due", work.rechecks) if work.rechecks else None,
        t.ngettext("{n} suggested link between accounts", "{n} suggested links between accounts", work.links)
        if work.links
        else None,
    ]
    return _titled("🧰", t.gettext("Open work"), *(Html(f"• {line}") for line in said if line))
