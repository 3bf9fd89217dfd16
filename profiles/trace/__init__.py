"""Trace rules: what must hold in any dialogue of a station with its CSMS, judged frame by frame."""

from .judge import RULES, Judge
from .rule import Rule
from .said import Finding, Gap, Item, Kind, LinkChanged, Said

__all__ = ["RULES", "Finding", "Gap", "Item", "Judge", "Kind", "LinkChanged", "Rule", "Said"]
