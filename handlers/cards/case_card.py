"""The verdict card: what is known of a case, the most important line first, each with its reason and strength.

A possibility is worded as a question to a person, never as a finding; when nothing is known, the card says so.
"""

from collections.abc import Sequence

from bot.i18n import Html, Translator
from bot.model.account import Account, AccountStatus
from bot.model.copies import CopyCount
from bot.model.exchange import PartnerWord
from bot.model.rights import Right
from bot.model.submission import Case, OriginKind, Part, PartKind, SubmissionState
from bot.model.verdict import AccountFound, CopyFound, SpanFound, ThreatFound, Verdict
from bot.services.cases import CaseView
from handlers.buttons import Press
from handlers.cards import photos, screens, words
from handlers.cards.card import Button, Card, Reader, bold, lines, quote, spoiler
from handlers.cards.partner_words import partner_lines
from handlers.cards.sealed import words_sealed
from handlers.cards.seen import campaign_button, campaign_number, seen

_EXCERPT = 240
_MOST_LINES = 4


def case_card(view: CaseView, reader: Reader, partners: Sequence[PartnerWord] = ()) -> Card | None:
    """The card of a submission in its present state; None while there is nothing to show yet.

    `partners` is what other newsrooms say of it: it stands apart from what is known here.
    """
    case = view.case
    if case.state is SubmissionState.GROWING:
        return None
    if case.state is SubmissionState.ASKING:
        return _question(case, reader)
    if case.state is SubmissionState.NOTE:
        return Card(text=reader.t.gettext("Kept as a note."))
    if case.state is SubmissionState.WITHDRAWN and case.number is None:
        return Card(text=reader.t.gettext("Set aside: these words count nowhere."))
    if case.state is SubmissionState.WITHDRAWN:
        return Card(text=reader.t.gettext("{case} is withdrawn. It no longer counts anywhere.", case=case.label))
    return Card(text=_text(view, reader, partners), buttons=_buttons(view, reader))


def _question(case: Case, reader: Reader) -> Card:
    t = reader.t
    row = (
        Button(label=t.plain.pgettext("button", "Check this"), press=Press(action="check", subject=case.submission_id)),
        Button(
            label=t.plain.pgettext("button", "It is a note"), press=Press(action="note", subject=case.submission_id)
        ),
    )
    drop = Button(label=t.plain.pgettext("button", "Neither"), press=Press(action="undo", subject=case.submission_id))
    return Card(
        text=t.gettext("Shall I check these words, or are they a note to your last case?"), buttons=(row, (drop,))
    )


def _text(view: CaseView, reader: Reader, partners: Sequence[PartnerWord]) -> Html:
    case, verdict, t = view.case, view.case.verdict, reader.t
    body = _findings(view, verdict, reader)
    if not body and not partners and _is_read(case):
        body = [t.gettext("Nothing is known about this yet.")]
    return lines(
        _headline(case, reader),
        *body,
        *_rulings(view, reader),
        *partner_lines(partners, reader),
        *_context(view, reader),
        *screens.reading_lines(case, reader),
        *_failures(case, t),
        _excerpt(case) or (words_sealed(t) if case.sealed else None),
        _note(case, t),
    )


def _headline(case: Case, reader: Reader) -> Html:
    t = reader.t
    progress = _progress(case, t)
    count = t.ngettext("{count} message", "{count} messages", len(case.parts), count=len(case.parts))
    head = Html(f"{bold(case.label)} · {count}")
    if case.reporter_id != reader.member.id:
        head = Html(f"{head} · {Html.escaped(case.reporter_name)}")
    return Html(f"{head}\n⏳ {progress}") if progress else head


def _progress(case: Case, t: Translator) -> Html | None:
    pictures = [part for part in case.parts if part.kind in (PartKind.PHOTO, PartKind.DOCUMENT)]
    read = sum(part.finding is not None for part in pictures)
    total = max(len(pictures), read + case.waiting)
    if read >= total:
        return None
    return t.gettext("Reading picture {number} of {total}…", number=min(read + 1, total), total=total)


def _is_read(case: Case) -> bool:
    return all(part.finding is not None for part in case.parts) and not screens.is_waiting(case)


