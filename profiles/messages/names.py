"""What the generator must be told, because the schemas do not say it.

The schemas of OCPP 1.6 leave enumerations and classes without a name; the names here are those of
chapter 7 of the 1.6 specification. Those of its security extension and of 2.x name them all.
"""

from collections.abc import Mapping
from typing import Final

# the field of any struct -> the 1.6 class of its object, or of the objects in its array
CLASSES: Final[Mapping[str, str]] = {
    "chargingProfile": "ChargingProfile",
    "chargingSchedule": "ChargingSchedule",
    "chargingSchedulePeriod": "ChargingSchedulePeriod",
    "configurationKey": "KeyValue",
    "csChargingProfiles": "ChargingProfile",
    "idTagInfo": "IdTagInfo",
    "localAuthorizationList": "AuthorizationData",
    "meterValue": "MeterValue",
    "sampledValue": "SampledValue",
    "transactionData": "MeterValue",
}

# the field, alone or in a named struct -> its 1.6 enumeration
ENUMS: Final[Mapping[str, str]] = {
    "chargingProfileKind": "ChargingProfileKindType",
    "chargingProfilePurpose": "ChargingProfilePurposeType",
    "chargingRateUnit": "ChargingRateUnitType",
    "context": "ReadingContext",
    "errorCode": "ChargePointErrorCode",
    "format": "ValueFormat",
    "location": "Location",
    "measurand": "Measurand",
    "phase": "Phase",
    "reason": "Reason",
    "recurrencyKind": "RecurrencyKindType",
    "requestedMessage": "MessageTrigger",
    "unit": "UnitOfMeasure",
    "updateType": "UpdateType",
    "BootNotificationResponse.status": "RegistrationStatus",
    "CancelReservationResponse.status": "CancelReservationStatus",
    "ChangeAvailabilityRequest.type": "AvailabilityType",
    "ChangeAvailabilityResponse.status": "AvailabilityStatus",
    "ChangeConfigurationResponse.status": "ConfigurationStatus",
    "ClearCacheResponse.status": "ClearCacheStatus",
    "ClearChargingProfileResponse.status": "ClearChargingProfileStatus",
    "DataTransferResponse.status": "DataTransferStatus",
    "DiagnosticsStatusNotificationRequest.status": "DiagnosticsStatus",
    "FirmwareStatusNotificationRequest.status": "FirmwareStatus",
    "GetCompositeScheduleResponse.status": "GetCompositeScheduleStatus",
    "IdTagInfo.status": "AuthorizationStatus",
    "RemoteStartTransactionResponse.status": "RemoteStartStopStatus",
    "RemoteStopTransactionResponse.status": "RemoteStartStopStatus",
    "ReserveNowResponse.status": "ReservationStatus",
    "ResetRequest.type": "ResetType",
    "ResetResponse.status": "ResetStatus",
    "SendLocalListResponse.status": "UpdateStatus",
    "SetChargingProfileResponse.status": "ChargingProfileStatus",
    "StatusNotificationRequest.status": "ChargePointStatus",
    "TriggerMessageResponse.status": "TriggerMessageStatus",
    "UnlockConnectorResponse.status": "UnlockStatus",
}

# What the specification of 1.6 has once and its schemas in two ways: the wider is taken, as the
# same code makes both. MeterValues allows the unit Hertz, StopTransaction an empty sampledValue.
WIDENED: Final[frozenset[str]] = frozenset({"MeterValue", "UnitOfMeasure"})

# struct.field on the wire -> name in Python, where snake_case is wrong or taken
FIELDS: Final[Mapping[str, str]] = {
    # `action` is the name of the message
    "Get15118EVCertificateRequest.action": "certificate_action",
    "Get15118EVCertificateRequest.prioritizedEMAIDs": "prioritized_emaids",
}
