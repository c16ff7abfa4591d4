"""Measures the search for names over scripts, typos and nicknames, side by side with plain RapidFuzz."""
