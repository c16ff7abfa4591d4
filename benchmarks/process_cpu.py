"""CPU time of a process with all that it started, from /proc: what a bot with its workers costs."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of_tree(pid: int) -> float:
    """Seconds that a process, its living descendants and its ended children have used."""
    spent: dict[int, tuple[int, float]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()
            except OSError:
                continue  # It has ended meanwhile.
            spent[int(folder.name)] = (int(fields[1]), sum(map(int, fields[11:15])) / _TICKS)
    ours = {pid}
    while found := {each for each, (parent, _) in spent.items() if parent in ours} - ours:
        ours |= found
    return sum(spent[each][1] for each in ours if each in spent)
