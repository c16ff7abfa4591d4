"""One export from beginning to end: payload, bag, time stamp, signature, zip."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.documents.evidence.bag import Bag, sha256_of
from bot.documents.evidence.custody_files import custody_files
from bot.documents.evidence.harmless import shown
from bot.documents.evidence.profiles import profile_files
from bot.documents.evidence.report import report
from bot.documents.evidence.tables import files_of
from bot.i18n import Catalogs, PlainTranslator
from bot.model.evidence import Evidence, HandedOver

#: Endings by the first bytes: names that senders gave are never used.
_ENDINGS: Final = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG", "png"),
    (b"GIF8", "gif"),
    (b"RIFF", "webp"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Signing:
    """Who signs: the public key file, what signs bytes with a trusted comment, what brings a time stamp for bytes."""

    public_key: str
    sign: Callable[[bytes, str], bytes]
    stamp: Callable[[bytes], bytes | None]


class Exporter:
    """Makes bags in every language that there is a catalogue of."""

    def __init__(self, catalogs: Catalogs) -> None:
        self._catalogs = catalogs

    def __call__(self, evidence: Evidence, workshop: Path, signing: Signing) -> HandedOver:
        """Make a bag in the export's language."""
        return export(evidence, self._catalogs[evidence.language].plain, workshop, signing)


def export(evidence: Evidence, t: PlainTranslator, workshop: Path, signing: Signing) -> HandedOver:
    """Make the bag in a new folder in `workshop`; takes a second or two. Raises BagFailed, OSError."""
    bag = Bag(workshop / f"kalkan-{evidence.label}")
    manifest = bag.fill(_payload(evidence, t, workshop), _info(evidence))
    tagmanifest = bag.close(signing.public_key, signing.stamp(manifest))
    data = bag.packed(signing.sign(tagmanifest, trusted_comment(evidence)))
    return HandedOver(
        label=evidence.label,
        name=f"kalkan-{evidence.label}.zip",
        data=data,
        cases=[case.label for case in evidence.cases],
        files=bag.size,
        tagmanifest_sha256=sha256_of(tagmanifest),
    )


def trusted_comment(evidence: Evidence) -> str:
    """What the signature says beside the bag: the state of the log to which the bag belongs."""
    return f"{evidence.label} log-size={evidence.log.size} log-root={evidence.log.root.hex()}"


def original_name(sha256: str, data: bytes) -> str:
    """An original's name in the bag: its hash, and what kind of picture its first bytes say."""
    ending = next((ending for start, ending in _ENDINGS if data.startswith(start)), "bin")
    return f"originals/{sha256}.{ending}"


def _payload(evidence: Evidence, t: PlainTranslator, workshop: Path) -> Mapping[str, bytes]:
    originals = {original_name(sha, data): data for sha, data in evidence.originals.items()}
    sealed = {f"originals/{sha256_of(data)}.age": data for data in evidence.sealed.values()}
    words = {f"sealed/{sha256_of(each.age)}.age": each.age for each in evidence.bodies}
    return {
        "report.pdf": report(evidence, t, workshop),
        **files_of(evidence),
        **profile_files(evidence, t),
        **custody_files(evidence.log),
        **originals,
        **sealed,
        **words,
    }


def _info(evidence: Evidence) -> Mapping[str, str]:
    return {
        "Source-Organization": shown(" ".join(evidence.newsroom.split()), lines=False),
        "External-Identifier": evidence.label,
        "External-Description": f"Evidence of {', '.join(case.label for case in evidence.cases)}"[:2000],
        "Bagging-Date": evidence.made_at.date().isoformat(),
        "Bag-Software-Agent": "Kalkan, bagit.py",
        "Kalkan-Log-Size": str(evidence.log.size),
        "Kalkan-Log-Root": evidence.log.root.hex(),
    }
