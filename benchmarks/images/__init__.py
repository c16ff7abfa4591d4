"""Is a photo found again after it was edited, mirrored, or shown in a screenshot? Measured beside the alternatives."""
