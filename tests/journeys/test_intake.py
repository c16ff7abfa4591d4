"""A journalist forwards, sends, types, edits and takes back; one card says what is known."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageOps

from bot.i18n import Catalogs
from bot.model.rights import Role
from bot.simulator import MediaItem, StoredMessage, User, origins
from bot.simulator.avatars import avatar
from bot.simulator.screens import __name__ as _screens
from handlers.cards import words
from tests.bot_runner import Newsroom, actions_of
from tests.journeys.burst import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")

ENGLISH = Catalogs.load(strict=True)["en"].plain
THREAT = "Мы сожжём вашу редакцию"
