"""Staff under protection: people and outlets, freelancers and illustrators too, with their names in every script."""

from dataclasses import dataclass
from enum import StrEnum


class StaffKind(StrEnum):
    """A person, or an outlet with its brand names."""

    PERSON = "person"
    OUTLET = "outlet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Staff:
    """One protected person or outlet."""

    id: int
    kind: StaffKind
    name: str
    position: str | None
    aliases: tuple[str, ...]
    member_id: int | None

    @property
    def names(self) -> tuple[str, ...]:
        """The name and every alias: what a threat may call them."""
        return (self.name, *self.aliases)
