"""Starts the command line: `kalkan`, or `python -m bot`."""

import sys


def main() -> None:
    """Run one command and exit with its code."""
    # Worker processes import this module anew when they start: they need no command line.
    from bot.cli.application import run  # noqa: PLC0415

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
