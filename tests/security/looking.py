"""Looks at every picture of a folder as the bot's process does: `python -m tests.security.looking FOLDER`.

A process of its own, with what `kalkan serve` has loaded: its memory says what hostile pictures leave in the bot, and
not what a process that made them, or ran other tests before, holds besides. What was found is written as JSON.
"""

import asyncio
import gc
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bot.analysis import Analysis, AnalysisFailed, AnalysisLimits, ImageRefused
from bot.wiring import serving

GOOD = "good"


def resident() -> int:
    """Bytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def outcome(analysis: Analysis, data: bytes) -> str:
    """What became of a picture."""
    try:
        await analysis.image(data)
    except (ImageRefused, AnalysisFailed) as failure:
        return failure.code
    return "fine"


async def look(good: bytes, paths: Sequence[Path]) -> dict[str, object]:
    """Each through a worker, one after another, as from the vault; a good one first."""
    assert serving.serve
    outcomes, longest, slowest, grown = Counter[str](), 0.0, "", 0
    async with Analysis(AnalysisLimits(image_workers=1)) as analysis:
        for _ in range(3):
            await analysis.image(good)
        gc.collect()
        before = resident()
        for path in paths:
            began = time.monotonic()
            outcomes[await outcome(analysis, path.read_bytes())] += 1
            spent = time.monotonic() - began
            grown = max(grown, resident() - before)
            if spent > longest:
                longest, slowest = spent, path.name
    return {"outcomes": outcomes, "longest": longest, "slowest": slowest, "grown": grown}


if __name__ == "__main__":
    _folder = Path(sys.argv[1])
    print(json.dumps(asyncio.run(look((_folder / GOOD).read_bytes(), sorted(_folder.iterdir())))))
