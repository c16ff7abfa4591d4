"""A network as files for Gephi: GraphML and GEXF. Nothing in them but labels, farms and links."""

from __future__ import annotations

import io
from typing import Final

import networkx

from bot.model.farm import Network
from bot.model.plain import cell

FORMS: Final = ("graphml", "gexf")


def graphml(network: Network) -> bytes:
    """GraphML 1.0."""
    out = io.BytesIO()
    networkx.write_graphml(_graph(network), out, encoding="utf-8", prettyprint=True)
    return out.getvalue()


def gexf(network: Network) -> bytes:
    """GEXF 1.2."""
    out = io.BytesIO()
    networkx.write_gexf(_graph(network), out, encoding="utf-8", prettyprint=True)
    return out.getvalue()


def _graph(network: Network) -> networkx.Graph:
    graph = networkx.Graph()
    for node in network.nodes:
        by = "person" if node.is_member else "suggested"
        graph.add_node(str(node.id), label=_plain(node.label), farm=node.group, status=node.status, by=by)
    for tie in network.ties:
        ends = str(network.nodes[tie.one].id), str(network.nodes[tie.other].id)
        graph.add_edge(*ends, weight=float(tie.weight), kinds=" ".join(tie.kinds))
    return graph


def _plain(label: str) -> str:
    """A stranger's name without what would be a formula, a direction mark, or no XML at all."""
    return "".join(char for char in cell(label) if char.isprintable())
