"""Everything with a task, a socket or a file: station, central system, wire, store and command line."""
