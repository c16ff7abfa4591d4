"""The archive's building plans."""
