"""The local API's clients: what `pilotwire status` and its sisters do."""
