"""What is said about exports."""

from bot.i18n import Html
from bot.model.evidence import HandedOver
from handlers.cards.card import Card, Reader, lines
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


async def _help(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    t = reader.t
    return Card(
        text=lines(
            t.gettext("Which threats or cases? For example:"),
            Html("<code>/export T-42</code>"),
            Html("<code>/export T-42 T-50..53 K-7</code>"),
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


async def _begun(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return Card(text=reader.t.gettext("The evidence is being put together. The file comes here in a moment."))


async def _unknown(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return Card(text=reader.t.gettext("There is no {label}.", label=v["label"]))


async def _word_unknown(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return Card(text=reader.t.gettext("“{word}” is not understood here. /export alone says how.", word=v["word"]))


EVIDENCE_REPLIES: dict[str, Render] = {
    "export_help": _help,
    "export_begun": _begun,
    "export_unknown": _unknown,
    "export_word_unknown": _word_unknown,
}
