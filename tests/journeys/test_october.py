"""The day that `make demo-october` replays: its material, as the detectors see it without the replay."""

from bot.cli.demo.october import INSULTS, read_material
from detection.threats import StaffName, assess


def test_no_insult_of_the_day_is_a_threat() -> None:
    """Two thousand insults in three languages, many in two at once: none alarms anybody."""
    insults = [line.text for line in read_material(INSULTS).lines if line.threat is None]
    assert len(insults) >= 2_000
    assert [text for text in insults if assess(text).level == "threat"] == []


def test_every_threat_of_the_day_is_one() -> None:
    """In three languages and in every copy, with arson among its kinds and with the newsroom on the list of staff."""
    material = read_material(INSULTS)
    staff = (StaffName(ref=1, kind="outlet", names=("Ак-Калкан медиа", "Ak-Kalkan", "Ак-Калкан")),)
    threats = [line for line in material.lines if line.threat is not None]
    assert len(threats) >= 52
    for line in threats:
        found = assess(line.text, staff)
        assert (found.level, "arson" in found.kinds) == ("threat", True), line.text
