"""The central system: accepts stations, answers, sends commands, keeps what is reported."""
