"""RabbitMQ servers on loopback, one or three that make a cluster, on ports of their own. Nodes are killed."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.cluster.patroni import UNPACKED
from tests.journeys.ports import free_port
from tests.postgres import as_ordinary_user, ordinary_account, with_parent

USER: Final = "kalkan"
PASSWORD: Final = "of-the-tests"
#: That of the bot.
QUEUE: Final = "kalkan"
#: Seconds after which a service manager starts a node again (RestartSec of Debian's unit).
RESTART: Final = 10.0
_COOKIE: Final = "kalkantests"
_CONFIG: Final = """
listeners.tcp.1 = 127.0.0.1:{port}
default_user = {user}
default_pass = {password}
log.console = true
log.file = false
vm_memory_high_watermark.absolute = 400MB
disk_free_limit.absolute = 50MB
cluster_formation.peer_discovery_backend = classic_config
"""
#: Debian's own has the place where it would have been installed.
_ERL: Final = """#!/bin/sh
export ROOTDIR={root} BINDIR={programs} EMU=beam PROGNAME=erl
exec {programs}/erlexec "$@"
"""


@dataclass(kw_only=True)
class Node:
    """A server."""

    number: int
    port: int = 0
    distribution: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        """By which the others know it."""
        return f"r{self.number}@localhost"


@dataclass(kw_only=True)
class Rabbit:
    """All of them; `folder` is readable by an ordinary user."""

    folder: Path
    size: int = 3
    kills: int = 0
    nodes: list[Node] = field(default_factory=list)
    _names: subprocess.Popen[bytes] | None = None
    _names_port: int = 0

    def start(self) -> None:
        """Start all, and wait until they are one."""
        for name in ("erlang", "rabbitmq", "x86_64-linux-gnu"):
            place = UNPACKED / "usr/lib" / name
            if place.exists():
                shutil.copytree(place, self.folder / name, symlinks=True)
        self.nodes = [Node(number=n, port=free_port(), distribution=free_port()) for n in range(self.size)]
        self._names_port = free_port()
        self._write()
        programs = self._programs()
        place_of_names = ("-port", str(self._names_port), "-address", "127.0.0.1")
        self._names = self._spawn("epmd", (str(programs / "epmd"), *place_of_names), self._environment())
        for node in self.nodes:
            self.start_node(node)
        self.wait(lambda: all(self.running(node) == self.size and listens(node) for node in self.nodes), 300)

    def stop(self) -> None:
        """End all of it at once."""
        for node in self.nodes:
            self._kill_processes(node)
        if self._names is not None:
            self._names.kill()
            self._names.wait()

    @property
    def url(self) -> str:
        """All of them, as the bot is told."""
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        return f"amqp://{USER}:{PASSWORD}@{hosts}"

    def start_node(self, node: Node) -> None:
        """Start one, as its service manager would."""
        given = {
            "RABBITMQ_NODENAME": node.name,
            "RABBITMQ_CONFIG_FILE": str(self.folder / f"r{node.number}.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.folder / f"data-{node.number}"),
            "RABBITMQ_LOG_BASE": str(self.folder / f"log-{node.number}"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(self.folder / f"made-{node.number}"),
            "RABBITMQ_PID_FILE": str(self.folder / f"pid-{node.number}"),
            "RABBITMQ_DIST_PORT": str(node.distribution),
            # One scheduler each: three share a small machine with the bot.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1",
        }
        server = next(self.folder.glob("rabbitmq/lib/*/sbin/rabbitmq-server"))
        node.process = self._spawn(f"r{node.number}", (str(server),), self._environment() | given)

    def kill(self, node: Node) -> int:
        """kill -9 for a node: how many of its processes there were."""
        killed = self._kill_processes(node)
        self.kills += killed > 0
        return killed

    def running(self, node: Node) -> int:
        """How many nodes this one sees at work."""
        return len(re.findall(r"r\d@localhost", self._asked(node, "rabbit_nodes all_running []")))

    def leader(self, queue: str) -> Node | None:
        """The node that leads a queue, asked of whichever answers."""
        for node in self.nodes:
            if found := re.search(
                r"r(\d)@localhost", self._asked(node, f"ra_leaderboard lookup_leader ['%2F_{queue}']")
            ):
                return self.nodes[int(found[1])]
        return None

    def is_whole(self, queue: str) -> bool:
        """Whether all run, see each other, and keep the queue."""
        return all(
            self.running(node) == self.size and listens(node) and self._keeps(node, queue) for node in self.nodes
        )

    def is_whole_again(self, queue: str) -> bool:
        """The same, asked while one comes back: what ended by itself meanwhile is started again as well."""
        self.revive()
        return self.is_whole(queue)

    def settle(self) -> None:
        """What three quiet minutes do by themselves: each node writes down which queues it keeps.

        Until then a node that is killed does not know its new queue any more. It is given it again by the others, but
        where all of them are killed the queue has no leader for ever (seen with RabbitMQ 3.10.8).
        """
        for node in self.nodes:
            assert "ok" in self._asked(node, "dets sync [ra_directory_reverse]")

    def wait(self, holds: Callable[[], bool], seconds: float) -> None:
        """Until it holds. Raises TimeoutError with the end of every log."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                logs = [path.read_text(errors="replace")[-1500:] for path in sorted(self.folder.glob("r?.log"))]
                raise TimeoutError("the brokers do not come up:\n" + "\n---\n".join(logs))
            time.sleep(0.5)

    def _keeps(self, node: Node, queue: str) -> bool:
        return f"'%2F_{queue}'" in self._asked(node, f"ra members [{{'%2F_{queue}',{node.name}}}]")

    def revive(self) -> int:
        """Start those that ended, as a service manager does; how many."""
        ended = [node for node in self.nodes if node.process is None or node.process.poll() is not None]
        for node in ended:
            self.start_node(node)
        return len(ended)

    def _asked(self, node: Node, question: str) -> str:
        command = [str(self._programs() / "erl_call"), "-c", _COOKIE, "-n", node.name, "-timeout", "5", "-a", question]
        with suppress(subprocess.TimeoutExpired):
            done = subprocess.run(
                command, env=self._environment(), capture_output=True, text=True, check=False, timeout=10,
                **as_ordinary_user(),
            )  # fmt: skip
            return str(done.stdout)
        return ""

    def _programs(self) -> Path:
        return next(self.folder.glob("erlang/erts-*/bin"))

    def _environment(self) -> dict[str, str]:
        libraries = ":".join(map(str, self.folder.glob("*-linux-gnu")))
        return {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "HOME": str(self.folder), "LANG": "C.UTF-8",
            "LD_LIBRARY_PATH": libraries, "ERL_EPMD_PORT": str(self._names_port), "ERL_EPMD_ADDRESS": "127.0.0.1",
        }  # fmt: skip

    def _write(self) -> None:
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "erl").write_text(_ERL.format(root=self.folder / "erlang", programs=self._programs()))
        (programs / "erl").chmod(0o755)
        (self.folder / ".erlang.cookie").write_text(_COOKIE)
        (self.folder / ".erlang.cookie").chmod(0o400)
        (self.folder / "plugins").write_text("[].\n")
        others = (f"cluster_formation.classic_config.nodes.{n.number + 1} = {n.name}\n" for n in self.nodes)
        everybody = "".join(others)
        for node in self.nodes:
            text = _CONFIG.format(port=node.port, user=USER, password=PASSWORD) + everybody
            (self.folder / f"r{node.number}.conf").write_text(text)
        if os.geteuid() == 0:
            account = ordinary_account()
            for place in (self.folder, *self.folder.rglob("*")):
                os.chown(place, account.pw_uid, account.pw_gid, follow_symlinks=False)

    def _spawn(self, name: str, command: tuple[str, ...], given: dict[str, str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [*with_parent(), *command], stdout=log, stderr=log, env=given, start_new_session=True,
                **as_ordinary_user(),
            )  # fmt: skip

    def _kill_processes(self, node: Node) -> int:
        killed = 0
        for place in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                given = (place / "environ").read_bytes().decode(errors="replace").split("\0")
                program = (place / "cmdline").read_bytes().decode(errors="replace").split("\0")[0]
                if program.startswith(f"{self.folder}/") and f"RABBITMQ_NODENAME={node.name}" in given:
                    os.kill(int(place.name), signal.SIGKILL)
                    killed += program.endswith("/beam.smp")
        if node.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(node.process.pid, signal.SIGKILL)
            node.process.wait()
            node.process = None
        return killed


def listens(node: Node) -> bool:
    """Whether it takes connections: it runs before it does."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", node.port), timeout=1):
        return True
    return False


@contextmanager
def rabbit(size: int = 3) -> Iterator[Rabbit]:
    """Brokers for as long as the block lasts."""
    if not (UNPACKED / "usr/lib/rabbitmq").exists():
        pytest.fail("RabbitMQ is missing: run scripts/setup-system --cluster")
    with tempfile.TemporaryDirectory(prefix="kalkan-rabbit-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        found = Rabbit(folder=Path(folder), size=size)
        try:
            found.start()
            yield found
        finally:
            found.stop()
