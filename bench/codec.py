"""What a message costs without a wire: its whole frame read and written, with all of its checks.

    python bench/codec.py [--runs 5] [--seconds 0.1] [--only MeterValues]

A frame that came becomes what a handler gets, and what a caller has becomes a frame that can leave.
Pilotwire and PyPI `ocpp` check the payload by its schema, `ocpp` also in writing; `json` and
`msgspec` without a type check nothing and give dictionaries: they are there for scale. All take
turns in this process; CPU time counts.
"""

import argparse
import json
from collections.abc import Callable
from importlib import import_module
from statistics import median
from time import process_time
from typing import NamedTuple

import msgspec
import ocpp.messages
from ocpp.charge_point import (
    camel_to_snake_case,
    remove_nones,
    serialize_as_dict,
    snake_to_camel_case,
)
from peers.marks import WORKLOADS

from pilotwire.engine.wire.happenings import Limits
from pilotwire.engine.wire.rpc import Rpc
from pilotwire.profiles.family import VERSIONS
from pilotwire.profiles.messages.base import decode

OCPP_VERSIONS = {"ocpp1.6": ("1.6", "ocpp.v16"), "ocpp2.0.1": ("2.0.1", "ocpp.v201")}
MESSAGE_ID = "0c5a2c3e-6b1f-4f0e-9d3e-5d5e6e1b7a10"
FIRST_ROUNDS = 8


class Codec(NamedTuple):
    name: str
    read: Callable[[], object]
    write: Callable[[], object]


def ours(workload: str, frame: bytes) -> Codec:
    """What the session does: the frame's own rules, the payload's, and the struct."""
    version = VERSIONS[WORKLOADS[workload]["subprotocol"]]
    forgetful = Limits(remembered_answers=0)
    csms, station = Rpc(version, "csms", forgetful), Rpc(version, "station", forgetful)
    request = decode(
        version.actions()[workload], json.dumps(WORKLOADS[workload]["request"]).encode()
    )

    def read() -> object:
        return csms.receive_plain(frame)

    def write() -> object:
        station.outstanding = None
        return station.call(request, 0.0).frame

    assert read() is not None
    return Codec("pilotwire", read, write)


def pypi_ocpp(workload: str, frame: bytes) -> Codec:
    """What `ChargePoint` does, but in this thread: its pool of threads costs a tenth more."""
    number, module = OCPP_VERSIONS[WORKLOADS[workload]["subprotocol"]]
    request_type = getattr(import_module(module).call, workload)
    request = request_type(**camel_to_snake_case(WORKLOADS[workload]["request"]))
    text = frame.decode()
    validate = ocpp.messages._validate_payload

    def read() -> object:
        message = ocpp.messages.unpack(text)
        validate(message, number)
        return camel_to_snake_case(message.payload)

    def write() -> object:
        payload = remove_nones(snake_to_camel_case(serialize_as_dict(request)))
        call = ocpp.messages.Call(unique_id=MESSAGE_ID, action=workload, payload=payload)
        validate(call, number)
        return call.to_json()

    return Codec("ocpp", read, write)


def untyped(frame: bytes) -> list[Codec]:
    content = json.loads(frame)
    return [
        Codec(
            "json", lambda: json.loads(frame), lambda: json.dumps(content, separators=(",", ":"))
        ),
        Codec("msgspec", lambda: msgspec.json.decode(frame), lambda: msgspec.json.encode(content)),
    ]


def microseconds(call: Callable[[], object], seconds: float) -> float:
    """CPU time of one call, over so many that it takes about that long."""
    rounds = FIRST_ROUNDS
    while True:
        began = process_time()
        for _ in range(rounds):
            call()
        spent = process_time() - began
        if spent >= seconds / 2:
            return spent / rounds * 1e6
        rounds *= 2 if spent < seconds / 8 else 4


def medians(calls: list[Callable[[], object]], runs: int, seconds: float) -> list[str]:
    """The time of each, and how many times the first's: medians of runs that take turns."""
    rounds = [[microseconds(call, seconds) for call in calls] for _ in range(runs)]
    return [
        f"{median(round[index] for round in rounds):9.2f}"
        f" {median(round[index] / round[0] for round in rounds):6.1f}"
        for index in range(len(calls))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="of which the median counts")
    parser.add_argument("--seconds", type=float, default=0.1, help="of CPU, for each figure")
    parser.add_argument("--only", nargs="+", choices=list(WORKLOADS), default=list(WORKLOADS))
    options = parser.parse_args()
    print("for one frame: µs of CPU, and how many times ours")
    print(f"{'':16} {'bytes':>6}  {'':9} {'---- read ------':>16} {'---- write -----':>16}")
    for workload in options.only:
        payload = json.dumps(WORKLOADS[workload]["request"], separators=(",", ":"))
        frame = f'[2,"{MESSAGE_ID}","{workload}",{payload}]'.encode()
        codecs = [ours(workload, frame), pypi_ocpp(workload, frame), *untyped(frame)]
        reads = medians([each.read for each in codecs], options.runs, options.seconds)
        writes = medians([each.write for each in codecs], options.runs, options.seconds)
        for each, read, write in zip(codecs, reads, writes, strict=True):
            print(f"{workload:16} {len(frame):6d}  {each.name:9} {read} {write}", flush=True)


if __name__ == "__main__":
    main()
