"""The central system: accepts stations, answers them, sends them commands, keeps what they report."""
