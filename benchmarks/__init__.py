"""Reproducible measurements beside what a user would pick instead; results in RESULTS.md."""
