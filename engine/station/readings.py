"""What an EVSE's meter is read for: the lists of measurands, each with its occasion (2.x block J 2,
1.6 3.16), and which of its readings are to be signed (signed meter values, chapters 3 and 4).
"""

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

import msgspec

from ...machines.effects import Effect
from ...machines.meter import MeterSample
from ...profiles.device_model import Key
from ...profiles.measurands import ENERGY_REGISTER, INTERVAL
from ...profiles.report import ReadingContext, Sample

if TYPE_CHECKING:
    from .station import ChargingStation

STARTED = Key("SampledDataCtrlr", "TxStartedMeasurands")
SAMPLED = Key("SampledDataCtrlr", "TxUpdatedMeasurands")
SAMPLED_INTERVAL = Key("SampledDataCtrlr", "TxUpdatedInterval")
ENDED = Key("SampledDataCtrlr", "TxEndedMeasurands")
ENDED_INTERVAL = Key("SampledDataCtrlr", "TxEndedInterval")
ALIGNED = Key("AlignedDataCtrlr", "Measurands")
ALIGNED_INTERVAL = Key("AlignedDataCtrlr", "Interval")
ALIGNED_ENDED = Key("AlignedDataCtrlr", "TxEndedMeasurands")
ALIGNED_ENDED_INTERVAL = Key("AlignedDataCtrlr", "TxEndedInterval")
MAX_ENDED = Key("OCPP16LegacyCtrlr", "StopTransactionMaxMeterValues")
DEPENDS_ON = frozenset({SAMPLED_INTERVAL, ENDED_INTERVAL, ALIGNED_INTERVAL, ALIGNED_ENDED_INTERVAL})
_OTHERWISE = (ENDED, ALIGNED, ALIGNED_ENDED)
_WITHOUT_PHASES = Key("SampledDataCtrlr", "RegisterValuesWithoutPhases")
_PUBLIC_KEY = Key("OCPPCommCtrlr", "PublicKeyWithSignedMeterValue")


What = Literal["sampled", "sampled for end", "aligned", "aligned for end", "triggered"]


class TakeReading(Effect, frozen=True):
    """Read the EVSE's meter, in its turn: after what is already to be reported.

    `time` (s since 1970) is the moment that a clock-aligned reading is for.
    """

    evse: int
    what: What
    time: float | None = None


class Readings:
    """The readings of one EVSE's meter."""

    __slots__ = ("_before", "_is_key_told", "evse_id", "station")

    def __init__(self, station: "ChargingStation", evse_id: int) -> None:
        self.station = station
        self.evse_id = evse_id
        self._before: dict[Key, MeterSample] = {}  # by the list, its reading before
        self._is_key_told = False  # in the transaction that runs

    def begin(self, meter: MeterSample) -> None:
        """A transaction begins with this reading: intervals count from it."""
        self._is_key_told = False
        bare = msgspec.structs.replace(meter, signed=None)
        self._before |= {SAMPLED: bare, ENDED: bare, ALIGNED_ENDED: bare}

    def now(self) -> MeterSample:
        """Read this instant."""
        return self.station.evses[self.evse_id - 1].read_meter()

    def sample(
        self,
        context: ReadingContext,
        measurands: Key,
        meter: MeterSample,
        time: float,
        *,
        in_transaction: bool = True,
    ) -> tuple[Sample, ...]:
        """Give what this list tells of a reading; nothing where it is empty, or not in use."""
        names = self.names(measurands)
        if not names:
            return ()
        meter = self._shown(measurands, meter, in_transaction)
        before = None
        if _have_intervals(names):
            before = None if context == "Transaction.Begin" else self._before.get(measurands)
            self._before[measurands] = msgspec.structs.replace(meter, signed=None)
        return (Sample(time, context, meter, names, before),)

    def names(self, measurands: Key) -> tuple[str, ...]:
        """Give the measurands of a list, none where its kind of data is not in use."""
        if not self._is_true(_governing(measurands, "Enabled"), otherwise=True):
            return ()
        return self.station.model.members(measurands)

    # ---- signatures

    def is_signed(self, measurands: Key, *, in_transaction: bool = True) -> bool:
        """Say whether readings for this list are to be signed, and it tells what the meter signs.

        E02.FR.14, J01.FR.21, J02.FR.21 and the matrix of signed meter values 5.1.
        """
        signer = self.station.evses[self.evse_id - 1].signer
        if not signer.can_sign or ENERGY_REGISTER not in self.names(measurands):
            return False
        needs = ["SignReadings"]
        if measurands == SAMPLED or (measurands == ALIGNED and in_transaction):
            needs.append("SignUpdatedReadings")
        elif measurands not in _OTHERWISE:  # of a beginning
            needs.append("SignStartedReadings")
        return all(self._is_true(_governing(measurands, need)) for need in needs)

    def _shown(self, measurands: Key, meter: MeterSample, in_transaction: bool) -> MeterSample:
        """Give the reading as this list tells it: its phases, its signature, and the key to it."""
        if meter.energy_import_phases and self._is_true(_WITHOUT_PHASES):
            meter = msgspec.structs.replace(meter, energy_import_phases=())
        signed = meter.signed
        if signed is None:
            return meter
        if not self.is_signed(measurands, in_transaction=in_transaction):
            return msgspec.structs.replace(meter, signed=None)
        if not self._tells_key(in_transaction):
            signed = msgspec.structs.replace(signed, public_key="")
        return msgspec.structs.replace(meter, signed=signed)

    def _tells_key(self, in_transaction: bool) -> bool:
        policy = self.station.model.string(_PUBLIC_KEY)
        if policy != "OncePerTransaction" or not in_transaction:
            return policy == "EveryMeterValue"
        was_told, self._is_key_told = self._is_key_told, True
        return not was_told

    def _is_true(self, key: Key, *, otherwise: bool = False) -> bool:
        model = self.station.model
        return model.boolean(key) if key in model else otherwise


@cache  # of few lists
def _governing(measurands: Key, variable: str) -> Key:
    """Give a variable of the component that governs a list's kind of data."""
    is_aligned = measurands in (ALIGNED, ALIGNED_ENDED)
    return Key("AlignedDataCtrlr" if is_aligned else "SampledDataCtrlr", variable)


@lru_cache
def _have_intervals(names: tuple[str, ...]) -> bool:
    return any(name.endswith(INTERVAL) for name in names)
