"""What every worker of the bot loads before its first task, loaded by being imported: what forks them preloads it."""

from bot.analysis import screens, worker

__all__ = ["screens"]

worker.warm_up_images()
worker.warm_up_texts()
