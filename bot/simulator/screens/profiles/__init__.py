"""Profile pages, as each application lays them out."""

from bot.simulator.screens.profiles.drawing import draw_profile

__all__ = ["draw_profile"]
