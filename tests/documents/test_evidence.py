"""Exported evidence: a bag that anybody can check, from which nothing can be taken and into which nothing slipped."""

import csv
import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.evidence.handed import HOSTILE, MADE, THREAT, evidence, hostile_evidence
from benchmarks.evidence.mutations import KINDS, copy_of, mutate
from benchmarks.evidence.stock import bagit_says_valid, has_minisign, stock_commands, verifier_says_good
from bot.custody.bag_signatures import BagSigner, is_signed
from bot.custody.entries import EntryKind
from bot.custody.timestamps import checked, request_for
from bot.documents.evidence import report
from bot.documents.evidence.bag import Bag, BagFailed
from bot.documents.evidence.bagged import verify
from bot.documents.evidence.export import Exporter, Signing, original_name
from bot.documents.evidence.harmless import cell, json_bytes, shown
from bot.documents.evidence.report_words import ENTRY_KINDS
from bot.i18n import LANGUAGES, Catalogs
from bot.i18n.event_record import VALUES
from bot.model.evidence import Evidence, HandedOver, Profile
from tests.custody.authority import Authority, has_openssl

SIGNER = BagSigner(b"1" * 32)
CATALOGS = Catalogs.load(strict=True)
FORMULA = re.compile("[\\s'\"]*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def handed(
    made_of: Evidence, workshop: Path, token: bytes | None = None, authority: Authority | None = None
) -> HandedOver:
    """The export as a file."""

    def stamp(data: bytes) -> bytes | None:
        return checked(authority.answer(request_for(data)), data) if authority is not None else token

    signing = Signing(public_key=SIGNER.public_key, sign=SIGNER.sign, stamp=stamp)
    workshop.mkdir(exist_ok=True)
    return Exporter(CATALOGS)(made_of, workshop, signing)


def unpacked(made: HandedOver, folder: Path) -> Path:
    """The bag in a folder."""
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        archive.extractall(folder)
    return folder / made.name.removesuffix(".zip")


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An unpacked bag: to be copied, not changed."""
    folder = tmp_path_factory.mktemp("evidence")
    return unpacked(handed(evidence(), folder / "workshop"), folder)


def judge(folder: Path, key: str | None = SIGNER.public_line) -> int:
    """The verifier's exit code."""
    return verify.main([str(folder), *(["--key", key] if key else [])])


def test_stock_tools_say_yes(bag: Path) -> None:
    """bagit.py, sha256sum twice, minisign, the count of files, and the verifier as a program of its own."""
    assert bagit_says_valid(bag)
    assert verifier_says_good(bag / "verify.py", bag, SIGNER.public_line)
    assert verifier_says_good(bag / "verify.py", bag, None)
    if not has_minisign():
        pytest.skip("minisign is not installed: run scripts/setup-system")
    assert stock_commands(bag, SIGNER.public_line)


def test_the_time_stamp_is_covered(tmp_path: Path) -> None:
    """A token over the manifest lies beside it, listed in the tag manifest, so that the signature covers it too."""
    folder = unpacked(handed(evidence(), tmp_path / "workshop", b"token"), tmp_path)
    assert (folder / "manifest-sha256.txt.tsr").read_bytes() == b"token"
    assert "manifest-sha256.txt.tsr" in (folder / "tagmanifest-sha256.txt").read_text()
    assert bagit_says_valid(folder)
    assert judge(folder) == 0


@pytest.mark.skipif(not has_openssl(), reason="openssl is not installed")
def test_openssl_verifies_the_time_stamp(tmp_path: Path) -> None:
    """The fourth stock command: an authority's token over the manifest, by the authority's certificate alone."""
    authority = Authority(tmp_path / "tsa")
    folder = unpacked(handed(evidence(), tmp_path / "workshop", authority=authority), tmp_path)
    manifest = folder / "manifest-sha256.txt"
    assert authority.verifies(manifest, folder / "manifest-sha256.txt.tsr")
    manifest.write_bytes(manifest.read_bytes() + b"\n")
    assert not authority.verifies(manifest, folder / "manifest-sha256.txt.tsr")
    assert judge(folder) == 1