def _findings(view: CaseView, verdict: Verdict, reader: Reader) -> list[Html]:
    t = reader.t
    threat = _threat(verdict.threat, view.case, reader)
    found = [_account(a, view.accounts[a.account_id], t) for a in view.accounts_found if a.account_id in view.accounts]
    shown = [line for line in found if line is not None][:_MOST_LINES]
    pictures = photos.matches(view.pairs, reader)
    texts = (_copies(verdict, reader), _campaign(verdict, t), _picture_campaign(view, t))
    first, last = (threat, None) if verdict.threat.level == "threat" else (None, threat)
    questions = photos.questions(view.pairs, reader, wants_a_file=view.wants_a_file)
    said = [first, *shown, *pictures, *texts, last, *questions, _similar(verdict, t)]
    return [line for line in said if line is not None]


def _threat(threat: ThreatFound, case: Case, reader: Reader) -> Html | None:
    t = reader.t
    kinds = Html(", ").join(Html.escaped(words.word(t, words.KINDS, kind)) for kind in threat.kinds)
    if threat.level == "threat":
        return lines(
            t.gettext(
                "⚠️ <b>Looks like a threat</b>: {kinds}. Severity {severity} of 4.",
                kinds=kinds,
                severity=threat.severity,
            ),
            t.gettext("A time, a place, a gathering or guards are named: perhaps urgent.") if threat.imminent else None,
            _aimed_at(threat, case, reader),
        )
    if threat.level == "review":
        why = Html(", ").join(Html.escaped(words.word(t, words.DEMOTIONS, code)) for code in threat.demotions)
        if why:
            return t.gettext(
                "Possibly a threat ({kinds}). Against that: {why}. Please read it yourself.", kinds=kinds, why=why
            )
        return t.gettext("Possibly a threat ({kinds}). Please read it yourself.", kinds=kinds)
    if threat.level == "violent_call":
        return t.gettext("Reads as a call for violence against others, not against the newsroom.")
    if threat.level == "curse":
        return t.gettext("Reads as a curse or an insult rather than a threat.")
    return None


def _aimed_at(threat: ThreatFound, case: Case, reader: Reader) -> Html | None:
    if not threat.targets or not sees_targets(case, reader):
        return None
    names = dict.fromkeys(target.text for target in threat.targets if target.kind in ("staff", "outlet_named"))
    if names:
        return reader.t.gettext("Aimed at: {names}", names=", ".join(names))
    return reader.t.gettext("It names nobody: whoever it addresses is meant.")


def sees_targets(case: Case, reader: Reader) -> bool:
    """Whether the reader may learn at whom a case is aimed: its reporter, editors and security leads."""
    return case.reporter_id == reader.member.id or reader.member.may(Right.SEE_TARGETS)


def _account(found: AccountFound, account: Account, t: Translator) -> Html | None:
    name, farm = bold(words.account_name(account.label)), _farm(account, t)
    if found.strength == "possible":
        # Two photos that may be the same are alike, no more.
        why = words.word(t, words.REASONS, "similar_photo" if found.why == "same_photo" else found.why)
        status = words.word(t, words.STATUSES, account.status.value)
        return t.gettext(
            "Is this {account} ({status})? All that speaks for it: {why}. Please compare.",
            account=name,
            status=status,
            why=why,
        )
    why = words.word(t, words.REASONS, found.why)
    strength = words.word(t, words.STRENGTHS, found.strength)
    if account.status is AccountStatus.CONFIRMED and found.why == "same_photo":
        # Whose photo it is may be its true owner, or another account: the photo alone accuses nobody.
        return t.gettext(
            "🚩 A known fake uses this photo: {account}{farm} ({strength})", account=name, farm=farm, strength=strength
        )
    if account.status is AccountStatus.CONFIRMED:
        return t.gettext(
            "🚩 Known fake: {account}{farm} ({why}, {strength})", account=name, farm=farm, why=why, strength=strength
        )
    if account.status is AccountStatus.CLEARED:
        return t.gettext("✅ {account} was checked and cleared: not a fake.", account=name)
    if account.status is AccountStatus.GONE:
        return t.gettext("{account}{farm} was removed by its platform ({why}).", account=name, farm=farm, why=why)
    return t.gettext(
        "{account}{farm}: listed by {who}, not confirmed ({why}, {strength})",
        account=name,
        farm=farm,
        who=words.lister(t, account.listed_by),
        why=why,
        strength=strength,
    )


