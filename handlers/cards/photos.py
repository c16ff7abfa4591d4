"""Photo matches: a line on the card of a case, the words under two pictures side by side, where a photo was seen."""

from collections.abc import Iterable, Sequence

from bot.i18n import Html, Translator
from bot.model.account import Account, AccountStatus
from bot.model.photo_owner import PhotoOwner
from bot.model.photo_pair import PhotoPair, PhotoSeen
from bot.model.rights import Right
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines
from handlers.cards.seen import times

#: Lines on the card of a case, and pictures side by side on a page.
MOST = 3

_NAME = 64
_SOURCE = 50
_DETAIL = 120
_MOST_ACCOUNTS = 3
_MOST_CASES = 5
_LABEL = 40
# Whose photo it is on a line that has room for one: the surest accusation first.
_ORDER = (AccountStatus.CONFIRMED, AccountStatus.SUSPECTED, AccountStatus.GONE, AccountStatus.CLEARED)


def matches(pairs: Sequence[PhotoPair], reader: Reader) -> list[Html]:
    """A line for each of the best matches; none of what is only possible."""
    return [photo_line(pair, reader) for pair in pairs if pair.is_match][:MOST]


def questions(pairs: Sequence[PhotoPair], reader: Reader, *, wants_a_file: bool = False) -> list[Html]:
    """What a person has to compare, and what would make it surer; never worded as a finding."""
    asked = [pair for pair in pairs if not pair.is_match]
    said = [question(pair, reader.t) for pair in asked[: max(1, MOST - len(pairs) + len(asked))]]
    if wants_a_file or any("small" in pair.found.reasons and not pair.is_file for pair in asked):
        said.append(
            reader.t.gettext(
                "The photo in this picture is too small to be sure. Please send the screenshot once more as a file: "
                "then it arrives unshrunk."
            )
        )
    return said


def photo_line(pair: PhotoPair, reader: Reader) -> Html:
    """Of whose photo it is a copy, how it was changed, how sure that is, from whom it was stolen."""
    t = reader.t
    copied = _copied(pair, reader)
    if pair.owner is None or _is_owners(pair):
        return copied
    return Html(f"{copied}. {_stolen(pair.accounts, pair.owner, t)}")


def _copied(pair: PhotoPair, reader: Reader) -> Html:
    t, whose = reader.t, _whose(pair, reader.t, farm=True)
    if pair.is_same_file:
        return t.gettext("🖼 Photo: exact copy of {whose}", whose=whose)
    if pair.ruling is not None and pair.is_confirmed:
        who, day = clipped(pair.ruling.member_name, _NAME), reader.day(pair.ruling.at)
        return t.gettext("🖼 Photo: copy of {whose} (👤 confirmed by {who}, {date})", whose=whose, who=who, date=day)
    changes = _changes(pair, t)
    if changes:
        return t.gettext("🖼 Photo: {changes} copy of {whose}, near-certain", changes=changes, whose=whose)
    return t.gettext("🖼 Photo: copy of {whose}, near-certain", whose=whose)


def question(pair: PhotoPair, t: Translator) -> Html:
    """A possible match: asked, with neither a farm nor a number."""
    return t.gettext("Is it a copy of {whose}? Please compare the photos.", whose=_whose(pair, t, farm=False))


def _changes(pair: PhotoPair, t: Translator) -> Html:
    codes = [*(["mirrored"] if pair.found.mirrored else []), *pair.found.reasons]
    return Html(", ").join(words.word(t, words.PHOTO_CHANGES, code) for code in codes if code in words.PHOTO_CHANGES)


def _whose(pair: PhotoPair, t: Translator, *, farm: bool) -> Html:
    account = next(iter(_ordered(each for each in pair.accounts if each.id not in pair.doubtful)), None)
    told = next(iter(_ordered(pair.accounts)), None)
    if account is None and told is not None:
        named = bold(clipped(words.account_name(told.label), _NAME))
        return t.gettext("a photo that one person alone added to {account}", account=named)
    if account is not None:
        named = bold(clipped(words.account_name(account.label), _NAME))
        shown = Html(f"{named} ({_farm(account, t)})") if farm and account.farm else named
        return t.gettext("the photo of {account}", account=shown)
    if _is_owners(pair):
        return t.gettext("the photo of {name}, a real person", name=_owner_name(pair.owner))
    if pair.cases:
        return t.gettext("the picture in {case}", case=f"K-{pair.cases[0]}")
    return t.gettext("an earlier picture")


