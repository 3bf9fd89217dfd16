"""What keeps a command from going on and is told in one line, without a traceback."""

from typing import ClassVar


class Failure(Exception):
    """Something outside the program is not as it must be; `str()` is the line that says so."""

    exit_code: ClassVar[int] = 1
