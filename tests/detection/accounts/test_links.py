"""Links: what is an account, what a post, what neither, on every platform; and what is not the platform at all."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.accounts import Link, parse_links, profile_url
from detection.accounts.links import Platform
from detection.thresholds import LINKS_MAX

FB = "https://www.facebook.com/"
CASES = [
    # text, platform, handle, number, post
    (FB + "profile.php?id=100012345678901&mibextid=Zb", "facebook", None, "100012345678901", None),
    ("m.facebook.com/talai.gul.92?fref=nf", "facebook", "talai.gul.92", None, None),
    ("https://web.facebook.com/people/Айбек-Асанов/61550123456789/", "facebook", None, "61550123456789", None),
    ("https://mbasic.facebook.com/story.php?story_fbid=pfbid02a&id=100064", "facebook", None, "100064", "pfbid02a"),
    (FB + "permalink.php?story_fbid=12&id=34", "facebook", None, "34", "12"),
    (FB + "groups/some.news/posts/123456/?comment_id=9", "facebook", None, None, "123456"),
    (FB + "groups/987/user/100077/", "facebook", None, "100077", None),
    (FB + "groups/some.news", "facebook", None, None, None),
    (FB + "some.page/posts/pfbid0AbC", "facebook", "some.page", None, "pfbid0AbC"),
    (FB + "some.page/photos/a.1/22", "facebook", "some.page", None, "22"),
    (FB + "watch/?v=555", "facebook", None, None, "555"),
    (FB + "reel/777", "facebook", None, None, "777"),
    (FB + "p/Some-Page-100064123/", "facebook", None, "100064123", None),
    (FB + "share/p/1AbCdE/", "facebook", None, None, "1AbCdE"),
    (FB + "share/19xYz", "facebook", None, None, None),
    (FB + "hashtag/word", "facebook", None, None, None),
    ("https://fb.com/someone", "facebook", "someone", None, None),
    ("https://fb.watch/aBc/", "facebook", None, None, "aBc"),
    ("https://instagram.com/_us.er_?igshid=abc", "instagram", "_us.er_", None, None),
    ("https://www.instagram.com/p/CabcDEF/?utm_source=ig", "instagram", None, None, "CabcDEF"),
    ("https://www.instagram.com/reel/Cr1/", "instagram", None, None, "Cr1"),
    ("https://www.instagram.com/someone/p/Cr2/", "instagram", "someone", None, "Cr2"),
    ("https://www.instagram.com/stories/someone/3123/", "instagram", "someone", None, "3123"),
    ("https://www.instagram.com/explore/tags/word", "instagram", None, None, None),
    ("https://vk.com/id123", "vk", None, "123", None),
    ("https://vk.ru/club77", "vk", None, "-77", None),
    ("https://m.vk.com/wall-1_2?reply=3", "vk", None, "-1", "-1_2"),
    ("https://vk.com/someone?w=wall1_45", "vk", "someone", None, "1_45"),
    ("https://vk.com/feed?w=wall-5_6", "vk", None, "-5", "-5_6"),
    ("https://vk.com/some.one", "vk", "some.one", None, None),
    ("https://vk.com/im", "vk", None, None, None),
    ("https://ok.ru/profile/5551234", "ok", None, "5551234", None),
    ("https://m.ok.ru/group/53/topic/66", "ok", None, "-53", "66"),
    ("https://ok.ru/profile/5551/statuses/77", "ok", None, "5551", "77"),
    ("https://www.tiktok.com/@kg.user", "tiktok", "kg.user", None, None),
    ("https://www.tiktok.com/@kg.user/video/7123?is_from_webapp=1", "tiktok", "kg.user", None, "7123"),
    ("https://vm.tiktok.com/ZMabc/", "tiktok", None, None, "ZMabc"),
    ("https://www.youtube.com/@some-one", "youtube", "some-one", None, None),
    ("https://www.youtube.com/@%D0%9A%D0%B0%D0%B1%D0%B0%D1%80", "youtube", "Кабар", None, None),
    ("https://youtube.com/channel/UCabc/videos", "youtube", None, "UCabc", None),
    ("https://youtube.com/c/Name", "youtube", "c/Name", None, None),
    ("https://youtube.com/user/Name", "youtube", "user/Name", None, None),
    ("https://www.youtube.com/watch?v=dQw4&lc=Ugx&si=1", "youtube", None, None, "dQw4"),
    ("https://youtu.be/dQw4?si=2", "youtube", None, None, "dQw4"),
    ("https://youtube.com/shorts/xyz", "youtube", None, None, "xyz"),
    ("https://twitter.com/user_1", "x", "user_1", None, None),
    ("https://x.com/user_1/status/99?s=20", "x", "user_1", None, "99"),
    ("https://mobile.twitter.com/i/web/status/123", "x", None, None, "123"),
    ("https://x.com/intent/user?user_id=42", "x", None, "42", None),
    ("https://x.com/hashtag/word", "x", None, None, None),
    ("https://www.threads.net/@us.er/post/Cx1", "threads", "us.er", None, "Cx1"),
    ("https://t.me/someone", "telegram", "someone", None, None),
    ("https://t.me/someone/123?single", "telegram", "someone", None, "123"),
    ("https://t.me/s/someone", "telegram", "someone", None, None),
    ("https://t.me/c/123/45", "telegram", None, "-100123", "45"),
    ("https://t.me/+AbCdEf", "telegram", None, None, None),
    ("https://t.me/joinchat/AbC", "telegram", None, None, None),
    ("https://someone.t.me", "telegram", "someone", None, None),
    ("tg://resolve?domain=someone&post=5", "telegram", "someone", None, "5"),
]


def only(text: str) -> Link:
    """The one link of a text."""
    (link,) = parse_links(text)
    return link


@pytest.mark.parametrize(("text", "platform", "handle", "number", "post"), CASES, ids=lambda value: str(value)[:50])
def test_every_shape_is_read(
    text: str, platform: str, handle: str | None, number: str | None, post: str | None
) -> None:
    """Platform, handle or number, and post of each kind of address."""
    link = only(f"смотри: {text} вот")
    assert (link.platform, link.handle, link.numeric_id, link.post) == (platform, handle, number, post)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0][:50])
def test_the_canonical_address_names_the_same(case: tuple[str, str, str, str, str]) -> None:
    """Reading the canonical address again gives the same account and post, and the same address."""
    link = only(case[0])
    again = only(link.url)
    assert (again.platform, again.handle, again.post, again.url) == (link.platform, link.handle, link.post, link.url)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://m.facebook.com/someone?fbclid=1&mibextid=2", FB + "someone"),
        ("http://twitter.com/user_1?s=20&t=x", "https://x.com/user_1"),
        ("https://youtu.be/dQw4?si=2&lc=Ugx", "https://www.youtube.com/watch?v=dQw4&lc=Ugx"),
        ("https://www.instagram.com/p/Cab/?igsh=1#frag", "https://www.instagram.com/p/Cab"),
        ("https://kabar.example/a?utm_source=x&id=4&fbclid=z", "https://kabar.example/a?id=4"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Ft.me%2Fsomeone&h=1", "https://t.me/someone"),
    ],
)
def test_tracking_is_dropped(text: str, url: str) -> None:
    """One account has one address, whoever shared it."""
    assert only(text).url == url


@pytest.mark.parametrize(
    "address",
    [
        "https://fаcebook.com/someone",  # a Cyrillic letter
        "https://xn--fcebook-8fg.com/someone",
        "https://facebook.com.evil.example/someone",
        "https://facebook.com@evil.example/someone",
        "https://notfacebook.com/someone",
        "https://evil.example/?u=https://facebook.com/someone",
        "https://t.me.evil.example/someone",
    ],
)
def test_lookalike_hosts_are_not_the_platform(address: str) -> None:
    """A link made to look like a profile names nobody."""
    link = parse_links(address)[0]
    assert (link.platform, link.handle, link.numeric_id) == ("other", None, None)


@pytest.mark.parametrize(
    "text", ["just words", "kloop.kg is a site", "a@b.example", "18.30", "vk.com", "3.5/5 points", ""]
)
def test_plain_words_are_no_links(text: str) -> None:
    """An address without scheme counts only when it is a known platform's, with a path."""
    assert parse_links(text) == []