def _ordered(accounts: Iterable[Account]) -> list[Account]:
    return sorted(accounts, key=lambda account: _ORDER.index(account.status))


def _farm(account: Account, t: Translator) -> Html:
    return t.gettext("farm “{farm}”", farm=clipped(account.farm or "", _NAME))


def _is_owners(pair: PhotoPair) -> bool:
    """The stored picture came from its owner, or nobody else is known to use it."""
    return pair.owner is not None and not pair.accounts and not pair.cases


def _owner_name(owner: PhotoOwner | None) -> Html:
    name = owner.entry.name if owner is not None and owner.entry is not None else "?"
    return bold(clipped(name, _NAME))


def _stolen(accounts: Sequence[Account], owner: PhotoOwner, t: Translator) -> Html:
    # A cleared account may well be the owner's own.
    if accounts and all(account.status is AccountStatus.CLEARED for account in accounts):
        return t.gettext("The photo is {name}'s", name=_owner_name(owner))
    return t.gettext("Stolen from: {name}", name=_owner_name(owner))


def owner_lines(owner: PhotoOwner, reader: Reader) -> list[Html]:
    """Profile, how it is known, the note, who recorded it: for those who may read it, and for who wrote it."""
    entry, t = owner.entry, reader.t
    if entry is None or not sees_details(owner, reader):
        return []
    said = t.gettext("Recorded by {who}, {date}", who=clipped(owner.member_name, _NAME), date=reader.day(owner.at))
    profile = Html(f"<code>{clipped(entry.profile, _DETAIL)}</code>") if entry.profile else None
    how = t.gettext("How it is known: {how}", how=clipped(entry.how, _DETAIL)) if entry.how else None
    note = t.gettext("Note: {note}", note=clipped(entry.note, _DETAIL)) if entry.note else None
    return [line for line in (profile, how, note, said) if line is not None]


def sees_details(owner: PhotoOwner, reader: Reader) -> bool:
    """Whether the reader may read more of an owner than the name, and correct it."""
    return owner.member_id == reader.member.id or reader.member.may(Right.OWNER_DETAILS)


def pair_card(pair: PhotoPair, reader: Reader, submission_id: int | None, *, may_rule: bool) -> Card:
    """What stands under a pair: a caption within Telegram's limit, and what may be said of it.

    Without a `submission_id` the picture was only looked up: there is nothing to rule on.
    """
    t = reader.t
    rejected = pair.ruling if pair.is_rejected else None
    if rejected is not None:
        who = clipped(rejected.member_name, _NAME)
        head = t.gettext("👤 {who}: not the same photo. It will not be offered again.", who=who)
    else:
        head = photo_line(pair, reader) if pair.is_match else question(pair, t)
    text = lines(
        head,
        *([] if rejected is not None else _known(pair, reader)),
        *(owner_lines(pair.owner, reader) if pair.owner is not None and rejected is None else []),
    )
    buttons = (
        _rulings(pair, reader, submission_id) if submission_id is not None and may_rule else (),
        _ask(pair, reader),
    )
    return Card(text=text, buttons=tuple(row for row in buttons if row))


def _known(pair: PhotoPair, reader: Reader) -> list[Html]:
    """Who uses the stored picture, which cases brought it, from where it is and since when."""
    t = reader.t
    shown = _ordered(pair.accounts)[:_MOST_ACCOUNTS]
    said = [_account_line(account, t, is_sure=account.id not in pair.doubtful) for account in shown]
    if pair.cases:
        said.append(_case_links(pair.cases, t))
    if pair.known.submission_id is None and pair.known.source:
        said.append(t.gettext("Source: {source}", source=clipped(pair.known.source, _SOURCE)))
    if pair.since is not None:
        said.append(t.gettext("Known since {date}", date=reader.day(pair.since)))
    return said


