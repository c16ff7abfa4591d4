"""scripts/setup-system: quick when all is there, clear when not; tried with stand-ins for apt-get and sudo."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "setup-system"
RECORD = '#!{bash}\necho "$0 $*" >> "{calls}"\nexit {code}\n'
SUDO = '#!{bash}\n[ "$1" = -n ] && shift\nexec "$@"\n'


class Machine:
    """A machine on which only the named programs exist."""

    def __init__(self, folder: Path, *programs: str) -> None:
        self._programs = folder / "bin"
        self._calls = folder / "calls"
        self._programs.mkdir()
        for name in ("bash", "env", "sed", "dirname", *programs):
            (self._programs / name).symlink_to(shutil.which(name) or "/bin/true")
        self.add("sudo", SUDO)

    def add(self, name: str, text: str, code: int = 0) -> None:
        """Put a stand-in on the machine's path."""
        path = self._programs / name
        bash = shutil.which("bash") or "/bin/bash"
        path.write_text(text.replace("{bash}", bash).replace("{calls}", str(self._calls)).replace("{code}", str(code)))
        path.chmod(0o755)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the script with nothing but this machine's programs."""
        environment = {"PATH": str(self._programs)}
        command = [str(self._programs / "bash"), str(SCRIPT), *arguments]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )

    def calls(self) -> list[str]:
        """What the package manager was asked to do."""
        lines = self._calls.read_text().splitlines() if self._calls.exists() else []
        return [line.split(" ", 1)[1] for line in lines]


def test_nothing_missing_calls_no_package_manager(tmp_path: Path) -> None:
    """When everything is there, not even the package lists are read."""
    machine = Machine(tmp_path)
    machine.add("msgfmt", RECORD)
    machine.add("apt-get", RECORD)
    assert machine.run("--only", "gettext").returncode == 0
    assert machine.calls() == []


def test_only_what_is_missing_is_installed(tmp_path: Path) -> None:
    """The lists are fetched first, then the missing package is installed."""
    machine = Machine(tmp_path)
    machine.add("apt-get", RECORD)
    done = machine.run("--only", "gettext")
    assert done.returncode == 0, done.stderr
    assert machine.calls() == ["update -q", "install -y -q --no-install-recommends gettext"]
    assert "System packages missing: gettext" in done.stdout


def test_running_needs_only_the_models(tmp_path: Path) -> None:
    """The demo asks for what reads screenshots, never for a database server."""
    machine = Machine(tmp_path)
    machine.add("apt-get", RECORD)
    done = machine.run("--running")
    assert done.returncode == 0, done.stderr
    asked = {word for call in machine.calls() for word in call.split() if not word.startswith("-")}
    assert asked - {"update", "install"} <= {f"tesseract-ocr-{language}" for language in ("rus", "kir", "eng")}


def test_check_changes_nothing(tmp_path: Path) -> None:
    """--check only looks, and its exit code tells."""
    machine = Machine(tmp_path)
    machine.add("apt-get", RECORD)
    assert machine.run("--check", "--only", "gettext").returncode == 1
    assert machine.calls() == []


@pytest.mark.parametrize(
    ("has_apt", "said"), [(False, "This system has no apt-get."), (True, "apt-get update failed.")]
)
def test_it_says_what_to_do_by_hand(tmp_path: Path, has_apt: bool, said: str) -> None:
    """Where nothing can be installed, the person is told what is needed."""
    machine = Machine(tmp_path)
    if has_apt:
        machine.add("apt-get", RECORD, code=1)
    done = machine.run("--only", "gettext")
    assert done.returncode == 1
    assert said in done.stderr
    assert "Install by hand" in done.stderr


@pytest.mark.parametrize("arguments", [("--only", "nonsense"), ("--nonsense",)])
def test_wrong_arguments_are_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """A slip of the keyboard installs nothing."""
    machine = Machine(tmp_path)
    machine.add("apt-get", RECORD)
    assert machine.run(*arguments).returncode == 2
    assert machine.calls() == []
