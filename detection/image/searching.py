"""Find known photos in a picture: candidates from the shelf, then a full comparison with what is kept of them.

The service describes a picture (in a worker), asks the shelf for sightings, fetches the descriptions of `wanted` from
the archive, and has them compared (in a worker again)::

    described = describe(image, original_size)
    sightings = shelf.search(described)
    known = {ref: unpack(row) for ref, row in rows(wanted(sightings))}
    found = compare(described, sightings, known)
"""

from __future__ import annotations

from collections.abc import Mapping

from detection.image.description import Description
from detection.image.findings import PhotoFinding, findings
from detection.image.shelf import Shelf, Sightings
from detection.image.verification import verify


def wanted(sightings: Sightings) -> list[int]:
    """The photos whose descriptions a full comparison needs, each once."""
    return list(dict.fromkeys(candidate.ref for candidate in sightings.candidates))


def compare(described: Description, sightings: Sightings, known: Mapping[int, Description]) -> list[PhotoFinding]:
    """The known photos that are, or may be, in a picture; candidates that are not among ``known`` are passed over."""
    return findings(described, verify(described, sightings.candidates, known), known)


def search(described: Description, shelf: Shelf, known: Mapping[int, Description]) -> list[PhotoFinding]:
    """The whole search where all descriptions are at hand: for tests and measurements."""
    return compare(described, shelf.search(described), known)
