"""The answers of `kalkan check` for a person at a terminal: a few lines each, the most important first."""

from collections.abc import Iterator, Mapping

from bot.cli.words import printable, sentence
from bot.model.verdict import AccountFound, CopyFound, Finding, PhotoFound
from bot.services.checks.answers import Answer, target_names

_SHOWN = 3
_EXCERPT = 100


class CheckView:
    """Words for answers, and the count of them."""

    def __init__(self) -> None:
        self._checked = self._threats = self._copied = self._pictured = self._listed = self._errors = 0

    def lines(self, answer: Answer, staff_names: Mapping[int, str]) -> bytes:
        """What is said of one line."""
        self._count(answer)
        said = list(_said(answer, staff_names)) or ["nothing known"]
        head, *rest = [printable(line) for line in said]
        name = printable(str(answer.id))
        return "\n".join([f"{name}: {head}", *(f"    {line}" for line in rest)]).encode("utf-8", "replace") + b"\n"

    def summary(self) -> bytes:
        """The last line."""
        counts = {
            "threats": self._threats,
            "with copies": self._copied,
            "with known photos": self._pictured,
            "with listed accounts": self._listed,
            "errors": self._errors,
        }
        return f"checked {self._checked}: {', '.join(f'{n} {word}' for word, n in counts.items())}\n".encode()

    def _count(self, answer: Answer) -> None:
        found = answer.finding
        self._checked += 1
        self._errors += answer.error is not None
        self._threats += found.threat.level == "threat"
        self._copied += found.copy_count > 0
        self._pictured += any(photo.tier == "match" for photo in found.photos)
        self._listed += bool(found.accounts)


def _said(answer: Answer, staff_names: Mapping[int, str]) -> Iterator[str]:
    if answer.error is not None:
        yield f"not checked: {answer.error}: {sentence(answer.error)}"
        return
    found = answer.finding
    if found.threat.level != "none":
        yield _threat(found, staff_names)
    yield from (_account(account) for account in found.accounts[:_SHOWN])
    yield from (_photo(photo) for photo in found.photos[:_SHOWN])
    yield from _screen(answer)
    if found.copy_count:
        yield f"text seen {found.copy_count} times by {found.copy_accounts} known accounts{_since(found)}"
    if found.campaign:
        yield f"campaign {found.campaign}"
    yield from (_copy(copy) for copy in found.copies[:_SHOWN])


def _threat(found: Finding, staff_names: Mapping[int, str]) -> str:
    threat = found.threat
    word = {"threat": "THREAT", "review": "possible threat, to be read", "violent_call": "violent call"}
    about = (
        f"{word.get(threat.level, threat.level)}: {', '.join(threat.kinds) or 'no kind'}, severity {threat.severity}"
    )
    targets = target_names(threat, staff_names)
    return about + (", imminent" if threat.imminent else "") + (f", at {', '.join(targets)}" if targets else "")


def _account(account: AccountFound) -> str:
    called = "known fake" if account.status == "confirmed" else f"listed account ({account.status})"
    sure = "" if account.strength in ("certain", "near_certain") else "possibly "
    return f"{sure}{called} {account.account}: {account.why}, {account.score:.0%}"


def _photo(photo: PhotoFound) -> str:
    kind = "photo: copy of" if photo.tier == "match" else "photo: possibly"
    mirrored = ", mirrored" if photo.mirrored else ""
    owner = f" of {photo.account}" if photo.account else ""
    return f"{kind} {photo.source}{owner}{mirrored}, {photo.score:.0%}"


def _screen(answer: Answer) -> Iterator[str]:
    """What was read on a screenshot, a line for each comment."""
    if answer.screen_error is not None:
        yield f"not read: {sentence(answer.screen_error)}"
    screen = answer.screen
    if screen is None:
        return
    where = f" on {screen.platform}" if screen.platform else ""
    yield f"screenshot: {screen.kind}{where}, {screen.confidence:.0%} sure"
    if screen.profile is not None:
        yield f"profile of {screen.profile.name or screen.profile.handle or 'nobody known'}"
    for comment in screen.counted:
        seen = f" (seen {comment.finding.copy_count} times)" if comment.finding.copy_count else ""
        threat = "" if comment.finding.threat.level == "none" else f" [{comment.finding.threat.level}]"
        yield f"{comment.writer or 'somebody'}: {comment.text[:_EXCERPT]}{seen}{threat}"


def _copy(copy: CopyFound) -> str:
    kind = "copy of" if copy.tier == "copy" else "similar to"
    by = f" by {copy.account}" if copy.account else ""
    return f"{kind} {copy.source}{by}, {copy.score:.0%}"


def _since(found: Finding) -> str:
    return f" since {found.copies_since:%Y-%m-%d}" if found.copies_since is not None else ""
