"""The picture of a network: large enough for a phone, drawn for any number of accounts, groups apart."""

import io

import numpy as np
import pytest
from PIL import Image

from bot.documents.charts.network import NetworkWords, draw
from bot.documents.charts.palette import style
from bot.model.farm import Network, NetworkNode, NetworkTie

WORDS = NetworkWords(title="Ферма", groups={}, filled="адам", hollow="сунуш", left_out="")


def _network(groups: int, each: int) -> Network:
    nodes = tuple(
        NetworkNode(id=n, label=f"instagram:ысык.көл_{n}", group=f"F-{n // each}", is_member=n % 2 == 0, status="gone")
        for n in range(groups * each)
    )
    ties = tuple(
        NetworkTie(one=n, other=n + step, weight=5.0, kinds=("text",))
        for n in range(len(nodes))
        for step in (1, 2, 3)
        if n + step < len(nodes) and n // each == (n + step) // each
    )
    return Network(nodes=nodes, ties=ties)


@pytest.mark.parametrize(("groups", "each"), [(0, 1), (1, 1), (2, 1), (1, 30), (3, 30)])
def test_any_network_is_drawn(groups: int, each: int) -> None:
    """None, one, a few; in a size that can be read on a phone."""
    image = Image.open(io.BytesIO(draw(_network(groups, each), WORDS)))
    assert image.width >= 1080
    assert image.height >= 1080


def test_groups_stand_apart_and_use_the_room() -> None:
    """The marks of one colour have a place of their own, and it is not a speck in an empty picture."""
    image = np.asarray(Image.open(io.BytesIO(draw(_network(3, 40), WORDS))).convert("RGB")).astype(int)
    below = image[330:]
    places = []
    for place in range(3):
        rows, columns = np.nonzero(np.abs(below - style(place)[0]).sum(axis=2) < 12)
        places.append((np.percentile(columns, [2, 98]), np.percentile(rows, [2, 98])))
    for one in range(3):
        across, down = places[one]
        assert min(across[1] - across[0], down[1] - down[0]) > 200
        for other in range(one):
            apart = [max(a[0] - b[1], b[0] - a[1]) for a, b in zip(places[one], places[other], strict=True)]
            assert max(apart) > 0
