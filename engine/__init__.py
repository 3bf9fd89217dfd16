"""All that has a task, a socket or a file: station, central system, wire, store, command line."""
