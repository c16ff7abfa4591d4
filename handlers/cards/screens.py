"""What was read on screenshots: a line of the case's card, and the page on which a person looks and corrects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.i18n import Html, Translator
from bot.model.account import Account, AccountStatus
from bot.model.photo_pair import PhotoPair
from bot.model.rights import Right
from bot.model.screen import PROFILE_NUMBER, Box, ReadComment, ReadingState, ReadProfile, ReadScreen
from bot.model.submission import Case, Part
from bot.model.verdict import Finding
from bot.services.cases import CaseView
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines, spoiler
from handlers.cards.photos import photo_line
from handlers.cards.sealed import short
from handlers.cards.seen import accounts, times

#: Comments on a page.
PAGE = 5
_MOST_READ = 4
_NAME = 64
_TEXT = 280
_ABOUT = 160
_IN_A_ROW = 3
# Below it a moment needs no "give or take".
_EXACT = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """What stands on one page: some comments of one screenshot, or its profile."""

    part: Part
    screen: ReadScreen
    #: Which of the case's screenshots, from 1, and of how many.
    place: int
    of: int
    comments: tuple[ReadComment, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What is known now: the listed accounts that were found, the photos that match one of this picture."""

    accounts: dict[int, Account]
    pairs: tuple[PhotoPair, ...]


def reading_lines(case: Case, reader: Reader) -> list[Html]:
    """What the case's card says of its screenshots; nothing of pictures that are none."""
    t, readings = reader.t, [part.reading for part in case.parts if part.reading is not None]
    states = {reading.state for reading in readings}
    screens = [reading.screen for reading in readings if reading.screen is not None and reading.screen.kind != "none"]
    said = []
    if ReadingState.WAITING in states:
        said.append(t.gettext("⏳ Reading what is written in the picture…"))
    if screens:
        read = Html("; ").join(_summary(screen, t) for screen in screens[:_MOST_READ])
        more = Html("…") if len(screens) > _MOST_READ else Html("")
        said.append(t.gettext("📱 Read: {what}", what=Html(f"{read}{more}")))
    if any(screen.unsure for screen in screens):
        said.append(t.gettext("❓ Read with difficulty: please check it."))
    if any(not screen.complete for screen in screens):
        said.append(t.gettext("Not everything in the picture could be read in time."))
    if ReadingState.FAILED in states:
        said.append(t.gettext("What is written in a picture could not be read; the picture is kept."))
    if ReadingState.OFF in states:
        said.append(t.gettext("Words in pictures are not read here. If they matter, please send them as text."))
    return said


def is_waiting(case: Case) -> bool:
    """Whether something that is known of the case tomorrow is not known yet."""
    return any(part.reading is not None and part.reading.state is ReadingState.WAITING for part in case.parts)


def screen_button(case: Case, reader: Reader) -> Button | None:
    """Opens what was read, if anything was."""
    if not leaves(case):
        return None
    label = reader.t.plain.pgettext("button", "What was read")
    return Button(label=label, press=Press(action="screen", subject=case.submission_id))


def _summary(screen: ReadScreen, t: Translator) -> Html:
    where = (
        Html.escaped(words.APPLICATIONS.get(screen.platform, screen.platform))
        if screen.platform
        else t.gettext("a screenshot")
    )
    return Html(f"{where}, {_contents(screen, t)}")


def _contents(screen: ReadScreen, t: Translator) -> Html:
    if screen.kind == "profile":
        profile = screen.profile or ReadProfile()
        return t.gettext("profile of {name}", name=bold(clipped(profile.name or profile.handle or "?", _NAME)))
    if screen.kind == "unknown" or not screen.comments:
        return t.gettext("but not who wrote what; if it matters, please send it as text")
    read = screen.counted
    people = len({comment.writer for comment in read if comment.writer})
    if screen.kind == "chat":
        said = t.ngettext("{count} message", "{count} messages", len(read), count=t.number(len(read)))
    else:
        said = t.ngettext("{count} comment", "{count} comments", len(read), count=t.number(len(read)))
    if not people:
        return said
    by = t.npgettext("by", "{count} person", "{count} people", people, count=t.number(people))
    return t.gettext("{comments} by {people}", comments=said, people=by)


def leaves(case: Case) -> list[Leaf]:
    """All pages of a case, screenshot by screenshot."""
    read = [
        (part, part.reading.screen)
        for part in case.parts
        if part.reading is not None and part.reading.screen is not None and part.reading.has_words
    ]
    found = []
    for place, (part, screen) in enumerate(read, start=1):
        shown = screen.shown
        for start in range(0, max(1, len(shown)), PAGE):
            comments = shown[start : start + PAGE]
            found.append(Leaf(part=part, screen=screen, place=place, of=len(read), comments=comments))
    return found


