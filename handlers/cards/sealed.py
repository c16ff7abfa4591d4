"""What cards say where words stood that are sealed to the security leads now."""

from bot.i18n import Html, Translator


def short(t: Translator) -> Html:
    """In a line of a list."""
    return t.gettext("🔐 sealed")


def words_sealed(t: Translator) -> Html:
    """In place of a text: what became of it, and how a lead opens it."""
    return t.gettext(
        "🔐 The words are sealed: this server can no longer read them. "
        "A security lead gets them by “Sealed text” on the record, and opens the file with their own key."
    )
