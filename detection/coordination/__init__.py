"""Who moves together: links between accounts with their evidence, communities, switches of allegiance, rhythms."""
