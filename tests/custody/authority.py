"""A time-stamping authority of the tests' own, made with openssl: its answers are real, nobody trusts them."""

import shutil
import subprocess
from pathlib import Path

_CONFIGURATION = """[tsa]
default_tsa=t
[t]
serial=serial
signer_cert=tsa.pem
signer_key=tsa.key
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256,sha512
accuracy=secs:1
ess_cert_id_alg=sha256
[ext]
extendedKeyUsage=critical,timeStamping
"""
_CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Authority:
    """An authority whose files lie in a folder; `certificate` is what its tokens are verified with."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        (folder / "t.cnf").write_text(_CONFIGURATION)
        (folder / "serial").write_text("01\n")
        self._run("req", "-x509", *_CURVE, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA", "-days", "9")
        self._run("req", *_CURVE, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test TSA")
        signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "9")
        extra = ("-extfile", "t.cnf", "-extensions", "ext")
        self._run("x509", "-req", "-in", "tsa.csr", "-out", "tsa.pem", *signing, *extra)

    @property
    def certificate(self) -> Path:
        """The root that a receiver has to trust."""
        return self._folder / "ca.pem"

    def answer(self, request: bytes) -> bytes:
        """The answer to a request, as over HTTP."""
        (self._folder / "q.tsq").write_bytes(request)
        self._run("ts", "-reply", "-config", "t.cnf", "-section", "t", "-queryfile", "q.tsq", "-out", "r.tsr")
        return (self._folder / "r.tsr").read_bytes()

    def verifies(self, data: Path, token: Path) -> bool:
        """What `openssl ts -verify` says."""
        command = ["openssl", "ts", "-verify", "-data", str(data), "-in", str(token), "-CAfile", str(self.certificate)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def _run(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self._folder, capture_output=True, check=True)


def has_openssl() -> bool:
    """Whether openssl is installed."""
    return shutil.which("openssl") is not None