def test_places_are_code_points_without_the_sentence_around() -> None:
    """Brackets, full stops and emoji before and after do not belong to the link."""
    text = "😀 (см. https://t.me/someone/12), и instagram.com/other."
    links = parse_links(text)
    assert [text[link.start : link.end] for link in links] == ["https://t.me/someone/12", "instagram.com/other"]


def test_each_account_comes_once_and_hidden_addresses_last() -> None:
    """The same address twice, and one behind words."""
    links = parse_links(
        "https://x.com/abc x.com/abc?s=1", ["https://twitter.com/abc", "https://t.me/hidden", "no link"]
    )
    assert [(link.platform, link.handle, link.start, link.end) for link in links] == [
        ("x", "abc", 0, 17),
        ("telegram", "hidden", 0, 0),
    ]


@pytest.mark.parametrize(
    ("text", "platform", "handle"),
    [
        ("инстаграм: @tal.gul_1", "instagram", "tal.gul_1"),
        ("её тикток @some.one!", "tiktok", "some.one"),
        ("Telegram @someone", "telegram", "someone"),
    ],
)
def test_a_handle_beside_a_platform_name_is_a_link(text: str, platform: str, handle: str) -> None:
    """As people write it down."""
    link = only(text)
    assert (link.platform, link.handle) == (platform, handle)
    assert text[link.start : link.end] == f"@{handle}"


