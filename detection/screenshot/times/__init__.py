"""Times as applications write them ("2 ч", "вчера в 14:20", "1 саат мурун", "Oct 12") and the span they stand for."""

from detection.screenshot.times.reading import read_time
from detection.screenshot.times.span import ShownTime

__all__ = ["ShownTime", "read_time"]
