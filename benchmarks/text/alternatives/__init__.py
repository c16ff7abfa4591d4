"""What else finds near-duplicate texts, on the same data."""
