"""The socket's messages and the seam's facts say the same."""

import typing

import msgspec
import pytest

from pilotwire.drivers.outside.messages import (
    FROM_PROGRAM,
    Message,
    NotUnderstood,
    fact_of,
    read_message,
    written,
)
from pilotwire.machines import events
from pilotwire.machines.effects import Command
from pilotwire.machines.meter import MeterSample

_FACTS = {
    "CablePlugged", "CableUnplugged", "BayOccupied", "BayVacated", "EnergyFlowing",
    "SuspendedByEv", "SuspendedByEvse", "StoppedByEv", "ConnectorLocked", "ConnectorUnlocked",
    "LockFailed", "UnlockFailed", "FaultRaised", "FaultCleared", "TokenPresented",
    "SecurityEventHappened",
}  # fmt: skip


def fields_of(struct: type[msgspec.Struct]) -> set[str]:
    return {field.name for field in msgspec.structs.fields(struct)}


def test_every_fact_of_the_seam_has_a_message_with_the_same_fields() -> None:
    kinds = {kind.__name__: kind for kind in FROM_PROGRAM}
    others = {"MeterRead", "ReadingSigned", "ReadingNotSigned", "Ready", "Ping", "Pong"}
    assert kinds.keys() - others == _FACTS
    for name in _FACTS:
        assert fields_of(kinds[name]) == fields_of(getattr(events, name)), name
    assert fields_of(kinds["MeterRead"]) == fields_of(MeterSample) - {"signed"}


@pytest.mark.parametrize("kind", FROM_PROGRAM, ids=lambda kind: kind.__name__)
def test_a_message_becomes_its_fact(kind: type[Message]) -> None:
    given: dict[str, object] = {"type": kind.__name__}
    if kind.__name__ == "FaultRaised":
        given["error_code"] = "OverVoltage"
    if kind.__name__ == "SecurityEventHappened":
        given["event"] = "TamperDetectionActivated"
    if kind.__name__ == "TokenPresented":
        given["id_token"] = {"value": "AB"}
    if kind.__name__ in ("MeterRead", "ReadingSigned"):
        given["energy_import"] = 1
    if kind.__name__ in ("ReadingSigned", "ReadingNotSigned"):
        given["number"] = 1
    if kind.__name__ == "ReadingSigned":
        given |= {"data": "AAEC", "encoding_method": "OCMF"}
    message = read_message(msgspec.json.encode(given))
    assert type(message) is kind
    fact = fact_of(message)
    expected = kind.__name__ if kind.__name__ in _FACTS else "NoneType"
    assert type(fact).__name__ == expected


def test_every_command_is_written_as_one_line() -> None:
    for kind in typing.get_args(Command):
        required = {"id_token": events.IdToken("AB"), "reason": "Blocked", "messages": ()}
        needed = {each.name for each in msgspec.structs.fields(kind) if each.required}
        more = {name: value for name, value in required.items() if name in needed}
        line = written(kind(1, **more))
        assert line.startswith(b'{"type":"' + kind.__name__.encode() + b'","evse":1')
        assert line.count(b"\n") == 1


def test_c07_a_car_shows_its_contract() -> None:
    hash = {
        "hash_algorithm": "SHA256",
        "issuer_name_hash": "aa",
        "issuer_key_hash": "bb",
        "serial_number": "1c",
        "responder_url": "http://ocsp.example/",
    }
    given = {
        "type": "TokenPresented",
        "id_token": {"value": "NLPWRC12345678", "type": "eMAID"},
        "contract": {"chain": "PEM", "hashes": [hash]},
    }
    fact = fact_of(read_message(msgspec.json.encode(given)))
    assert fact == events.TokenPresented(
        events.IdToken("NLPWRC12345678", "eMAID"),
        events.Contract("PEM", (events.CertificateHash(**hash),)),
    )
    for wrong in ({"chain": ""}, {"chain": "PEM", "hashes": [{**hash, "x": 1}]}, {}):
        with pytest.raises(NotUnderstood):
            read_message(msgspec.json.encode({**given, "contract": wrong}))