def _farm(account: Account, t: Translator) -> Html:
    return Html(", ") + t.gettext("farm “{farm}”", farm=account.farm) if account.farm else Html("")


def _copies(verdict: Verdict, reader: Reader) -> Html | None:
    if not verdict.copy_count:
        return None
    said = seen(copy_count(verdict), reader)
    closest = next((copy for copy in verdict.copies if copy.tier == "copy"), None)
    return said if closest is None else Html(f"{said} ({_alike(closest, reader.t)})")


def copy_count(verdict: Verdict) -> CopyCount:
    """How often the text of a case was seen."""
    return CopyCount(
        times=verdict.copy_count,
        accounts=verdict.copy_accounts,
        fakes=verdict.copy_fakes,
        since=verdict.copies_since,
        first_account=verdict.copy_first_account,
        first_post=verdict.copy_first_post,
    )


def _campaign(verdict: Verdict, t: Translator) -> Html | None:
    if verdict.campaign is None:
        return None
    link = f"/campaign_{campaign_number(verdict.campaign)}"
    return t.gettext(
        "📣 The same text from several accounts: campaign {campaign} {link}", campaign=bold(verdict.campaign), link=link
    )


def _picture_campaign(view: CaseView, t: Translator) -> Html | None:
    if view.picture_campaign is None:
        return None
    link = f"/campaign_{campaign_number(view.picture_campaign)}"
    return t.gettext(
        "📣 The same picture from several accounts: campaign {campaign} {link}",
        campaign=bold(view.picture_campaign),
        link=link,
    )


def _alike(copy: CopyFound, t: Translator) -> Html:
    edits = ", ".join(words.word(t, words.EDITS, code) for code in copy.why)
    return t.gettext("{share} alike, {edits}", share=t.percent(copy.score), edits=edits)


def _similar(verdict: Verdict, t: Translator) -> Html | None:
    similar = next((copy for copy in verdict.copies if copy.tier == "similar"), None)
    if similar is None:
        return None
    return t.gettext(
        "Possibly reworked: a similar text is stored ({detail}). Please compare.", detail=_alike(similar, t)
    )


def _rulings(view: CaseView, reader: Reader) -> list[Html]:
    case = view.case
    t, ruling = reader.t, case.ruled("threat")
    said = []
    if ruling is not None and ruling.value == "yes":
        said.append(t.gettext("👤 {who}: this is a threat.", who=ruling.member_name))
    elif ruling is not None:
        said.append(t.gettext("👤 {who}: this is not a threat.", who=ruling.member_name))
    if case.target and sees_targets(case, reader):
        said.append(t.gettext("👤 Aimed at: {names}", names=case.target))
    for event, who, what in view.said:
        if event == "target_said" and sees_targets(case, reader):
            said.append(t.gettext("👤 {who} says it is aimed at: {names}", who=who, names=what))
        elif event == "author_said":
            said.append(
                t.gettext("👤 {who} says it was written by: {account}", who=who, account=words.account_name(what))
            )
    return said


def _context(view: CaseView, reader: Reader) -> list[Html | None]:
    t = reader.t
    hidden = {p.origin.name for p in view.case.parts if p.origin.kind is OriginKind.HIDDEN_USER and p.origin.name}
    ask = (
        t.gettext(
            "Telegram hides this author; the name shown is {name}. "
            "Please send a screenshot of the profile, or a link to it.",
            name=", ".join(sorted(hidden)),
        )
        if hidden and not named_author(view)
        else None
    )
    named = [
        words.account_name(f"{k.platform}:{k.handle or k.numeric_id}")
        for k in view.case.links
        if k.handle or k.numeric_id
    ]
    links = t.gettext("Links to: {accounts}", accounts=", ".join(named[:_MOST_LINES])) if named else None
    writer = named_author(view)
    author = t.gettext("Written by: {account}", account=words.account_name(writer)) if writer else None
    return [author, links, ask]


