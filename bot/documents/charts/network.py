"""The picture of a network: each farm a colour and a shape, links between, names where there is room for them."""

from __future__ import annotations

import io
import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import dist
from typing import Final

from PIL import Image, ImageDraw

from bot.documents.charts.palette import EDGE, FAINT, INK, LINE, PAGE, draw_shape, style
from bot.documents.fonts import font
from bot.model.farm import Network
from bot.model.plain import one_line

#: Pixels of the picture: Telegram shows 1280 on the longer side, and lets one zoom into a file.
WIDTH: Final = 1600
_TOP: Final = 96
_MARGIN: Final = 70
_LABEL: Final = 22
_LEGEND: Final = 28
_MANY_TIES: Final = 800
_MOST_LABELS: Final = 90
_LONGEST: Final = 22
_SEED: Final = 7
#: Pixels left between groups for names, and how much larger a group is drawn at most.
_GAP: Final = 130
_MOST_GROWN: Final = 2.5

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkWords:
    """The words of the picture, in the reader's language; ``groups`` by the group's name."""

    title: str
    groups: dict[str, str]
    filled: str
    hollow: str
    left_out: str


def draw(network: Network, words: NetworkWords) -> bytes:
    """A PNG. Takes about a second for 800 accounts; meant for a worker process."""
    order = [name for name, _ in Counter(node.group for node in network.nodes).most_common()]
    styles = {name: style(place) for place, name in enumerate(order)}
    legend = _legend_rows(order, words)
    height = _TOP + len(legend) * 44 + WIDTH
    image = Image.new("RGB", (WIDTH, height), PAGE)
    pen = ImageDraw.Draw(image)
    pen.text((_MARGIN, 34), one_line(words.title)[:80], font=font(38), fill=INK)
    _draw_legend(pen, legend, styles, words)
    top = _TOP + len(legend) * 44
    points = _placed(network, (_MARGIN, top + 20, WIDTH - _MARGIN, height - _MARGIN))
    size = _mark_size(len(points))
    _draw_ties(pen, network, points)
    for node, point in zip(network.nodes, points, strict=True):
        colour, shape = styles[node.group]
        draw_shape(pen, point, size, shape, colour, filled=node.is_member)
        if node.status == "gone":
            pen.line((point[0] - size, point[1], point[0] + size, point[1]), fill=INK, width=2)
    _draw_labels(pen, network, points, size, (8, top, WIDTH - 8, height - 8))
    pen.rectangle((0, 0, WIDTH - 1, height - 1), outline=EDGE, width=4)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False, compress_level=6)
    return out.getvalue()


def _mark_size(nodes: int) -> float:
    return 15.0 if nodes <= 60 else 11.0 if nodes <= 250 else 8.5


def _placed(network: Network, frame: Box) -> list[Point]:
    """Where each account stands: groups around their own centres, so that they do not run into each other."""
    if not network.nodes:
        return []
    import igraph  # noqa: PLC0415 - only the process that draws loads it

    graph = igraph.Graph(n=len(network.nodes), edges=[(tie.one, tie.other) for tie in network.ties])
    same = [network.nodes[tie.one].group == network.nodes[tie.other].group for tie in network.ties]
    graph.es["weight"] = [
        min(6.0, tie.weight) * (1.0 if inside else 0.15) for tie, inside in zip(network.ties, same, strict=True)
    ]
    generator = random.Random(_SEED)  # noqa: S311 - the same picture for the same network, no secret
    igraph.set_random_number_generator(generator)
    try:
        centres = _centres(network)
        start = [(x + generator.gauss(0, 2.0), y + generator.gauss(0, 2.0)) for x, y in centres]
        layout = graph.layout_fruchterman_reingold(weights="weight", niter=90, seed=start, start_temp=6.0, grid="grid")
        layout.center()
        coords = [tuple(point) for point in layout.coords]
    finally:
        igraph.set_random_number_generator(random)
    return _apart(_grown(_gathered(coords, frame), [node.group for node in network.nodes], frame), frame)


def _grown(points: Sequence[Point], groups: Sequence[str], frame: Box) -> list[Point]:
    """Each group as large as the room between the groups allows: their marks are what is looked at, not the gaps."""
    members: dict[str, list[Point]] = {}
    for point, group in zip(points, groups, strict=True):
        members.setdefault(group, []).append(point)
    centres = {group: _middle(held) for group, held in members.items()}
    reach = {group: max(dist(point, centres[group]) for point in held) + 1.0 for group, held in members.items()}
    room = [
        (dist(centres[one], centres[other]) - _GAP) / (reach[one] + reach[other])
        for one, other in combinations(members, 2)
    ]
    factor = min(_MOST_GROWN, max(1.0, min(room, default=1.0)))
    if factor == 1.0:
        return list(points)
    grown = [_from(centres[group], point, factor) for point, group in zip(points, groups, strict=True)]
    return _fitted(grown, frame)


