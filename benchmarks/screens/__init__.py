"""How well phone screenshots are read: letters, structure, platform, time. `python -m benchmarks.screens` runs it."""
