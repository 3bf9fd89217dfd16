"""What a person sees of a running station: a display on a terminal, else lines in the log."""

from .live import Live

__all__ = ["Live"]
