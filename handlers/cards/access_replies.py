"""Cards about access: second factors, what waits for a second person, freezing, lockdown, what leads are told."""

from urllib.parse import quote

from bot.i18n import N_, NP_, Html
from bot.model.access import ActState
from bot.model.plain import one_line
from bot.services.two_people import ActView
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, lines
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk

#: What an act would do, in words; {name} is whom it is about, {roles} what they would be.
ACTS = {
    "roles": NP_("act", "{name} becomes: {roles}"),
    "admit": NP_("act", "{name} is let in as: {roles}"),
    "removal": NP_("act", "{name}, the last security lead, is removed"),
    "merge": NP_("act", "{form}: the first account is the second one, a known fake"),
    "split": NP_(
        "act", "{form}: names, photos or links of the first account become those of the second one, a known fake"
    ),
    "setting": NP_("act", "cases on which nothing hangs leave after {form} days already"),
    "chat": NP_("act", "digests go to the group {name}; people in it: {people}, of them no members: {strangers}"),
    "thaw": NP_("act", "{name}, who froze their own access, comes back"),
    "unlock": NP_("act", "the lockdown ends"),
    "totp_reset": NP_("act", "the second factor of {name} is taken away, to be set up anew"),
    "wake": NP_("act", "{name}, who was away for a long time, works on. Please make sure in person that it is them"),
    "accounts_out": NP_("act", "all listed accounts leave as a file ({form})"),
    "threats_out": NP_("act", "the threat log ({query}) leaves as a file ({form}), with names of those threatened"),
    "ledger_out": NP_("act", "the takedown ledger ({query}) leaves as a file ({form}), with our reporters' names"),
    "farm_out": NP_("act", "accounts of farms leave as a file ({form})"),
    "withdraw": NP_("act", "everything that came with the import {form} is withdrawn; accounts in it: {count}"),
    "withdraw_member": NP_("act", "everything that {name} said of accounts is withdrawn; accounts: {count}"),
    "erase": NP_("act", "{name} is erased for good: texts, pictures, threats. Ground: {ground}"),
    "erase_account": NP_("act", "the account {name} is erased for good: names, photos, reports. Ground: {ground}"),
    "erase_person": NP_("act", "the record of {name} is erased for good, with letters and notes. Ground: {ground}"),
    "erase_member": NP_("act", "who {name} was, no member any more, is erased for good. Ground: {ground}"),
}
ENDS = {
    ActState.ALLOWED: NP_("act", "Allowed by {who}."),
    ActState.REFUSED: NP_("act", "Refused by {who}."),
    ActState.VOID: NP_("act", "Void: something it rested on has changed."),
}


