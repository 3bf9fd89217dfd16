"""A process of the fleet: `python -m pilotwire.engine.fleet`, which a fleet starts by itself."""

import sys

from ..config import Log
from ..log import set_up
from .process import main

set_up(Log(level="error"), sys.stderr, for_good=True)  # standard output is for the fleet
main()
