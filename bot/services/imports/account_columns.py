"""Which column of a list of accounts is which field: by its name in three languages, by its contents, or as said."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.errors import Refusal
from bot.services.checks.lines import platform_named
from bot.services.profiles import profile_link

#: Fields that a column can be taken for, in the order in which they are offered.
FIELDS: Final = (
    *("link", "handle", "platform", "id", "name", "names", "photos", "farm", "reason", "source", "type", "attached_to"),
    *("work", "study", "place", "group", "first_seen", "last_seen", "photo_on", "cover_on", "posts_a_day"),
    *("praised", "attacked", "tags", "links"),
)
#: By one of these an account is told from others.
IDENTITIES: Final = frozenset({"link", "handle", "id"})
_NAMES: Final[Mapping[str, str]] = {
    "link": "link url profile profileurl profilelink accountlink ссылка ссылканапрофиль профиль адрес шилтеме профилге",
    "handle": "handle username screenname account accountname login nickname nick ник никнейм логин аккаунт юзернейм",
    "platform": "platform network socialnetwork платформа сеть соцсеть площадка тармак соцтармак",
    "id": "id numericid userid accountid номер айди idаккаунта",
    "names": "names allnames имена",
    "name": "name fullname displayname имя фио имяфамилия аты атыжөнү ысым ысымы",
    "photos": "photos photo picture image avatar file фото фотография картинка аватар файл сүрөт",
    "farm": "farm ферма фабрика group1",
    "reason": "reason comment note notes why причина комментарий примечание почему себеп эскертүү",
    "source": "source origin источник откуда булак",
    "type": "type kind тип вид түрү",
    "attached_to": "attachedto прикой закреплен кимге",
    "work": "work job employer работа местоработы жумуш иши",
    "study": "study school university education учеба учёба вуз школа образование окуу билими",
    "place": "place city location город место откудародом шаар жер",
    "group": "group groups группа группы сообщества топ топтор",
    "first_seen": "firstseen created createdat since впервые создан датасоздания первыйраз ачылган",
    "last_seen": "lastseen lastactive активен последнийраз последняяактивность акыркы",
    "photo_on": "photoon photodate датафото датафотопрофиля сүрөтдатасы",
    "cover_on": "coveron coverdate датаобложки мукабадатасы",
    "posts_a_day": "postsaday postsperday постоввдень постов күнүнө",
    "praised": "praised praises supports хвалит поддерживает мактайт колдойт",
    "attacked": "attacked attacks target атакует критикует цель чабуул сындайт",
    "links": "links otherlinks ссылки другиессылки шилтемелер",
    "tags": "tags tag marks метки признаки белгилер",
}
_FIELD_OF: Final = {name: (field, rank) for field, names in _NAMES.items() for rank, name in enumerate(names.split())}
_PICTURE: Final = re.compile(r"\.(?:jpe?g|png|webp|gif|heic|bmp)$", re.IGNORECASE)
_HANDLE: Final = re.compile(r"@?[A-Za-z][\w.\-]{2,40}")
_NUMBER: Final = re.compile(r"\d{5,20}")
_FULL_NAME: Final = re.compile(r"[^\W\d_][^\d_@/]*\s[^\W\d_][^\d_@/]*")
_MOST_NAME: Final = 40
_ENOUGH: Final = 0.6


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of a file: its name, the field it is taken for ("": left out), and what stands in its first rows."""

    name: str
    field: str
    examples: tuple[str, ...]


def guessed(heads: Sequence[str], samples: Sequence[Sequence[str]]) -> list[Column]:
    """The columns of a file: by name where that is known, else by what stands in the first rows; no field twice."""
    fields = _by_name(heads)
    for place in range(len(heads)):
        cells = [row[place].strip() for row in samples if place < len(row) and row[place].strip()]
        field = _by_content(cells) if not fields[place] else ""
        if field and field not in fields:
            fields[place] = field
    return [
        Column(
            name=head.strip()[:_MOST_NAME] or str(place + 1),
            field=fields[place],
            examples=tuple(row[place].strip()[:_MOST_NAME] for row in samples if place < len(row) and row[place])[:3],
        )
        for place, head in enumerate(heads)
    ]


def _by_name(heads: Sequence[str]) -> list[str]:
    taken: dict[str, tuple[int, int]] = {}
    for place, head in enumerate(heads):
        field, rank = _FIELD_OF.get(squeezed(head), ("", 0))
        if field and (field not in taken or rank < taken[field][0]):
            taken[field] = (rank, place)
    fields = [""] * len(heads)
    for field, (_, place) in taken.items():
        fields[place] = field
    return fields


def _by_content(cells: Sequence[str]) -> str:
    kinds = Counter(_kind_of(cell) for cell in cells)
    kind, count = kinds.most_common(1)[0] if kinds else ("", 0)
    return kind if count >= _ENOUGH * len(cells) else ""


def _kind_of(cell: str) -> str:
    if profile_link(cell) is not None:
        return "link"
    if platform_named(cell) is not None:
        return "platform"
    tests = (("photos", _PICTURE.search), ("id", _NUMBER.fullmatch), ("name", _FULL_NAME.fullmatch))
    for field, test in (*tests, ("handle", _HANDLE.fullmatch)):
        if test(cell):
            return field
    return ""


class AccountColumns:
    """Says what the columns of a table are called; `given` are the operator's own {field: name of a column}."""

    def __init__(self, given: Mapping[str, str] | None = None, *, only_given: bool = False) -> None:
        """Raises Refusal for a field that there is not. `only_given`: nothing is taken by its name."""
        self._given = dict(given or {})
        self._only_given = only_given
        for field in self._given:
            if field not in FIELDS:
                raise Refusal("column_field_unknown", field=field[:_MOST_NAME], fields=", ".join(FIELDS))
        self._by_squeezed = {squeezed(name): field for field, name in self._given.items()}

    @property
    def identity(self) -> str:
        """What tells one reading of a file from another."""
        return f"{sorted(self._given.items())} {self._only_given}"

    def knows(self, name: str) -> bool:
        """Whether a column of this name is one of those looked for."""
        known = not self._only_given and squeezed(name) in _FIELD_OF
        return squeezed(name) in self._by_squeezed or known

    def named(self, names: Sequence[str]) -> Sequence[str]:
        """The field of each column, "" for one that is left out.

        Raises Refusal when no column tells accounts from each other, or one that the operator named is missing.
        """
        # A column without a name goes by its place.
        names = [name if name.strip() else str(place) for place, name in enumerate(names, start=1)]
        by_name = [""] * len(names) if self._only_given else _by_name(names)
        fields = [
            self._by_squeezed.get(squeezed(name)) or (field if field not in self._given else "")
            for name, field in zip(names, by_name, strict=True)
        ]
        missing = [name for field, name in self._given.items() if field not in fields]
        found = ", ".join(name.strip()[:_MOST_NAME] for name in names[:20] if name.strip())
        if missing:
            raise Refusal("column_missing", column=missing[0][:_MOST_NAME], found=found)
        if not IDENTITIES & set(fields):
            raise Refusal("file_header", columns=", ".join(sorted(IDENTITIES)), found=found)
        return fields


def squeezed(name: str) -> str:
    """A name by its letters and digits alone: "Created At", "created_at" and "createdAt" are one."""
    return "".join(filter(str.isalnum, name.casefold())) or name.strip().casefold()
