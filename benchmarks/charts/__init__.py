"""How long a chart takes."""
