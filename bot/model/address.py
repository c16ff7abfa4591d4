"""Addresses of posts and pages as strangers write them: taken apart, whatever they are."""

from urllib.parse import SplitResult, urlsplit


def parted(address: str) -> SplitResult:
    """An address taken apart; what no address can look like ("http://[::1") is a path and nothing else."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", address, "", "")
