"""The measurements, one function each."""

import io
import random
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pymerkle

from benchmarks.evidence.ground import KEYS, START, Ground, lay
from benchmarks.evidence.handed import evidence
from benchmarks.evidence.mutations import KINDS as MUTATIONS
from benchmarks.evidence.mutations import copy_of, mutate
from benchmarks.evidence.stock import bagit_says_valid, has_minisign, stock_commands
from benchmarks.evidence.tampering import spoil
from bot.custody.bag_signatures import BagSigner
from bot.custody.merkle import Tree, frontier_of, grown, is_included, leaf_hash, root_of
from bot.documents.evidence.bagged import verify
from bot.documents.evidence.export import Exporter, Signing
from bot.i18n import LANGUAGES, Catalogs
from bot.services.custody import Custody
from bot.storage import custody, newsrooms
from bot.storage.custody import NewEntry
from bot.storage.store import Store

SIGNER = BagSigner(b"1" * 32)


def equal_roots(sizes: int) -> int:
    """At how many sizes from 1 on the root equals pymerkle's, the frontier's and the whole tree's."""
    oracle, dice, frontier = pymerkle.InmemoryTree(algorithm="sha256"), random.Random(1), frontier_of(())
    known: list[bytes] = []
    equal = 0
    for size in range(sizes):
        data = dice.randbytes(dice.randrange(60))
        oracle.append_entry(data)
        known.append(leaf_hash(data))
        frontier = grown(frontier, size, known[-1])
        equal += oracle.get_root() == root_of(frontier) == Tree(known).root
    return equal


def good_proofs(count: int) -> int:
    """How many random inclusion proofs hold, while the same proof of another leaf does not."""
    dice, good = random.Random(2), 0
    for _ in range(count):
        size = dice.randrange(1, 301)
        leaves = [leaf_hash(dice.randbytes(20)) for _ in range(size)]
        tree, number = Tree(leaves), dice.randrange(size)
        proof = tree.proof(number)
        holds = is_included(leaves[number], number, size, proof, tree.root)
        good += holds and not is_included(leaf_hash(b"x"), number, size, proof, tree.root)
    return good


async def tampering(ground: Ground, kind: str, each: int) -> tuple[int, int]:
    """How many of so many are caught with one checkpoint outside, and without."""
    with_anchor = alone = 0
    for seed in range(each):
        spoilt = ground.copy("spoilt.sqlite")
        spoil(spoilt, kind, seed)
        with_anchor += (await ground.report(spoilt, [ground.note])).broken is not None
        alone += (await ground.report(spoilt, [])).broken is not None
    return with_anchor, alone


async def verified_per_second(folder: Path, size: int) -> float:
    """Lines that `kalkan verify` checks in a second of CPU time, bodies and signatures included."""
    ground = await lay(folder, size, subjects=size // 50)
    began = time.process_time()
    report = await ground.report(ground.file, [ground.note])
    assert report.broken is None, report
    return size / (time.process_time() - began)


async def logged_per_second(url: str, size: int) -> tuple[float, float]:
    """Entries accepted in transactions of one, and numbered by the sequencer, in a second."""
    store = Store(url)
    try:
        await store.migrate()
        newsroom_id = await _newsroom(store)
        began = time.perf_counter()
        for number in range(size):
            async with store.write() as conn:
                await custody.put(conn, [_entry(newsroom_id, number)])
        accepted = size / (time.perf_counter() - began)
        began = time.perf_counter()
        numbered = await Custody(store, lambda: START, KEYS).sequence()
        return accepted, numbered / (time.perf_counter() - began)
    finally:
        await store.close()


async def _newsroom(store: Store) -> int:
    async with store.write() as conn:
        return (await newsrooms.add(conn, "Ак-Булак", "Asia/Bishkek", "ru", START)).id


def _entry(newsroom_id: int, number: int) -> NewEntry:
    body = {"part": number, "text": "салам", "update": "x" * 800, "by": 7}
    return NewEntry(newsroom_id=newsroom_id, kind="received", noun="submission", row_id=number, body=body, at=START)


def bag_in(folder: Path, language: str = "ru") -> Path:
    """An exported bag, unpacked."""
    workshop = Path(tempfile.mkdtemp(dir=folder))
    signing = Signing(public_key=SIGNER.public_key, sign=SIGNER.sign, stamp=lambda _data: None)
    made = Exporter(Catalogs.load())(evidence(language), workshop, signing)
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        archive.extractall(workshop / "unpacked")
    return workshop / "unpacked" / made.name.removesuffix(".zip")


def mutations(bag: Path, each: int) -> Iterator[tuple[str, int, int]]:
    """For each kind of mutation: how many of so many the verifier catches, and the stock commands alone."""
    for kind in MUTATIONS:
        verifier = stock = 0
        for seed in range(each):
            spoilt = copy_of(bag, "spoilt")
            mutate(spoilt, kind, seed)
            verifier += verify.main([str(spoilt), "--key", SIGNER.public_line]) != 0
            stock += not stock_commands(spoilt, SIGNER.public_line)
        yield kind, verifier, stock


def validated(folder: Path) -> dict[str, bool]:
    """What the public tools say of a bag in each language."""
    bags = {language: bag_in(folder, language) for language in LANGUAGES}
    said = {f"bagit.py --validate, {language}": bagit_says_valid(bag) for language, bag in bags.items()}
    if has_minisign():
        for language, bag in bags.items():
            said[f"sha256sum twice, minisign -V, count of files, {language}"] = stock_commands(bag, SIGNER.public_line)
    return said
