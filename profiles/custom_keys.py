"""A station's own configuration: variables of `CustomizationCtrlr`, and keys of 1.6."""

CUSTOM = "CustomizationCtrlr"
"""The component; its variables without an instance are the station's own."""
