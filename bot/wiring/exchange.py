"""The exchange with other newsrooms, put together."""

from bot.clock import Clock
from bot.custody.keys import CustodyKeys
from bot.services.exchange.countersigning import Countersigning
from bot.services.exchange.desk import ExchangeDesk
from bot.services.exchange.exporting import Exporting
from bot.services.exchange.importing import Importing
from bot.services.exchange.matching import PartnerWords
from bot.services.exchange.partners import Partners
from bot.storage.store import Store
from bot.storage.vault import Vault


def exchange_desk(store: Store, clock: Clock, vault: Vault, keys: CustodyKeys, newsroom_id: int) -> ExchangeDesk:
    """Of one newsroom: the secret of its custody log makes its key."""
    return ExchangeDesk(
        out=Exporting(store, clock, vault, keys, newsroom_id),
        partners=Partners(store, clock, keys, newsroom_id),
        into=Importing(store, clock, vault, keys, newsroom_id),
        words=PartnerWords(store, clock, newsroom_id),
        countersigning=Countersigning(store, clock, keys, newsroom_id),
    )
