"""The charging station: its nursery, the tasks of its EVSEs and its connection."""
