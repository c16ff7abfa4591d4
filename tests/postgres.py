"""A real PostgreSQL server for the tests: started once a session, a fresh database for each test.

The server listens on a free loopback port, keeps its data in a temporary folder and trusts every local connection; it
never flushes to disk, for its data is worth nothing. PostgreSQL refuses to run as root, so root hands it to another
user. Where the server's programs are missing, tests that need it are skipped and counted; under CI=true they fail.
"""

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

MISSING = "PostgreSQL's server programs are not installed: run scripts/setup-system"
#: Who the bot is, behind the wall between newsrooms; and the server's own superuser, for whom it does not stand.
SUPERUSER = "postgres"
OWNER = "kalkan"
_START_SECONDS = 30
_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def find_programs() -> Path | None:
    """The newest installed server's folder of programs (Debian's place, then PATH)."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    complete = [folder for folder in folders if (folder / "initdb").exists()]
    return max(complete, key=_version, default=None)


def _version(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


class PostgresServer:
    """A running server. `create` gives empty databases, or copies of a template that `template` has built."""

    def __init__(self, programs: Path, folder: Path, **options: str) -> None:
        """`options` of the server's go before those of the tests."""
        self._programs = programs
        self._folder = folder
        self._options = _OPTIONS | options
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._templates: set[str] = set()
        self._numbers = itertools.count(1)

    def start(self) -> None:
        """Make the data folder and start; a port that another process takes first is tried again."""
        self._run("initdb", "-D", self._data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        for _ in range(3):
            self._port = free_port()
            self._process = self._spawn()
            if self._is_ready():
                self.execute(f'CREATE ROLE "{OWNER}" LOGIN')
                return
            self.stop()
        raise RuntimeError(f"PostgreSQL did not start:\n{self._log.read_text(errors='replace')[-2000:]}")

    def kill(self) -> None:
        """kill -9 for all its processes."""
        assert self._process is not None
        server = int(Path(self._data, "postmaster.pid").read_text(encoding="utf-8").split()[0])
        children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="utf-8").split()
        for pid in (server, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()

    def revive(self) -> None:
        """Start again where it was killed, on the same port."""
        self._process = self._spawn()
        if not self._is_ready():
            raise RuntimeError(f"PostgreSQL did not start again:\n{self._log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """Stop at once, whatever is connected."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    @property
    def pid(self) -> int:
        """The server's first process. Raises LookupError when it does not run."""
        if self._process is None:
            raise LookupError("the server does not run")
        return self._process.pid

    def url(self, database: str, role: str = OWNER) -> str:
        """An SQLAlchemy URL for asyncpg."""
        return f"postgresql+asyncpg://{role}@127.0.0.1:{self._port}/{database}"

    def template(self, name: str, build: Callable[[str], None]) -> str:
        """Build a template database once a session: ``build(url)`` fills it and leaves no connection open."""
        if name not in self._templates:
            self.execute(f'CREATE DATABASE "{name}" OWNER "{OWNER}"')
            build(self.url(name))
            self._templates.add(name)
        return name

    def create(self, template: str = "template1") -> str:
        """A fresh database's name."""
        name = f"test_{next(self._numbers)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER "{OWNER}"')
        return name

    def drop(self, name: str) -> None:
        """Remove a database and end its connections."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, statement: str) -> str:
        """Run one statement as the superuser; the output is unaligned text."""
        place = ["-h", "127.0.0.1", "-p", str(self._port), "-U", SUPERUSER, "-d", "postgres"]
        return self._run("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *place, "-c", statement)

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    @property
    def _log(self) -> Path:
        return self._folder / "log"

    def _spawn(self) -> subprocess.Popen[bytes]:
        options = self._options | {"port": str(self._port), "unix_socket_directories": str(self._folder)}
        flags = [argument for name, value in options.items() for argument in ("-c", f"{name}={value}")]
        with self._log.open("ab") as log:
            command: list[str | Path] = [*with_parent(), self._programs / "postgres", "-D", self._data, *flags]
            return subprocess.Popen(command, stdout=log, stderr=log, **as_ordinary_user())

    def _is_ready(self) -> bool:
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and self._process and self._process.poll() is None:
            with contextlib.suppress(subprocess.CalledProcessError):
                self._run("pg_isready", "-h", "127.0.0.1", "-p", str(self._port), "-t", "1")
                return self._process.poll() is None
            time.sleep(0.05)
        return False

    def _run(self, program: str, *arguments: str) -> str:
        command: list[str | Path] = [self._programs / program, *arguments]
        output: str = subprocess.check_output(command, stderr=subprocess.STDOUT, text=True, **as_ordinary_user())
        return output


def seeing_all(url: str) -> str:
    """The same database for who sees every newsroom's rows: most tests look from there."""
    return url.replace(f"//{OWNER}@", f"//{SUPERUSER}@")


def as_ordinary_user() -> dict[str, Any]:
    """How a program is started so that it does not run as root."""
    if os.geteuid() != 0:
        return {}
    account = ordinary_account()
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}


def ordinary_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def with_parent() -> list[str]:
    """Also when the tests are killed outright, the server must not stay behind (where util-linux is there)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "QUIT"] if setpriv else []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_server(**options: str) -> Iterator[PostgresServer]:
    """A server for as long as the block lasts; `FileNotFoundError` where none is installed."""
    programs = find_programs()
    if programs is None:
        raise FileNotFoundError(MISSING)
    with tempfile.TemporaryDirectory(prefix="kalkan-postgres-", ignore_cleanup_errors=True) as folder:
        if os.geteuid() == 0:
            account = ordinary_account()
            os.chown(folder, account.pw_uid, account.pw_gid)
        server = PostgresServer(programs, Path(folder), **options)
        try:
            server.start()
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The session's PostgreSQL server; skips where none is installed, fails there under CI=true."""
    if find_programs() is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    with running_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """An empty database of this test's own, as ``postgresql+asyncpg://``."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)