def named_author(view: CaseView) -> str | None:
    """The account that wrote it, `platform:handle`; a mere display name is nobody."""
    return view.author if view.author and ":" in view.author else None


def _failures(case: Case, t: Translator) -> list[Html]:
    said: dict[str, Html] = {}
    for part in case.parts:
        failure = part.finding.failure if part.finding else None
        if failure == "unsupported":
            said[f"what:{part.what}"] = t.gettext(words.UNSUPPORTED.get(part.what or "", words.UNSUPPORTED["other"]))
        elif failure:
            said[failure] = t.gettext(words.FAILURES.get(failure, words.FAILURE))
        if part.finding is not None and part.finding.remark in words.REMARKS:
            said[part.finding.remark] = t.gettext(words.REMARKS[part.finding.remark])
    return list(said.values())


def _excerpt(case: Case) -> Html | None:
    spoken = [said for part in case.parts for said in _spoken(part)]
    if not spoken:
        return None
    text, threat = max(spoken, key=lambda said: said[1].rank)
    return quote(spoiler(_marked(text, threat.spans)))


def _spoken(part: Part) -> list[tuple[str, ThreatFound]]:
    """What others say in a part: the words of its message, the comments on its picture."""
    said = []
    if part.text and part.origin.kind is not OriginKind.TYPED:
        said.append((part.text, part.finding.threat if part.finding else ThreatFound()))
    if part.reading is not None and part.reading.screen is not None:
        read = part.reading.screen.counted
        said += [(comment.text, comment.finding.threat) for comment in read if comment.text]
    return said


def _marked(text: str, spans: tuple[SpanFound, ...]) -> Html:
    cut = text[:_EXCERPT]
    marked = [False] * len(cut)
    for span in spans:
        marked[span.start : min(span.end, len(cut))] = [True] * max(0, min(span.end, len(cut)) - span.start)
    pieces, start = [], 0
    for end in range(1, len(cut) + 1):
        if end == len(cut) or marked[end] != marked[start]:
            piece = Html.escaped(cut[start:end])
            pieces.append(f"<b>{piece}</b>" if marked[start] else piece)
            start = end
    return Html("".join(pieces) + ("…" if len(text) > _EXCERPT else ""))


def _note(case: Case, t: Translator) -> Html | None:
    return t.gettext("📝 Note: {note}", note=case.note[:_EXCERPT]) if case.note else None


def _buttons(view: CaseView, reader: Reader) -> tuple[tuple[Button, ...], ...]:
    case, verdict, t = view.case, view.case.verdict, reader.t.plain
    subject = case.submission_id

    def button(label: str, action: str, argument: str = "") -> Button:
        return Button(label=label, press=Press(action=action, subject=subject, argument=argument))

    account: list[Button] = []
    named = named_author(view) or any(link.handle or link.numeric_id for link in case.links)
    listed = any(found.strength != "possible" for found in view.accounts_found)
    if named and not listed and reader.member.may(Right.SUSPECT_ACCOUNT):
        account.append(button(t.pgettext("button", "Mark account suspected"), "suspect"))
    if not named:
        account.append(button(t.pgettext("button", "Who wrote this?"), "author"))
    threat = [
        button(t.pgettext("button", "A threat"), "threat", "yes"),
        button(t.pgettext("button", "Not a threat"), "threat", "no"),
        button(t.pgettext("button", "Who is targeted?"), "targets"),
    ]
    look = []
    if verdict.copies:
        look.append(button(t.pgettext("button", "Copies"), "copies"))
    if verdict.campaign is not None:
        look.append(campaign_button(verdict.campaign, reader))
    elif view.picture_campaign is not None:
        look.append(campaign_button(view.picture_campaign, reader))
    pictures = []
    read = screens.screen_button(case, reader)
    if read is not None:
        look.append(read)
    if view.pairs:
        pictures.append(button(t.pgettext("button", "Compare the photos"), "pairs"))
    if any(part.sha256 for part in case.parts):
        pictures.append(button(t.pgettext("button", "Show the photos"), "photos"))
    undo = [button(t.pgettext("button", "Undo"), "undo")] if case.reporter_id == reader.member.id else []
    return tuple(tuple(row) for row in (account, threat, look, pictures, undo) if row)
