"""Reading phone screenshots: which platform, whose profile, who wrote what, in which order and when."""
