"""What is left of JSON in which words stood: codes, numbers, places in a picture, accounts, and who is meant."""

from typing import Any, Final

#: What people or strangers said, in the history's details; below these nothing but numbers stays.
_SAID: Final = frozenset({"text", "value", "place", "before", "after", "words", "reason"})
#: Targets that are a name on the newsroom's own list, and not words of the text.
_NAMED: Final = frozenset({"staff", "outlet_named"})


def without_finding(found: Any) -> Any:
    """A finding without places in the text, without what the text calls people, without its links."""
    if not isinstance(found, dict):
        return found
    left = dict(found)
    if isinstance(left.get("threat"), dict):
        targets = without_targets(left["threat"].get("targets"))
        left["threat"] = left["threat"] | {"spans": [], "targets": targets}
    if "links" in left:
        left["links"] = []
    return left


def without_targets(targets: Any) -> Any:
    """The targets that stand on the list of staff."""
    if not isinstance(targets, list):
        return targets
    return [each for each in targets if each.get("kind") in _NAMED and each.get("staff") is not None]


def without_reading(reading: Any) -> Any:
    """What was read on a screenshot, without the words: who wrote how many comments, and what was found of each."""
    if not isinstance(reading, dict):
        return reading
    left = dict(reading)
    left["comments"] = [
        each | {"text": "", "sealed": True, "finding": without_finding(each.get("finding"))}
        if each.get("text")
        else each
        for each in left.get("comments") or []
    ]
    if isinstance(left.get("profile"), dict):
        left["profile"] = left["profile"] | {"about": "", "finding": without_finding(left["profile"].get("finding"))}
    return left


def said_nothing(details: Any) -> Any:
    """Details of an event without what somebody said."""
    if not isinstance(details, dict):
        return details
    return {name: _numbers(value) if name in _SAID else value for name, value in details.items()}


def _numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_numbers(each) for each in value]
    return "" if isinstance(value, str) else value
