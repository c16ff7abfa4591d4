"""The known fakes of the demo: made-up accounts of three farms, each with a drawn portrait for a stolen photo."""

from dataclasses import dataclass
from typing import Final

from bot.cli.demo.tables import read_table, several

_ADDRESSES: Final = {
    "facebook": "https://www.facebook.com/{}",
    "instagram": "https://www.instagram.com/{}",
    "vk": "https://vk.com/{}",
    "ok": "https://ok.ru/{}",
    "tiktok": "https://www.tiktok.com/@{}",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fake:
    """One account; `seed` is that of its portrait, `by_list` tells whether a list brings it or somebody in the chat."""

    platform: str
    handle: str
    names: tuple[str, ...]
    farm: str
    reason: str
    seed: int
    by_list: bool

    @property
    def link(self) -> str:
        """The address of its profile."""
        return _ADDRESSES[self.platform].format(self.handle)

    @property
    def portrait(self) -> str:
        """File name of its portrait."""
        return f"{self.handle}.jpg"

    @property
    def row(self) -> dict[str, object]:
        """The line of a list of accounts that `kalkan import accounts` takes."""
        return {
            "platform": self.platform,
            "handle": self.handle,
            "names": list(self.names),
            "farm": self.farm,
            "reason": self.reason,
            "photos": [self.portrait],
            "source": self.link,
        }


def known_fakes() -> dict[str, Fake]:
    """All of them by handle."""
    return {row["handle"]: _fake(row) for row in read_table("fakes")}


def farms(fakes: dict[str, Fake]) -> dict[str, list[Fake]]:
    """The fakes that lists bring, by farm, in the table's order."""
    listed: dict[str, list[Fake]] = {}
    for fake in fakes.values():
        if fake.by_list:
            listed.setdefault(fake.farm, []).append(fake)
    return listed


def _fake(row: dict[str, str]) -> Fake:
    return Fake(
        platform=row["platform"],
        handle=row["handle"],
        names=tuple(several(row["names"])),
        farm=row["farm"],
        reason=row["reason"],
        seed=int(row["seed"]),
        by_list=row["listed"] == "list",
    )
