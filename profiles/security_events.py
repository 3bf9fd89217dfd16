"""The security events (A04): 2.x part 2 appendix 1, chapter 8 of 1.6's security white paper.

Neutral code knows them by 2.x's words. A vendor may have more of its own.
"""

from collections.abc import Mapping

STARTUP = "StartupOfTheDevice"
RESET = "ResetOrReboot"
SETTING_TIME = "SettingSystemTime"
RECONFIGURATION = "ReconfigurationOfSecurityParameters"
INVALID_MESSAGES = "InvalidMessages"
REPLAY = "AttemptedReplayAttacks"
LOG_CLEARED = "SecurityLogWasCleared"
MEMORY_EXHAUSTION = "MemoryExhaustion"
AUTHENTICATION_FAILED = "FailedToAuthenticateAtCsms"
INVALID_CSMS_CERTIFICATE = "InvalidCsmsCertificate"
INVALID_TLS_VERSION = "InvalidTLSVersion"
INVALID_TLS_CIPHER_SUITE = "InvalidTLSCipherSuite"

IS_CRITICAL: Mapping[str, bool] = {
    "FirmwareUpdated": True,
    AUTHENTICATION_FAILED: False,
    "CsmsFailedToAuthenticate": False,
    SETTING_TIME: True,
    STARTUP: True,
    RESET: True,
    LOG_CLEARED: True,
    RECONFIGURATION: False,
    MEMORY_EXHAUSTION: True,
    INVALID_MESSAGES: False,
    REPLAY: False,
    "TamperDetectionActivated": True,
    "InvalidFirmwareSignature": True,
    "InvalidFirmwareSigningCertificate": True,
    INVALID_CSMS_CERTIFICATE: True,
    "InvalidChargingStationCertificate": True,
    INVALID_TLS_VERSION: True,
    INVALID_TLS_CIPHER_SUITE: True,
    "DiscardedRenewedClientCertificate": True,
    "MaintenanceLoginAccepted": True,
    "MaintenanceLoginFailed": True,
}
"""Which of them the CSMS is told of (A04.FR.01); all of them stand in the security log."""


def is_critical(event: str) -> bool:
    """Say whether the CSMS is told of it: of one that no list knows, it is."""
    return IS_CRITICAL.get(event, True)
