"""Replay: one side of a recorded dialogue is said again to the other role, and the answers compared
(`pilotwire replay`).
"""
