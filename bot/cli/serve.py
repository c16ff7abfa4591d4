"""`kalkan serve`: the bot."""


def serve() -> None:
    """Run the bot by long polling until it is stopped."""
    from bot.cli.runs.bot import serve as run  # noqa: PLC0415 - loads the heavy rooms

    run()
