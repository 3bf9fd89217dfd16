"""What a station-side handler sees and may do: the tree, the device model, the record of
transactions. No I/O.

A handler answers at once and leaves effects behind; the engine performs them after the response is
on its way.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from ..machines.effects import Effect
from ..machines.events import Event
from ..machines.meter import MeterSample
from ..machines.settings import TxPoint
from ..machines.station import Station
from .authorization import TokenBook
from .device_model import AttributeType, DeviceModel, Key, SetStatus, Value
from .local_list import ListUpdate, PreparedUpdate, UpdateRefusal
from .messages.base import Request, Response
from .monitoring.book import MonitorBook
from .monitoring.monitor import Monitor
from .network import NetworkProfile, Reach
from .settings_view import apply

_RESET_PATIENCE = Key("OCPP16LegacyCtrlr", "WaitForStopTransactionsOnResetTimeout")

DataTransferStatus = Literal["Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"]
VendorAnswer = tuple[DataTransferStatus, Any]
VendorHandler = Callable[[str | None, Any], VendorAnswer | Awaitable[VendorAnswer]]
"""Takes messageId and data (1.6: text; 2.x: any JSON), gives a status and data, None for none; at
once, or as an awaitable what takes time.
"""


JournalSpace = Literal["local_list", "tokens"]
"""What the journal keeps of tokens: the local list's rows, and those of the cache."""


CustomTrigger = Callable[[], Request[Any] | None]
"""Gives the message that a custom trigger of TriggerMessage asks for; None: it is rejected."""


def implementation_key(vendor_id: str) -> Key:
    """Name the variable that enables what a vendor's messages stand for."""
    return Key("CustomizationCtrlr", "CustomImplementationEnabled", vendor_id)


TxPoints = tuple[frozenset[TxPoint], frozenset[TxPoint]]
"""What starts a transaction, and what ends it."""


class KeepVariable(Effect, frozen=True):
    """A variable was changed: make it durable, and let what depends on it follow."""

    key: str
    value: str
    attribute: AttributeType = "Actual"

    def __repr__(self) -> str:
        return f"KeepVariable({self.key!r})"  # the value may be a secret


class TrySecurityProfile(Effect, frozen=True):
    """A higher security profile is dialled from now on: `undo` has the network profiles as they
    were, for when the next link does not go by it.
    """

    security_profile: int
    undo: Mapping[Key, Value | None]

    def __repr__(self) -> str:
        return f"TrySecurityProfile({self.security_profile})"  # what was may be a secret


class Reconnect(Effect, frozen=True):
    """Once the answer has left, end the link, and dial anew with what was changed."""

    is_first: bool = False  # by the first network profile, not by the one in use


class FollowMonitors(Effect, frozen=True):
    """The CSMS has set, replaced, cleared or activated monitors: keep that, and let them look.

    `replaced` are those before it that another has taken the place of.
    """

    replaced: tuple[Monitor, ...] = ()


class SendTriggered(Effect, frozen=True):
    """Send this out of its turn (TriggerMessage). EVSE 0 is the station; `of_all` means it and
    every EVSE. `measurands` is the variable that lists what meter values tell.
    """

    what: Literal["Boot", "Heartbeat", "MeterValues", "Status", "Transaction"]
    evse: int = 0
    connector: int = 0
    of_all: bool = False
    measurands: Key = Key("SampledDataCtrlr", "TxUpdatedMeasurands")


class SendRequests(Effect, frozen=True):
    """Send these in this order, each after the answer to the one before: what a request promised,
    in the version that it came in. They are not repeated when the link breaks.
    """

    requests: tuple[Request[Any], ...]  # each request class has its own response type


NetworkProfileStatus = Literal["Accepted", "Rejected", "Failed"]
NetworkProfileHook = Callable[[NetworkProfile], NetworkProfileStatus]
"""Has the last word on a network profile that is sound: an integrator may refuse it."""


class Kept(msgspec.Struct, frozen=True):
    """An answer for when these values of variables are durable, and the one for when they cannot
    be: then nothing has changed. `at_boot` puts them into effect with the next boot.
    """

    values: Mapping[Key, Value | None]
    response: Response
    otherwise: Response
    at_boot: bool = False

    def __repr__(self) -> str:
        return f"Kept({sorted(map(str, self.values))})"  # a value may be a secret


class Awaited(msgspec.Struct, frozen=True):
    """An answer that the hardware decides: perform the effects, then wait for one of these facts
    from the EVSE.
    """

    evse: int
    connector: int
    effects: tuple[Effect, ...]
    answers: Mapping[type[Event], Response]
    seconds: float
    otherwise: Response


class Deferred(msgspec.Struct, frozen=True):
    """An answer that a vendor's handler takes its time for."""

    answer: Awaitable[VendorAnswer]
    response: Callable[[VendorAnswer], Response]
    seconds: float = 25.0  # less than peers are wont to wait for


class Durable(msgspec.Struct, frozen=True):
    """An answer that promises something: commit the changes to a space of the journal (None: it is
    gone), `apply` them, and then answer; `otherwise` where they cannot be committed.
    """

    space: JournalSpace
    changes: Mapping[str, bytes | None]
    apply: Callable[[], None]
    response: Response
    otherwise: Response


Answer = Response | Awaited | Deferred | Durable | Kept


