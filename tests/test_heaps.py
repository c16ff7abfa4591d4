"""Threads share the C library's heaps: as many as there are otherwise would each keep what it freed."""

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


def heaps(how: str) -> int:
    """How many heaps there are after 24 threads asked for memory."""
    ran = subprocess.run([sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True, timeout=60)
    return ran.stdout.count("<heap nr=")


def test_threads_share_two_heaps() -> None:
    """Unlike without it."""
    assert heaps("shared") == 2 < heaps("as ever")
