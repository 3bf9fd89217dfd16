"""The charts' settings, as a view of the device model."""

from functools import lru_cache

from ..machines.settings import Settings
from .device_model import Catalogue, DeviceModel, Key
from .network import priority_of

_FIELDS: dict[str, Key] = {
    "ev_connection_timeout": Key("TxCtrlr", "EVConnectionTimeOut"),
    "sign_readings": Key("SampledDataCtrlr", "SignReadings"),
    "stop_on_ev_side_disconnect": Key("TxCtrlr", "StopTxOnEVSideDisconnect"),
    "stop_on_invalid_id": Key("TxCtrlr", "StopTxOnInvalidId"),
    "max_energy_on_invalid_id": Key("TxCtrlr", "MaxEnergyOnInvalidId"),
    "authorization_enabled": Key("AuthCtrlr", "Enabled"),
    "master_pass_group": Key("AuthCtrlr", "MasterPassGroupId"),
    "tx_start_points": Key("TxCtrlr", "TxStartPoint"),
    "tx_stop_points": Key("TxCtrlr", "TxStopPoint"),
    "unlock_on_ev_side_disconnect": Key("OCPPCommCtrlr", "UnlockOnEVSideDisconnect"),
    "reset_retries": Key("OCPPCommCtrlr", "ResetRetries"),
    "retry_minimum": Key("OCPPCommCtrlr", "RetryBackOffWaitMinimum"),
    "retry_random": Key("OCPPCommCtrlr", "RetryBackOffRandomRange"),
    "retry_repeat_times": Key("OCPPCommCtrlr", "RetryBackOffRepeatTimes"),
    "connection_attempts": Key("OCPPCommCtrlr", "NetworkProfileConnectionAttempts"),
}


def apply(model: DeviceModel, settings: Settings) -> None:
    """Bring the settings up to date with the model."""
    settings.network_priority = priority_of(model)
    for field, key in _fields_of(model.catalogue):
        value = model.value(key)
        setattr(settings, field, _as_set(value) if isinstance(value, tuple) else value)


@lru_cache(64)  # lists that are in use: stations share them
def _as_set(members: tuple[str, ...]) -> frozenset[str]:
    return frozenset(members)


@lru_cache(64)  # builds of stations
def _fields_of(catalogue: Catalogue) -> tuple[tuple[str, Key], ...]:
    """Give those that the station has: where no meter signs, there is nothing to say of that."""
    return tuple(each for each in _FIELDS.items() if each[1] in catalogue.definitions)
