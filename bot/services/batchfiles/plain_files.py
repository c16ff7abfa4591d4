"""Opens what somebody names as a file, without waiting: a device has no end, and a pipe may have no beginning."""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path


def open_plain(path: Path) -> BufferedReader:
    """A plain file or a pipe, open for reading; one into which nobody writes is empty.

    Raises OSError for what is neither, as for what is missing or may not be read, and ValueError for what is no path.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
            raise OSError(errno.ENODEV, "neither a file nor a pipe", str(path))
        # From here on whoever reads a pipe waits for its writer.
        os.set_blocking(descriptor, True)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise
