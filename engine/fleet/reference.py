"""Write docs/fleet.md, or compare it (`--check`): how to run a fleet, and every key of its file."""

import sys

from ..config.fields import ENVIRONMENT_PREFIX
from ..config.reference import markdown
from ..config.shipped import shipped_file
from .command import PREFIX
from .settings import Fleet

COMMAND = "python -m pilotwire.engine.fleet.reference"
INTRODUCTION = f"""\
# Fleets

<!-- Written by `{COMMAND}`; edit `engine/fleet/reference.py` and the settings structs. -->

A fleet is many charging stations in one process, or in several: the same station as the daemon's,
with its charts, its journal and its versions, and simulated cars. It loads a central system as real
stations do, and says how that went.

    pilotwire fleet                                     # fleet.toml, or the one that is shipped
    pilotwire fleet night.toml --target wss://csms.example/ocpp --stations 5000 --duration 10m

- **Groups** say which stations there are: versions, EVSEs, cars, when they come through a day, and
  what is wrong with them (`quirks`).
- **Phases** say what happens to them, one after the other: a ramp, steady load, a reconnect storm,
  a blackout, a rolling restart, a wave of new firmware.
- **Thresholds** say what is good enough: the exit code is 0, or 1 when one is missed (2 when the
  file is wrong).
- While it runs, a terminal shows it; elsewhere there is a line every ten seconds. Ctrl-C ends it in
  order, with a report all the same.
- The report is one HTML page that needs nothing else, and the same figures as JSON: each action's
  calls, failures and latencies, dials and boots, the course of the run, what stations still had to
  tell.
- `metrics.port` serves the figures for Prometheus while it runs.

Latencies are those that a station sees: from when it has something to ask, its turn awaited, to the
answer. The same seed gives the same stations, cars and course. `--workers 0` uses every processor.
Each station takes a file descriptor and a local port; too few of them are told before the start,
with the number that fits.

## On several machines

With `pip install 'pilotwire[distributed]'`, `--dask tcp://scheduler:8786` deals the stations out to
the workers of a [Dask](https://distributed.dask.org) cluster; what they counted comes back and is
one report. The passwords of groups travel with the work: use a cluster with TLS.

## In virtual time

    pilotwire fleet --virtual 30d                       # virtual.toml, or the one that is shipped
    pilotwire fleet street.toml --virtual 12h --seed 7 --log var/fleet/run.jsonl

Stations and a central system run in one process on links in memory, by a clock that jumps to
whatever is next: days pass in seconds. There are no sockets, threads or files behind it, and no
chance but the seed's: the same file, seed and length give the same log, byte for byte, on every
run of the same Pilotwire, Python and libraries. What a run found is found again with its file and
its seed, and the log says when it happened.

- `--log FILE` takes all that every station says and hears, as JSON lines like those of a station's
  [message log](message-log.md), with `station`, the identity; what goes wrong stands between them
  as notes. Tokens are in it, secrets are not. `pilotwire check` judges it, and
  [`pilotwire replay`](replay.md) says one station's part of it again.
- `[[faults]]` says what goes wrong, by the seed. In real time, on real links, there are `loss`,
  `clock_jump` and `power_cut` with `every_seconds`; the others are refused there.
- With `trace.enabled`, all dialogues are held to the [trace rules](trace-rules.md) while it runs;
  `thresholds.broken_rules = 0` makes the exit code 1 when one is broken.
- Report, thresholds and exit code are as in real time. The run begins at `begins_at`.
- What costs time is how much is said: give cars the hours they stay, and samples the intervals that
  stations really have, as `virtual.toml` does. Pings are not played out where a link works.
- Only the embedded central system, one worker, journals in memory and security profile 0 are
  possible. What the central system is told stays in its memory: about 70 KB a station and day.

The keys of the file:
"""


def main(arguments: list[str]) -> int:
    page = shipped_file().parent / "docs" / "fleet.md"
    written = markdown(Fleet, INTRODUCTION).replace(f"`{ENVIRONMENT_PREFIX}", f"`{PREFIX}")
    if arguments == ["--check"]:
        if page.exists() and page.read_text(encoding="utf-8") == written:
            return 0
        sys.stderr.write(f"{page}: stale; run: {COMMAND}\n")
        return 1
    if arguments:
        sys.stderr.write(f"usage: {COMMAND} [--check]\n")
        return 2
    page.write_text(written, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
