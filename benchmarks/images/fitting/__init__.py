"""How the numbers of the photo matcher were learnt: its own edits, its own photos."""
