"""Measures the custody log and the exported bags: what is caught, and how fast."""
