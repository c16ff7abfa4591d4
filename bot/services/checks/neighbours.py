"""Which lines of a batch resemble an earlier line of it, and how the batch falls into parts that do not.

A run that stores what it checks must answer as if each line were stored before the next is read; lines that have
nothing to do with each other may still be read and stored together.
"""

from collections.abc import Sequence

from detection.text.shelf import Shelf


def later_of(words: Sequence[str]) -> list[list[int]]:
    """For each text the places of those before it that it copies or resembles."""
    shelf, near = Shelf(), []
    for text in words:
        near.append([found.number for found in shelf.search(text)])
        shelf.add(text)
    return near


def segments(near: Sequence[Sequence[int]], has_picture: Sequence[bool], *, alone: bool = False) -> list[list[int]]:
    """Places in order, cut wherever a line resembles one of the same part, or would be its second picture.

    Pictures are told apart only when they are read, so no two are taken for unlike before that. Where texts are read on
    them, too, each is a part by itself (`alone`).
    """
    parts: list[list[int]] = []
    begin = 0
    pictured = False
    for place, (resembled, picture) in enumerate(zip(near, has_picture, strict=True)):
        if (
            not parts
            or (alone and (picture or pictured))
            or any(other >= begin for other in resembled)
            or (picture and pictured)
        ):
            parts.append([])
            begin, pictured = place, False
        parts[-1].append(place)
        pictured = pictured or picture
    return parts
