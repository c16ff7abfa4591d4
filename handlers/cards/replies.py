"""Replies by their code: one sentence or one list each, rendered in the reader's language when it is sent."""

from bot.errors import Refusal
from bot.i18n import Html
from handlers.buttons import Press
from handlers.cards import lists, words
from handlers.cards.about import help_card, language_card, privacy_card, settings_card, whoami_card
from handlers.cards.access_replies import ACCESS_REPLIES
from handlers.cards.account_lists import LIST_REPLIES
from handlers.cards.account_replies import ACCOUNT_REPLIES
from handlers.cards.audit import AUDIT_REPLIES
from handlers.cards.card import Button, Card, Reader, lines
from handlers.cards.copy_replies import COPY_REPLIES
from handlers.cards.digest_replies import DIGEST_REPLIES
from handlers.cards.erasure_replies import ERASURE_REPLIES
from handlers.cards.evidence_replies import EVIDENCE_REPLIES
from handlers.cards.exchange import EXCHANGE_REPLIES
from handlers.cards.farm_replies import FARM_REPLIES
from handlers.cards.health_replies import HEALTH_REPLIES
from handlers.cards.house_replies import HOUSE_REPLIES
from handlers.cards.limit_replies import LIMIT_REPLIES
from handlers.cards.outreach_replies import OUTREACH_REPLIES
from handlers.cards.own_data_replies import OWN_DATA_REPLIES
from handlers.cards.photo_replies import PHOTO_REPLIES
from handlers.cards.public_label_replies import PUBLIC_LABEL_REPLIES
from handlers.cards.render import Render, Values
from handlers.cards.report_replies import REPORT_REPLIES
from handlers.cards.restrictions import RESTRICTION_REPLIES
from handlers.cards.screen_replies import SCREEN_REPLIES
from handlers.cards.spike_replies import SPIKE_REPLIES
from handlers.cards.takedown_replies import TAKEDOWN_REPLIES
from handlers.cards.threat_log_replies import THREAT_LOG_REPLIES
from handlers.cards.threat_replies import THREAT_REPLIES
from handlers.desk import FrontDesk


async def render_reply(desk: FrontDesk, reader: Reader, code: str, values: Values) -> Card:
    """The card for a code; a refusal's code is its sentence."""
    if code in _RENDERERS:
        try:
            return await _RENDERERS[code](desk, reader, values)
        except Refusal as refusal:
            code = refusal.code
    if code in words.FAILURES:
        return Card(text=reader.t.gettext(words.FAILURES[code]))
    if code in words.REFUSALS:
        return Card(text=reader.t.gettext(words.REFUSALS[code]))
    sentence = _sentence(reader, code, values)
    return Card(text=sentence)


def _sentence(reader: Reader, code: str, v: Values) -> Html:
    t = reader.t
    for about in (_about_people, _about_cases, _about_accounts, _about_staff, _about_faults):
        said = about(reader, code, v)
        if said is not None:
            return said
    return t.gettext("Something went wrong here. Nothing you sent is lost; the administrator can see it.")


def _about_people(reader: Reader, code: str, v: Values) -> Html | None:
    t = reader.t
    role = words.roles(t, str(v.get("role", "")))
    match code:
        case "welcome":
            return lines(
                t.gettext("Welcome to {newsroom}. Your role: {role}.", newsroom=reader.newsroom.name, role=role),
                t.gettext(
                    "Forward a comment or send a screenshot: in seconds you will see what is known. /help says more."
                ),
            )
        case "already_member":
            return t.gettext("You are a member already. /help shows what you can do.")
        case "wait_for_admin":
            return t.gettext("Thank you. The administrator has been told and will decide.")
        case "member_admitted":
            return t.gettext("{name} is in.", name=v["name"])
        case "member_refused":
            return t.gettext("{name} was not let in.", name=v["name"])
        case "already_decided":
            return t.gettext("This was decided already: {name}.", name=v["name"])
        case "member_removed":
            return t.gettext("{name} is no longer a member.", name=v["name"])
        case "last_admin":
            return t.gettext("This is the last administrator. Make somebody else administrator first.")
        case "roles_set":
            return t.gettext("{name}: {role}", name=v["name"], role=role)
        case "your_roles":
            return t.gettext("Your roles are now: {role}. /help shows what you can do.", role=role)
        case "invite_used":
            return t.gettext(
                "Your invite was used by {name} ({role}). The administrator decides.", name=v["name"], role=role
            )
        case "invite_expired":
            return t.gettext("Your invite ({role}) expired unused. /invite makes a new one.", role=role)
    return None


