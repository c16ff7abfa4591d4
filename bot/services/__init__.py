"""The editors' desk: use cases, a file per noun."""