def _middle(points: Sequence[Point]) -> Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _from(centre: Point, point: Point, factor: float) -> Point:
    return centre[0] + (point[0] - centre[0]) * factor, centre[1] + (point[1] - centre[1]) * factor


def _fitted(points: Sequence[Point], frame: Box) -> list[Point]:
    """Moved and scaled, each way for itself, so that the frame is filled."""
    along = []
    for axis, (low, high) in enumerate(((frame[0], frame[2]), (frame[1], frame[3]))):
        values = [point[axis] for point in points]
        least, most = min(values), max(values)
        scale = (high - low) / max(1.0, most - least)
        along.append([low + (value - least) * scale for value in values])
    return list(zip(*along, strict=True))


def _centres(network: Network) -> list[Point]:
    """Each group's place on a ring, in layout units."""
    sizes = Counter(node.group for node in network.nodes)
    names = [name for name, _ in sizes.most_common()]
    if len(names) == 1:
        return [(0.0, 0.0)] * len(network.nodes)
    reach = 1.6 * len(network.nodes) ** 0.5
    turns = [math.tau * place / len(names) for place in range(len(names))]
    at = {name: (reach * math.cos(turn), reach * math.sin(turn)) for name, turn in zip(names, turns, strict=True)}
    return [at[node.group] for node in network.nodes]


def _gathered(coords: Sequence[tuple[float, ...]], frame: Box) -> list[Point]:
    """Scaled into the frame by ranks blended with distances: neither a few far accounts nor a dense heart rules it."""
    left, top, right, bottom = frame
    along = []
    for axis, (low, high) in enumerate(((left, right), (top, bottom))):
        values = [point[axis] for point in coords]
        ordered = sorted(range(len(values)), key=values.__getitem__)
        rank = [0.0] * len(values)
        for place, index in enumerate(ordered):
            rank[index] = place / max(1, len(values) - 1)
        least, most = min(values), max(values)
        span = (most - least) or 1.0
        mixed = [0.7 * rank[n] + 0.3 * (values[n] - least) / span for n in range(len(values))]
        along.append([low + value * (high - low) for value in mixed])
    return list(zip(*along, strict=True))