def test_a_bare_handle_is_not() -> None:
    """Without a platform it could be anybody."""
    assert parse_links("@someone сказал") == []


@pytest.mark.parametrize(
    ("platform", "handle", "number", "url"),
    [
        ("facebook", "someone", None, FB + "someone"),
        ("facebook", None, "100", FB + "profile.php?id=100"),
        ("vk", None, "-5", "https://vk.com/club5"),
        ("ok", None, "5", "https://ok.ru/profile/5"),
        ("youtube", "c/Name", None, "https://www.youtube.com/c/Name"),
        ("tiktok", "name", None, "https://www.tiktok.com/@name"),
        ("instagram", None, "5", None),
        ("other", "name", None, None),
    ],
)
def test_profile_addresses(platform: Platform, handle: str | None, number: str | None, url: str | None) -> None:
    """By handle, by number, or none where a number leads nowhere."""
    assert profile_url(platform, handle, number) == url


HOSTS = st.sampled_from(
    ["facebook.com", "t.me", "vk.com", "ok.ru", "youtube.com", "x.com", "tiktok.com", "evil.example"]
)
PARTS = st.sampled_from(
    ["p", "c", "s", "id1", "@a.b", "groups", "wall-1_2", "%ff", "posts", "1", "-", "%D0%B0", "i", "user"]
)


@given(HOSTS, st.lists(PARTS | st.text(max_size=5), max_size=5), st.text(max_size=20))
def test_any_address_is_answered(host: str, parts: list[str], tail: str) -> None:
    """No path or query breaks the parser; places lie inside the text."""
    text = f"https://{host}/{'/'.join(parts)}?{tail}"
    for link in parse_links(text, [text]):
        assert 0 <= link.start <= link.end <= len(text)
        assert link.url.startswith(("https://", "tg://"))
        assert link.handle != ""
        assert link.numeric_id != ""
        assert link.post != ""


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    """Nothing a person can type breaks the parser."""
    parse_links(text, [text])


@pytest.mark.parametrize("unit", ["http://", "a.", "a.b/", "https://t.me/a ", "инстаграм @", "[", "https://[::1", "@a"])
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    """100,000 characters are read within half a second, and the number of links is limited."""
    started = time.process_time()
    links = parse_links((unit * 100_000)[:100_000])
    assert time.process_time() - started < 0.5
    assert len(links) <= LINKS_MAX


@pytest.mark.parametrize("host", ["a b.com", "a\u00a0b.com", 'a"b.com', "a<b.com", "a%20b.com", "a\ufffdb.com"])
def test_what_can_be_no_host_is_no_link(host: str) -> None:
    """An address behind a word is whatever a client wrote there."""
    assert parse_links("", [f"https://{host}/page"]) == []
