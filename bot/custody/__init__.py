"""The custody log as arithmetic: entries, their tree, sealed bodies, signed checkpoints, and the check of it all.

Nothing here knows a database, a file or a clock: bytes and values in, bytes and values out.
"""
