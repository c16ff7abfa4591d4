"""What runs inside a worker process: setting its limits, and the detectors' calls."""

from __future__ import annotations

import math
import multiprocessing
import os
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from PIL import Image

from bot.analysis.findings import ImageFinding, TextFailure, TextFinding, TextJob, TextResult
from bot.analysis.limits import WorkerLimits
from bot.analysis.sealing import seal
from bot.model.photo import PhotoSide
from detection.accounts.links import parse_links
from detection.image.describing import describe
from detection.image.description import Description
from detection.image.findings import PhotoFinding
from detection.image.opening import ImageLimits, ImageRefused, clean_copy, open_image
from detection.image.packing import NotADescription, pack, unpack
from detection.image.searching import compare
from detection.image.shelf import Sightings
from detection.image.sizing import looked_at
from detection.text.fingerprints import packed
from detection.text.normalise import normalise
from detection.threats import LinearModel, NotAModel, assess, own_lexicon, standard_model

#: Descriptors that a worker may hold: its pipes, its libraries, and a few files at a time.
_MOST_FILES: Final = 128
#: Added to its share of the memory in thousandths, when the kernel looks for whom to end: more than the bot can hold.
_GO_FIRST: Final = 900

P = ParamSpec("P")
T = TypeVar("T")
#: Draws two opened pictures side by side: a function of a module, which the worker imports by its name.
DrawPair = Callable[[Image.Image, Image.Image, tuple[PhotoSide, PhotoSide], bool], bytes]


def prepare(warm_up: Callable[[], object], limits: WorkerLimits) -> None:
    """Make a fresh worker ready: it dies with its parent, has its libraries loaded, its limits set, and is shut in."""
    _end_with_parent()
    _go_first()
    # What the first task would load counts as occupied, and no stranger's task pays for it.
    warm_up()
    _set_limits(limits)
    if limits.scratch is not None:
        tempfile.tempdir = limits.scratch
    seal(limits.scratch)


def warm_up_images() -> None:
    """Load what hashing and the JPEG codec load at their first use."""
    picture = Image.linear_gradient("L").convert("RGB")
    described = describe(open_image(clean_copy(picture, 64)).rgb)
    compare(described, Sightings((), ()), {0: unpack(pack(described))})


def warm_up_texts() -> None:
    """Load the lexicons."""
    examine_texts([TextJob(text="https://example.org")])


def ping() -> int:
    """The worker's process id; answered once ``prepare`` is through."""
    return os.getpid()


def within_cpu(seconds: int, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call ``function`` with ``seconds`` of processor time left, and up to one more: the kernel counts whole ones.

    When they are used up it ends the process.

    Between tasks the limit is lifted, or a worker that waits for days would be ended for the little that waiting costs.
    What the function raises, other than a refusal, becomes a RuntimeError: libraries raise exceptions that cannot be
    unpickled, and one of them would break the whole pool.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + seconds, hard))
    try:
        return function(*args, **kwargs)
    except (ImageRefused, MemoryError):
        raise
    except Exception as error:
        raise RuntimeError(type(error).__name__) from error
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))


def examine_image(data: bytes, limits: ImageLimits) -> ImageFinding:
    """Open one picture and describe what it is found by. Raises ImageRefused."""
    opened = open_image(data, limits)
    described = describe(looked_at(opened.rgb, limits.long_side), opened.original_size)
    width, height = opened.original_size
    return ImageFinding(
        description=described,
        packed=pack(described),
        width=width,
        height=height,
        format=opened.format,
        moves=opened.moves,
    )


def compare_photos(
    described: Description, sightings: Sightings, known: Mapping[int, bytes]
) -> tuple[list[PhotoFinding], list[int]]:
    """Compare a picture with known photos, as the archive keeps them; also the refs of those that cannot be read."""
    readable: dict[int, Description] = {}
    for ref, data in known.items():
        with suppress(NotADescription):
            readable[ref] = unpack(data)
    return compare(described, sightings, readable), sorted(known.keys() - readable.keys())


def copy_cleanly(data: bytes, limits: ImageLimits, max_side: int, quality: int) -> bytes:
    """A JPEG of the picture's pixels alone. Raises ImageRefused."""
    return clean_copy(open_image(data, limits).rgb, max_side, quality)


def draw_pair(
    draw: DrawPair,
    pictures: tuple[bytes, bytes],
    limits: ImageLimits,
    sides: tuple[PhotoSide, PhotoSide],
    mirrored: bool,
) -> bytes:
    """Open two pictures and draw them side by side; frames are in pixels of what was sent. Raises ImageRefused."""
    one, other = (open_image(data, limits) for data in pictures)
    labelled = (replace(sides[0], size=one.original_size), replace(sides[1], size=other.original_size))
    return draw(one.rgb, other.rgb, labelled, mirrored)


def examine_texts(jobs: Sequence[TextJob]) -> list[TextResult]:
    """One result a job, in order; a text on which a detector fails does not spoil the others."""
    return [_examine_text(job) for job in jobs]


def _examine_text(job: TextJob) -> TextResult:
    try:
        normalised = normalise(job.text)
        return TextFinding(
            normalised=normalised,
            prints=packed(normalised.skeleton),
            links=tuple(parse_links(job.text, job.urls)),
            threat=assess(job.text, job.staff, own_lexicon(job.words), _model(job.model)),
        )
    except MemoryError:
        return TextFailure(code="memory")
    except Exception:
        return TextFailure(code="crashed")


@lru_cache(maxsize=8)
def _model(data: bytes) -> LinearModel:
    """The newsroom's model; the shipped one when it has none, or one of an older version."""
    try:
        return LinearModel.from_bytes(data) if data else standard_model()
    except NotAModel:
        return standard_model()


def _end_with_parent() -> None:
    """End this process the moment the parent is gone, however it went: a killed parent leaves no orphans."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _go_first() -> None:
    """Let the kernel end a worker rather than the bot when memory is short: it is replaced within seconds."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(_GO_FIRST), encoding="ascii")


def _set_limits(limits: WorkerLimits) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_NOFILE, _MOST_FILES)
    _lower(resource.RLIMIT_FSIZE, limits.file_bytes)
    occupied = _address_space()
    if occupied is not None:
        _lower(resource.RLIMIT_AS, occupied + limits.memory_bytes)


def _lower(kind: int, value: int) -> None:
    """Set soft and hard limit to ``value``, or to the stricter hard limit that the machine already imposes."""
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _address_space() -> int | None:
    """Bytes of address space this process occupies; None where the system does not tell (it then has no such limit)."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return None
    return int(pages) * resource.getpagesize()
