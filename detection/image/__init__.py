"""Images: open safely, fingerprint, find matches."""
