"""Backups: one encrypted file that the server itself cannot open, and what it takes to stand there again."""
