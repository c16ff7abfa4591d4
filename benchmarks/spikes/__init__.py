"""How well spikes are found in simulated counts, beside what else one would do."""
