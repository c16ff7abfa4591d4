"""Imports from files: comments, photos, accounts, staff. Twice the same file changes nothing the second time."""
