"""Thousands of charging stations in one process, or in several: load for a central system."""
