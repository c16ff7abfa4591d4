"""HTML becomes text and entities, strictly; and Telegram's own finds are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator import ApiError
from bot.simulator.detected_entities import with_detected
from bot.simulator.entities import FormattedText, parse_html, plain


def _parsed(source: str) -> tuple[str, list[tuple[str, int, int]]]:
    result = parse_html(source)
    return result.text, [(e["type"], e["offset"], e["length"]) for e in result.entities]


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("tg-spoiler", "spoiler"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
    ],
)
def test_every_simple_tag(tag: str, kind: str) -> None:
    """Each tag of the documentation makes its entity; case does not matter."""
    assert _parsed(f"a <{tag}>сөз</{tag.upper()}> b") == ("a сөз b", [(kind, 2, 3)])


def test_tags_with_attributes() -> None:
    """Spoiler spans, expandable quotes, links, mentions, code with its language, moments in time."""
    assert _parsed('<span class="tg-spoiler">x</span>') == ("x", [("spoiler", 0, 1)])
    assert _parsed("<blockquote expandable>x</blockquote>") == ("x", [("expandable_blockquote", 0, 1)])
    assert parse_html('<a href="https://a.kg/?x=1&amp;y=2">l</a>').entities[0]["url"] == "https://a.kg/?x=1&y=2"
    assert parse_html("<a>https://a.kg</a>").entities[0]["url"] == "https://a.kg"
    assert _parsed('<a href="javascript:alert(1)">x</a>') == ("x", [])
    user = {"id": 5, "is_bot": False, "first_name": "A"}
    mention = parse_html('<a href="tg://user?id=5">A</a>', lambda number: user if number == 5 else None)
    assert mention.entities == [{"type": "text_mention", "user": user, "offset": 0, "length": 1}]
    block = parse_html('<pre><code class="language-python">x = 1</code></pre>')
    assert block.entities == [{"type": "pre", "language": "python", "offset": 0, "length": 5}]
    moment = parse_html('<tg-time unix="1700000000" format="wDT">then</tg-time>').entities[0]
    assert (moment["type"], moment["unix_time"], moment["date_time_format"]) == ("date_time", 1_700_000_000, "wDT")


def test_offsets_are_in_utf16_units() -> None:
    """An emoji outside the basic plane counts two."""
    assert _parsed("🙂<b>🙂ө</b>") == ("🙂🙂ө", [("bold", 2, 3)])


def test_character_references() -> None:
    """Four names and numbers are read; all others stay as they are."""
    assert parse_html("&lt;&gt;&amp;&quot;&#1257;&#x4E9;&nbsp;&#0;").text == '<>&"өө&nbsp;&#0;'
    assert parse_html("&amplt; &lt").text == "&amplt; <"


def test_nesting_and_trimming() -> None:
    """Nested entities are ordered outer first; outer white space goes; styles keep out of code."""
    assert _parsed(" <b>a<i>b</i></b> \n") == ("ab", [("bold", 0, 2), ("italic", 1, 1)])
    assert _parsed("<b>a <code>x</code> b</b>") == ("a x b", [("bold", 0, 2), ("code", 2, 1), ("bold", 3, 2)])
    assert _parsed("<b>x </b> ") == ("x", [("bold", 0, 1)])
    assert _parsed("<b></b>x<i> </i>") == ("x", [])


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("ө<a href='x", 'Unclosed start tag "a" at byte offset 2'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ],
)
def test_what_telegram_cannot_parse(source: str, reason: str) -> None:
    """400 "can't parse entities" with the reason and the place in bytes."""
    with pytest.raises(ApiError) as refusal:
        parse_html(source)
    assert refusal.value.code == 400
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


@given(st.text(max_size=200))
def test_escaped_text_comes_back(text: str) -> None:
    """Any text, escaped, is read back as it was (but for outer white space)."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(escaped) == plain(text)


@given(st.text(alphabet="<>/ab &;=\"'#x\n\U0001f642", max_size=60))
def test_any_input_is_read_or_refused(source: str) -> None:
    """Nothing but an ApiError ever comes out, and entities lie inside the text and are not empty."""
    try:
        result = parse_html(source)
    except ApiError:
        return
    units = len(result.text.encode("utf-16-le")) // 2
    assert all(e["offset"] >= 0 and e["length"] > 0 and e["offset"] + e["length"] <= units for e in result.entities)


def _found(text: str) -> list[tuple[str, str]]:
    result = with_detected(FormattedText(text=text, entities=[]))
    return [(e["type"], text[e["offset"] : e["offset"] + e["length"]]) for e in result.entities]


def test_detected_entities() -> None:
    """Commands, mentions, hashtags, links and addresses are found where Telegram finds them."""
    text = "/case@kalkan_bot K-12 @aigul #тема https://vk.com/wall-1_2, ok.ru/profile/1 a.b@mail.kg"
    assert _found(text) == [
        ("bot_command", "/case@kalkan_bot"),
        ("mention", "@aigul"),
        ("hashtag", "#тема"),
        ("url", "https://vk.com/wall-1_2"),
        ("url", "ok.ru/profile/1"),
        ("email", "a.b@mail.kg"),
    ]
    assert _found("1/2 #1 a@b / и/или") == []


@given(st.text(max_size=300))
def test_detection_never_fails(text: str) -> None:
    """Found entities lie inside the text and do not overlap."""
    end = 0
    for entity in with_detected(FormattedText(text=text, entities=[])).entities:
        assert entity["offset"] >= end
        end = entity["offset"] + entity["length"]
    assert end <= len(text.encode("utf-16-le", "surrogatepass")) // 2
