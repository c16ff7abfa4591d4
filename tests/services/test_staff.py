"""The list of protected people: read from a line, kept once, taken off once."""

import pytest

from bot.errors import Refusal
from bot.model.staff import StaffKind
from bot.services.staff import read_staff
from bot.storage import history
from tests.newsroom import said
from tests.services.conftest import EditorsDesk


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Айгүл Сатыбалдиева", (StaffKind.PERSON, "Айгүл Сатыбалдиева", ())),
        (" Айгүл ; Aigul;; Гүлжан ;Aigul ", (StaffKind.PERSON, "Айгүл", ("Aigul", "Гүлжан"))),
        ("outlet Ак-Булак; Ak-Bulak", (StaffKind.OUTLET, "Ак-Булак", ("Ak-Bulak",))),
        ("СМИ Ак-Булак", (StaffKind.OUTLET, "Ак-Булак", ())),
        ("Редакция Ак-Булак", (StaffKind.OUTLET, "Ак-Булак", ())),
        ("outletter", (StaffKind.PERSON, "outletter", ())),
        ("x" * 999, (StaffKind.PERSON, "x" * 200, ())),
    ],
)
def test_a_line_of_staff(text: str, expected: tuple[StaffKind, str, tuple[str, ...]]) -> None:
    """Kind, name and aliases, without doubles, cut where they do not fit."""
    assert read_staff(text) == expected


def test_a_line_has_so_many_aliases_at_most() -> None:
    """A name and fifty others."""
    assert len(read_staff(";".join(f"n{n}" for n in range(99)))[2]) == 50


@pytest.mark.parametrize("text", ["", "  ", ";;", "outlet", "outlet ;"])
def test_a_line_needs_a_name(text: str) -> None:
    """Nobody is not on the list."""
    with pytest.raises(Refusal, match="staff_name_missing"):
        read_staff(text)


async def test_the_list_follows(desk: EditorsDesk) -> None:
    """Added, added to, removed once; each with its line of history and its answer."""
    member = await desk.member()
    for text in ("Айгүл; Aigul", "Айгүл; Гүлжан", "Айгүл"):
        await desk.staff.add(desk.stage, member, text)
        await desk.commit()
    (person,) = await desk.staff.everyone(desk.newsroom.id)
    assert person.names == ("Айгүл", "Aigul", "Гүлжан")
    for _ in range(2):
        await desk.staff.remove(desk.stage, member, person.id, 3)
        await desk.commit()
    assert await desk.staff.everyone(desk.newsroom.id) == []
    assert await said(desk.store) == ["staff_added", "staff_changed", "staff_same", "staff", "staff"]
    async with desk.store.read() as conn:
        assert [e for e, _, _ in await history.of(conn, desk.newsroom.id, ("staff", person.id))] == ["removed"]
