"""Time stamps: asked for, checked, and verified with openssl as a receiver would."""

from pathlib import Path

import pytest
from aiohttp import web

from bot.custody.timestamps import NotAToken, checked, request_for, time_of
from bot.errors import Outage
from bot.timestamping import TimestampAuthority
from tests.custody.authority import Authority, has_openssl

pytestmark = pytest.mark.skipif(not has_openssl(), reason="openssl is not installed")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority for all of these tests."""
    return Authority(tmp_path_factory.mktemp("authority") / "tsa")


def test_a_token_is_of_its_data_only(authority: Authority, tmp_path: Path) -> None:
    """The answer is kept as it came; openssl verifies it; about other data it is refused by both."""
    token = checked(authority.answer(request_for(b"manifest")), b"manifest")
    (tmp_path / "t.tsr").write_bytes(token)
    (tmp_path / "data").write_bytes(b"manifest")
    (tmp_path / "other").write_bytes(b"manifesT")
    assert authority.verifies(tmp_path / "data", tmp_path / "t.tsr")
    assert not authority.verifies(tmp_path / "other", tmp_path / "t.tsr")
    with pytest.raises(NotAToken, match="something else"):
        checked(token, b"manifesT")
    assert time_of(token).startswith("20")
    with pytest.raises(NotAToken):
        time_of(b"nonsense")


async def _served(answer: web.Response) -> tuple[web.AppRunner, str]:
    async def reply(_request: web.Request) -> web.Response:
        return answer

    app = web.Application()
    app.router.add_post("/", reply)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/"


async def test_the_authority_is_asked_over_http() -> None:
    """Its answer comes back as it is; a refusal and a silence are outages."""
    runner, url = await _served(web.Response(body=b"token"))
    try:
        assert await TimestampAuthority(url).stamp(b"x") == b"token"
    finally:
        await runner.cleanup()
    with pytest.raises(Outage, match="reached"):
        await TimestampAuthority(url).stamp(b"x")
    runner, url = await _served(web.Response(status=503))
    try:
        with pytest.raises(Outage, match="503"):
            await TimestampAuthority(url).stamp(b"x")
    finally:
        await runner.cleanup()
