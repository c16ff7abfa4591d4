"""Nothing personal in logs: journeys of every kind run once more, with every logger at DEBUG and canaries in all."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.simulator import World
from tests.bot_runner import TOKEN
from tests.log_canaries import listening

pytestmark = pytest.mark.proof

ROOT = Path(__file__).resolve().parents[2]
#: Forwards, pictures, broken files, rulings, threats, every fault of Telegram, dead letters.
JOURNEYS = ("journeys/test_rulings.py", "security/test_token.py::test_the_token_is_nowhere")
EVERYTHING = ("journeys", "security/test_stranger.py", "security/test_token.py::test_the_token_is_nowhere")


def run(folder: Path, places: tuple[str, ...], seconds: int) -> tuple[int, int, int]:
    """Lines, canaries and leaks of a run of these tests, which must pass."""
    findings = folder / "findings"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KALKAN_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-m", "not slow and not proof", "-p", "no:cacheprovider"]
        + [str(ROOT / "tests" / place) for place in places],
        env=kept | {"KALKAN_LOG_CANARIES": str(findings), "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
    counted = [json.loads(line) for line in findings.read_text(encoding="utf-8").splitlines()]
    return (
        sum(each["lines"] for each in counted),
        sum(each["canaries"] for each in counted),
        sum(each["leaks"] for each in counted),
    )


def gossip(findings: Path) -> None:
    """Log a name, a text, an id and a handle while somebody listens."""
    with pytest.MonkeyPatch.context() as patched, listening(patched, findings):
        world = World(TOKEN)
        who = world.add_user("Жаңылмырза", username="janyl_m", user_id=555_000_111)
        world.send_text(who, "слова, которых нет нигде больше")
        logging.getLogger("apscheduler.any").error("parameters: %r", ("слова, которых нет нигде больше",))
        logging.getLogger("any").info("chat %d of @%s", who.id, who.username)
        try:
            raise ValueError(who.first_name)
        except ValueError:
            logging.getLogger("bot.inbox").exception("failed")


def test_a_leak_is_heard(tmp_path: Path) -> None:
    """The proof can fail: a name, a text, an id or a handle in any logger's line, or in a traceback, is found."""
    with pytest.raises(pytest.fail.Exception) as heard:
        gossip(tmp_path / "findings")
    assert json.loads((tmp_path / "findings").read_text())["leaks"] >= 4
    assert "Жаңылмырза" in str(heard.value)


@pytest.mark.timeout(400)
def test_nothing_personal_is_logged(tmp_path: Path) -> None:
    """0 of the token, names, handles, ids, texts and links in the lines of journeys at DEBUG."""
    lines, canaries, leaks = run(tmp_path, JOURNEYS, 380)
    assert leaks == 0
    assert lines >= 40
    assert canaries >= 40


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_nothing_personal_is_logged_anywhere(tmp_path: Path) -> None:
    """The same of every journey."""
    lines, canaries, leaks = run(tmp_path, EVERYTHING, 1750)
    assert (leaks, lines > 1_000, canaries > 1_000) == (0, True, True)
