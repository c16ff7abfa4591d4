"""All of the exchange behind one door."""

from dataclasses import dataclass

from bot.services.exchange.countersigning import Countersigning
from bot.services.exchange.exporting import Exporting
from bot.services.exchange.importing import Importing
from bot.services.exchange.matching import PartnerWords
from bot.services.exchange.partners import Partners


@dataclass(frozen=True, kw_only=True, slots=True)
class ExchangeDesk:
    """What is said to other newsrooms, whom we listen to, what they said, and what of it a case meets."""

    out: Exporting
    partners: Partners
    into: Importing
    words: PartnerWords
    countersigning: Countersigning
