"""Columns of comments by the names that exports really have: any case, several languages; or as the operator says.

A name is compared by its letters and digits alone: "Created At", "created_at" and "createdAt" are one.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.errors import Refusal

#: What a row is read by: the columns of a table of `kalkan check`, and `author`: a handle, a name or an object.
FIELDS: Final = ("id", "text", "image", "platform", "handle", "author", "name", "account_id", "post", "at")

# Names of each field, the surer first: where several columns fit, the first name in this order is taken.
_NAMES: Final[Mapping[str, str]] = {
    "id": "id commentid idкомментария idstr",
    "text": "text commenttext fulltext комментарийтекст тексткомментария comment message content body комментарий текст"
    " сообщение пикир пікір билдирүү мәтін шарҳ матн izoh matn textdisplay textoriginal",
    "image": "image",
    "platform": "platform source network socialnetwork платформа сеть соцсеть источник тармак булак дереккөз",
    "handle": "handle username screenname authorhandle userhandle nickname nick login никнейм ник логин",
    "author": "account author user authorname authordisplayname автор пользователь колдонуучу қолданушы муаллиф"
    " muallif foydalanuvchi from",
    "name": "name displayname fullname имя фио аты есімі ном ism",
    "account_id": "accountid userid authorid idавтора idпользователя",
    "post": "post posturl url link permalink postid пост ссылка ссылканапост шилтеме сілтеме пайванд havola",
    "at": "at postedat publishedat createdat created createdtime published timestamp datetime датаивремя датавремя date"
    " дата күнү күні сана sana",
    "clock": "time время убакыт уақыт вақт vaqt",
}
_FIELD_OF: Final = {name: (field, rank) for field, names in _NAMES.items() for rank, name in enumerate(names.split())}
_MOST_SAID: Final = 20
_MOST_NAME: Final = 40
_MOST_REMEMBERED: Final = 1000


class CommentColumns:
    """Which column is which field; `overrides` are the operator's own {field: name}."""

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        """Raises Refusal for a field that there is not."""
        self._overrides = {_squeezed(name): field for field, name in (overrides or {}).items()}
        self._given = dict(overrides or {})
        self._remembered: dict[tuple[str, ...], tuple[str, ...]] = {}
        for field in self._given:
            if field not in FIELDS:
                raise Refusal("column_field_unknown", field=field[:_MOST_NAME], fields=", ".join(FIELDS))

    def knows(self, name: str) -> bool:
        """Whether a column of this name is one of those looked for."""
        squeezed = _squeezed(name)
        return squeezed in self._overrides or squeezed in _FIELD_OF

    def named(self, names: Sequence[str]) -> Sequence[str]:
        """The field of each column of a table, "" for one that is passed over.

        Raises Refusal when there is neither a text nor an image, or when a column that the operator named is missing.
        """
        fields = self.fields(tuple(names))
        missing = [name for field, name in self._given.items() if field not in fields]
        if missing:
            raise Refusal("column_missing", column=missing[0][:_MOST_NAME], found=said(names))
        if not {"text", "image"} & set(fields):
            raise Refusal("columns_without_text", found=said(names))
        return fields

    def fields(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The field of each of these names, "" for one that is passed over; no field twice, but `clock` beside `at`."""
        known = self._remembered.get(names)
        if known is None:
            known = self._fields(names)
            if len(self._remembered) < _MOST_REMEMBERED:
                self._remembered[names] = known
        return known

    def _fields(self, names: tuple[str, ...]) -> tuple[str, ...]:
        taken: dict[str, tuple[int, int]] = {}
        for place, name in enumerate(names):
            field, rank = self._field_of(_squeezed(name))
            if field and (field not in taken or rank < taken[field][0]):
                taken[field] = (rank, place)
        if "clock" in taken and "at" not in taken:
            taken["at"] = taken.pop("clock")
        field_at = {place: field for field, (_, place) in taken.items()}
        return tuple(field_at.get(place, "") for place in range(len(names)))

    def _field_of(self, name: str) -> tuple[str, int]:
        if name in self._overrides:
            return self._overrides[name], -1
        field, rank = _FIELD_OF.get(name, ("", 0))
        return ("", 0) if field in self._given else (field, rank)


def said(names: Sequence[str]) -> str:
    """The names that were found, for a person to read."""
    shown = [name.strip()[:_MOST_NAME] for name in names[:_MOST_SAID] if name.strip()]
    return ", ".join([*shown, "…"] if len(names) > _MOST_SAID else shown)


def _squeezed(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold())) or name.strip().casefold()
