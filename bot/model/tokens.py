"""Invite tokens: what is stored of them."""

import hashlib
import re

START_WITH_TOKEN = re.compile(r"/start(?:@\w{3,64})? ([A-Za-z0-9_-]{22,64})")


def token_hash(token: str) -> str:
    """The hash under which an invite is kept. A random token of 128 bits needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