def page_of(case: Case, part_id: int, number: int) -> int:
    """The page on which a comment of a screenshot stands."""
    pages = leaves(case)
    here = [page for page, leaf in enumerate(pages) if leaf.part.id == part_id]
    there = [page for page in here if any(comment.number == number for comment in pages[page].comments)]
    return (there or here or [0])[0]


def screen_page(view: CaseView, page: int, reader: Reader) -> Card:
    """A page of what was read, each comment with what is known of it."""
    case, t = view.case, reader.t
    pages = leaves(case)
    if not pages:
        return Card(text=t.gettext("{case}: nothing was read on its pictures.", case=bold(case.label)))
    page = min(page, len(pages) - 1)
    leaf = pages[page]
    known = _Known(accounts=view.accounts, pairs=_pairs_of(view, leaf.part))
    text = lines(
        _heading(case, leaf, t),
        t.gettext("❓ Read with difficulty: please check it.") if leaf.screen.unsure else None,
        *_profile(leaf.screen.profile, known, reader),
        *(_comment(comment, known, reader) for comment in leaf.comments),
        t.gettext("Page {page} of {pages}", page=page + 1, pages=len(pages)) if len(pages) > 1 else None,
    )
    may_correct = case.reporter_id == reader.member.id or reader.member.may(Right.CORRECT_SCREEN)
    rows = [*(_corrections(case, leaf, reader) if may_correct else ()), _turning(case, page, len(pages), reader)]
    return Card(text=text, buttons=tuple(row for row in rows if row))


def _heading(case: Case, leaf: Leaf, t: Translator) -> Html:
    title = t.gettext("What was read")
    head = Html(f"{bold(case.label)} · {bold(title)}")
    which = t.gettext("screenshot {number} of {total}", number=leaf.place, total=leaf.of) if leaf.of > 1 else None
    shown = [_summary(leaf.screen, t), *([which] if which else [])]
    return Html(f"{head}\n📱 {Html(' · ').join(shown)}")


def _profile(profile: ReadProfile | None, known: _Known, reader: Reader) -> list[Html]:
    if profile is None:
        return []
    t = reader.t
    handle = Html(f" @{clipped(profile.handle, _NAME)}") if profile.handle else Html("")
    counters = [
        f"{words.word(t, words.COUNTERS, kind)}: {Html.escaped(shown[:24])}" for kind, shown in profile.counters
    ]
    said = [
        Html(f"👤 {bold(clipped(profile.name or '?', _NAME))}{handle}{_marks(profile, t)}"),
        Html(", ".join(counters)) if counters else None,
        spoiler(clipped(profile.about, _ABOUT)) if profile.about else None,
        _about(profile.finding, profile.avatar, known, reader),
    ]
    return [line for line in said if line]


def _comment(comment: ReadComment, known: _Known, reader: Reader) -> Html:
    t = reader.t
    sign = "↳ " if comment.level else ""
    head = f"{sign}{comment.number}. {_author(comment, t)}{_time(comment, reader)}{_marks(comment, t)}"
    unsaid = short(t) if comment.sealed else t.gettext("no words")
    text = spoiler(clipped(comment.text, _TEXT)) if comment.text else unsaid
    about = _about(comment.finding, comment.avatar, known, reader) if comment.counts else None
    return Html("\n").join(Html(line) for line in (head, text, about) if line)


def _author(comment: ReadComment, t: Translator) -> Html:
    if comment.own:
        return t.gettext("the phone's owner, who is not counted")
    named = [comment.author, f"@{comment.handle}" if comment.handle else ""]
    shown = " ".join(each for each in named if each)
    return bold(clipped(shown, _NAME)) if shown else t.gettext("unknown author")


def _time(comment: ReadComment, reader: Reader) -> Html:
    if not comment.time:
        return Html("")
    shown, moment = clipped(comment.time, _NAME), comment.moment
    if moment is None:
        return Html(f" · {shown}")
    when, about = reader.t.datetime(moment, reader.zone), comment.uncertainty
    give_or_take = f" ± {reader.t.duration(about)}" if about >= _EXACT else ""
    return Html(f" · {shown} (≈ {when}{give_or_take})")


def _marks(read: ReadComment | ReadProfile, t: Translator) -> Html:
    if read.corrected:
        return Html(" · ✏️ ") + t.gettext("corrected")
    return Html(" · ❓ ") + t.gettext("please check") if read.unsure else Html("")


