"""How fast the threat log answers, with ten thousand records in it."""
