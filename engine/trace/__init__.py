"""Traces: the rules of `profiles/trace` over logs (`pilotwire check`) and over live links."""
