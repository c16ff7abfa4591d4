"""Threads share the C library's heaps, and what is free in them goes back to the system."""

import subprocess
import sys

PROGRAM = """
import ctypes, os, sys, threading
if sys.argv[1] == "shared":
    from bot.wiring.heaps import share_heaps
    share_heaps()
malloc = ctypes.CDLL(None).malloc
threads = [threading.Thread(target=lambda: [malloc(100_000) for _ in range(3)] and barrier.wait()) for _ in range(24)]
barrier = threading.Barrier(24)
for thread in threads: thread.start()
for thread in threads: thread.join()
ctypes.CDLL(None).malloc_info(0, ctypes.c_void_p.in_dll(ctypes.CDLL(None), "stdout"))
ctypes.CDLL(None).fflush(None)
"""


GIVING = """
import ctypes
from pathlib import Path
from bot.wiring.heaps import give_back
library = ctypes.CDLL(None)
library.malloc.restype, library.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
blocks = [library.malloc(4000) for _ in range(20_000)]
for block in blocks:
    ctypes.memset(ctypes.c_void_p(block), 1, 4000)
for block in blocks[:-1]:
    library.free(block)
held = lambda: int(Path("/proc/self/statm").read_text().split()[1])
before = held()
give_back()
print((before - held()) * 4096)
"""


def heaps(how: str) -> int:
    """How many heaps there are after 24 threads asked for memory."""
    ran = subprocess.run([sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True, timeout=60)
    return ran.stdout.count("<heap nr=")


def test_threads_share_two_heaps() -> None:
    """Unlike without it."""
    assert heaps("shared") == 2 < heaps("as ever")


def test_free_memory_goes_back() -> None:
    """What is free below something that stays is the system's again: 80 MB here."""
    ran = subprocess.run([sys.executable, "-c", GIVING], capture_output=True, text=True, check=True, timeout=60)
    assert int(ran.stdout) > 60_000_000
