"""Model objects in, bytes out."""
