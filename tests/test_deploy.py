"""What is handed out to run Kalkan: a systemd unit and a container file, judged by their own tools."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.measures import REGISTRY

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


WRAPPER = ROOT / "deploy" / "kalkan"
_STUBS = {
    "id": "echo ${STUB_UID:-0}",
    "systemd-run": 'for each in "$@"; do echo "$each"; done; exit ${STUB_EXIT:-0}',
    "chown": 'echo "chown $*"',
}


@pytest.fixture
def server(tmp_path: Path) -> dict[str, str]:
    """A server's files and programs: systemd-run shows what it was asked for."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, body in _STUBS.items():
        (programs / name).write_text(f"#!/bin/sh\n{body}\n")
        (programs / name).chmod(0o755)
    (tmp_path / "data").mkdir()
    for name in ("kalkan.env", "master.key"):
        (tmp_path / name).write_text("secret words\n")
    return {
        "PATH": f"{programs}:/usr/bin:/bin",
        "KWRAP_PROGRAM": "/opt/kalkan/.venv/bin/kalkan",
        "KWRAP_ENVIRONMENT": str(tmp_path / "kalkan.env"),
        "KWRAP_KEY": str(tmp_path / "master.key"),
        "KWRAP_SEALED_KEY": str(tmp_path / "master.cred"),
        "KWRAP_DATA": str(tmp_path / "data"),
    }


def wrapped(server: dict[str, str], *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The wrapper, run on that server."""
    command = ["/bin/sh", str(WRAPPER), *words]
    return subprocess.run(command, env=server | more, capture_output=True, text=True, check=False, timeout=60)


def test_a_command_runs_as_the_bot_does(server: dict[str, str]) -> None:
    """As its user, with its settings and its key, both handed over by systemd; the words stay apart as they were."""
    done = wrapped(server, "import", "staff", "a file.csv", "--name", "'$(x)'")
    asked = done.stdout.splitlines()
    split = asked.index("--")
    assert asked[split + 1 :] == ["/opt/kalkan/.venv/bin/kalkan", "import", "staff", "a file.csv", "--name", "'$(x)'"]
    assert {"--uid=kalkan", "--wait", "--pipe", f"--setenv=KALKAN_DATA_DIR={server['KWRAP_DATA']}"} <= set(asked)
    assert f"--property=EnvironmentFile={server['KWRAP_ENVIRONMENT']}" in asked
    assert f"--property=LoadCredential=kalkan-master.key:{server['KWRAP_KEY']}" in asked
    assert not any("RuntimeDirectory" in each or "secret words" in each for each in asked)
    assert wrapped(server, "verify", STUB_EXIT="3").returncode == 3


def test_a_key_in_the_tpm_comes_first(server: dict[str, str]) -> None:
    """Sealed to this machine it is handed over opened; without any key file nothing is handed over."""
    Path(server["KWRAP_SEALED_KEY"]).write_text("sealed")
    said = wrapped(server, "doctor")
    assert f"--property=LoadCredentialEncrypted=kalkan-master.key:{server['KWRAP_SEALED_KEY']}" in said.stdout
    assert "LoadCredential=" not in said.stdout
    assert said.stderr == ""
    Path(server["KWRAP_SEALED_KEY"]).unlink()
    assert "MISSING  key and data: " in wrapped(server, "doctor").stderr
    Path(server["KWRAP_KEY"]).unlink()
    assert "LoadCredential" not in wrapped(server, "doctor").stdout


def test_what_is_restored_is_given_to_the_user(server: dict[str, str]) -> None:
    """Beside the data folder only root may build; a restore that failed changes nothing."""
    done = wrapped(server, "restore", "/a.tar.age", "--into", server["KWRAP_DATA"])
    assert "--uid=root" in done.stdout
    assert done.stdout.splitlines()[-1] == f"chown -R kalkan: {server['KWRAP_DATA']}"
    failed = wrapped(server, "restore", "/a.tar.age", STUB_EXIT="2")
    assert failed.returncode == 2
    assert "chown" not in failed.stdout


def test_what_the_wrapper_refuses(server: dict[str, str]) -> None:
    """It says what is missing in one line."""
    assert "run it as root" in wrapped(server, "doctor", STUB_UID="1000").stderr
    Path(server["KWRAP_ENVIRONMENT"]).unlink()
    assert "copy .env.example" in wrapped(server, "doctor").stderr


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is missing: the wrapper is not linted")
def test_wrapper_is_linted() -> None:
    """No finding, and none left aside."""
    done = subprocess.run(["shellcheck", str(WRAPPER)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout


def _asked_for() -> set[str]:
    """The figures that the dashboard and the alerts ask Prometheus for."""
    board = json.loads((ROOT / "deploy" / "grafana.json").read_text(encoding="utf-8"))
    wanted = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    rules = (ROOT / "deploy" / "prometheus-rules.yml").read_text(encoding="utf-8")
    wanted += re.findall(r"expr: (.+)", rules)
    return {name for each in wanted for name in re.findall(r"\b(?:kalkan|process)_\w+", each)}


def test_dashboard_and_alerts_ask_for_what_there_is() -> None:
    """Every figure of theirs is one that a running bot gives, and each of the bot's own is looked at somewhere."""
    given = set()
    for family in REGISTRY.collect():
        ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(family.type, ("",))
        given |= {family.name + end for end in ends}
    asked = _asked_for()
    assert asked - given == set()
    families = {family.name for family in REGISTRY.collect() if family.name.startswith("kalkan_")}
    assert {name for name in families if not any(each.startswith(name) for each in asked)} == set()
