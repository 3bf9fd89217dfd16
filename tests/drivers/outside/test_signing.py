"""A meter behind the socket that signs."""

from functools import partial
from typing import Any

import trio
from trio.testing import MockClock

from pilotwire.drivers.driver import SigningRequest
from pilotwire.drivers.outside.signing import SigningOutsideEvse
from pilotwire.machines.events import IdToken
from pilotwire.machines.meter import MeterSample, SignedReading

from .program import HELLO, READ, READY, UNPLUGGED, Hardware, running

KEY = "oca:base16:asn1:3059"
BEGIN = SigningRequest(
    context="Transaction.Begin", transaction_id="tx", id_token=IdToken("DEADBEEF")
)
ASKED = {
    "type": "SignReading",
    "number": 1,
    "context": "Transaction.Begin",
    "transaction_id": "tx",
    "id_token": {"value": "DEADBEEF", "type": "ISO14443"},
}
ANSWER = {
    "type": "ReadingSigned",
    "number": 1,
    "energy_import": 101.0,
    "data": "T0NNRg==",
    "encoding_method": "OCMF",
}

signing = partial(running, kind=SigningOutsideEvse)


class Question:
    """A reading that is asked for, and what came of it."""

    def __init__(self, evse: Any) -> None:
        self.evse = evse
        self.answers: list[MeterSample] = []

    async def ask(self) -> None:
        self.answers.append(await self.evse.sign_meter(BEGIN))


async def ready(rig: Any) -> Hardware:
    program: Hardware = await rig.door.connect()
    await program.send({**HELLO, "public_key": KEY}, UNPLUGGED, READ, READY)
    await program.said()
    return program


async def test_the_program_has_its_meter_sign(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    async with signing() as rig:
        program = await ready(rig)
        assert rig.evse.public_key == KEY
        question = Question(rig.evse)
        nursery.start_soon(question.ask)
        assert [m for m in await program.said() if m["type"] != "Ping"] == [ASKED]
        await program.send(ANSWER)
        signed = SignedReading(data=b"OCMF", encoding_method="OCMF", public_key=KEY)
        assert question.answers == [MeterSample(energy_import=101.0, signed=signed)]
        assert rig.evse.read_meter() == MeterSample(energy_import=101.0)


async def test_or_says_that_it_does_not(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    async with signing() as rig:
        program = await ready(rig)
        question = Question(rig.evse)
        nursery.start_soon(question.ask)
        await program.said()
        await program.send({"type": "ReadingNotSigned", "number": 1, "why": "busy"})
        assert question.answers == [MeterSample(energy_import=100.0)]


async def test_a_program_that_goes_leaves_the_reading_unsigned(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    async with signing() as rig:
        program = await ready(rig)
        question = Question(rig.evse)
        nursery.start_soon(question.ask)
        await program.said()
        await program.stream.aclose()
        await trio.sleep(1)
        assert question.answers == [MeterSample(energy_import=100.0)]
        await question.ask()  # nobody is there
        assert len(question.answers) == 2


async def test_an_answer_that_nobody_asked_for_is_a_mistake(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    async with signing() as rig:
        program = await ready(rig)
        await program.send(ANSWER)
        question = Question(rig.evse)
        nursery.start_soon(question.ask)
        await trio.sleep(0.1)
        await program.send({**ANSWER, "number": 2}, {**ANSWER, "energy_import": 99.0})
        problems = [m["problem"] for m in await program.said() if m["type"] == "Error"]
        assert problems == [
            "no reading 1 is to be signed",
            "no reading 2 is to be signed",
            "energy_import of MeterRead: 99 is less than 100, and a register never runs back",
        ]
        assert question.answers == []
        await program.send(ANSWER)
        assert len(question.answers) == 1


async def test_without_signed_meter_nothing_is_signed(autojump_clock: MockClock) -> None:
    async with running() as rig:
        program = await ready(rig)
        await program.send(ANSWER)
        (error,) = await program.said()
        assert error["problem"] == "no reading 1 is to be signed"
