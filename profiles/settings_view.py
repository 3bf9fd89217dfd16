"""The charts' settings, as a view of the device model."""

from ..machines.settings import Settings
from .device_model import DeviceModel, Key
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
    for field, key in _FIELDS.items():
        if key not in model:
            continue  # no meter of the station signs
        value = model.value(key)
        setattr(settings, field, frozenset(value) if isinstance(value, tuple) else value)
