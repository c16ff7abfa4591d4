"""An export with everything in it that strangers can put there, made without a store."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

from PIL import Image, ImageDraw

from bot.custody.checkpoints import Checkpoint, origin_of, signed, verifier_key
from bot.custody.entries import NO_ENTRY, Entry, EntryKind, spelled
from bot.custody.keys import CustodyKeys
from bot.custody.merkle import Tree
from bot.custody.sealing import Opened, new_body
from bot.documents.evidence.bag import sha256_of
from bot.model.event_record import FIELDS
from bot.model.evidence import (
    Evidence,
    ExportedCase,
    ExportedPart,
    ExportedRuling,
    ExportedSighting,
    ExportedStep,
    ExportedThreat,
    LogExcerpt,
    LogLine,
    Profile,
    ThreatDetails,
)

KEYS = CustodyKeys(b"custody secret of the benchmarks!")
MADE = datetime(2026, 10, 6, 8, 0, 30, tzinfo=UTC)
THREAT = "Жүргүлө, Азаттыкты өрттөйбүз! Бүгүн кечинде чогулабыз, ң ү ө."
#: What strangers write into every field that they reach.
HOSTILE = (
    "=cmd|'/C calc'!A0",
    "\uff1d1+1",
    " +SUM(1)",
    "@import",
    "-2+3",
    "\t=1",
    "<script>alert(1)</script><b>x</b>",
    "#set page(width: 1pt) #panic() $x$ *b* _i_ @ref <label> `raw` \\ [ ] { }",
    "evil\u202egnp.exe",
    "zero\u200bwidth\u2066isolated\u2069",
    "../../etc/passwd",
    "..\\..\\windows",
    "a/b:c*d?e|f\x00g",
    "100% _like_ '; DROP TABLE threats; --",
    "x" * 3000,
    "\ud83d half",
    "line\r\nbreak\u2028para\u2029",
)


def picture(words: str = "Азаттык") -> bytes:
    """A small screenshot."""
    image = Image.new("RGB", (320, 200), (240, 240, 250))
    ImageDraw.Draw(image).text((20, 80), words[:30], fill=(0, 0, 0))
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def evidence(language: str = "ru", hostile: str | None = None, profile: Profile = Profile.FULL) -> Evidence:
    """An export of one case with two messages and a threat; `hostile` stands in every field that strangers reach."""
    shot = picture()
    sha256 = sha256_of(shot)
    said = hostile if hostile is not None else THREAT
    name = hostile if hostile is not None else "Асан У."
    origin = {"kind": "channel", "name": name, "handle": name, "post": name, "sent_at": MADE.isoformat()}
    parts = [
        ExportedPart(place=1, kind="text", text=said, origin=origin, received_at=MADE),
        ExportedPart(place=2, kind="photo", text=said, origin=origin, received_at=MADE, sha256=sha256),
    ]
    threat = ExportedThreat(
        label="T-42",
        case="K-7",
        part=1,
        level="threat",
        kinds=("arson", "incitement"),
        severity=4,
        imminent=True,
        targets=(name,),
        status="new",
        recorded_at=MADE,
        more=details(name, said),
    )
    case = ExportedCase(
        label="K-7",
        opened_at=MADE,
        level="threat",
        target=name,
        target_kind="outlet",
        parts=parts,
        threats=[threat],
        rulings=[ExportedRuling(kind="threat", value="yes", at=MADE)],
    )
    return Evidence(
        label="E-20261006-080030-0001",
        made_at=MADE,
        newsroom=name if hostile is not None else "Ак-Булак",
        zone="Asia/Bishkek",
        language=language,
        profile=profile,
        with_names=False,
        cases=[case],
        log=_log(sha256),
        signing_key="RW…",
        originals={sha256: shot},
        pictures={sha256: shot},
    )


def details(name: str, said: str, copies: int = 2) -> ThreatDetails:
    """All that the log can hold of a threat; `name` and `said` stand wherever people write."""
    seen = [
        ExportedSighting(
            case="K-7", part=1, text=said, account=name, link=name, posted_at=MADE if n else None, seen_at=MADE
        )
        for n in range(copies)
    ]
    events = (
        ("status", {"status": "police"}),
        ("assigned", {"who": name}),
        ("told", {"channel": "call", "who": name}),
        ("triage", {"question": "moment", "answer": "yes"}),
        ("record", {"field": "topic", "value": name}),
        (name, {"other": name}),
    )
    record = {field: each.values[0] if each.values else name for field, each in FIELDS.items()}
    return ThreatDetails(
        channel="comment",
        platform=name[:16],
        accounts=[name],
        link=name,
        place=name,
        first_seen=MADE,
        last_seen=MADE,
        times=copies,
        sightings=seen,
        incident="I-3",
        measures=("legal", "support"),
        triage={"moment": "yes", "doxxed": "unknown"},
        notes=[ExportedStep(event="note", at=MADE, details={"text": said})],
        history=[ExportedStep(event=event, at=MADE, details=told) for event, told in events],
        record=record | {"coordinates": "42.874600, 74.569800", "impact": "12"},
    )


def hostile_evidence(profile: Profile) -> Evidence:
    """One export with a case for each of the hostile words."""
    each = [evidence("ru", words, profile) for words in HOSTILE]
    cases = [replace(one.cases[0], label=f"K-{n}", threats=_of_case(one, n)) for n, one in enumerate(each)]
    return replace(each[0], cases=cases, newsroom=" ".join(HOSTILE))


def _of_case(one: Evidence, number: int) -> list[ExportedThreat]:
    return [replace(threat, case=f"K-{number}", label=f"T-{number}") for threat in one.threats]


def _log(sha256: str) -> LogExcerpt:
    bodies = [new_body({"part": n, "text": THREAT, "sha256": sha256 if n == 3 else None}) for n in range(5)]
    entries: list[Entry] = []
    for number, body in enumerate(bodies):
        entries.append(_entry(number, body, entries[-1].leaf if entries else NO_ENTRY))
    tree = Tree([each.leaf for each in entries])
    origin = origin_of(KEYS.checkpoint_public, 1)
    state = Checkpoint(origin=origin, size=len(entries), root=tree.root, at=spelled(MADE))
    lines = [
        LogLine(values=each.values, proof=tree.proof(each.seq), salt=body.salt, body=body.body)
        for each, body in zip(entries, bodies, strict=True)
        if each.seq != 1
    ]
    return LogExcerpt(
        note=signed(state, KEYS.checkpoint_key),
        size=state.size,
        root=state.root,
        verifier_key=verifier_key(origin, KEYS.checkpoint_public),
        lines=lines,
    )


def _entry(number: int, body: Opened, prev: bytes) -> Entry:
    assert json.loads(body.body)
    return Entry(
        seq=number,
        at=spelled(MADE),
        kind=EntryKind.KEPT.value,
        subject="a" * 32,
        commitment=body.commitment,
        prev=prev,
    )
