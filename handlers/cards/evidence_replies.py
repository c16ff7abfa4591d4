"""What is said about exports."""

from bot.i18n import Html
from bot.model.evidence import HandedOver
from handlers.buttons import Press
from handlers.cards.card import Button, Card, Reader, lines
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk

_MOST_CASES = 20


def export_caption(made: HandedOver, signing_key: str, reader: Reader) -> Html:
    """What stands under the file."""
    t = reader.t
    cases = ", ".join(made.cases[:_MOST_CASES]) + ("…" if len(made.cases) > _MOST_CASES else "")
    return lines(
        t.gettext("Evidence {label}: {cases}", label=made.label, cases=cases),
        t.gettext(
            "Originals may show where a picture was taken. Hand the file over by a safe way, and tell the receiver this"
            " key by another one:"
        ),
        Html(f"<code>{Html.escaped(signing_key)}</code>"),
        t.gettext("The file VERIFY in it says how to check everything without Kalkan."),
    )


def sealed_caption(name: str, body_sha256: str, reader: Reader) -> Html:
    """What stands under an age file."""
    t = reader.t
    return lines(
        t.gettext("Sealed words. On the machine that has your key:"),
        Html(f"<code>age -d -i lead.key {Html.escaped(name)}</code>"),
        t.gettext("What comes out has this SHA-256:"),
        Html(f"<code>{body_sha256}</code>"),
    )


async def _help(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    t = reader.t
    return Card(
        text=lines(
            t.gettext("Which threats or cases? For example:"),
            Html("<code>/export T-42</code>"),
            Html("<code>/export T-42 T-50..53 K-7</code>"),
            Html("<code>/export I-3</code>"),
            Html("<code>/export target:azattyk since:7d hrd ky</code>"),
            t.gettext(
                "What /threats understands, and the names of saved queries, are understood here too. All of it adds up."
            ),
            t.gettext(
                "Further words: {hrd} for an event record, {newsroom} for the newsroom's log, {languages} for the"
                " language of the report, {names} to include the names of those who reported.",
                hrd=Html("<code>hrd</code>"),
                newsroom=Html("<code>newsroom</code>"),
                languages=Html("<code>ru</code>, <code>ky</code>, <code>en</code>"),
                names=Html("<code>names</code>"),
            ),
        )
    )


async def _ask(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t, go_on = reader.t, reader.t.plain.pgettext("button", "Make the file")
    threats, cases, whole = int(v["threats"]), int(v["cases"]), int(v["all_cases"])
    told = [
        t.ngettext("{count} record of the threat log", "{count} records of the threat log", threats, count=threats)
        if threats
        else None,
        t.ngettext("{count} case", "{count} cases", cases, count=cases) if cases else None,
    ]
    said = lines(
        t.gettext("To be exported: {what}.", what=Html(", ").join(each for each in told if each is not None)),
        t.ngettext(
            "With all copies that is {count} case.", "With all copies that is {count} cases.", whole, count=whole
        ),
    )
    press = Press(action="xgo", subject=int(v["id"]))
    return Card(text=said, buttons=((Button(label=go_on, press=press),), *_incidents(reader, v)))


def _incidents(reader: Reader, v: Values) -> tuple[tuple[Button, ...], ...]:
    return tuple(
        (
            Button(
                label=reader.t.plain.pgettext("button", "With its incident: I-{number}", number=str(number)),
                press=Press(action="xinc", subject=int(v["id"]), argument=str(number)),
            ),
        )
        for number in v.get("incidents", ())
    )


async def _begun(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    said = reader.t.gettext("The evidence is being put together. The file comes here in a moment.")
    return Card(text=said, buttons=_incidents(reader, v))


async def _too_many(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    return Card(
        text=t.gettext(
            "That would be {count} cases; one export holds at most {most}. Please ask for fewer, for example with"
            " since:7d. An administrator can change the limit: /settings export_cases",
            count=t.number(int(v["count"])),
            most=t.number(int(v["most"])),
        )
    )


async def _unknown(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return Card(text=reader.t.gettext("There is no {label}.", label=v["label"]))


async def _word_unknown(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return Card(text=reader.t.gettext("“{word}” is not understood here. /export alone says how.", word=v["word"]))


EVIDENCE_REPLIES: dict[str, Render] = {
    "export_help": _help,
    "export_ask": _ask,
    "export_begun": _begun,
    "export_too_many": _too_many,
    "export_unknown": _unknown,
    "export_word_unknown": _word_unknown,
}
