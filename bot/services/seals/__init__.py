"""To whom originals are sealed: what the operator settles on the command line."""
