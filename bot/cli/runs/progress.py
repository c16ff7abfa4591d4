"""Shows how far an import is and what it could not take, on stderr; on no terminal only the latter."""

import sys
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.cli.words import printable, sentence
from bot.services.imports.room import Problem

#: Problems that are printed; of millions of bad rows nobody reads more.
MOST_PROBLEMS: Final = 1_000


class ImportWatch:
    """A progress bar, as a context."""

    def __init__(self, title: str) -> None:
        self._problems = 0
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task(title, total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
        if self._problems > MOST_PROBLEMS:
            print(f"and {self._problems - MOST_PROBLEMS} more problems", file=sys.stderr)

    def progress(self, done: int, total: int) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=done, total=total or None)

    def problem(self, problem: Problem) -> None:
        """Say on stderr what was not taken, and why."""
        self._problems += 1
        if self._problems > MOST_PROBLEMS:
            return
        about = f" ({problem.detail})" if problem.detail else ""
        said = f"{problem.place}: {problem.code}{about}: {sentence(problem.code)}"
        if self._bar.disable:
            print(printable(said), file=sys.stderr)
        else:
            self._bar.console.print(printable(said), markup=False, highlight=False, soft_wrap=True)
