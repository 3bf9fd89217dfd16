"""`pilotwire console`: the commands of the local API at a prompt, or from a pipe."""

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from cyclopts import App

PROMPT = "pilotwire> "
INTERRUPTED = 130
_ENDS = ("exit", "quit")


def converse(commands: App, execute: Callable[[Sequence[str]], int], options: list[str]) -> int:
    """Perform line after line, each with these options; give the worst exit code of a pipe's.

    `execute` runs a command and tells what is wrong with it.
    """
    worst = 0
    for line in _lines():
        try:
            words = shlex.split(line, comments=True)
        except ValueError as error:  # a quotation mark that does not close
            sys.stderr.write(f"{error}\n")
            worst = 2
            continue
        if words and words[0] in _ENDS:
            break
        code = _perform(commands, execute, words, options)
        worst = max(worst, code)
        if code == INTERRUPTED and not sys.stdin.isatty():
            break
    return 0 if sys.stdin.isatty() else worst


def _perform(
    commands: App, execute: Callable[[Sequence[str]], int], words: list[str], options: list[str]
) -> int:
    if not words:
        return 0
    if words[0] in ("help", "?"):
        return execute([*words[1:], "--help"])
    if words[0].startswith("-") or words[0] not in commands:
        sys.stderr.write(f'Received unknown command "{words[0]}"; help lists them\n')
        return 2
    return execute([*words, *options])


def _lines() -> Iterator[str]:
    if not sys.stdin.isatty():
        for line in sys.stdin:  # noqa: UP028  # `yield from` would close it with this generator
            yield line
        return
    with suppress(ImportError):  # not on every system; the prompt works without
        import readline  # noqa: F401  # gives input() its history and its keys
    while True:
        try:
            yield input(PROMPT)
        except EOFError:
            sys.stdout.write("\n")
            return
        except KeyboardInterrupt:
            sys.stdout.write("\n")
