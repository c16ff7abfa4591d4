"""Three PostgreSQL servers under Patroni with three etcds, on loopback: synchronous, strictly. Primaries are killed."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from tests.journeys.ports import free_port
from tests.postgres import OWNER, SUPERUSER, as_ordinary_user, find_programs, ordinary_account, with_parent

#: Where `scripts/setup-system --cluster` unpacks them.
UNPACKED: Final = Path(__file__).resolve().parents[2] / ".cluster"
NODES: Final = range(3)
_CONFIG: Final = """
scope: kalkan
name: n{number}
restapi: {{listen: "127.0.0.1:{rest}", connect_address: "127.0.0.1:{rest}"}}
etcd3: {{hosts: {etcds}}}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 3
    retry_timeout: 8
    maximum_lag_on_failover: 1048576
    synchronous_mode: true
    synchronous_mode_strict: true
    postgresql:
      use_pg_rewind: true
      parameters:
        {{wal_level: replica, hot_standby: "on", max_wal_senders: 8, max_replication_slots: 8, wal_log_hints: "on",
          shared_buffers: 64MB, max_connections: 100}}
  initdb: [{{encoding: UTF8}}, data-checksums]
  pg_hba: ["host replication replicator 127.0.0.1/32 trust", "host all all 127.0.0.1/32 trust"]
postgresql:
  listen: 127.0.0.1:{port}
  connect_address: 127.0.0.1:{port}
  data_dir: {folder}/data-{number}
  bin_dir: {programs}
  pgpass: {folder}/pgpass-{number}
  authentication:
    {{replication: {{username: replicator}}, superuser: {{username: {superuser}}}, rewind: {{username: {superuser}}}}}
  parameters: {{unix_socket_directories: "{folder}"}}
