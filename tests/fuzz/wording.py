"""Targets that read what people write: links, texts, threats."""

from collections.abc import Sequence

from bot.services.profiles import profile_link
from detection.accounts.links import parse_links
from detection.text.differences import difference
from detection.text.fingerprints import packed
from detection.text.normalise import fold, key, normalise
from detection.threats import assess, own_lexicon
from detection.threats.finding import StaffName
from detection.threats.own_words import OwnWord
from detection.thresholds import LINKS_MAX, TEXT_MAX_CHARS

STAFF = (
    StaffName(ref=1, kind="person", names=("Айбек Усенов", "Aibek Usenov")),
    StaffName(ref=2, kind="outlet", names=("Ак-Булак",)),
)


def text_of(data: bytes) -> str:
    """Any text, also with halves of characters in it."""
    return data.decode("utf-8", "surrogateescape")


def links(data: bytes) -> None:
    """Links stand where they say, are no more than allowed, and read again give themselves."""
    text, *hidden = text_of(data).split("\n\n")
    found = parse_links(text, hidden)
    assert len(found) <= LINKS_MAX
    assert len({link.url for link in found}) == len(found)
    for link in found:
        assert 0 <= link.start <= link.end <= len(text)
        assert link.url.isprintable()
        assert not any(char in link.url for char in ' \n<>"')
        again = parse_links(link.url)
        assert [each.platform for each in again[:1]] in ([link.platform], []), (link, again)
    profile_link(text)


def texts(data: bytes) -> None:
    """Every form is bounded, and what is normalised stays as it is."""
    text = text_of(data)
    one, _, other = text.partition("\n\n")
    found = normalise(one)
    assert len(found.words) <= TEXT_MAX_CHARS
    assert " " not in found.skeleton
    again = normalise(found.words)
    assert again.words == found.words, (found.words, again.words)
    fold(one)
    assert 0 <= key(found.skeleton) < 1 << 63
    packed(found.skeleton)
    if other:
        _differ(one, other)


def _differ(one: str, other: str) -> None:
    told = difference(one, other)
    _pieces(told.pieces)
    _pieces(difference(one, one).pieces)


def _pieces(pieces: Sequence[tuple[str, str]]) -> None:
    assert all(isinstance(kind, str) and isinstance(text, str) for kind, text in pieces)


def threats(data: bytes) -> None:
    """Findings lie within the text, and their numbers within their scales."""
    text = text_of(data)
    own, _, rest = text.partition("\n\n")
    lexicon = own_lexicon((OwnWord(word=own[:60], kind="death"),)) if rest else None
    read = rest or text
    found = assess(read, STAFF, lexicon)
    assert 0 <= found.severity <= 5
    last = 0
    for span in found.spans:
        assert 0 <= span.start < span.end <= len(read)
        assert span.start >= last
        last = span.start
    assert all(target.ref in (None, 1, 2) for target in found.targets)
