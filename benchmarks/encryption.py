"""What encryption costs: the same store plain and on SQLCipher, turn by turn, in CPU time; originals plain and sealed.

Run `python -m benchmarks.encryption`. CPU time, since on a shared machine the clock on the wall measures the others.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from benchmarks.forwards import distinct_text
from benchmarks.text.kalkan_store import KalkanStore
from bot.sealing.house_keys import HouseKeys
from bot.storage.vault import Seal, Vault

_KEYS: Final = HouseKeys(bytes(range(32)))
_PICTURE: Final = 300_000


@dataclass
class Side:
    """One of the two, with CPU seconds of each round by what was done."""

    store: KalkanStore
    vault: Vault
    seconds: dict[str, list[float]] = field(default_factory=dict)

    async def timed(self, what: str, act: Callable[[], Awaitable[object]]) -> None:
        """Add a round."""
        began = time.process_time()
        await act()
        self.seconds.setdefault(what, []).append(time.process_time() - began)


async def compare(stored: int, rounds: int, folder: Path) -> dict[str, tuple[float, float]]:
    """Median CPU seconds plain and encrypted, for each thing that is done."""
    seal = Seal(box=_KEYS.vault, names=_KEYS.names)
    sides = [
        Side(KalkanStore(folder / "plain.sqlite"), Vault(folder / "plain")),
        Side(KalkanStore(folder / "sealed.sqlite", _KEYS.database), Vault(folder / "sealed", seal)),
    ]
    for side in sides:
        await side.store.open()
    for number in range(rounds):
        # Who begins changes from round to round.
        for side in sides if number % 2 else reversed(sides):
            await _round(side, number, stored // rounds)
    for side in sides:
        await side.store.close()
    plain, sealed = (side.seconds for side in sides)
    return {what: (statistics.median(plain[what]), statistics.median(sealed[what])) for what in plain}


async def _round(side: Side, number: int, texts: int) -> None:
    first = number * 1_000_000
    await side.timed(
        f"{texts} texts indexed in bulk",
        lambda: side.store.fill([distinct_text(first + n) for n in range(texts)]),
    )

    async def one_by_one() -> None:
        for n in range(200):
            await side.store.insert(distinct_text(first + 500_000 + n))

    await side.timed("200 comments stored, a durable transaction each", one_by_one)
    asked = [distinct_text(first + n) for n in range(0, texts, max(1, texts // 200))]
    await side.timed("200 texts looked up", lambda: side.store.search(asked))

    async def read_all() -> None:
        async with side.store.store.read() as conn:
            await conn.execute(sa.text("SELECT sum(length(words)) FROM texts"))

    await side.timed("every text read", read_all)

    async def originals() -> None:
        for n in range(20):
            data = bytes([number, n]) * (_PICTURE // 2)
            await side.vault.get((await side.vault.put(data)).sha256)

    await side.timed("20 originals of 300 kB kept and read", originals)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=4)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kalkan-encryption-") as folder:
        found = asyncio.run(compare(given.stored, given.rounds, Path(folder)))
    print("| what | plain, CPU s | encrypted, CPU s | ratio |\n|---|--:|--:|--:|")
    for what, (plain, sealed) in found.items():
        print(f"| {what} | {plain:.3f} | {sealed:.3f} | {sealed / plain:.2f} |")


if __name__ == "__main__":
    main()
