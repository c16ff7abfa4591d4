"""Accounts: links, handles, names in several scripts."""

from detection.accounts.links import Link, parse_links
from detection.accounts.matching import AccountMatch, AccountQuery, KnownAccount, Strength, Why, match_accounts
from detection.accounts.names import handle_key, handle_skeleton, name_key
from detection.accounts.platforms import Platform, profile_url

__all__ = [
    "AccountMatch",
    "AccountQuery",
    "KnownAccount",
    "Link",
    "Platform",
    "Strength",
    "Why",
    "handle_key",
    "handle_skeleton",
    "match_accounts",
    "name_key",
    "parse_links",
    "profile_url",
]
