"""The statecharts, and the tree Station > Evse > Connector that they live in.

Pure: no I/O, no clock, no tasks.
"""
