"""The custody log's lines in a bag: each with its proof, the signed checkpoint, and the key that signed it."""

import json
from typing import Any

from bot.model.evidence import LogExcerpt, LogLine


def custody_files(log: LogExcerpt) -> dict[str, bytes]:
    """One line of JSON an entry: `entry`, `proof` (hex), and `salt` (hex) with `body` where the body is disclosed."""
    files = {
        "custody/entries.jsonl": b"".join(_line(each) for each in log.lines),
        "custody/checkpoint.txt": log.note.encode(),
        "custody/log-key.txt": f"{log.verifier_key}\n".encode(),
    }
    if log.token is not None:
        files["custody/checkpoint.txt.tsr"] = log.token
    return files


def _line(line: LogLine) -> bytes:
    told: dict[str, Any] = {"entry": list(line.values), "proof": [each.hex() for each in line.proof]}
    if line.salt is not None and line.body is not None:
        told |= {"salt": line.salt.hex(), "body": line.body.decode()}
    # The body is text within the text: its own bytes are what was committed to.
    return json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
