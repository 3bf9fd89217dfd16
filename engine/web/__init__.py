"""The local API: the station over HTTP, for its owner and for tools; served on this machine."""
