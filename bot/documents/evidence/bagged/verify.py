#!/usr/bin/env python3
"""Checks this evidence bag with nothing but Python 3.8 or newer: no network, no other file, no Kalkan.

    python3 verify.py [FOLDER] [--key RW...]

FOLDER is the unpacked bag (without it: where this file lies). --key is the signing key as the newsroom gave it to you
by another way than this bag: without it the check shows that nothing was changed since somebody signed, not who signed.
Exit code 0: everything is as it was signed. 1: something is not; the first fault is named. 2: wrong use.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import stat
import sys
from typing import Tuple

COMMENT = b"untrusted comment: signature of a Kalkan evidence bag"
TAGS, SIGNATURE, MANIFEST = "tagmanifest-sha256.txt", "tagmanifest-sha256.txt.minisig", "manifest-sha256.txt"
LINE = re.compile(r"([0-9a-f]{64}) [ *]?(\S.*)\Z")


class Fault(Exception):
    """The first thing that is wrong."""


def need(good: object, why: str) -> None:
    if not good:
        raise Fault(why)


# Ed25519 (RFC 8032, section 6), verification only.
Point = Tuple[int, int, int, int]
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def x_of(y: int, sign: int) -> "int | None":
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if (x & 1) != sign else x


def point(data: bytes) -> "Point | None":
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def add(p: "Point", q: "Point") -> "Point":
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n: int, p: "Point") -> "Point":
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p, n = add(p, p), n >> 1
    return q


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = x_of(BASE_Y, 0) or 0
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def unbase64(text: bytes, size: int, what: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Fault(what + " is no Base64")
    need(base64.b64encode(data) == bytes(text) and len(data) == size, what + " has another form or length")
    return data


def read(folder: str, name: str) -> bytes:
    try:
        with open(os.path.join(folder, name), "rb") as file:
            return file.read()
    except OSError:
        raise Fault("cannot be read: " + name)


def all_files(folder: str) -> "set[str]":
    found: "set[str]" = set()
    for place, folders, names in os.walk(folder):
        for name in folders + names:
            path = os.path.join(place, name)
            mode = os.lstat(path).st_mode
            need(stat.S_ISREG(mode) or stat.S_ISDIR(mode), "neither a file nor a folder: " + path)
            if stat.S_ISREG(mode):
                found.add(os.path.relpath(path, folder).replace(os.sep, "/"))
    return found


def listed(folder: str, name: str) -> "dict[str, str]":
    lines = read(folder, name).decode("utf-8").split("\n")
    need(lines[-1] == "", name + " ends in the middle of a line")
    told: "dict[str, str]" = {}
    for line in lines[:-1]:
        found = LINE.match(line)
        if found is None or found.group(2) in told:
            raise Fault("a wrong line in " + name)
        told[found.group(2)] = found.group(1)
    return told


def check_files(folder: str) -> int:
    tags, payload = listed(folder, TAGS), listed(folder, MANIFEST)
    need(all(name.startswith("data/") for name in payload), "the manifest names what is no payload")
    need(not any(name.startswith("data/") for name in tags), "the tag manifest names payload")
    need(MANIFEST in tags, "the manifest is not covered")
    there = all_files(folder) - {TAGS, SIGNATURE}
    wanted = set(tags) | set(payload)
    need(not wanted - there, "missing: " + ", ".join(sorted(wanted - there)[:3]))
    need(not there - wanted, "was not there when it was signed: " + ", ".join(sorted(there - wanted)[:3]))
    for name, known in sorted(list(tags.items()) + list(payload.items())):
        need(hashlib.sha256(read(folder, name)).hexdigest() == known, "was changed: " + name)
    return len(payload)


def check_signature(folder: str, given: "str | None") -> str:
    public = read(folder, "minisign.pub").split(b"\n")
    need(len(public) == 3 and public[2] == b"", "minisign.pub has another form")
    if given is not None:
        need(public[1] == given.encode(), "the bag is signed with another key than the one you were given")
    key = unbase64(public[1], 42, "the key")
    lines = read(folder, SIGNATURE).split(b"\n")
    need(len(lines) == 5 and lines[4] == b"" and lines[0] == COMMENT, "the signature file has another form")
    need(lines[2].startswith(b"trusted comment: "), "the signature file has another form")
    signature, whole = unbase64(lines[1], 74, "the signature"), unbase64(lines[3], 64, "the second signature")
    need(key[:2] == b"Ed" and signature[:2] == b"ED" and signature[2:10] == key[2:10], "signed with another key")
    told = lines[2][len(b"trusted comment: ") :]
    digest = hashlib.blake2b(read(folder, TAGS)).digest()
    need(ed25519(key[10:], digest, signature[10:]), "the signature is not of this bag")
    need(ed25519(key[10:], signature[10:] + told, whole), "the signed comment was changed")
    return told.decode("utf-8")


def leaf_root(leaf: bytes, number: int, size: int, proof: "list[bytes]") -> bytes:
    place, last, found = number, size - 1, leaf
    need(0 <= number < size, "an entry lies outside the log")
    for other in proof:
        need(last > 0, "a proof is too long")
        if place & 1 or place == last:
            found = hashlib.sha256(b"\x01" + other + found).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + other).digest()
        place, last = place >> 1, last >> 1
    need(last == 0, "a proof is too short")
    return found


def check_checkpoint(folder: str) -> "tuple[int, bytes]":
    note = read(folder, "data/custody/checkpoint.txt").decode("utf-8")
    text, _, signed = note.partition("\n\n")
    text += "\n"
    name, key_id, key = read(folder, "data/custody/log-key.txt").decode().strip().split("+", 2)
    public = unbase64(key.encode(), 33, "the log's key")
    need(public[:1] == b"\x01", "the log's key is of another kind")
    wanted = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
    need(wanted.hex() == key_id, "the log's key has another number")
    need(signed.startswith("\u2014 " + name + " ") and signed.endswith("\n"), "the checkpoint has another form")
    signature = unbase64(signed.split(" ")[2].strip().encode(), 68, "the checkpoint's signature")
    need(signature[:4] == wanted, "the checkpoint is signed with another key")
    need(ed25519(public[1:], text.encode(), signature[4:]), "the checkpoint's signature is wrong")
    origin, size, root = text.split("\n")[:3]
    need(origin == name, "the checkpoint is another log's")
    return int(size), base64.b64decode(root)


def check_entry(line: str, size: int, root: bytes) -> "set[object]":
    told = json.loads(line)
    entry = told["entry"]
    leaf = hashlib.sha256(b"\x00" + json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()).digest()
    proof = [bytes.fromhex(each) for each in told["proof"]]
    need(leaf_root(leaf, entry[0], size, proof) == root, "entry %s is not in the log" % entry[0])
    if "body" not in told:
        return set()
    made = hmac.new(bytes.fromhex(told["salt"]), told["body"].encode("utf-8"), "sha256").hexdigest()
    need(made == entry[4], "the body of entry %s is not the one that was committed to" % entry[0])
    body = json.loads(told["body"])
    return {body.get("sha256")} if isinstance(body, dict) and entry[2] in ("kept", "late") else set()


def check_log(folder: str, comment: str) -> "tuple[int, int]":
    size, root = check_checkpoint(folder)
    need("log-size=%d log-root=%s" % (size, root.hex()) in comment, "the signature speaks of another state of the log")
    lines = read(folder, "data/custody/entries.jsonl").decode("utf-8").split("\n")[:-1]
    known: "set[object]" = set()
    for line in lines:
        known |= check_entry(line, size, root)
    base = os.path.join(folder, "data", "originals")
    originals = sorted(os.listdir(base)) if os.path.isdir(base) else []
    for name in originals:
        sha256 = hashlib.sha256(read(folder, "data/originals/" + name)).hexdigest()
        need(name.split(".")[0] == sha256, "an original is named wrongly: " + name)
        need(sha256 in known, "no entry of the log speaks of the original " + name)
    return len(lines), len(originals)


def check(folder: str, key: "str | None") -> None:
    files = check_files(folder)
    comment = check_signature(folder, key)
    lines, originals = check_log(folder, comment)
    print("files: %d, each as it was signed" % files)
    print("signature: good (%s)" % comment)
    print("custody log: %d entries, each proven; %d originals, each spoken of" % (lines, originals))
    if key is None:
        print("signing key: %s" % read(folder, "minisign.pub").split(b"\n")[1].decode())
        print("Compare this key with the one that the newsroom gave you by another way.")
    print("GOOD")


def main(arguments: "list[str]") -> int:
    key: "str | None" = None
    rest: "list[str]" = []
    for each in arguments:
        if each.startswith("--key="):
            key = each[6:]
        else:
            rest.append(each)
    if "--key" in rest:
        place = rest.index("--key")
        if place + 1 == len(rest):
            print(__doc__)
            return 2
        key = rest[place + 1]
        del rest[place : place + 2]
    if len(rest) > 1 or any(each.startswith("-") for each in rest):
        print(__doc__)
        return 2
    folder = rest[0] if rest else os.path.dirname(os.path.abspath(__file__))
    try:
        check(folder, key)
    except Fault as fault:
        print("NOT GOOD: %s" % fault)
        return 1
    except Exception as error:  # whatever the bag holds: what cannot be read is not verified
        print("NOT GOOD: it cannot be read (%s)" % type(error).__name__)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