def _about(found: Finding, avatar: Box | None, known: _Known, reader: Reader) -> Html | None:
    """What is known of a comment or a profile, in few words: its text, its author, its author's photo."""
    t = reader.t
    said = [_threat(found, t), _copies(found, t), _account(found, known.accounts, t), _photo(avatar, known, reader)]
    return Html(" · ").join(each for each in said if each) or None


def _photo(avatar: Box | None, known: _Known, reader: Reader) -> Html | None:
    """Whose photo the author's is, where it was found for sure."""
    here = [pair for pair in known.pairs if pair.is_match and avatar is not None and _within(pair.found.region, avatar)]
    return photo_line(here[0], reader) if here else None


def _within(region: Box, avatar: Box) -> bool:
    """Whether the middle of a region lies in an avatar that is not much smaller."""
    x, y, width, height = region
    left, top, across, down = avatar
    middle = left <= x + width / 2 <= left + across and top <= y + height / 2 <= top + down
    return middle and width * height <= 2 * across * down


def _pairs_of(view: CaseView, part: Part) -> tuple[PhotoPair, ...]:
    return tuple(pair for pair in view.pairs if view.case.parts[pair.place].id == part.id)


def _threat(found: Finding, t: Translator) -> Html | None:
    match found.threat.level:
        case "threat":
            return t.gettext("⚠️ <b>looks like a threat</b>")
        case "review":
            return t.gettext("possibly a threat")
        case "violent_call":
            return t.gettext("a call for violence")
        case "curse":
            return t.gettext("a curse or an insult")
    return None


def _copies(found: Finding, t: Translator) -> Html | None:
    if not found.copy_count:
        return None
    how_often = times(found.copy_count, t)
    seen = t.gettext("🔁 seen {times}", times=how_often)
    if found.copy_accounts:
        by = accounts(found.copy_accounts, found.copy_fakes, t)
        seen = t.gettext("🔁 seen {times} from {accounts}", times=how_often, accounts=by)
    return Html(f"{seen} · {found.campaign}") if found.campaign else seen


def _account(found: Finding, known: dict[int, Account], t: Translator) -> Html | None:
    there = [each for each in found.accounts if each.account_id in known]
    if not there:
        return None
    best = min(there, key=lambda each: each.strength == "possible")
    account = known[best.account_id]
    name = clipped(words.account_name(account.label), _NAME)
    if best.strength == "possible":
        return t.gettext("is it {account}?", account=name)
    mark = "🚩 " if account.status is AccountStatus.CONFIRMED else ""
    return Html(f"{mark}{name}: {Html.escaped(words.word(t, words.STATUSES, account.status.value))}")


def _corrections(case: Case, leaf: Leaf, reader: Reader) -> Sequence[tuple[Button, ...]]:
    t = reader.t.plain

    def button(number: int, label: str) -> Button:
        argument = f"{leaf.part.id:x}.{number:x}"
        return Button(label=label, press=Press(action="correct", subject=case.submission_id, argument=argument))

    shown = [button(c.number, t.pgettext("button", "Correct {number}", number=c.number)) for c in leaf.comments]
    if leaf.screen.profile is not None:
        shown.insert(0, button(PROFILE_NUMBER, t.pgettext("button", "Correct")))
    return [tuple(shown[start : start + _IN_A_ROW]) for start in range(0, len(shown), _IN_A_ROW)]


def _turning(case: Case, page: int, pages: int, reader: Reader) -> tuple[Button, ...]:
    t, row = reader.t.plain, []

    def to(number: int, label: str) -> Button:
        return Button(label=label, press=Press(action="screen", subject=case.submission_id, argument=str(number)))

    if page > 0:
        row.append(to(page - 1, t.pgettext("button", "Back")))
    if page + 1 < pages:
        row.append(to(page + 1, t.pgettext("button", "Next")))
    return tuple(row)


def correction_question(case: str, number: int, text: str, author: str, reader: Reader) -> Card:
    """Asks for what is right; what was read stands there to be copied."""
    t = reader.t
    if number == PROFILE_NUMBER:
        return Card(
            text=t.gettext("{case}: whose profile is it? Please send the name, and the handle with @.", case=case)
        )
    return Card(
        text=lines(
            t.gettext("{case}, comment {number}: please send the right text.", case=case, number=number),
            t.gettext("If the author is wrong, add a line: author: Name @handle"),
            t.gettext("If it is no comment at all, send a dash: -"),
            t.gettext("author: {author}", author=clipped(author, _NAME)) if author else None,
            spoiler(Html(f"<code>{clipped(text, _TEXT * 4)}</code>")) if text else None,
        )
    )
