"""The public keys that backups are encrypted to, as the settings name them; a wrong one is named with its setting."""

from bot.config import Settings
from bot.errors import Refusal, SettingsError
from bot.services.backup.sealing import Recipients, read_recipients

_SHOWN = 24


def backup_recipients(settings: Settings) -> Recipients:
    """The keys; empty where no backups are made. Raises SettingsError."""
    try:
        return read_recipients(settings.backup_public_keys)
    except Refusal as refusal:
        word = str(refusal.values.get("word", ""))
        shown = word if len(word) <= _SHOWN else f"{word[:_SHOWN]}…"
        raise SettingsError(
            f"KALKAN_BACKUP_RECIPIENTS is wrong: {shown!r} is no public key, such as age1… or ssh-ed25519 …"
        ) from None
