"""Where the queue lies that stands between receivers and a cell: the hosts of one broker, tried in turn."""

import re
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import unquote

_URL: Final = re.compile(
    r"(?P<scheme>amqps?)://(?:(?P<user>[^:/@\s]+):(?P<password>[^:/@\s]+)@)?(?P<hosts>[^/@?#\s]+)(?:/(?P<space>[^/?#\s]*))?"
)
_HOST: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?")
#: As AMQP's registrations have them.
_PORTS: Final = {"amqp": 5672, "amqps": 5671}
_MOST_PORT: Final = 65_535
#: What a broker that was just installed knows; it lets them in from its own machine only.
_GUEST: Final = "guest"


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueAddress:
    """A broker: its hosts and ports, who we are there, and its virtual host."""

    hosts: tuple[tuple[str, int], ...]
    is_sealed: bool
    user: str
    password: str = field(repr=False)
    virtual_host: str

    @classmethod
    def of(cls, url: str) -> Self:
        """Read `amqp[s]://user:password@host:port,host:port/virtual-host`; raises ValueError, which quotes nothing."""
        found = _URL.fullmatch(url)
        if found is None:
            raise ValueError("an address such as amqps://kalkan:password@10.0.0.1,10.0.0.2,10.0.0.3/kalkan")
        scheme = found["scheme"]
        hosts = tuple(_host(each, _PORTS[scheme]) for each in found["hosts"].split(","))
        return cls(
            hosts=hosts,
            is_sealed=scheme == "amqps",
            user=unquote(found["user"] or _GUEST),
            password=unquote(found["password"] or _GUEST),
            virtual_host=unquote(found["space"] or "/"),
        )


def _host(text: str, port: int) -> tuple[str, int]:
    found = _HOST.fullmatch(text)
    if found is None or int(found["port"] or port) not in range(1, _MOST_PORT + 1):
        raise ValueError("hosts are joined by commas, each with its port if it is not the usual one")
    return found["host"].strip("[]"), int(found["port"] or port)
