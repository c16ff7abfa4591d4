"""Grows the forest that tells copies from chance, on the part "fit" of the texts and with edits of its own."""
