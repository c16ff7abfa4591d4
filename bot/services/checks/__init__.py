"""`kalkan check`: the same detection as in the chat, for batches of lines; a public contract (docs/check.md)."""
