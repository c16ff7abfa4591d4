"""Words in the reader's language: gettext catalogues compiled in memory, and values made safe for Telegram's HTML.

A message is its English text, with brace placeholders by name: ``t.gettext("Saved {count}", count=3)``. Use

* ``t.gettext``, ``t.ngettext``, ``t.pgettext``, ``t.npgettext`` where Telegram reads HTML (parse_mode HTML). Values are
  escaped unless they are `Html`; the result is `Html`, so a translated part may be a value of another message;
* ``t.plain.gettext`` and its sisters where text is shown as it is: button labels, callback answers, command menus,
  file names. Nothing is escaped there; an `Html` value loses its tags. The result is a ``str``;
* ``N_("...")`` and ``NP_("context", "...")`` to mark a text that is translated elsewhere, from a variable.

A literal brace is doubled (``{{``). A placeholder never stands inside a tag: build the tag as `Html` and pass that.
The contexts ``button``, ``answer`` and ``command`` are plain and have length limits, which ``make lint`` checks.

>>> from bot.i18n import Catalogs
>>> Catalogs.load()["en"].gettext("<b>{name}</b> is new", name="Tom & Co")
'<b>Tom &amp; Co</b> is new'
"""

from bot.i18n.catalogs import LANGUAGES, SOURCE_LANGUAGE, CatalogError, Catalogs, pick_language
from bot.i18n.formats import Formats
from bot.i18n.messages import N_, NP_, Html, MessageFault, placeholders
from bot.i18n.translator import PlainTranslator, Translator

__all__ = [
    "LANGUAGES",
    "NP_",
    "N_",
    "SOURCE_LANGUAGE",
    "CatalogError",
    "Catalogs",
    "Formats",
    "Html",
    "MessageFault",
    "PlainTranslator",
    "Translator",
    "pick_language",
    "placeholders",
]