def _account_line(account: Account, t: Translator, *, is_sure: bool = True) -> Html:
    mark = "🚩 " if account.status is AccountStatus.CONFIRMED and is_sure else ""
    status = words.word(t, words.STATUSES, account.status.value)
    farm = f" · {_farm(account, t)}" if account.farm else ""
    return Html(f"{mark}{bold(clipped(words.account_name(account.label), _NAME))}{farm} · {status}")


def _case_links(cases: Sequence[int], t: Translator) -> Html:
    return t.gettext("Cases: {cases}", cases=" ".join(f"/case_{number}" for number in cases[:_MOST_CASES]))


def _rulings(pair: PhotoPair, reader: Reader, submission_id: int) -> tuple[Button, ...]:
    if pair.is_same_file:
        return ()
    t, argument = reader.t.plain, f"{pair.known.id:x}.{pair.place:x}"
    same, other = (Press(action=name, subject=submission_id, argument=argument) for name in ("psame", "pnot"))
    if pair.is_rejected:
        return (Button(label=t.pgettext("button", "It is the same photo after all"), press=same),)
    if pair.is_match:
        return (Button(label=t.pgettext("button", "Not the same photo"), press=other),)
    return (
        Button(label=t.pgettext("button", "Same photo"), press=same),
        Button(label=t.pgettext("button", "Not the same"), press=other),
    )


def _ask(pair: PhotoPair, reader: Reader) -> tuple[Button, ...]:
    if pair.is_rejected or not reader.member.may(Right.NAME_OWNER):
        return ()
    if pair.owner is not None and not sees_details(pair.owner, reader):
        return ()
    t, press = reader.t.plain, Press(action="whose", subject=pair.known.id)
    if pair.owner is None:
        return (Button(label=t.pgettext("button", "Whose photo is it?"), press=press),)
    return (Button(label=t.pgettext("button", "Correct whose photo it is"), press=press),)


def pair_labels(pair: PhotoPair, reader: Reader) -> tuple[str, str]:
    """What is written over the two pictures."""
    t = reader.t.plain
    account = next(iter(_ordered(pair.accounts)), None)
    if account is not None:
        known = words.account_name(account.label)
    elif pair.owner is not None and pair.owner.entry is not None:
        known = pair.owner.entry.name
    elif pair.cases:
        known = f"K-{pair.cases[0]}"
    else:
        known = t.gettext("An earlier picture")
    return t.gettext("This picture"), known[: 2 * _LABEL]


def seen_card(seen: PhotoSeen, reader: Reader) -> Card:
    """Where a photo was seen, in words; the pictures side by side follow."""
    t = reader.t
    asked = seen.possible
    ask = t.ngettext(
        "{count} stored photo may be the same. Please compare.",
        "{count} stored photos may be the same. Please compare.",
        asked,
        count=asked,
    )
    text = lines(
        bold(t.gettext("Looked up; nothing was filed")),
        *(_seen(seen, reader) if seen.times else []),
        *(_stolen(seen.accounts, owner, t) for owner in seen.owners),
        ask if asked else None,
        None if seen.times or asked or seen.owners else _nothing(t),
    )
    return Card(text=text)


def _seen(seen: PhotoSeen, reader: Reader) -> list[Html]:
    t, how_often = reader.t, times(seen.times, reader.t)
    first = reader.day(seen.since) if seen.since is not None else "?"
    last = reader.day(seen.last) if seen.last is not None else "?"
    if first == last:
        said = [t.gettext("🖼 This photo is known: {times}, on {date}", times=how_often, date=first)]
    else:
        said = [
            t.gettext("🖼 This photo is known: {times}, from {first} to {last}", times=how_often, first=first, last=last)
        ]
    accounts = _ordered(seen.accounts)
    said += [_account_line(account, t) for account in accounts[: 2 * _MOST_ACCOUNTS]]
    more = len(accounts) - 2 * _MOST_ACCOUNTS
    if more > 0:
        said.append(t.ngettext("and {count} more account", "and {count} more accounts", more, count=more))
    return [*said, _case_links(seen.cases, t)] if seen.cases else said


def _nothing(t: Translator) -> Html:
    return t.gettext("This photo is not known yet. To have it kept, send it without a command.")
