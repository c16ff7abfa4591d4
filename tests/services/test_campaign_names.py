"""What campaigns are called."""

from hypothesis import given
from hypothesis import strategies as st

from bot.services.campaign_names import most_typical, name_of


def test_a_name_is_one_line_without_links() -> None:
    """Cut at a word's end; nothing that is not seen, and nothing that turns the line."""
    assert (
        name_of("Карагыла!\n\n https://t.co/x1 \u202eбаары\u200b  жалган www.a.kg t.me/abc") == "Карагыла! баары жалган"
    )
    long = name_of("Бул шаардын мэри акчаны уурдап жатат, " * 9)
    assert long == "Бул шаардын мэри акчаны уурдап жатат, Бул шаардын мэри акчаны уурдап жатат, Бул…"
    assert name_of("а" * 500) == "а" * 79 + "…"
    assert name_of("Весь город знает, кто украл деньги на мост у этого человека. Предпринимательство убито") == (
        "Весь город знает, кто украл деньги на мост у этого человека…"
    )
    assert name_of("!!! " * 30) == ("!!! " * 20).strip() + "…"
    assert name_of("") == ""


@given(st.text(max_size=400))
def test_any_text_gives_a_name(text: str) -> None:
    """At most 80 characters in one line, whatever the text; a name is its own name."""
    name = name_of(text)
    assert len(name) <= 80
    assert "\n" not in name
    name.encode()


def test_the_most_typical_text_is_most_like_the_others() -> None:
    """The first among equals."""
    assert most_typical(["стена у реки", "стена у реки и моста", "хлеб стена у моста"]) == 1
    assert most_typical(["а", "б"]) == 0
    assert most_typical([""]) == 0
