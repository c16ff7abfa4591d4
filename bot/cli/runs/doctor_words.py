"""What a look at one thing may say: that it is wrong, or that it could not be looked at."""


class Problem(Exception):
    """Something is wrong; the text says what and what to do."""


class Lacking(Problem):
    """Kalkan goes on without it, but would be better off with it."""


class Skipped(Exception):
    """It could not be looked at here and now; the text says why."""
