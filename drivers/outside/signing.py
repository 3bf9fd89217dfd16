"""An EVSE behind a socket whose meter signs: a question has a number, and the answer names it."""

import structlog
import trio

from ...machines.meter import MeterSample
from ..driver import SigningRequest
from .conversation import Conversation
from .evse import OutsideEvse
from .messages import IdToken, Message, ReadingNotSigned, ReadingSigned, SignReading

log = structlog.get_logger()


class SigningOutsideEvse(OutsideEvse):
    """A `SigningDriver` whose hardware is outside."""

    _number = 0  # of the question that was asked last
    _answer: MeterSample | None = None
    _answered: trio.Event | None = None  # while a question is open

    @property
    def public_key(self) -> str:
        return "" if self._program is None else self._program.public_key

    async def sign_meter(self, request: SigningRequest) -> MeterSample:
        program = self._program
        if program is None or not program.is_ready:
            return self.read_meter()
        self._number += 1
        self._answer, self._answered = None, trio.Event()
        token = request.id_token
        program.conversation.say(
            SignReading(
                number=self._number,
                context=request.context,
                transaction_id=request.transaction_id,
                id_token=None if token is None else IdToken(token.value, token.type),
            )
        )
        try:
            await self._answered.wait()
        finally:
            self._answered = None
        return self._answer or self.read_meter()

    def parted(self, conversation: Conversation) -> None:
        super().parted(conversation)
        if self._program is None:
            self._settle(None)

    def heard(self, message: Message) -> None:
        match message:
            case ReadingSigned() if self._is_asked(message.number):
                program = self._program
                assert program is not None  # a conversation tells nothing before its hello
                self._sample = program.read(message.sample(), self._sample)
                self._settle(message.signed(program.public_key))
            case ReadingNotSigned() if self._is_asked(message.number):
                log.warning("meter_does_not_sign", evse=self._hello.evse, why=message.why)
                self._settle(None)
            case _:
                super().heard(message)

    def _is_asked(self, number: int) -> bool:
        return self._answered is not None and number == self._number

    def _settle(self, answer: MeterSample | None) -> None:
        self._answer = answer
        if self._answered is not None:
            self._answered.set()
