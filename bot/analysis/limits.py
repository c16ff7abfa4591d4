"""What one analysis may use; every number is a setting with a safe default."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from detection.image.opening import ImageLimits


def _spare_cores() -> int:
    """All cores but one, which stays with the event loop."""
    return max(1, (os.cpu_count() or 2) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisLimits:
    """Limits of the pools. Raises ValueError for a number that is not positive.

    ``memory_bytes`` is address space above what a worker occupies once its libraries are loaded: a 40-megapixel RGBA
    picture needs about 0.4 GB of it. CPU seconds are counted per picture or per batch of texts, by whole seconds (a
    task is ended between one second before the limit and the limit); wall-clock seconds include waiting for a core.
    ``file_bytes`` is the largest file a worker may write: it has no reason to write any.
    """

    image: ImageLimits = field(default_factory=ImageLimits)
    image_workers: int = field(default_factory=_spare_cores)
    image_cpu_seconds: int = 5
    image_wall_seconds: float = 10.0
    images_per_worker: int = 500
    text_workers: int = 1
    text_cpu_seconds: int = 3
    text_wall_seconds: float = 10.0
    batch_texts: int = 256
    batch_characters: int = 200_000
    screen_workers: int = 1
    screen_cpu_seconds: int = 12
    screen_wall_seconds: float = 30.0
    screens_per_worker: int = 200
    #: Of the text on screenshots, as the engine names them.
    screen_languages: tuple[str, ...] = ("rus", "kir", "eng")
    #: For a workbook: one of a million rows takes ten seconds.
    workbook_cpu_seconds: int = 20
    workbook_wall_seconds: float = 60.0
    #: For teaching the threat model once a night.
    teaching_cpu_seconds: int = 120
    teaching_wall_seconds: float = 600.0
    #: For the farms once a night; 10,000 accounts with a million comments take half a minute and less than 2 GB.
    farm_cpu_seconds: int = 600
    farm_wall_seconds: float = 1800.0
    farm_memory_bytes: int = 4 << 30
    memory_bytes: int = 1 << 30
    file_bytes: int = 1 << 20

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, int | float) and value <= 0:
                raise ValueError(f"{name} must be positive, not {value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits:
    """The limits that one pool's workers set on themselves."""

    cpu_seconds: int
    wall_seconds: float
    memory_bytes: int
    file_bytes: int
    #: The one folder in which they may write; without it there is none.
    scratch: str | None = None
