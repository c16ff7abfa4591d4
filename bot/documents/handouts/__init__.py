"""Digests and reports as documents to hand on: PDF and XLSX."""
