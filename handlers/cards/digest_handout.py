"""A digest as a document: its chapters with charts for PDF, its figures as tables for XLSX."""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.i18n import Html
from bot.model.chart import Chart
from bot.model.digest import Counted, Digest, Section
from bot.model.handout import Chapter, Handout, Table
from handlers.cards import words
from handlers.cards.card import Reader
from handlers.cards.digest_names import SECTIONS
from handlers.cards.digests import digest_blocks, digest_foot, digest_head

_HOUR = timedelta(hours=1)
_TAG = re.compile(r"<[^>]+>")


def digest_handout(digest: Digest, charts: Mapping[Section, Sequence[Chart]], reader: Reader, bot: str) -> Handout:
    """The document; what has charts and no words of its own is a chapter too."""
    t, head = reader.t.plain, [_plain(line) for line in digest_head(digest, reader)]
    chapters = []
    for section, block in digest_blocks(digest.content, reader, bot):
        drawn = charts.get(section, ()) if section is not None else ()
        if block:
            chapters.append(Chapter(title=_plain(block[0]), lines=[_plain(line) for line in block[1:]], charts=drawn))
        elif drawn and section is not None:
            chapters.append(Chapter(title=t.pgettext("button", SECTIONS[section.value]), charts=drawn))
    if not chapters:
        chapters.append(Chapter(title=t.gettext("A quiet time: nothing was reported.")))
    return Handout(
        title=head[0],
        under=" · ".join(head[1:]),
        made_at=digest.made_at,
        chapters=chapters,
        tables=_tables(digest, reader),
        footer=" ".join(_plain(line) for line in digest_foot(digest.content, reader)).strip(),
    )


def _plain(line: Html) -> str:
    """Words as a document has them: no markup, and none of Telegram's signs."""
    return html.unescape(_TAG.sub("", line)).lstrip("🗞📥📈🛡🧩🎭🧰⚠️🔏•‼❔ ").strip()


def _tables(digest: Digest, reader: Reader) -> list[Table]:
    t, content = reader.t.plain, digest.content
    now, before = t.pgettext("chart", "this window"), t.pgettext("chart", "the one before")
    figures = [
        (t.pgettext("column", "Cases"), content.now.cases, content.before.cases),
        (t.pgettext("column", "Comments"), content.now.comments, content.before.comments),
        (t.pgettext("column", "Repeating a text"), content.now.repeated, content.before.repeated),
        (t.pgettext("column", "By known fakes"), content.now.by_fakes, content.before.by_fakes),
        (t.pgettext("column", "Threats"), content.now.threats, content.before.threats),
        (t.pgettext("column", "Accounts listed"), content.now.listed, content.before.listed),
        (t.pgettext("column", "Confirmed fakes"), content.now.confirmed, content.before.confirmed),
        (t.pgettext("column", "Cleared"), content.now.cleared, content.before.cleared),
        (t.pgettext("column", "Removed by platforms"), content.now.gone, content.before.gone),
        (t.pgettext("column", "Reports sent"), content.now.sent, content.before.sent),
        (t.pgettext("column", "Taken down after a report"), content.now.removed, content.before.removed),
    ]
    found = [Table(name=t.pgettext("column", "Figures"), heads=["", now, before], rows=figures)]
    platforms = [Counted(name=words.platform(c.name), count=c.count, before=c.before) for c in content.platforms]
    for name, counted in (
        (t.pgettext("column", "About whom"), content.targets),
        (t.pgettext("column", "Platform"), platforms),
    ):
        if counted:
            rows = [(each.name, each.count, each.before) for each in counted]
            found.append(Table(name=name, heads=[name, now, before], rows=rows))
    if content.campaigns:
        heads = [
            t.pgettext("column", "Campaign"),
            t.pgettext("column", "Text"),
            t.pgettext("column", "Times"),
            t.pgettext("column", "Accounts"),
            t.pgettext("column", "Known fakes"),
        ]
        rows_of = [(f"C-{c.number}", c.name, c.times, c.accounts, c.fakes) for c in content.campaigns]
        found.append(Table(name=t.pgettext("column", "Campaigns"), heads=heads, rows=rows_of))
    if content.series is not None and any(content.series.counts):
        found.append(_hours(digest, reader))
    return found


def _hours(digest: Digest, reader: Reader) -> Table:
    """Every hour of the two weeks in which something came."""
    t, hours = reader.t.plain, digest.content.series
    rows = []
    for n, count in enumerate(hours.counts if hours is not None else ()):
        if count and hours is not None:
            moment = (hours.start + n * _HOUR).astimezone(reader.zone)
            rows.append((f"{moment:%Y-%m-%d %H:%M}", count))
    heads = [t.pgettext("column", "Hour"), t.pgettext("column", "Comments")]
    return Table(name=t.pgettext("column", "By the hour"), heads=heads, rows=rows)
