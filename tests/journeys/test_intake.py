import pytest
from bot.model.rights import Role
from bot.simulator import origins
from tests.bot_runner import Newsroom
pytestmark = pytest.mark.asyncio(loop_scope="session")

async def test_one(newsroom: Newsroom) -> None:
    (a,) = await newsroom.join(Role.JOURNALIST)
    newsroom.world.forward(a, origins.from_user("Troll", username="troll1"), text="Скоро люди придут громить ваш офис, Азаттык")
    await newsroom.quiet()
    c = newsroom.card(a, 1)
    print(c.text)
async def test_two(newsroom: Newsroom) -> None:
    (a,b) = await newsroom.join(Role.JOURNALIST, Role.ADMIN)
