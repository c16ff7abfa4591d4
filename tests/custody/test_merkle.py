"""The tree of RFC 6962, beside the trees that others wrote."""

import hashlib
import random

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.custody.merkle import EMPTY_ROOT, Tree, frontier_of, grown, is_frontier, is_included, leaf_hash, root_of

#: The eight entries of Certificate Transparency's own tests, and the roots of their trees.
CT_ENTRIES = [bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243")] + [
    bytes.fromhex("5051525354555657"),
    bytes.fromhex("606162636465666768696a6b6c6d6e6f"),
]
CT_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def leaves(size: int, seed: int = 0) -> list[bytes]:
    """Made-up leaves."""
    dice = random.Random(seed)
    return [leaf_hash(dice.randbytes(dice.randrange(60))) for _ in range(size)]


def test_known_root() -> None:
    """Certificate Transparency's test vector."""
    known = [leaf_hash(each) for each in CT_ENTRIES]
    assert root_of(frontier_of(known)).hex() == CT_ROOT == Tree(known).root.hex()
    assert EMPTY_ROOT == hashlib.sha256(b"").digest() == root_of(()) == Tree([]).root


@pytest.mark.parametrize("sizes", [60, pytest.param(300, marks=pytest.mark.slow)])
def test_roots_equal_pymerkles(sizes: int) -> None:
    """At every size up to here the root is the one that an independent library computes."""
    oracle, frontier, dice = pymerkle.InmemoryTree(algorithm="sha256"), (), random.Random(1)
    known: list[bytes] = []
    for size in range(sizes):
        data = dice.randbytes(dice.randrange(60))
        oracle.append_entry(data)
        known.append(leaf_hash(data))
        frontier = grown(frontier, size, known[-1])
        assert oracle.get_root() == root_of(frontier) == Tree(known).root
        assert is_frontier(frontier, size + 1)


@given(st.integers(1, 70), st.data())
def test_proofs_hold_and_nothing_else_does(size: int, data: st.DataObject) -> None:
    """A leaf's proof leads to the root; another leaf, place, size, root or proof does not."""
    known, number = leaves(size), data.draw(st.integers(0, size - 1))
    tree = Tree(known)
    proof = tree.proof(number)
    assert is_included(known[number], number, size, proof, tree.root)
    assert not is_included(leaf_hash(b"x"), number, size, proof, tree.root)
    assert not is_included(known[number], number, size, proof, leaf_hash(b"x"))
    assert not is_included(known[number], number, size, [*proof, bytes(32)], tree.root)
    assert not is_included(known[number], size, size, proof, tree.root)
    if proof:
        assert not is_included(known[number], number, size, proof[:-1], tree.root)
        place = data.draw(st.integers(0, len(proof) - 1))
        spoilt = [leaf_hash(each) if n == place else each for n, each in enumerate(proof)]
        assert not is_included(known[number], number, size, spoilt, tree.root)


def test_no_proof_of_what_is_not_there() -> None:
    """A leaf outside the tree has no proof."""
    with pytest.raises(IndexError):
        Tree(leaves(3)).proof(3)
    assert not is_frontier((b"short",), 1)
    assert not is_frontier((), 1)
