"""What a look at one thing may say: that it is wrong, or that it could not be looked at."""


class Problem(Exception):
    """Something is wrong; the text says what and what to do."""


class Skipped(Exception):
    """It could not be looked at here and now; the text says why."""