def test_another_key_is_noticed(bag: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bag that somebody else signed anew verifies only for whoever does not compare keys."""
    assert judge(bag, BagSigner(b"2" * 32).public_line) == 1
    assert "another key" in capsys.readouterr().out
    assert judge(bag, None) == 0
    assert SIGNER.public_line in capsys.readouterr().out
    tagged = (bag / "tagmanifest-sha256.txt").read_bytes()
    assert is_signed(tagged, (bag / "tagmanifest-sha256.txt.minisig").read_bytes(), SIGNER.public_key)


def test_every_mutation_is_caught(bag: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """300 of 300: flipped, cut, taken, added, exchanged or appended, in any file of the bag, the verifier says no."""
    each = 50
    for kind in KINDS:
        for seed in range(each):
            spoilt = copy_of(bag, "spoilt")
            mutate(spoilt, kind, seed)
            assert judge(spoilt) == 1, (kind, seed)
    assert capsys.readouterr().out.count("NOT GOOD") == each * len(KINDS)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("minisign.pub", b""),
        ("data/custody/entries.jsonl", b"[" * 100_000),
        ("data/custody/checkpoint.txt", b"x"),
    ],
)
def test_nonsense_does_not_crash_the_verifier(bag: Path, name: str, data: bytes) -> None:
    """Also where every hash and the signature are right: what cannot be read is not verified."""
    spoilt = copy_of(bag, "nonsense")
    (spoilt / name).write_bytes(data)
    assert judge(spoilt) == 1
    _signed_anew(spoilt)
    assert judge(spoilt) == 1


@pytest.mark.parametrize("name", ["tagmanifest-sha256.txt", "tagmanifest-sha256.txt.minisig", "manifest-sha256.txt"])
@pytest.mark.parametrize("data", [b"\xff\xfe", b"a\nb\nc\nd\n", b""])
def test_nonsense_manifests_do_not_crash_it(bag: Path, name: str, data: bytes) -> None:
    """Manifests and signatures of any bytes are a fault like any other."""
    spoilt = copy_of(bag, "nonsense")
    (spoilt / name).write_bytes(data)
    assert judge(spoilt) == 1


def _signed_anew(folder: Path) -> None:
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
        is_payload = manifest == "manifest-sha256.txt"
        mine = [n for n in names if n.startswith("data/") is is_payload and not n.startswith("tagmanifest")]
        lines = [f"{verify.hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}\n" for n in mine]
        (folder / manifest).write_text("".join(lines))
    state = "log-size=5 log-root=" + "0" * 64
    signature = SIGNER.sign((folder / "tagmanifest-sha256.txt").read_bytes(), state)
    (folder / "tagmanifest-sha256.txt.minisig").write_bytes(signature)


def test_wrong_use_of_the_verifier(bag: Path) -> None:
    """A slip of the keyboard is told from a bad bag; so is a link to outside."""
    assert verify.main(["a", "b"]) == verify.main(["--key"]) == verify.main(["--nonsense"]) == 2
    assert verify.main([str(bag / "nowhere")]) == 1
    assert verify.main([f"--key={SIGNER.public_line}", str(bag)]) == 0
    linked = copy_of(bag, "linked")
    (linked / "data" / "link").symlink_to("/etc/passwd")
    assert judge(linked) == 1


@pytest.mark.parametrize(
    ("language", "profile"),
    [*((language, Profile.FULL) for language in LANGUAGES), ("ky", Profile.HRD), ("ru", Profile.NEWSROOM)],
)
def test_every_profile_in_every_language(tmp_path: Path, language: str, profile: Profile) -> None:
    """Report, tables, lines of the log and the files of the profile are there; letters of Kyrgyz are right in all."""
    folder = unpacked(handed(evidence(language, profile=profile), tmp_path / "workshop"), tmp_path)
    names = {path.relative_to(folder / "data").as_posix() for path in (folder / "data").rglob("*") if path.is_file()}
    own = {
        Profile.FULL: set(),
        Profile.HRD: {"hrd/private.csv", "hrd/private.json", "hrd/public.csv", "hrd/public.json", "hrd/values.json"},
        Profile.NEWSROOM: {"newsroom/log.csv", "newsroom/log.json", "newsroom/values.json"},
    }[profile]
    assert own <= names
    assert {"report.pdf", "evidence.json", "tables/threats.csv", "custody/entries.jsonl"} <= names
    assert (folder / "data" / "report.pdf").read_bytes().startswith(b"%PDF-1.")
    (row,) = _table(folder / "data" / "tables" / "threats.csv")
    assert (row["threat"], row["text"], row["imminent"], row["recorded_at_utc"]) == (
        "T-42",
        THREAT,
        "yes",
        MADE.isoformat(),
    )
    assert row["recorded_at_local"].endswith("+06:00")
    assert THREAT in (folder / "data" / "evidence.json").read_text()


def test_the_public_summary_tells_nobody(tmp_path: Path) -> None:
    """What may be published holds no name, no words and no handle of anybody."""
    made_of = evidence("en", profile=Profile.HRD)
    folder = unpacked(handed(filled(made_of, summary=None, country=None), tmp_path / "workshop"), tmp_path)
    private = json.loads((folder / "data" / "hrd" / "private.json").read_text())
    (public,) = json.loads((folder / "data" / "hrd" / "public.json").read_text())
    assert private[0]["description"] == THREAT
    assert "Асан" not in json.dumps(public, ensure_ascii=False)
    assert THREAT not in json.dumps(public, ensure_ascii=False)
    assert public["summary_for_publication"].startswith("On 6 October 2026 a media outlet received a threat (arson")


def filled(made_of: Evidence, **fields: str | None) -> Evidence:
    """The export with these fields of the event record; None: not filled in."""
    (case,) = made_of.cases
    (threat,) = case.threats
    record = {name: value for name, value in {**threat.more.record, **fields}.items() if value is not None}
    told = replace(threat, more=replace(threat.more, record=record))
    return replace(made_of, cases=[replace(case, threats=[told])])


def test_the_event_record_in_the_hrd_profile(tmp_path: Path) -> None:
    """What people filled in stands in its columns, in the words of its lists; the private text in one place alone."""
    secret, summary = "тайна источника", "Редакцияга коркутуу келди"
    made_of = filled(
        evidence("ky", profile=Profile.HRD),
        summary=summary,
        private=secret,
        violation="raid,smear",
        gender="nonbinary",
        coordinates="42.874600, 74.569800",
    )
    made = handed(made_of, tmp_path / "workshop")
    folder = unpacked(made, tmp_path) / "data"
    (private,) = json.loads((folder / "hrd" / "private.json").read_text())
    (public,) = json.loads((folder / "hrd" / "public.json").read_text())
    assert (private["violation"], private["gender"]) == (["Raid or Search", "Smear Campaign"], "non-binary")
    assert (private["latitude"], private["longitude"], private["impact"]) == ("42.874600", "74.569800", "12")
    assert (private["private_description"], private["incident"]) == (secret, "I-3")
    assert public["summary_for_publication"] == private["summary_for_publication"] == summary
    holds = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*") if secret in _text(path)}
    assert holds == {"hrd/private.json", "hrd/private.csv"}


def _text(path: Path) -> str:
    # The report's words are set in glyphs: test_the_report_tells_all_of_a_threat reads them before.
    return path.read_bytes().decode("utf-8-sig", "replace")


def test_the_event_record_in_the_newsroom_log(tmp_path: Path) -> None:
    """Support, the legal side, the topic and what is to be done stand beside what the log knows by itself."""
    made_of = filled(evidence(profile=Profile.NEWSROOM), danger="high", legal_case="court", topic="макала")
    folder = unpacked(handed(made_of, tmp_path / "workshop"), tmp_path) / "data"
    (row,) = json.loads((folder / "newsroom" / "log.json").read_text())
    assert (row["threat_level"], row["legal_case"], row["topic"]) == ("high", "in court", "макала")
    assert (row["peer_support"], row["finding"]) == ("offered", "threat, 4 of 4, imminent")
    assert (row["incident"], row["times_posted"], row["measures"]) == ("I-3", 2, ["legal", "support"])
    values = json.loads((folder / "newsroom" / "values.json").read_text())
    assert len(values["attack"]) == 5
    sightings = _table(folder / "tables" / "sightings.csv")
    assert [(each["threat"], each["case"]) for each in sightings] == [("T-42", "K-7")] * 2
    steps = _table(folder / "tables" / "steps.csv")
    assert {"status", "note", "record"} <= {each["event"] for each in steps}
    assert {each["by"] for each in steps} == {""}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_tells_all_of_a_threat(language: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Facts, a table of forty copies, the history and the event record in words; what is private is not in it."""
    told: dict[str, Any] = {}

    def compiled(path: str, **_options: Any) -> bytes:
        told.update(json.loads(Path(path).with_name("data.json").read_text()))
        return b"%PDF-1.7"

    monkeypatch.setattr(report.typst, "compile", compiled)
    made_of = filled(evidence(language), private="тайна источника", violation="raid,smear")
    threat = made_of.cases[0].threats[0]
    threat = replace(threat, more=replace(threat.more, sightings=[*threat.more.sightings] * 20))
    made_of = replace(made_of, cases=[replace(made_of.cases[0], threats=[threat])])
    report.report(made_of, CATALOGS[language].plain, tmp_path)
    assert "тайна источника" not in json.dumps(told, ensure_ascii=False)
    ((shown,),) = [case["threats"] for case in told["cases"]]
    sightings, steps = shown["tables"]
    assert (len(sightings["rows"]), len(steps["rows"])) == (40, 6)
    assert {len(row) for row in sightings["rows"]} == {len(sightings["columns"])}
    words = CATALOGS[language].plain
    facts = dict(shown["facts"])
    expected = ", ".join(words.pgettext("record", VALUES["violation"][code]) for code in ("raid", "smear"))
    assert expected in facts.values()
    assert "I-3" in facts.values()


def _table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("profile", [Profile.NEWSROOM, Profile.HRD])
def test_hostile_words_come_out_harmless(tmp_path: Path, profile: Profile) -> None:
    """In every field that strangers reach: no formula, nothing unseen, nothing that runs, no path of theirs."""
    made = handed(hostile_evidence(profile), tmp_path / "workshop")
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for name in files:
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+", name), name
    for name, data in files.items():
        if name.endswith(".csv"):
            _no_harm_in_table(data)
        if name.endswith(".json"):
            text = data.decode()
            assert not {unicodedata.category(c) for c in text if c != "\n"} & UNSEEN
            json.loads(text)
        if name.endswith(".pdf"):
            assert not re.search(rb"/(JavaScript|JS|Launch|URI|EmbeddedFile|OpenAction|SubmitForm)\b", _all_of(data))
    exact = json.loads(next(data for name, data in files.items() if name.endswith("evidence.json")))
    assert tuple(case["messages"][0]["text"] for case in exact["cases"]) == HOSTILE
    folder = unpacked(made, tmp_path)
    assert judge(folder) == 0


def _no_harm_in_table(data: bytes) -> None:
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        for each in row:
            assert each.startswith("'") or not FORMULA.match(each)
            assert not {unicodedata.category(char) for char in each} & UNSEEN - {"Cf"} or each == ""
            assert not set(each) & set("\u202e\u2066\u2069\u200b")


def _all_of(pdf: bytes) -> bytes:
    return pdf + b"".join(_streams(pdf))


def _streams(pdf: bytes) -> Iterator[bytes]:
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(found.group(1))
        except zlib.error:
            continue


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (True, "yes"),
        (["a", 2], "a; 2"),
        ("=1", "'=1"),
        (" \uff1d1", "' \uff1d1"),
        ("a\u202eb", "a<U+202E>b"),
    ],
)
def test_cells(value: Any, expected: str) -> None:
    """One line, no formula, nothing unseen."""
    assert cell(value) == expected


def test_words_are_shown_as_they_are() -> None:
    """Joiners and line breaks stay; what is unseen has its number; JSON reads back exactly."""
    assert shown("a\u200db\nc\x07") == "a\u200db\nc<U+0007>"
    value = {"k": "a\u202e\U000e0001\ud83d"}
    assert json.loads(json_bytes(value)) == value
    assert original_name("a" * 64, b"\x89PNG\r\n") == f"originals/{'a' * 64}.png"
    assert original_name("a" * 64, b"MZ\x90").endswith(".bin")


def test_what_bagit_refuses_is_an_error(tmp_path: Path) -> None:
    """A bag that cannot be made is said so; one is never made in a folder that is there already."""
    folder = tmp_path / "bag"
    folder.mkdir()
    with pytest.raises(BagFailed):
        Bag(folder).close(SIGNER.public_key, None)
    with pytest.raises(FileExistsError):
        Bag(folder).fill({}, {})


def test_every_line_of_the_log_has_its_words() -> None:
    """A lawyer reads what each entry says, in each language."""
    assert {kind.value for kind in EntryKind} == ENTRY_KINDS.keys()