def _about_cases(reader: Reader, code: str, v: Values) -> Html | None:
    t = reader.t
    match code:
        case "noted":
            return t.gettext("Kept as a note to {case}.", case=v["case"])
        case "ask_author":
            return t.gettext("{case}: who wrote it? Please send a link to the profile.", case=v["case"])
        case "author_kept":
            return t.gettext("{case}: written by {account}.", case=v["case"], account=words.account_name(v["account"]))
        case "author_said":
            return t.gettext(
                "{case}: it is shown as your word that {account} wrote it. Whoever sent the case, or an editor, "
                "decides.",
                case=v["case"],
                account=words.account_name(v["account"]),
            )
        case "ask_fake":
            return t.gettext(
                "Which account is it? Please send a link to the profile. If you know more, add lines below it: "
                "name: …, farm: …, and the reason."
            )
        case "ruled_threat":
            return t.gettext("{who} ruled on {case}: it is a threat.", who=v["who"], case=v["case"])
        case "ruled_no_threat":
            return t.gettext("{who} ruled on {case}: it is not a threat.", who=v["who"], case=v["case"])
        case "language_set":
            return t.gettext("I will write in English.")
        case "replayed":
            return t.ngettext(
                "{count} update is tried again.", "{count} updates are tried again.", int(v["count"]), count=v["count"]
            )
        case "unknown_command":
            return t.gettext("There is no such command. /help shows what there is.")
        case "photos_gone":
            return t.gettext("The pictures cannot be shown.")
    return None


def _about_faults(reader: Reader, code: str, v: Values) -> Html | None:
    t = reader.t
    match code:
        case "late":
            return t.gettext("I have your message. The answer will be late: something is down, and I keep trying.")
        case "late_absent":
            return t.gettext("I was out of reach for a while. What you sent meanwhile has come, and nothing is lost.")
        case "late_file":
            return t.gettext(
                "I have your message. There is no room for files on the server just now: yours waits with Telegram, "
                "and I fetch it as soon as there is. Words go through."
            )
        case "disk_low":
            return t.gettext(
                "⚠️ The server's disk is filling up: {percent} % ({mb} MB) are free. Below the limit files have to "
                "wait; words go through. Please free some room or ask who runs the server.",
                percent=v["percent"],
                mb=v["mb"],
            )
    return None


def _about_accounts(reader: Reader, code: str, v: Values) -> Html | None:
    t = reader.t
    match code:
        case "account_confirmed":
            return t.gettext(
                "{account} in {case} is now confirmed as a fake by two people.",
                account=words.account_name(v["account"]),
                case=v["case"],
            )
        case "account_cleared":
            return t.gettext(
                "A correction to {case}: {account} was checked and cleared. It is not a fake.",
                account=words.account_name(v["account"]),
                case=v["case"],
            )
        case "account_erased_case":
            return t.gettext(
                "A correction to {case}: an account on which it relied was erased. Please do not use its name.",
                case=v["case"],
            )
        case "account_withdrawn":
            return t.gettext(
                "A correction to {case}: {account} is off the list, together with other reports of who listed it.",
                account=words.account_name(v["account"]),
                case=v["case"],
            )
        case "account_restored":
            return t.gettext(
                "{account} in {case} is on the list again.", account=words.account_name(v["account"]), case=v["case"]
            )
        case "account_now_confirmed":
            return t.gettext(
                "A correction to {case}: {account} is confirmed as a fake again.",
                account=words.account_name(v["account"]),
                case=v["case"],
            )
        case "account_now_suspected":
            return t.gettext(
                "A correction to {case}: {account} is no longer confirmed, it is only suspected.",
                account=words.account_name(v["account"]),
                case=v["case"],
            )
        case "account_now_cleared":
            return t.gettext(
                "A correction to {case}: {account} is cleared again. It is not a fake.",
                account=words.account_name(v["account"]),
                case=v["case"],
            )
        case "batch_confirmed":
            return t.gettext("Import {batch}: {confirmed} confirmed, {waiting} wait for a second person.", **v)
    return None


