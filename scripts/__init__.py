"""Tools for those who work on Kalkan; none of them is needed to run it."""
