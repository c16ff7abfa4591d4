"""One row of a file of posts, or of actors: columns in three languages, as monitors and analytics tools export them."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

from bot.errors import Refusal
from bot.model.post import ActorEntry, PostEntry
from bot.services.batchfiles.rows import Row
from bot.services.checks.lines import clean, platform_named
from bot.services.imports.named_columns import NamedColumns, squeezed
from bot.services.imports.report_words import category, count, venue, yes_no
from bot.services.imports.times import DateOrder, posted_at
from detection.accounts.links import parse_links
from detection.accounts.platforms import Platform

PLATFORMS: Final = tuple(get_args(Platform))
POST_NAMES: Final[Mapping[str, str]] = {
    "actor": "actor author account page pagename username user name автор актор страница имя субъект аккаунт автору",
    "category": "category actorcategory kind категория категорияактора тип категориясы категориясыактор",
    "platform": "platform network socialnetwork source платформа сеть соцсеть тармак соцтармак",
    "venue": "venue place where posttype площадка где место жери кайда",
    "time": "time postedat published publishedat created createdat datetime date время датавремя опубликовано дата"
    " убакыт күнү жарыяланган",
    "text": "text message content post caption body текст сообщение пост содержание тексти билдирүү",
    "reactions": "reactions likes totalreactions reactionscount реакции лайки лайков реакциялар лайктар",
    "comments": "comments commentscount комментарии комментариев комментарийлер пикирлер",
    "shares": "shares reposts sharescount retweets репосты поделились репостов бөлүшүүлөр репосттор",
    "views": "views videoviews postviews просмотры просмотров көрүүлөр",
    "link": "link url posturl permalink ссылка ссылканапост адрес шилтеме",
    "captured": "captured capturedat collected collectedat fetched снято собрано датасбора захвачено алынган жыйналган",
    "id": "id postid ид idпоста",
}
ACTOR_NAMES: Final[Mapping[str, str]] = {
    "actor": POST_NAMES["actor"],
    "category": POST_NAMES["category"],
    **{name: name for name in PLATFORMS if name != "other"},
}
_REQUIRED: Final = (("actor",), ("time",), ("reactions", "comments", "shares", "views", "text", "link", "id"))
_ZONED: Final = re.compile(r"(?:Z|UTC|[+-]\d\d:?\d\d)$|^\d{9,13}(?:\.\d+)?$")
_LONGEST: Final = {"actor": 200, "text": 20_000, "link": 1000, "id": 200}
_UTC: Final = ZoneInfo("UTC")


@dataclass(frozen=True, kw_only=True, slots=True)
class PostForm:
    """What the operator says of a file of posts: {field: column}, its platform and its day of capture, date order."""

    columns: Mapping[str, str] | None = None
    platform: str | None = None
    captured_at: datetime | None = None
    date_order: DateOrder | None = None
    #: Of times that do not say theirs.
    zone: ZoneInfo = _UTC

    @property
    def identity(self) -> str:
        """The same for two forms that read every file alike."""
        return repr(
            (sorted((self.columns or {}).items()), self.platform, self.captured_at, self.date_order, self.zone.key)
        )

    def naming(self) -> NamedColumns:
        """What the columns of posts are called. Raises Refusal."""
        return NamedColumns(POST_NAMES, _REQUIRED, self.columns)


def actor_naming(columns: Mapping[str, str] | None = None) -> NamedColumns:
    """What the columns of actors are called. Raises Refusal."""
    return NamedColumns(ACTOR_NAMES, (("actor",),), columns)


def read_post(row: Row, form: PostForm) -> PostEntry:
    """The post of a row. Raises Refusal with the code of what is wrong."""
    values = _values(row)
    actor, text = _text(values, "actor"), _text(values, "text")
    if not actor:
        raise Refusal("actor_missing")
    link = _text(values, "link")
    platform = _platform(_text(values, "platform") or form.platform or "", link)
    said = values.get("time")
    if said in (None, ""):
        raise Refusal("time_missing")
    at = _moment(said, "time", form)
    kind = category(_text(values, "category"))
    return PostEntry(
        source=_source(values, platform, link, (actor, at, text)),
        actor=actor,
        category=kind,
        platform=platform,
        venue=_venue(_text(values, "venue"), platform, kind),
        posted_at=at,
        text=text,
        link=link,
        captured_at=_captured(values, at, form),
        **{field: _count(values, field) for field in ("reactions", "comments", "shares", "views")},
    )


def read_actor(row: Row) -> ActorEntry:
    """The actor of a row, with where it is and where not. Raises Refusal."""
    values = _values(row)
    name = _text(values, "actor")
    if not name:
        raise Refusal("actor_missing")
    found = []
    for platform in PLATFORMS:
        word = _text(values, platform)
        if word:
            # A handle or an address in the cell says that there is one.
            here = yes_no(word)
            found.append((platform, True if here is None else here))
    return ActorEntry(name=name, category=category(_text(values, "category")), presences=tuple(found))


def name_key(name: str) -> str:
    """By what the same name is known again: letters and digits alone, in small letters."""
    return squeezed(name)[:200]


def _values(row: Row) -> Mapping[str, Any]:
    if row.values is None:
        raise Refusal(row.error or "not_an_object")
    return row.values


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    if value in (None, ""):
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refusal("cell_wrong", column=key)
    text = clean(str(value)).strip()
    longest = _LONGEST.get(key, 200)
    if len(text) > longest and key != "text":
        raise Refusal("cell_too_long", column=key)
    return text[:longest]


def _platform(word: str, link: str) -> str:
    if word:
        named = platform_named(word)
        if named is None:
            raise Refusal("platform_unknown", platform=word[:40])
        return named
    links = parse_links(link) if link else []
    if not links:
        raise Refusal("platform_missing_row")
    return links[0].platform


def _venue(word: str, platform: str, kind: str | None) -> str:
    """Where a post stands; what the row does not say follows from its actor, where that leaves no doubt."""
    said = venue(word)
    if said is not None:
        return said
    if kind == "groups":
        return "group"
    return "site" if platform == "other" else "page"


def _captured(values: Mapping[str, Any], at: datetime, form: PostForm) -> datetime | None:
    said = values.get("captured")
    captured = form.captured_at if said in (None, "") else _moment(said, "captured", form)
    if captured is None or captured >= at:
        return captured
    # A day without its hour is that of the capture, not its midnight.
    if captured.astimezone(form.zone).date() == at.astimezone(form.zone).date():
        return at
    raise Refusal("captured_before_posted")


def _moment(value: Any, field: str, form: PostForm) -> datetime:
    """A moment; one that does not say its zone is of the newsroom's."""
    try:
        at = posted_at(value, form.date_order)
    except Refusal as refusal:
        raise Refusal(refusal.code, field=field) from None
    if isinstance(value, str) and not _ZONED.search(value.strip()):
        return at.replace(tzinfo=form.zone).astimezone(UTC)
    return at


def _count(values: Mapping[str, Any], field: str) -> int:
    value = values.get(field)
    if value in (None, ""):
        return 0
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refusal("count_wrong", column=field)
    if isinstance(value, float) and not value.is_integer():
        raise Refusal("count_wrong", column=field)
    return count(str(int(value)) if isinstance(value, float) else str(value), field)


def _source(values: Mapping[str, Any], platform: str, link: str, said: tuple[str, datetime, str]) -> str:
    """By what the same post is known again: the file's id for it, its address, else who said what; and when.

    The moment stands beside an address, because some exports give that of the page for each of its posts.
    """
    actor, at, text = said
    if given := _text(values, "id"):
        return f"id:{platform}:{given}"
    if link:
        return f"link:{at:%Y-%m-%dT%H:%M}:{link.partition('#')[0].rstrip('/')}"[:600]
    told = "\0".join([platform, name_key(actor), at.isoformat(), text])
    return f"sha256:{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()}"