def _about_staff(reader: Reader, code: str, v: Values) -> Html | None:
    t = reader.t
    match code:
        case "staff_added":
            return t.gettext("{name} is under protection now.", name=v["name"])
        case "staff_changed":
            return t.gettext("{name}: the entry was updated.", name=v["name"])
        case "staff_linked":
            return t.gettext(
                "{name} is {who} here: threats against them are theirs to see.", name=v["name"], who=v["who"]
            )
        case "staff_same":
            return t.gettext("{name} is on the list already.", name=v["name"])
        case "staff_photo_kept":
            return t.gettext("{name}: the picture is kept. New accounts that use it will be noticed.", name=v["name"])
    return None


async def _invite(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    token = desk.members.invite_token(int(v["invite"]))
    link = Html.escaped(f"https://t.me/{desk.bot_username}?start={token}")
    hours = int(v["hours"])
    return Card(
        text=lines(
            t.gettext("An invite for one {role}:", role=words.roles(t, v["role"])),
            Html(f"<code>{link}</code>"),
            t.ngettext(
                "It works once, within {count} hour.", "It works once, within {count} hours.", hours, count=hours
            ),
            t.gettext("Whoever opens it waits until an administrator lets them in."),
        )
    )


async def _approve(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    # A press counts for this invite, and so for this role, alone.
    admit, refuse = (
        Press(action=action, subject=int(v["person"]), argument=f"{int(v.get('invite', 0)):x}")
        for action in ("admit", "refuse")
    )
    row = (
        Button(label=t.plain.pgettext("button", "Let in"), press=admit),
        Button(label=t.plain.pgettext("button", "Refuse"), press=refuse),
    )
    who = t.gettext(
        "{name} (Telegram id {number}) opened an invite: {role}. Let them in?",
        name=v["name"],
        number=str(v["telegram"]),
        role=words.roles(t, v["role"]),
    )
    return Card(text=who, buttons=(row,))


async def _cases(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    mine = bool(v.get("mine"))
    before = v.get("before")
    rows = await desk.cases.lines(reader.member, mine=mine, before=before)
    return lists.case_list(rows, reader, mine=mine, further=before is not None)


async def _targets(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    rows = await desk.staff.everyone(reader.newsroom.id)
    return lists.staff_choice(rows, reader, "target", int(v["submission"]), int(v.get("page", 0)))


async def _staff(desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return lists.staff_list(await desk.staff.everyone(reader.newsroom.id), reader)


async def _staff_removal(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    rows = await desk.staff.everyone(reader.newsroom.id)
    return lists.staff_choice(rows, reader, "staffrm", 0, int(v.get("page", 0)))


async def _members(desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return lists.member_list(await desk.members.everyone(reader.newsroom.id), reader)


async def _dead_letters(desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    rows, unsent, lost = await desk.newsrooms.dead_letters(reader.member)
    return lists.dead_letter_list(rows, unsent, lost, reader)


async def _help(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return help_card(reader)


async def _privacy(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return privacy_card(reader)


async def _whoami(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return whoami_card(reader)


async def _language(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return language_card(reader)


async def _settings(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return settings_card(reader)


_RENDERERS: dict[str, Render] = {
    "invite": _invite,
    "approve": _approve,
    "cases": _cases,
    "targets": _targets,
    "staff": _staff,
    "staff_removal": _staff_removal,
    "members": _members,
    "dead_letters": _dead_letters,
    "help": _help,
    "privacy": _privacy,
    "whoami": _whoami,
    "language": _language,
    "settings": _settings,
    **ACCESS_REPLIES,
    **ACCOUNT_REPLIES,
    **LIMIT_REPLIES,
    **AUDIT_REPLIES,
    **LIST_REPLIES,
    **COPY_REPLIES,
    **EVIDENCE_REPLIES,
    **EXCHANGE_REPLIES,
    **FARM_REPLIES,
    **PHOTO_REPLIES,
    **SCREEN_REPLIES,
    **THREAT_REPLIES,
    **THREAT_LOG_REPLIES,
    **SPIKE_REPLIES,
    **TAKEDOWN_REPLIES,
    **DIGEST_REPLIES,
    **OUTREACH_REPLIES,
    **PUBLIC_LABEL_REPLIES,
    **REPORT_REPLIES,
    **RESTRICTION_REPLIES,
    **ERASURE_REPLIES,
    **HEALTH_REPLIES,
    **HOUSE_REPLIES,
    **OWN_DATA_REPLIES,
}
