"""Words in one line, as people are shown them."""

from hypothesis import given
from hypothesis import strategies as st

from bot.model.plain import name_line, one_line


@given(st.text(max_size=60))
def test_a_name_is_cleaned_once_and_for_all(text: str) -> None:
    """What is clean stays as it is, whatever stood between its blanks."""
    assert name_line(name_line(text)) == name_line(text)
    assert one_line(one_line(text)) == one_line(text)
    assert "  " not in name_line(text)
