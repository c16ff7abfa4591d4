"""The Merkle tree of RFC 6962, section 2.1: roots, inclusion proofs, and what a growing tree must remember.

A tree of n leaves is remembered by its frontier: the roots of its perfect subtrees, largest first, one for each bit
that is set in n. Leaves and nodes are 32 bytes of SHA-256.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

Frontier = tuple[bytes, ...]


def leaf_hash(data: bytes) -> bytes:
    """The leaf of an entry: a leaf can never pass for a node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grown(frontier: Frontier, size: int, leaf: bytes) -> Frontier:
    """The frontier of `size` leaves and one more."""
    rest = [*frontier, leaf]
    while size & 1:
        right = rest.pop()
        rest.append(node_hash(rest.pop(), right))
        size >>= 1
    return tuple(rest)


def root_of(frontier: Frontier) -> bytes:
    """The root of the tree that a frontier stands for."""
    if not frontier:
        return EMPTY_ROOT
    root = frontier[-1]
    for left in reversed(frontier[:-1]):
        root = node_hash(left, root)
    return root


def frontier_of(leaves: Iterable[bytes]) -> Frontier:
    """The frontier of these leaves."""
    frontier: Frontier = ()
    for size, leaf in enumerate(leaves):
        frontier = grown(frontier, size, leaf)
    return frontier


def is_frontier(frontier: Frontier, size: int) -> bool:
    """Whether these could be the perfect subtrees of so many leaves."""
    return len(frontier) == size.bit_count() and all(len(each) == HASH_BYTES for each in frontier)


class Tree:
    """A whole tree in memory, for proofs: 64 bytes a leaf, every node hashed once."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        # A node without a neighbour goes up unchanged: that is RFC 6962's split at the largest power of two.
        self._levels = [list(leaves)]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            above = [node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
            self._levels.append([*above, below[-1]] if len(below) % 2 else above)

    @property
    def root(self) -> bytes:
        """The root of all leaves."""
        return self._levels[-1][0] if self._levels[-1] else EMPTY_ROOT

    def proof(self, number: int) -> list[bytes]:
        """The audit path of a leaf, from its neighbour to the root. Raises IndexError when there is no such leaf."""
        if not 0 <= number < len(self._levels[0]):
            raise IndexError(number)
        path = []
        for level in self._levels[:-1]:
            neighbour = number ^ 1
            if neighbour < len(level):
                path.append(level[neighbour])
            number >>= 1
        return path


def is_included(leaf: bytes, number: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a leaf is number `number` of the tree with this size and root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= number < size:
        return False
    place, last, found = number, size - 1, leaf
    for neighbour in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(neighbour, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, neighbour)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root
