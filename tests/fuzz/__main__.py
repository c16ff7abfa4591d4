"""`make fuzz`, or `python -m tests.fuzz [--seconds N] [--only NAME]`: each target in a process of its own, in turn.

Ends with 1 when a target broke a promise: what broke it lies in the work folder under found/NAME.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.target import TARGETS

_DONE = re.compile(r"number_of_executed_units:\s+(\d+)")
_MEMORY = re.compile(r"peak_rss_mb:\s+(\d+)")


def main() -> int:
    """Fuzz the chosen targets and say how it went."""
    options = _options()
    work = options.work or Path(tempfile.mkdtemp(prefix="kalkan-fuzz-"))
    work.mkdir(parents=True, exist_ok=True)
    failed = [name for name in options.only or TARGETS if not fuzzed(name, options.seconds, work)]
    print(f"{len(failed)} of {len(options.only or TARGETS)} targets broke a promise: {', '.join(failed) or 'none'}")
    print(f"What was found lies in {work}")
    return 1 if failed else 0


def fuzzed(name: str, seconds: int, work: Path) -> bool:
    """Whether a target kept its promises for so long."""
    log = work / f"{name}.log"
    command = (sys.executable, "-m", "tests.fuzz.driver", name, str(seconds), str(work / name))
    kept = {key: value for key, value in os.environ.items() if not key.startswith("KALKAN_")}
    started = time.monotonic()
    with log.open("wb") as out:
        code = subprocess.run(command, stdout=out, stderr=out, env=kept, check=False).returncode
    said = log.read_text(encoding="utf-8", errors="replace")
    runs, memory = (found[-1] if (found := pattern.findall(said)) else "?" for pattern in (_DONE, _MEMORY))
    verdict = "kept" if code == 0 else f"BROKEN (exit code {code}, see {log})"
    print(f"{name:10} {time.monotonic() - started:6.0f} s {runs:>9} inputs {memory:>5} MB  {verdict}", flush=True)
    return code == 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="for each target (default: 600)")
    parser.add_argument("--only", action="append", choices=sorted(TARGETS), help="this target; may be given again")
    parser.add_argument("--work", type=Path, help="folder for logs and findings (default: a new one)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
