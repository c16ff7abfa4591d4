"""Open questions and single answers: staged with the update's effects, not before."""

from bot.services import notices
from tests.newsroom import said
from tests.services.conftest import EditorsDesk


async def test_a_question_is_asked_and_ends(desk: EditorsDesk) -> None:
    """Open from the commit on, for a quarter of an hour or until it is answered."""
    member = await desk.member()
    await desk.dialogs.ask(desk.stage, member, "fake", {"step": 1})
    assert await desk.dialogs.of(member) is None
    await desk.commit()
    assert await said(desk.store, member) == ["ask_fake"]
    opened = await desk.dialogs.of(member)
    assert opened is not None
    assert (opened.kind, opened.body) == ("fake", {"step": 1})
    desk.clock.tick(15 * 60)
    assert await desk.dialogs.of(member) is None
    await desk.dialogs.ask(desk.stage, member, "fake", {})
    await desk.dialogs.end(desk.stage, member)
    await desk.commit()
    assert await desk.dialogs.of(member) is None


async def test_an_answer_is_said_with_the_commit(desk: EditorsDesk) -> None:
    """Several at once, in their order."""
    member = await desk.member()
    desk.replies.say(desk.stage, notices.reply(member, "help"), notices.reply(member, "privacy"))
    assert await said(desk.store) == []
    await desk.commit()
    assert await said(desk.store) == ["help", "privacy"]
