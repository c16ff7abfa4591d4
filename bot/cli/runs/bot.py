"""Runs the bot."""

import asyncio
import logging

from bot.config import Settings
from bot.model.process import ProcessRole
from bot.redaction import configure_logging
from bot.wiring.archive import PLAIN_WARNING
from bot.wiring.memory_folder import leave_no_core
from bot.wiring.serving import serve as run

log = logging.getLogger(__name__)


def serve(role: ProcessRole) -> None:
    """Run the bot, or one part of it, until it is stopped. Raises SettingsError."""
    settings = Settings.read()
    configure_logging(settings.log_level, settings.secrets, settings.log_format)
    if settings.plain_database:
        log.warning(PLAIN_WARNING)
    if not settings.backup_recipients.strip():
        log.warning("NO BACKUPS ARE MADE: set KALKAN_BACKUP_RECIPIENTS (docs/operations.md)")
    leave_no_core()
    asyncio.run(run(settings, role=role))
