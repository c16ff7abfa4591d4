"""Columns by the names that exports have, in any case and language; times in the forms that they have."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.services.batchfiles.rows import Row
from bot.services.checks.lines import BadLine, CheckLine
from bot.services.findings import Author
from bot.services.imports.columns import _NAMES, FIELDS, CommentColumns
from bot.services.imports.comment_rows import CommentForm, CommentReader
from bot.services.imports.times import DateOrder, joined, posted_at

ALL_NAMES = [(field, name) for field, names in _NAMES.items() for name in names.split()]


def line(values: dict[str, Any], form: CommentForm | None = None) -> CheckLine:
    """The line that an object holds."""
    read = CommentReader(form or CommentForm(), Path()).read(Row(number=1, values=values), is_table=False)
    assert isinstance(read, CheckLine), read
    return read


def refused(values: dict[str, Any], form: CommentForm | None = None) -> str:
    """The code of why an object is no line."""
    read = CommentReader(form or CommentForm(), Path()).read(Row(number=1, values=values), is_table=False)
    assert isinstance(read, BadLine)
    return read.error


# --- columns ---


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Comment ID,Author,Message,Permalink,Created At,Likes", "id,author,text,post,at,"),
        ("Комментарий текст;Автор;Дата;Ссылка", "text,author,at,post"),
        ("Сообщение;Пользователь;Платформа;Пост;Дата;Время", "text,author,platform,post,at,clock"),
        (
            "id,text,image,platform,handle,name,account_id,post,at",
            "id,text,image,platform,handle,name,account_id,post,at",
        ),
        ("Пикир;Автор;Күнү", "text,author,at"),
        ("textDisplay,authorDisplayName,publishedAt,id", "text,author,at,id"),
        ("body,screen_name,display_name,timestamp,url", "text,handle,name,at,post"),
        ("comment,text,Time", ",text,at"),
        ("text,text", "text,"),
    ],
)
def test_headers_that_people_export(header: str, fields: str) -> None:
    """Each column goes where it belongs; the surer name wins, and what is unknown is passed over."""
    separator = ";" if ";" in header else ","
    assert list(CommentColumns().named(header.split(separator))) == fields.split(",")


@given(
    st.sampled_from(ALL_NAMES), st.sampled_from([str.upper, str.lower, str.title]), st.sampled_from(["", " ", '"', "_"])
)
def test_a_name_is_known_however_it_is_written(pair: tuple[str, str], case: Any, around: str) -> None:
    """Case, quotes, spaces and underscores do not matter."""
    field, name = pair
    written = f"{around}{case(name)}{around}"
    assert CommentColumns().knows(written)
    assert CommentColumns().fields((written,)) == ("at" if field == "clock" else field,)


@given(st.lists(st.one_of(st.text(max_size=12), st.sampled_from([name for _, name in ALL_NAMES])), max_size=12))
def test_no_field_is_taken_twice(names: list[str]) -> None:
    """Whatever a header says, a field has one column, and every column one field or none."""
    fields = CommentColumns().fields(tuple(names))
    taken = [field for field in fields if field]
    assert len(fields) == len(names)
    assert len(set(taken)) == len(taken)
    assert set(taken) <= {*FIELDS, "clock"}


@given(st.text(min_size=1, max_size=20).filter(lambda name: name.strip()), st.sampled_from(["text", "at", "handle"]))
def test_the_operator_is_always_right(name: str, field: str) -> None:
    """A column that was named by hand is that field, whatever else it could be."""
    columns = CommentColumns({field: name})
    assert columns.fields((name, "message", "date", "username"))[0] == field


def test_header_without_text_names_what_was_found() -> None:
    """Whoever exported something else sees at once which columns there are, and can name one."""
    with pytest.raises(Refusal, match="columns_without_text") as caught:
        CommentColumns().named(["Likes", "Body of it", "x" * 99])
    assert caught.value.values["found"] == f"Likes, Body of it, {'x' * 40}"
    assert list(CommentColumns({"text": "BODY OF IT"}).named(["Likes", "Body of it"])) == ["", "text"]


def test_wrong_overrides_are_refused() -> None:
    """A misspelt field or column is no reason to import something else."""
    with pytest.raises(Refusal, match="column_field_unknown"):
        CommentColumns({"txt": "Body"})
    with pytest.raises(Refusal, match="column_missing"):
        CommentColumns({"at": "When"}).named(["text", "date"])
    with pytest.raises(Refusal, match="platform_unknown"):
        CommentReader(CommentForm(platform="myspace"), Path())


# --- rows ---


@pytest.mark.parametrize(
    ("values", "author"),
    [
        ({"author": "troll.one"}, Author(handle="troll.one")),
        ({"author": "Айгуль Асанова"}, Author(name="Айгуль Асанова")),
        ({"author": "Айгуль"}, Author(name="Айгуль")),
        ({"author": "@имя"}, Author(handle="имя")),
        ({"author": "https://vk.com/id77"}, Author(platform="vk", numeric_id="77")),
        ({"username": "a", "author": "Имя"}, Author(handle="a", name="Имя")),
        ({"user": {"screen_name": "a", "name": "Имя", "id": 5}}, Author(handle="a", name="Имя", numeric_id="5")),
        ({"account": {"platform": "fb", "handle": "a.b"}}, Author(platform="facebook", handle="a.b")),
        ({"platform": "Twitter", "handle": "a"}, Author(platform="x", handle="a")),
        ({"source": "Web App", "handle": "a"}, Author(platform="other", handle="a")),
    ],
)
def test_authors_in_every_form(values: dict[str, Any], author: Author) -> None:
    """A handle, a name, an address or an object: whoever wrote it is known by what that is."""
    assert line({"text": "x"} | values).author == author


def test_default_platform_fills_what_is_not_said() -> None:
    """It is taken where a row says nothing, or nothing that is a platform."""
    form = CommentForm(platform="fb")
    assert line({"text": "x", "author": "a"}, form).author.platform == "facebook"
    assert line({"text": "x", "author": "a", "source": "iPhone"}, form).author.platform == "facebook"
    assert line({"text": "x", "author": "a", "platform": "vk"}, form).author.platform == "vk"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": 5}, "text_wrong"),
        ({"message": "  "}, "empty"),
        ({"text": "x", "account": ["a"]}, "account_wrong"),
        ({"text": "x", "account": {"handle": {}}}, "account_wrong"),
        ({"text": "x", "author": f"https://x.com/{'a' * 200}"}, "account_wrong"),
        ({"text": "x", "date": "soon"}, "at_wrong"),
        ({"text": "x", "date": True}, "at_wrong"),
        ({"text": "x", "date": "10/06/2026"}, "date_order_missing"),
        ({"text": "x", "id": "i" * 201}, "id_too_long"),
    ],
)
def test_what_cannot_be_read_has_a_code(values: dict[str, Any], code: str) -> None:
    """Each of these is a bad row, and none another error."""
    assert refused(values) == code


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([name for _, name in ALL_NAMES]), _JSON, max_size=8))
def test_any_object_is_a_line_or_a_bad_line(values: dict[str, Any]) -> None:
    """Whatever an export holds under a known name, reading it raises nothing."""
    read = CommentReader(CommentForm(), Path()).read(Row(number=1, values=values), is_table=False)
    assert isinstance(read, CheckLine | BadLine)


# --- times ---

MOMENTS = st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis' way


@given(MOMENTS)
def test_every_form_of_a_time_is_read_back(at: datetime) -> None:
    """ISO, dotted, slashed by the given order, with AM and PM, seconds and milliseconds: the same moment."""
    at = at.replace(microsecond=0)
    minute, seconds = at.replace(second=0), int(at.timestamp())
    assert posted_at(at.isoformat()) == posted_at(f"{at:%Y-%m-%d %H:%M:%S} UTC") == at
    assert posted_at(f"{at:%Y-%m-%d %H:%M:%S}") == posted_at(f"{at:%d.%m.%Y %H:%M:%S}") == at
    assert posted_at(f"{at:%Y/%m/%d, %H:%M:%S}") == at
    assert posted_at(seconds) == posted_at(seconds * 1000) == posted_at(float(seconds)) == at
    assert posted_at(str(seconds)) == posted_at(str(seconds * 1000)) == at
    assert (
        posted_at(f"{at:%m/%d/%Y %H:%M}", DateOrder.MONTH) == posted_at(f"{at:%d/%m/%Y %H:%M}", DateOrder.DAY) == minute
    )
    assert posted_at(f"{at:%m/%d/%Y %I:%M %p}", DateOrder.MONTH) == minute


def test_zones_count_and_days_without_clock_begin_at_midnight() -> None:
    """A zone that is said is heeded; a date alone is its beginning in UTC."""
    assert posted_at("2026-10-06T14:30:00+06:00") == datetime(2026, 10, 6, 8, 30, tzinfo=UTC)
    assert posted_at("06.10.2026") == datetime(2026, 10, 6, tzinfo=UTC)
    assert posted_at(joined("06.10.2026", "9:05")) == datetime(2026, 10, 6, 9, 5, tzinfo=UTC)
    assert posted_at(joined("2026-10-06", "2:30 PM")) == datetime(2026, 10, 6, 14, 30, tzinfo=UTC)
    assert joined("2026-10-06T10:00:00", "9:05") == "2026-10-06T10:00:00"


@given(st.one_of(st.text(max_size=30), st.from_regex(r"[\d./: APM-]{1,20}"), st.floats(), st.integers()))
def test_any_time_is_a_moment_or_refused(value: object) -> None:
    """Nothing else comes of any value."""
    for order in (None, *DateOrder):
        try:
            found = posted_at(value, order)
        except Refusal:
            continue
        assert found.utcoffset() == timedelta(0)