class StationContext:
    """One station, as its handlers see it. `effects` gathers what follows the answer."""

    __slots__ = (
        "accept_network_profile",
        "csms_transaction",
        "custom_triggers",
        "effects",
        "has_promised_enough",
        "is_reset_allowed",
        "model",
        "monitors",
        "now",
        "public_key",
        "reach",
        "read_meter",
        "reports_waiting",
        "station",
        "tokens",
        "tx_points",
        "vendor_handlers",
    )

    def __init__(
        self,
        station: Station,
        model: DeviceModel,
        tokens: TokenBook,
        csms_transaction: Callable[[str], str | None],
        vendor_handlers: Mapping[str, VendorHandler],
        custom_triggers: Mapping[str, CustomTrigger],
        *,
        now: Callable[[], datetime],
        read_meter: Callable[[int], MeterSample],
        public_key: Callable[[int], str] = lambda evse_id: "",
        reports_waiting: Callable[[str | None], int],
        has_promised_enough: Callable[[], bool],
        monitors: MonitorBook,
        accept_network_profile: NetworkProfileHook | None = None,
        is_reset_allowed: Callable[[int], bool] | None = None,
        reach: Reach | None = None,
    ) -> None:
        self.station = station
        self.model = model
        self.tokens = tokens
        self.csms_transaction = csms_transaction
        """Gives the CSMS's own id of a transaction, where it has one (1.6's transactionId)."""
        self.vendor_handlers = vendor_handlers
        self.custom_triggers = custom_triggers
        self.now = now
        self.read_meter = read_meter
        self.public_key = public_key
        """Gives the key by which an EVSE's meter signs, as printed on it; "" for none."""
        self.reports_waiting = reports_waiting
        """Counts the reports of a transaction (None: of all) that the CSMS has not yet."""
        self.has_promised_enough = has_promised_enough
        """Says whether as many requests were promised to the CSMS as may wait."""
        self.monitors = monitors
        self.accept_network_profile = accept_network_profile
        self.is_reset_allowed = is_reset_allowed or _always
        """Says whether the station (0) or an EVSE can be reset at this moment (B11.FR.06)."""
        self.reach = reach or Reach()
        self.tx_points: TxPoints | None = None
        """What the version that is spoken fixes; None where the variables say."""
        self.effects: list[Effect] = []

    def vendor_handler(self, vendor_id: str) -> VendorHandler | None:
        """Give what answers this vendor's data transfers, unless it is disabled
        (CustomizationCtrlr.CustomImplementationEnabled).
        """
        handler = self.vendor_handlers.get(vendor_id)
        key = implementation_key(vendor_id)
        is_disabled = key in self.model and not self.model.boolean(key)
        return None if is_disabled else handler

    def ask_vendor(
        self,
        handler: VendorHandler,
        message_id: str | None,
        data: Any,  # 1.6: text; 2.x: any JSON
        response: Callable[[VendorAnswer], Response],
    ) -> Response | Deferred:
        """Have a vendor's handler answer a DataTransfer."""
        answer = handler(message_id, data)
        return response(answer) if isinstance(answer, tuple) else Deferred(answer, response)

    def clear_cache(self, response: Response, otherwise: Response) -> Response | Durable:
        """Answer by `response` once the cache is empty, by `otherwise` where it is not (C11)."""
        cache = self.tokens.cache
        if not cache.is_enabled:
            return otherwise  # C11.FR.04, 1.6 errata 3.23
        # C11.FR.01-03, C11.FR.05
        changes: dict[str, bytes | None] = dict.fromkeys(cache.keys())
        return Durable("tokens", changes, cache.forget_all, response, otherwise)

    def update_local_list(
        self,
        update: ListUpdate,
        response: Response,
        refused: Callable[[UpdateRefusal], Response],
        current: int | None = None,
    ) -> Response | Durable:
        """Answer by `response` once the list is as the CSMS wants it, or say why it is not (D01).

        `current` is the version that the CSMS knows, where that is another one than the list's.
        """
        prepared = self.tokens.local_list.prepare(update, current)
        if not isinstance(prepared, PreparedUpdate):
            return refused(prepared)
        otherwise = refused("InternalError")
        return Durable("local_list", prepared.rows, prepared.apply, response, otherwise)

    def may_reset_alone(self, evse_id: int) -> bool:
        """Say whether this EVSE can be reset without the others (B11.FR.10)."""
        return self.model.boolean(Key("EVSE", "AllowReset", evse=evse_id))

    @property
    def reset_patience(self) -> float:
        """How long the CSMS gets for what is reported before a reset, in s."""
        return float(self.model.integer(_RESET_PATIENCE))

    def do(self, *effects: Effect) -> None:
        """Leave effects behind."""
        self.effects.extend(effects)

    def tell(self, evse_id: int, fact: Event) -> None:
        """Let the tree decide upon a fact, and leave behind what follows."""
        self.effects.extend(self.station.handle(evse_id, fact))

    def change(
        self, key: Key, value: str, status: SetStatus, attribute: AttributeType = "Actual"
    ) -> None:
        """Follow a variable that was set with this status."""
        if status in ("Accepted", "RebootRequired"):
            self.apply_variables()
            self.do(KeepVariable(str(key), value, attribute))

    def apply_variables(self) -> None:
        """Bring the charts' settings up to date with the variables and the version."""
        settings = self.station.settings
        apply(self.model, settings)
        if self.tx_points is not None:
            settings.tx_start_points, settings.tx_stop_points = self.tx_points

    def take_effects(self) -> list[Effect]:
        """Give what was left behind, once."""
        effects, self.effects = self.effects, []
        return effects


def _always(evse_id: int) -> bool:
    return True


Handler = Callable[[StationContext, Any], Answer]
Handlers = Mapping[type[Request[Any]], Handler]
"""From the request's struct to its handler; a handler takes just that struct."""
