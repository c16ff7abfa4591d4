"""How well threats are recognised: held-out sentences, ordinary lines, disguises, time."""
