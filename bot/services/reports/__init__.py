"""Reports over a period: two equal windows compared as election monitors do; computations are plain functions."""
