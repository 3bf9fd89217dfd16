"""Signed readings of an EVSE's meter: asked for one after the other, each with a time limit.

Nothing that has to be reported is lost to a meter that does not sign: it is then reported without.
"""

from collections.abc import Callable

import structlog
import trio

from ...drivers.driver import Driver, SigningDriver, SigningRequest
from ...machines.meter import MeterSample

log = structlog.get_logger()

SIGNING_SECONDS = 30.0  # no meter is known that takes longer (signed meter values, 2.3.1)

Then = Callable[[MeterSample | None], None]  # told the reading, None where there is no signed one


class Signer:
    """Has one EVSE's meter sign, while `run` runs."""

    __slots__ = ("_asked", "_driver", "_evse_id", "_is_running", "_wake")

    def __init__(self, driver: Driver, evse_id: int) -> None:
        self._driver = _signing(driver)
        self._evse_id = evse_id
        self._asked: list[tuple[SigningRequest, Then]] = []
        self._wake: trio.Event | None = None
        self._is_running = False

    @property
    def can_sign(self) -> bool:
        return self._driver is not None

    @property
    def public_key(self) -> str:
        """The meter's, as printed on it; "" while it is not known."""
        return "" if self._driver is None else self._driver.public_key

    def ask(self, request: SigningRequest, then: Then) -> None:
        """Have a reading signed. `then` is called once, at once where there is nobody to sign."""
        if not self._is_running:
            then(None)
            return
        self._asked.append((request, then))
        if self._wake is not None:
            self._wake.set()

    @property
    def is_busy(self) -> bool:
        """Say whether something that was asked for is still to be answered."""
        return bool(self._asked)

    async def run(self) -> None:
        """Sign until cancelled; without a meter that can, do nothing."""
        if self._driver is None:
            return
        self._is_running = True
        while True:
            while self._asked:
                reading = await self._sign(self._driver, self._asked[0][0])
                _, then = self._asked.pop(0)
                then(reading)
            self._wake = trio.Event()
            await self._wake.wait()

    def end(self) -> None:
        """Answer what is still asked for: with nothing."""
        self._is_running = False
        while self._asked:
            _, then = self._asked.pop(0)
            then(None)

    async def _sign(self, driver: SigningDriver, request: SigningRequest) -> MeterSample | None:
        problem = f"no answer in {SIGNING_SECONDS:g} s"
        try:
            with trio.move_on_after(SIGNING_SECONDS):
                reading = await driver.sign_meter(request)
                if reading.signed is not None:
                    return reading
                problem = "the meter gave none"
        except Exception as error:  # of the driver's: the supervisor of drivers is also here
            log.exception("driver_failed", evse=self._evse_id)
            problem = f"the driver failed: {type(error).__name__}"
        log.warning(
            "reading_not_signed", evse=self._evse_id, context=request.context, reason=problem
        )
        return None


def _signing(driver: Driver) -> SigningDriver | None:
    # The first look is for speed: a protocol with members that are no methods is slow to ask.
    if hasattr(driver, "sign_meter") and isinstance(driver, SigningDriver):
        return driver
    return None
