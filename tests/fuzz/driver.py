"""Fuzzes one target in this process: `python -m tests.fuzz.driver NAME SECONDS FOLDER`.

FOLDER takes what the fuzzer finds on its way, and files named crash-… for what broke a promise.
"""

import logging
import os
import sys
import time
from pathlib import Path

import atheris

from tests.fuzz.target import MOST_SECONDS, TARGETS, Run

_MOST_MEGABYTES = 1500


class TooSlow(Exception):
    """An input took more of the processor than one may."""


def timed(run: Run) -> Run:
    """The target, which fails for an input that takes too long; what others take of the processor does not count."""

    def once(data: bytes) -> None:
        started = time.process_time()
        run(data)
        spent = time.process_time() - started
        if spent > MOST_SECONDS:
            raise TooSlow(f"{spent:.2f} s for {len(data)} bytes")

    return once


def words_of(words: tuple[str, ...], folder: Path) -> Path:
    """The target's words as a dictionary that libFuzzer reads."""
    path = folder.with_suffix(".dict")
    lines = ('"' + "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "surrogatepass")) + '"' for word in words)
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path


def main(name: str, seconds: int, folder: Path) -> None:
    """Fuzz until the time is over; leaves the process with libFuzzer's exit code."""
    target = TARGETS[name]
    folder.mkdir(parents=True, exist_ok=True)
    with atheris.instrument_imports(include=list(target.measured)):
        run = target.load()
    # What is loaded at first use is no input's time.
    run(b"")
    # A refusal of every input would be a line in the log.
    logging.disable(logging.CRITICAL)
    found = folder.parent / "found" / name
    found.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={target.most}",
        f"-dict={words_of(target.words, folder)}",
        f"-rss_limit_mb={_MOST_MEGABYTES}",
        f"-artifact_prefix={found}{os.sep}",
        # Of what hangs for good; how long an input may take is said above, in processor time.
        "-timeout=60",
        "-print_final_stats=1",
        "-verbosity=1",
        str(folder),
        str(target.corpus),
    ]
    atheris.Setup([sys.argv[0], *options], timed(run))
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
