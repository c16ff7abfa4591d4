"""The duplicate-text benchmark: recall by kind of edit, false matches, speed, space and campaigns."""
