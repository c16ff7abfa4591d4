"""What a person puts right in what was read on a screenshot."""

import pytest

from bot.errors import Refusal
from bot.model.dialog import Dialog
from bot.model.rights import Role
from bot.services.screen_corrections import Correction, read_correction
from bot.storage import dialogs, history
from bot.storage.tables import threats
from tests.newsroom import message, said
from tests.services.rooms import rows_of
from tests.services.screen_readers import CALM, LIE, THREAT, Readers, read, readers, sources

__all__ = ["readers"]


async def test_a_person_puts_it_right(readers: Readers) -> None:
    """The wrong comment is withdrawn, the right one is checked and counted, the history has both, the card follows."""
    desk = readers.desk
    member = await desk.member()
    await desk.send(member, message(member, desk.clock(), LIE))
    desk.clock.tick(60)
    case = await readers.send(member, read(("Айбек", "Журналисты олять зрут", "2 ч"), ("Б", CALM)))
    assert case.verdict.copy_count == 0
    case = await readers.correct(member, case, 1, f"{LIE}\nавтор: Айбек Асанов @aibek.a")
    assert case.verdict.copy_count == 1
    mine = [row for row in await readers.live() if row["submission_id"] == case.submission_id]
    assert [(row["source"].partition("#")[2], row["text"], row["author_key"]) for row in mine] == [
        ("2", CALM, "name:Б"),
        ("1", LIE, "facebook:aibeka"),
    ]
    assert mine[1]["posted_at"] is not None
    reading = case.parts[0].reading
    assert reading is not None
    assert reading.corrected_by == member.id
    assert reading.screen is not None
    assert [(c.corrected, c.author, c.handle) for c in reading.screen.comments] == [
        (True, "Айбек Асанов", "aibek.a"),
        (False, "Б", None),
    ]
    async with desk.store.read() as conn:
        (event,) = await history.of(conn, desk.newsroom.id, ("part", case.parts[0].id))
        assert await dialogs.of_member(conn, member.id, desk.clock()) is None
    assert event[0] == "screen_corrected"
    assert (event[2]["before"]["text"], event[2]["after"]["text"]) == ("Журналисты олять зрут", LIE)
    assert (await said(desk.store, member))[-2:] == ["ask_screen", "screen"]


async def test_a_correction_may_bring_a_threat(readers: Readers) -> None:
    """Which is recorded then, once."""
    member = await readers.desk.member()
    case = await readers.send(member, read(("А", "Сенин уйунду ерттем"), ("Б", CALM)))
    for _ in range(2):
        case = await readers.correct(member, case, 1, THREAT)
    assert case.verdict.threat.level == "threat"
    assert len(await rows_of(readers.desk.store, threats)) == 1


async def test_what_is_no_comment_is_dropped(readers: Readers) -> None:
    """A dash takes it out of the case; it can then not be corrected again."""
    member = await readers.desk.member()
    case = await readers.send(member, read(("А", THREAT), ("Б", CALM)))
    case = await readers.correct(member, case, 1, "-")
    assert case.verdict.threat.level == "none"
    assert sources(await readers.live()) == ["2"]
    with pytest.raises(Refusal, match="screen_unknown"):
        await readers.correct(member, case, 1, LIE)


async def test_only_the_author_is_put_right(readers: Readers) -> None:
    """The text stays as it was read."""
    member = await readers.desk.member()
    case = await readers.send(member, read(("Аибек", LIE)))
    await readers.correct(member, case, 1, "author: Айбек")
    (row,) = await readers.live()
    assert (row["author"], row["text"]) == ("Айбек", LIE)


async def test_who_may_correct(readers: Readers) -> None:
    """The reporter, editors and security leads; nobody else, and nothing of a case that was withdrawn."""
    reporter = await readers.desk.member()
    case = await readers.send(reporter, read(("А", LIE)))
    for role in (Role.JOURNALIST, Role.ADMIN):
        with pytest.raises(Refusal, match="not_allowed"):
            await readers.correct(await readers.desk.member(role), case, 1, CALM)
    forged = Dialog(kind="screen", body={"submission": case.submission_id, "part": case.parts[0].id, "number": 1})
    with pytest.raises(Refusal, match="not_allowed"):
        await readers.corrections.correct(readers.desk.stage, await readers.desk.member(), forged, CALM)
    for role in (Role.EDITOR, Role.SECURITY):
        await readers.correct(await readers.desk.member(role), case, 1, f"{CALM} {role.value}")
    assert [row["text"] for row in await readers.live()] == [f"{CALM} security"]
    await readers.desk.cases.undo(readers.desk.stage, reporter, case.submission_id, 5)
    await readers.desk.commit()
    with pytest.raises(Refusal, match="screen_unknown"):
        await readers.correct(reporter, case, 1, CALM)


async def test_what_is_not_there_cannot_be_corrected(readers: Readers) -> None:
    """Another part, another number, a profile that there is not."""
    member = await readers.desk.member()
    case = await readers.send(member, read(("А", LIE)))
    ask = readers.corrections.ask
    part = case.parts[0].id
    for part_id, number in ((part, 2), (part, 0), (part, -1), (part + 1, 1)):
        with pytest.raises(Refusal, match="screen_unknown"):
            await ask(readers.desk.stage, member, case.submission_id, part_id, number)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("Жаңы текст", Correction(text="Жаңы текст")),
        ("  –  ", Correction(drop=True)),
        (
            "автору: Айбек @aibek_1\nтекст\nэкинчи сап",
            Correction(text="текст\nэкинчи сап", author="Айбек", handle="aibek_1"),
        ),
        ("текст\nИмя: Айбек", Correction(text="текст", author="Айбек")),
        ("author: @aibek", Correction(handle="aibek")),
        ("почта a@b.kg", Correction(text="почта a@b.kg")),
        ("author: one\nauthor: two", Correction(author="one", text="author: two")),
    ],
)
def test_what_a_person_types(typed: str, right: Correction) -> None:
    """The text, with a line for the author."""
    assert read_correction(typed) == right


@pytest.mark.parametrize("typed", ["", "  \n ", "author:", "автор: "])
def test_nothing_is_no_correction(typed: str) -> None:
    """It is asked for again."""
    with pytest.raises(Refusal, match="correction_empty"):
        read_correction(typed)