async def _secret(desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    t = reader.t
    secret = await desk.step_up.secret_of(reader.member)
    name = quote(f"Kalkan:{reader.newsroom.name}"[:60])
    return Card(
        text=lines(
            t.gettext("Enter this key into an authenticator app (Aegis, Google Authenticator, 2FAS…):"),
            Html(f"<code>{Html.escaped(' '.join(secret[i : i + 4] for i in range(0, len(secret), 4)))}</code>"),
            Html(f"<code>otpauth://totp/{name}?secret={secret}&amp;issuer=Kalkan</code>"),
            t.gettext("Then send me the six digits that the app shows. This message disappears in 5 minutes."),
            t.gettext("Keep the app on another device than this Telegram, if you can."),
        )
    )


async def _codes(desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    t = reader.t
    codes = await desk.step_up.recovery_of(reader.member)
    return Card(
        text=lines(
            t.gettext("Done: from now on I ask you for a code before exports, curators and role changes."),
            t.gettext("If the app is lost, each of these opens once. Write them on paper:"),
            *(Html(f"<code>{Html.escaped(code)}</code>") for code in codes),
            t.gettext("This message disappears in 5 minutes and does not come again."),
        )
    )


async def _right(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t, left, minutes = reader.t, int(v["left"]), int(v["minutes"])
    fresh = t.ngettext(
        "The code is right. For {count} minute I ask for no other.",
        "The code is right. For {count} minutes I ask for no other.",
        minutes,
        count=minutes,
    )
    next_ = (
        t.gettext("Your request goes on.")
        if v.get("goes_on")
        else t.gettext("If you asked for something, please ask again.")
    )
    few = t.ngettext(
        "You have {count} recovery code left. /totp makes new ones.",
        "You have {count} recovery codes left. /totp makes new ones.",
        left,
        count=left,
    )
    return Card(text=lines(fresh, next_, few if left < 3 else None))


async def _wrong(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    left = int(v["left"])
    return Card(
        text=reader.t.ngettext(
            "This code is wrong, or was used already. {count} try is left.",
            "This code is wrong, or was used already. {count} tries are left.",
            left,
            count=left,
        )
    )


async def _act(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    view = await desk.two_people.view(reader.member, int(v["act"]))
    who = t.gettext("{name} asks for a second person:", name=view.asked_by)
    until = t.gettext("It waits until {moment}.", moment=t.datetime(view.act.expires_at, reader.zone))
    end = _end(view, reader)
    is_own = view.act.asked_by == reader.member.id
    row = (
        Button(label=t.plain.pgettext("button", "Allow"), press=Press(action="actyes", subject=view.act.id)),
        Button(label=t.plain.pgettext("button", "Refuse"), press=Press(action="actno", subject=view.act.id)),
    )
    return Card(
        text=lines(who, act_in_words(view, reader), end or until),
        buttons=() if end or is_own else (row,),
    )


def _end(view: ActView, reader: Reader) -> Html | None:
    t = reader.t
    if view.act.state in ENDS:
        return t.pgettext("act", ENDS[view.act.state], who=view.decided_by or t.gettext("the server's operator"))
    if not view.is_live:
        return t.pgettext("act", ENDS[ActState.VOID])
    return None


def act_in_words(view: ActView, reader: Reader) -> Html:
    """Exactly what would be done."""
    t, body = reader.t, view.act.body
    names = words.roles(t, ",".join(body.get("roles", ())) or str(body.get("as", "")))
    form, ground = str(body.get("form", body.get("what", ""))), str(body.get("ground", ""))
    said = {"name": view.about, "ground": ground, "roles": names, "form": form}
    said["count"] = str(body.get("accounts", ""))
    people, known = int(body.get("people", 0)), int(body.get("known", 0))
    said |= {"people": str(people), "strangers": str(people - known)}
    said["query"] = one_line(str(body.get("words", ""))) or t.plain.gettext("all of it")
    return t.pgettext("act", ACTS[view.act.kind.value], **said)


async def _waits(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return Card(text=reader.t.gettext("This takes two people. The other leads are asked; it waits for 24 hours."))


async def _alone(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return Card(
        text=lines(
            reader.t.gettext("This takes two people, and there is no other administrator or security lead."),
            reader.t.gettext("On the server, within 24 hours: {command}", command=f"kalkan allow {v['act']}"),
        )
    )


def _plain(sentence: str) -> Render:
    async def render(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
        given = {name: str(v[name]) for name in ("name", "number") if name in v}
        return Card(text=reader.t.gettext(sentence, **given))

    return render


def _changed(sentence: str) -> Render:
    """What somebody who leads changed of people or settings."""

    async def render(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
        given = {name: str(v[name]) for name in ("name", "who", "setting", "value", "people") if name in v}
        return Card(text=reader.t.gettext(sentence, role=words.roles(reader.t, str(v.get("role", ""))), **given))

    return render


async def _frozen(desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    t = reader.t
    frozen = await desk.freezing.frozen(reader.newsroom.id)
    if not frozen:
        return Card(text=t.gettext("Nobody's access is frozen."))
    rows = [Html(f"{number}. {Html.escaped(member.name)}") for number, member in frozen.items()]
    return Card(text=lines(t.gettext("Frozen by themselves; /thaw and the number asks to let one back:"), *rows))


async def _joined(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t, role = reader.t, words.roles(reader.t, str(v["role"]))
    said = t.gettext("{name} has joined by an invite made on the server, as: {roles}.", name=str(v["name"]), roles=role)
    return Card(text=lines(said, t.gettext("If that surprises you, ask who runs the server.")))


async def _exported(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    said = t.gettext("Exported as a file on the server: {what}.", what=one_line(str(v["what"]))[:200])
    return Card(text=lines(said, t.gettext("If that surprises you, ask who runs the server.")))


ACCESS_REPLIES: dict[str, Render] = {
    "totp_secret": _secret,
    "totp_codes": _codes,
    "totp_right": _right,
    "totp_wrong": _wrong,
    "totp_was_reset": _plain(N_("Your second factor was taken away by two leads. /totp sets it up anew.")),
    "totp_was_reset_there": _plain(N_("Your second factor was taken away on the server. /totp sets it up anew.")),
    "totp_reset_there": _plain(
        N_("The second factor of {name} was taken away on the server. If that surprises you, ask who runs it.")
    ),
    "totp_set_by": _plain(N_("{name} has set up a second factor. If that surprises you, ask them in person.")),
    "recovery_used_by": _plain(N_("{name} used a recovery code. If that surprises you, ask them in person.")),
    "totp_locked_for": _plain(N_("{name} gave five wrong codes and is locked out for 15 minutes. Please ask them.")),
    "act": _act,
    "act_waits": _waits,
    "act_alone": _alone,
    "act_void": _plain(N_("There is nothing left to do here: it was done already, or has changed.")),
    "act_own": _plain(N_("You asked for this yourself: it takes another person.")),
    "act_needs_admin": _plain(N_("One of the two must be an administrator.")),
    "act_needs_security": _plain(N_("The second person must be a security lead.")),
    "act_allowed": _plain(N_("A second person has allowed what you asked for.")),
    "act_refused": _plain(N_("A second person has refused what you asked for.")),
    "acts_none": _plain(N_("Nothing waits for a second person.")),
    "frozen": _frozen,
    "frozen_self": _plain(N_("{name} has frozen their own access. Please find out how they are. /thaw {number}")),
    "thawed": _plain(N_("Your access is back.")),
    "thawed_for": _plain(N_("{name} has access again.")),
    "locked_down": _plain(
        N_("{name} locked the newsroom down: I take what is forwarded, sound alarms, and answer nothing. /unlock")
    ),
    "unlocked": _plain(N_("The lockdown has ended.")),
    "removed_by": _changed(N_("{name} removed {who} ({role}). If that surprises you, ask them in person.")),
    "roles_cut": _changed(N_("{name} changed the roles of {who}: {role}. If that surprises you, ask them in person.")),
    "chat_opened_by": _changed(
        N_("{name} let {who} have digests. People in the group: {people}. If that surprises you, ask them in person.")
    ),
    "setting_by": _changed(N_("{name} set {setting} to {value}. If that surprises you, ask them in person.")),
    "joined_there": _joined,
    "export_there": _exported,
    "vigil_export": _plain(N_("{name} is exporting.")),
    "vigil_bulk": _plain(N_("{name} is opening unusually many cases, threats or accounts.")),
    "vigil_odd_hour": _plain(N_("{name} is at sensitive work at an unusual hour.")),
    "vigil_odd_reads": _plain(N_("{name} is reading a lot at an unusual hour.")),
}
