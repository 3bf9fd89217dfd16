"""For all tests."""

import signal


def pytest_configure() -> None:
    # A shell starts what runs in the background with SIGINT ignored, and so would be every command
    # that a test starts and interrupts.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