def _apart(points: Sequence[tuple[float, ...]], frame: Box) -> list[Point]:
    """Marks pushed off each other a little, so that none covers another."""
    size = _mark_size(len(points)) * 2.1
    moved = [[x, y] for x, y in points]
    for _ in range(12):
        cells: dict[tuple[int, int], list[int]] = {}
        for n, (x, y) in enumerate(moved):
            cells.setdefault((int(x // size), int(y // size)), []).append(n)
        for (cx, cy), here in cells.items():
            near = [n for dx in (-1, 0, 1) for dy in (-1, 0, 1) for n in cells.get((cx + dx, cy + dy), ())]
            for one in here:
                for other in near:
                    if one < other:
                        _push(moved[one], moved[other], size)
    left, top, right, bottom = frame
    return [(min(max(x, left), right), min(max(y, top), bottom)) for x, y in moved]


def _push(one: list[float], other: list[float], size: float) -> None:
    dx, dy = other[0] - one[0], other[1] - one[1]
    far = (dx * dx + dy * dy) ** 0.5
    if far >= size:
        return
    if far < 0.01:
        dx, dy, far = 1.0, 0.5, 1.1
    step = (size - far) / 2 / far
    one[0] -= dx * step
    one[1] -= dy * step
    other[0] += dx * step
    other[1] += dy * step


def _draw_ties(pen: ImageDraw.ImageDraw, network: Network, points: Sequence[Point]) -> None:
    # The weaker ones lie beneath, and are fainter; thousands are drawn lightly, so that they hide no mark.
    many = len(network.ties) > _MANY_TIES
    darkest, step = (185, 4) if many else (120, 9)
    for tie in sorted(network.ties, key=lambda tie: tie.weight):
        shade = max(darkest, 226 - int(step * tie.weight))
        colour = LINE if tie.weight < 4 else (shade, shade, shade + 5)
        pen.line((*points[tie.one], *points[tie.other]), fill=colour, width=1 if many or tie.weight < 8 else 2)


def _legend_rows(order: Sequence[str], words: NetworkWords) -> list[list[str]]:
    """Names of groups, as many a row as fit; what does not fit in four rows is not told."""
    rows: list[list[str]] = [[]]
    room: float = WIDTH - 2 * _MARGIN
    for name in order[:16]:
        width = font(_LEGEND).getlength(words.groups.get(name, name)[:40]) + 84
        if width > room and rows[-1]:
            rows.append([])
            room = WIDTH - 2 * _MARGIN
        rows[-1].append(name)
        room -= width
    return [*rows[:4], []]


def _draw_legend(
    pen: ImageDraw.ImageDraw,
    rows: Sequence[Sequence[str]],
    styles: dict[str, tuple[tuple[int, int, int], str]],
    words: NetworkWords,
) -> None:
    for number, row in enumerate(rows):
        left, middle = float(_MARGIN), _TOP + number * 44 + 18
        for name in row:
            colour, shape = styles[name]
            draw_shape(pen, (left + 12, middle), 13, shape, colour, filled=True)
            label = one_line(words.groups.get(name, name))[:40]
            pen.text((left + 36, middle - 17), label, font=font(_LEGEND), fill=INK)
            left += font(_LEGEND).getlength(label) + 84
    bottom = _TOP + (len(rows) - 1) * 44 + 18
    draw_shape(pen, (_MARGIN + 12, bottom), 11, "circle", FAINT, filled=True)
    pen.text((_MARGIN + 36, bottom - 15), words.filled, font=font(24), fill=FAINT)
    left = _MARGIN + 36 + font(24).getlength(words.filled) + 48
    draw_shape(pen, (left, bottom), 11, "circle", FAINT, filled=False)
    said = words.hollow if not words.left_out else f"{words.hollow} · {words.left_out}"
    pen.text((left + 24, bottom - 15), said, font=font(24), fill=FAINT)


def _draw_labels(pen: ImageDraw.ImageDraw, network: Network, points: Sequence[Point], size: float, frame: Box) -> None:
    """Names of the best-linked accounts, each only where it covers neither a mark nor another name."""
    strength = [0.0] * len(points)
    for tie in network.ties:
        strength[tie.one] += tie.weight
        strength[tie.other] += tie.weight
    taken: list[Box] = []
    marks = _cells(points)
    for n in sorted(range(len(points)), key=lambda n: (-strength[n], n)):
        if len(taken) >= _MOST_LABELS:
            return
        box = _room(network.nodes[n].label, points, n, size, taken, marks, frame)
        if box is not None:
            taken.append(box)
            pen.text(
                (box[0] + 3, box[1]),
                _short(network.nodes[n].label),
                font=font(_LABEL),
                fill=INK,
                stroke_width=3,
                stroke_fill=PAGE,
            )


def _short(label: str) -> str:
    name = one_line(label).partition(":")[2] or one_line(label)
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


_CELL: Final = 64


def _cells(points: Sequence[Point]) -> dict[tuple[int, int], list[int]]:
    found: dict[tuple[int, int], list[int]] = {}
    for n, (x, y) in enumerate(points):
        found.setdefault((int(x // _CELL), int(y // _CELL)), []).append(n)
    return found


def _room(
    label: str,
    points: Sequence[Point],
    own: int,
    size: float,
    taken: Sequence[Box],
    marks: dict[tuple[int, int], list[int]],
    frame: Box,
) -> Box | None:
    """A free place for a name beside, above or below its mark; None when there is none."""
    width, height = font(_LABEL).getlength(_short(label)) + 6, _LABEL + 5
    x, y = points[own]
    gap = size + 2
    for left, top in (
        (x + gap, y - height / 2),
        (x - gap - width, y - height / 2),
        (x - width / 2, y - gap - height),
        (x - width / 2, y + gap),
    ):
        box = (left, top, left + width, top + height)
        if left < frame[0] or top < frame[1] or box[2] > frame[2] or box[3] > frame[3]:
            continue
        if any(_overlap(box, other) for other in taken):
            continue
        if not _covers_mark(box, points, own, size, marks):
            return box
    return None


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _covers_mark(
    box: Box, points: Sequence[Point], own: int, size: float, marks: dict[tuple[int, int], list[int]]
) -> bool:
    for cx in range(int((box[0] - size) // _CELL), int((box[2] + size) // _CELL) + 1):
        for cy in range(int((box[1] - size) // _CELL), int((box[3] + size) // _CELL) + 1):
            for n in marks.get((cx, cy), ()):
                x, y = points[n]
                if n != own and _overlap(box, (x - size, y - size, x + size, y + size)):
                    return True
    return False