"""


@dataclass(kw_only=True)
class Node:
    """A server with its Patroni."""

    number: int
    port: int
    rest: int
    process: subprocess.Popen[bytes] | None = None


@dataclass(kw_only=True)
class Cluster:
    """All of them; `folder` is readable by an ordinary user."""

    folder: Path
    kills: int = 0
    nodes: list[Node] = field(default_factory=lambda: [Node(number=n, port=0, rest=0) for n in NODES])
    _etcds: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        """Start all, and wait until one leads, the others follow and one of them is in step."""
        others = shutil.ignore_patterns("erlang", "rabbitmq")
        shutil.copytree(UNPACKED, self.folder / "unpacked", symlinks=True, ignore=others)
        if os.geteuid() == 0:
            account = ordinary_account()
            for place in (self.folder, *self.folder.rglob("*")):
                os.chown(place, account.pw_uid, account.pw_gid, follow_symlinks=False)
        clients = self._start_etcds()
        for node in self.nodes:
            node.port, node.rest = free_port(), free_port()
            text = _CONFIG.format(
                number=node.number, rest=node.rest, port=node.port, etcds=json.dumps(clients), folder=self.folder,
                programs=find_programs(), superuser=SUPERUSER,
            )  # fmt: skip
            (self.folder / f"n{node.number}.yml").write_text(text, encoding="utf-8")
            self.start_node(node)
        _until(self.is_whole, 150)
        self.execute(f'CREATE ROLE "{OWNER}" LOGIN')
        self.execute(f'CREATE DATABASE "kalkan" OWNER "{OWNER}"')

    def stop(self) -> None:
        """End all of it at once."""
        for node in self.nodes:
            self._kill_processes(node)
        for etcd in self._etcds:
            etcd.kill()
            etcd.wait()

    @property
    def url(self) -> str:
        """For SQLAlchemy and asyncpg: whichever of them is the primary."""
        hosts = "&".join(f"host=127.0.0.1:{node.port}" for node in self.nodes)
        return f"postgresql+asyncpg://{OWNER}@/kalkan?{hosts}&target_session_attrs=primary"

    def members(self) -> list[dict[str, Any]]:
        """What Patroni says of each, asked of whichever answers."""
        for node in self.nodes:
            with suppress(OSError, ValueError):
                address = f"http://127.0.0.1:{node.rest}/cluster"
                with urllib.request.urlopen(address, timeout=2) as answer:
                    found: list[dict[str, Any]] = json.load(answer)["members"]
                    return found
        return []

    def primary(self) -> Node | None:
        """Who leads and runs."""
        names = [each["name"] for each in self.members() if each["role"] == "leader" and each["state"] == "running"]
        return self.nodes[int(names[0][1])] if names else None

    def is_led_without(self, dead: Node) -> bool:
        """Whether another than this one leads."""
        return self.primary() not in (None, dead)

    def is_whole(self) -> bool:
        """One leads, two follow, one of them in step."""
        members = self.members()
        roles = sorted(each["role"] for each in members)
        is_running = all(each["state"] in ("running", "streaming") for each in members)
        return roles == ["leader", "replica", "sync_standby"] and is_running

    def start_node(self, node: Node) -> None:
        """Start one, as its machine would when it comes back."""
        packages = self.folder / "unpacked/usr/lib/python3/dist-packages"
        libraries = ":".join(map(str, (self.folder / "unpacked/usr/lib").glob("*-linux-gnu")))
        patroni = self.folder / "unpacked/usr/bin/patroni"
        command = ("/usr/bin/python3", str(patroni), str(self.folder / f"n{node.number}.yml"))
        given = {"PYTHONPATH": str(packages), "LD_LIBRARY_PATH": libraries, "PATH": os.environ["PATH"]}
        node.process = self._spawn(f"n{node.number}", command, given)

    def kill_primary(self) -> Node | None:
        """kill -9 for the primary and its Patroni; None where there is none just now."""
        node = self.primary()
        if node is not None and self._kill_processes(node):
            self.kills += 1
        return node

    def execute(self, statement: str) -> None:
        """Run one statement on the primary."""
        node = self.primary()
        assert node is not None
        place = ["-h", "127.0.0.1", "-p", str(node.port), "-U", SUPERUSER, "-d", "postgres"]
        programs = find_programs()
        assert programs is not None
        command = [programs / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *place, "-c", statement]
        subprocess.run(command, check=True, **as_ordinary_user())

    def _start_etcds(self) -> list[str]:
        clients, peers = ([f"127.0.0.1:{free_port()}" for _ in NODES] for _ in range(2))
        everybody = ",".join(f"e{n}=http://{peer}" for n, peer in enumerate(peers))
        for n in NODES:
            options = {
                "name": f"e{n}", "data-dir": str(self.folder / f"etcd-{n}"), "log-level": "error",
                "listen-client-urls": f"http://{clients[n]}", "advertise-client-urls": f"http://{clients[n]}",
                "listen-peer-urls": f"http://{peers[n]}", "initial-advertise-peer-urls": f"http://{peers[n]}",
                "initial-cluster": everybody, "heartbeat-interval": "300", "election-timeout": "3000",
            }  # fmt: skip
            words = [word for name, value in options.items() for word in (f"--{name}", value)]
            etcd = (str(self.folder / "unpacked/usr/bin/etcd"), *words)
            self._etcds.append(self._spawn(f"etcd-{n}", etcd, {}))
        time.sleep(4)
        return clients

    def _spawn(self, name: str, command: tuple[str, ...], given: dict[str, str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [*with_parent(), *command], stdout=log, stderr=log, env=given, start_new_session=True,
                **as_ordinary_user(),
            )  # fmt: skip

    def _kill_processes(self, node: Node) -> int:
        killed = 0
        if node.process is not None:
            node.process.kill()
            node.process.wait()
        data = str(self.folder / f"data-{node.number}")
        servers = [pid for pid, words in _processes() if "-D" in words and data in words]
        for server in servers:
            children = Path(f"/proc/{server}/task/{server}/children")
            for pid in (server, *map(int, children.read_text(encoding="utf-8").split())):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
        return killed


def _processes() -> list[tuple[int, list[str]]]:
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append((int(place.parent.name), place.read_bytes().decode(errors="replace").split("\0")))
    return found


def _until(holds: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("the cluster does not come up")
        time.sleep(0.5)


@contextmanager
def patroni() -> Iterator[Cluster]:
    """A cluster for as long as the block lasts."""
    if not UNPACKED.exists():
        pytest.fail("etcd and Patroni are missing: run scripts/setup-system --cluster")
    with tempfile.TemporaryDirectory(prefix="kalkan-cluster-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(folder=Path(folder))
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
