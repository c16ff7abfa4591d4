"""What other newsrooms say of a case, on its card: their word with its confidence, never a finding of ours."""

from collections.abc import Sequence
from typing import Final

from bot.i18n import Html
from bot.model.exchange import ItemKind, PartnerWord
from handlers.cards.card import Reader, bold, clipped

_MOST: Final = 6
_NAME: Final = 60
#: Signs of a farm's id that are shown: enough to see that two are the same.
_FARM: Final = 8


def partner_lines(said: Sequence[PartnerWord], reader: Reader) -> list[Html]:
    """What partners say of a case: their word, with how sure they are and since when, and never ours."""
    shown = [_word(each, reader) for each in said[:_MOST]]
    return [*shown, reader.t.gettext("It is their word: nobody here has checked it.")] if shown else []


def _word(word: PartnerWord, reader: Reader) -> Html:
    t = reader.t
    values = {
        "partner": bold(clipped(word.partner, _NAME)),
        "confidence": str(word.confidence),
        "since": word.since.isoformat(),
    }
    farm = Html(" · ") + t.gettext("their farm {farm}", farm=word.farm[:_FARM]) if word.farm else Html("")
    if word.kind is ItemKind.PHOTO:
        # The owner from whom a photo was stolen has it too.
        said = t.gettext(
            "🤝 Known to {partner}: fake accounts use this photo (confidence {confidence} %, since {since})", **values
        )
    else:
        said = t.gettext(
            "🤝 Known to {partner}: this text is a campaign's (confidence {confidence} %, since {since})", **values
        )
    return said + farm
