"""The tables of the central system's database. Times are µs since 1970 UTC, energy is Wh.

General enough for 2.x: a transaction's id is text and unique per station only, EVSE and connector
are told apart (EVSE 0: the station counts connectors only), `seq_no` is null where there is none.
"""

APPLICATION_ID = 0x50574353  # "PWCS": whose file it is
VERSION = 3

EVENTS = """
CREATE TABLE transaction_events ( -- 2.x: each event once
    station_id TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    seq_no INTEGER NOT NULL,
    record TEXT NOT NULL,           -- JSON of TransactionEvent
    PRIMARY KEY (station_id, transaction_id, seq_no)
) STRICT, WITHOUT ROWID;
"""

TABLES = f"""
{EVENTS}
CREATE TABLE stations (
    station_id TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    registration TEXT,
    booted_at INTEGER,
    boot TEXT,                      -- JSON of BootInfo
    password_hash TEXT,
    security_profile INTEGER        -- the highest that it was let in by
) STRICT, WITHOUT ROWID;

CREATE TABLE connectors (
    station_id TEXT NOT NULL,
    evse INTEGER NOT NULL,
    connector INTEGER NOT NULL,
    status TEXT,
    report TEXT,                    -- JSON of ConnectorReported
    register REAL,                  -- Energy.Active.Import.Register
    register_at INTEGER,
    PRIMARY KEY (station_id, evse, connector)
) STRICT, WITHOUT ROWID;

CREATE TABLE transactions (
    id INTEGER PRIMARY KEY,         -- in the order in which their starts were received
    station_id TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    evse INTEGER NOT NULL,
    connector INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    id_token TEXT,
    meter_start INTEGER,
    meter_stop INTEGER,
    seq_no INTEGER,
    record TEXT NOT NULL,           -- JSON of Transaction
    UNIQUE (station_id, transaction_id)
) STRICT;
CREATE INDEX transactions_by_id ON transactions (transaction_id);
CREATE INDEX transactions_by_start ON transactions (station_id, started_at);
CREATE INDEX transactions_running ON transactions (station_id) WHERE ended_at IS NULL;

CREATE TABLE meter_values (
    id INTEGER PRIMARY KEY,
    station_id TEXT NOT NULL,
    transaction_id TEXT NOT NULL,   -- empty: of no transaction
    evse INTEGER NOT NULL,
    connector INTEGER NOT NULL,
    seq_no INTEGER,
    at INTEGER NOT NULL,
    digest BLOB NOT NULL,           -- of samples: a reading that is sent again is kept once
    samples TEXT NOT NULL,          -- JSON, a list of SampledValue
    UNIQUE (station_id, transaction_id, evse, connector, at, digest)
) STRICT;

CREATE TABLE reports (              -- what else was told: the record as it stands
    id INTEGER PRIMARY KEY,
    station_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    record TEXT NOT NULL
) STRICT;
CREATE INDEX reports_by_station ON reports (station_id, at);
"""
STEPS = {1: EVENTS, 2: "ALTER TABLE stations ADD COLUMN security_profile INTEGER;"}
"""From each earlier version to the next."""
