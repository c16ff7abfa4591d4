"""The audit on a card, and as the rows of a table."""

from collections.abc import Sequence

from bot.i18n import N_, NP_, Html
from bot.services.audit import AuditLine, AuditPage
from handlers.audit import FORMS, read_asked
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, lines
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk

DEEDS = {
    "saw": N_("saw"),
    "searched": N_("searched"),
    "exported": N_("exported"),
    "changed": N_("changed"),
    "erased": N_("erased"),
}
#: What a deed is about, as the custody log calls it.
NOUNS = {
    "account": NP_("audit", "account"),
    "submission": NP_("audit", "case"),
    "threat": NP_("audit", "threat"),
    "incident": NP_("audit", "incident"),
    "campaign": NP_("audit", "campaign"),
    "stock_phrase": NP_("audit", "stock phrase"),
    "photo": NP_("audit", "photo"),
    "photo_owner": NP_("audit", "photo owner"),
    "farm": NP_("audit", "farm"),
    "farm_link": NP_("audit", "farm"),
    "curator": NP_("audit", "curator"),
    "staff": NP_("audit", "staff entry"),
    "member": NP_("audit", "member"),
    "invite": NP_("audit", "invite"),
    "newsroom": NP_("audit", "newsroom"),
    "chat": NP_("audit", "chat"),
    "import": NP_("audit", "import"),
    "spike": NP_("audit", "spike"),
    "outreach": NP_("audit", "outreach"),
    "takedown": NP_("audit", "takedown"),
    "post": NP_("audit", "post"),
    "work_report": NP_("audit", "work report"),
}
#: Deeds that are said by a word of their own; of others the card says what they changed, the file their code too.
EVENTS = {
    "added": NP_("audit", "added"),
    "confirmed": NP_("audit", "confirmed"),
    "cleared": NP_("audit", "cleared"),
    "gone": NP_("audit", "gone"),
    "ruled": NP_("audit", "ruled"),
    "removed": NP_("audit", "removed"),
    "merged": NP_("audit", "merged"),
    "split": NP_("audit", "split"),
    "assigned": NP_("audit", "assigned"),
    "alarm_taken": NP_("audit", "alarm taken"),
    "setting": NP_("audit", "setting"),
    "frozen": NP_("audit", "access frozen"),
    "restricted": NP_("audit", "restricted"),
    "restriction_named": NP_("audit", "may know now"),
    "restriction_unnamed": NP_("audit", "may not know any longer"),
    "restriction_lifted": NP_("audit", "restriction lifted"),
    "restriction_opened": NP_("audit", "open to all security leads: nobody named leads security"),
    "restriction_closed": NP_("audit", "only the named again"),
    "locked_down": NP_("audit", "lockdown"),
    "unlocked": NP_("audit", "lockdown ended"),
    "members": NP_("audit", "list of members"),
    "curators": NP_("audit", "list of curators"),
    "workreports": NP_("audit", "list of work reports"),
    "audit": NP_("audit", "who saw and did what"),
    "cases": NP_("audit", "list of cases"),
    "copies": NP_("audit", "list of copies"),
    "found": NP_("audit", "list of copies"),
    "campaign_copies": NP_("audit", "list of copies"),
    "campaign_texts": NP_("audit", "list of copies"),
    "staff": NP_("audit", "list of staff"),
    "campaigns": NP_("audit", "list of campaigns"),
    "farms": NP_("audit", "list of farms"),
    "farm_offers": NP_("audit", "list of farms"),
    "spikes": NP_("audit", "list of spikes"),
    "outreaches": NP_("audit", "list of letters"),
    "takedowns": NP_("audit", "list of takedowns"),
    "queries": NP_("audit", "saved queries"),
    "doubts": NP_("audit", "doubtful reports"),
    "reliability": NP_("audit", "how reports held up"),
    "shares": NP_("audit", "list of shared files"),
    "import_batches": NP_("audit", "list of imports"),
    "find": NP_("audit", "a text"),
    "accounts": NP_("audit", "accounts"),
    "threats": NP_("audit", "threats"),
    "photo_seen": NP_("audit", "a photo"),
    "stats": NP_("audit", "threats in figures"),
}
HEADS = (
    NP_("audit", "Number"),
    NP_("audit", "When"),
    NP_("audit", "Who"),
    NP_("audit", "Deed"),
    NP_("audit", "What"),
    NP_("audit", "About"),
    NP_("audit", "Row"),
    NP_("audit", "Case or threat"),
)
#: What stands before the number of a case, or of a threat.
_LETTERS = {"submission": "K", "threat": "T"}


async def _audit(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    asked = str(v["asked"])
    query = read_asked(asked, await desk.members.everyone(reader.newsroom.id))
    page = await desk.audit.page(reader.member, query, v.get("before") or None)
    return audit_card(page, reader, asked)


def audit_card(page: AuditPage, reader: Reader, asked: str) -> Card:
    """A page of deeds, the newest first."""
    t = reader.t
    rows = [_line(line, reader) for line in page.lines] or [t.gettext("Nothing in the log answers this.")]
    how = t.gettext("For example: /audit 2 7d exported · saw, searched, exported, changed")
    files = tuple(
        Button(label=form.upper(), press=Press(action="auditfile", subject=number, argument=asked))
        for number, form in enumerate(FORMS)
    )
    older = Button(
        label=t.plain.pgettext("button", "Earlier"),
        press=Press(action="audit", subject=page.further or 0, argument=asked),
    )
    buttons = (files, (older,)) if page.further else (files,)
    return Card(text=lines(bold(t.gettext("Who saw and did what")), *rows, how), buttons=buttons)


def _line(line: AuditLine, reader: Reader) -> Html:
    t = reader.t
    who = line.who or t.gettext("the house")
    # An opening is called after what was opened: once is enough.
    what = EVENTS.get(line.what, "") if line.what != line.about else ""
    event = t.plain.pgettext("audit", what) if what else ""
    noun = NOUNS.get(line.about, "")
    noun = f"{t.plain.pgettext('audit', noun) if noun else ''} {_number(line)}".strip()
    named, *told = line.told or (noun,)
    said = [part for part in (named, event, *told) if part]
    deed = words.word(t, DEEDS, line.deed)
    when = t.datetime(line.at, reader.zone)
    return Html(" · ").join(Html.escaped(part) for part in (when, who, deed, *said))


def _number(line: AuditLine) -> str:
    letter = _LETTERS.get(line.about)
    return f"{letter}-{line.number}" if letter is not None and line.number is not None else ""


def audit_rows(found: Sequence[AuditLine], reader: Reader) -> tuple[list[str], list[list[str | int]]]:
    """The heads and the rows of a file."""
    t = reader.t.plain
    heads = [t.pgettext("audit", head) for head in HEADS]
    return heads, [_cells(line, reader) for line in found]


def _cells(line: AuditLine, reader: Reader) -> list[str | int]:
    when, row = line.at.astimezone(reader.zone).isoformat(), str(line.row) if line.row is not None else ""
    return [line.seq, when, line.who or "", line.deed, line.what, line.about, row, _number(line)]


AUDIT_REPLIES: dict[str, Render] = {"audit": _audit}
