"""Columns of a table by the names that spreadsheets have, in three languages, or as the operator says."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.errors import Refusal
from bot.services.imports.columns import said

_MOST_NAME: Final = 40


class NamedColumns:
    """Which column is which field; `names` are a field's, the surer first, `given` the operator's own.

    Of each group in `required` one column has to be there. Raises Refusal for a field that there is not.
    """

    def __init__(
        self, names: Mapping[str, str], required: Sequence[Collection[str]], given: Mapping[str, str] | None = None
    ) -> None:
        self._given = dict(given or {})
        for field in self._given:
            if field not in names:
                raise Refusal("column_field_unknown", field=field[:_MOST_NAME], fields=", ".join(names))
        self._own = {squeezed(name): field for field, name in self._given.items()}
        self._known = {name: (field, rank) for field, each in names.items() for rank, name in enumerate(each.split())}
        self._required = required

    @property
    def identity(self) -> str:
        """What tells one reading of a file from another."""
        return repr(sorted(self._given.items()))

    def knows(self, name: str) -> bool:
        """Whether a column of this name is one of those looked for."""
        return squeezed(name) in self._own or squeezed(name) in self._known

    def named(self, names: Sequence[str]) -> Sequence[str]:
        """The field of each column, "" for one that is passed over. Raises Refusal when one is missing."""
        taken: dict[str, tuple[int, int]] = {}
        for place, name in enumerate(names):
            field, rank = self._field_of(squeezed(name))
            if field and (field not in taken or rank < taken[field][0]):
                taken[field] = (rank, place)
        missing = [name for field, name in self._given.items() if field not in taken]
        if missing:
            raise Refusal("column_missing", column=missing[0][:_MOST_NAME], found=said(names))
        for group in self._required:
            if not set(group) & set(taken):
                raise Refusal("columns_needed", columns=", ".join(group), found=said(names))
        field_at = {place: field for field, (_, place) in taken.items()}
        return tuple(field_at.get(place, "") for place in range(len(names)))

    def _field_of(self, name: str) -> tuple[str, int]:
        if name in self._own:
            return self._own[name], -1
        field, rank = self._known.get(name, ("", 0))
        return ("", 0) if field in self._given else (field, rank)


def squeezed(name: str) -> str:
    """A name by its letters and digits alone: "Posted At", "posted_at" and "postedAt" are one."""
    return "".join(filter(str.isalnum, name.casefold())) or name.strip().casefold()
