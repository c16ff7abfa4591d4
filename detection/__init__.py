"""The laboratory: pure and synchronous; it knows no phone, no archive, no clock."""
