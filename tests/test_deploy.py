"""What is handed out to run Kalkan: a systemd unit and a container file, judged by their own tools."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
UNIT = ROOT / "deploy" / "kalkan.service"
CONTAINER = ROOT / "deploy" / "Containerfile"
#: systemd's own scale from 0 to 10: below 2 it calls a service "OK". What is left is the network, which Telegram needs.
MOST_EXPOSED = 1.5

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing: the unit is not judged"
)


def judged(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What systemd-analyze says."""
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False, timeout=60)


@needs_systemd
def test_unit_is_understood_whole(tmp_path: Path) -> None:
    """Every line of the unit is one that systemd knows."""
    unit = tmp_path / UNIT.name
    # The program need not be there for the unit to be judged.
    unit.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text(encoding="utf-8")))
    done = judged("verify", "--man=no", str(unit))
    assert done.returncode == 0, done.stderr
    assert "kalkan.service" not in done.stderr, done.stderr


@needs_systemd
def test_unit_leaves_little_to_a_break_in() -> None:
    """systemd's own measure of what a service could reach stays low."""
    said = judged("security", "--offline=true", str(UNIT)).stdout
    level = re.search(r"Overall exposure level for kalkan\.service: ([\d.]+)", said)
    assert level is not None, said
    assert float(level.group(1)) <= MOST_EXPOSED


def test_container_file_is_linted() -> None:
    """Every rule of hadolint that is left aside says why in the file."""
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([str(hadolint), str(CONTAINER)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout


def test_container_is_not_root_and_holds_no_secret() -> None:
    """It runs as a numbered user, and nothing of this checkout but what git knows goes in."""
    text = CONTAINER.read_text(encoding="utf-8")
    assert re.findall(r"^USER (\S+)$", text, re.MULTILINE)[-1] == "10001:10001"
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env", ".venv", "*.sqlite", "*.key"} <= set(ignored)
