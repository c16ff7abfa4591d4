"""Farms: a synthetic world with ground truth, and how well farms are found in it."""
