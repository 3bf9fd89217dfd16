"""A program that starts `pilotwire` again and again without importing it again: it forks.

A line on standard input is a JSON list of arguments; the answer is a line with the id of the new
process, and one with its exit code when it has ended (negative: the signal that ended it). What the
command says is appended to the file that the command line names.
"""

import json
import os
import sys
from typing import NoReturn

import pilotwire.engine.run  # noqa: F401  # what takes long to import
from pilotwire.engine.cli import main


def become(arguments: list[str], log: str) -> NoReturn:
    """Be the command, in this process."""
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    code = 70  # a bug
    try:
        code = main(arguments)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def serve(log: str) -> None:
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            become(json.loads(line), log)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
