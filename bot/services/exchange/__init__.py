"""Sharing by choice: signed files in which newsrooms tell each other hashes and fingerprints, never people."""
