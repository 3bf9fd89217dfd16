"""What feature profiles beyond the core are configured by: LocalAuthListCtrlr, ReservationCtrlr,
SmartChargingCtrlr, SecurityCtrlr, ISO15118Ctrlr.

`maximum` of an `Entries` variable is its maxLimit: how many the station can hold.
"""

from ..device_model import Definition
from .define import boolean, integer, members, seconds, string

_READ_ONLY = "ReadOnly"

FEATURES: tuple[Definition, ...] = (
    # Local authorization list
    boolean("LocalAuthListCtrlr.Enabled", True, "Decide by the local authorization list"),
    integer(
        "LocalAuthListCtrlr.Entries",
        0,
        "Tokens in the local authorization list",
        mutability=_READ_ONLY,
        maximum=10_000,
    ),
    integer(
        "LocalAuthListCtrlr.ItemsPerMessage",
        250,
        "The most tokens in one SendLocalList",
        mutability=_READ_ONLY,
    ),
    # Firmware management
    members(
        "OCPPCommCtrlr.FileTransferProtocols",
        (),
        "Protocols for files up and down",
        options=("FTP", "FTPS", "HTTP", "HTTPS", "SFTP"),
        mutability=_READ_ONLY,
    ),
    # Security
    integer(
        "SecurityCtrlr.SecurityProfile",
        0,
        "0 none, 1 password, 2 TLS and password, 3 TLS and client certificate",
        mutability=_READ_ONLY,
        maximum=3,
    ),
    string("SecurityCtrlr.OrganizationName", "", "The operator, as certificates name it"),
    boolean(
        "SecurityCtrlr.AdditionalRootCertificateCheck",
        False,
        "A new root certificate of the CSMS must be signed by the one that it replaces",
        mutability=_READ_ONLY,
    ),
    integer(
        "SecurityCtrlr.MaxCertificateChainSize",
        10_000,
        "The longest certificateChain of CertificateSigned, in characters",
        mutability=_READ_ONLY,
        maximum=10_000,
    ),
    integer(
        "SecurityCtrlr.CertificateEntries",
        0,
        "Certificates installed",
        mutability=_READ_ONLY,
        maximum=100,
    ),
    boolean(
        "OCPP16LegacyCtrlr.DisableSecurityEventNotifications",
        False,
        "Keep security events from the CSMS",
    ),
    # Plug & Charge
    boolean("ISO15118Ctrlr.PnCEnabled", False, "Authorize by contract certificate"),
    boolean(
        "ISO15118Ctrlr.CentralContractValidationAllowed",
        False,
        "Have the CSMS validate a contract certificate that the station cannot",
    ),
    boolean(
        "ISO15118Ctrlr.ContractValidationOffline",
        False,
        "Validate contract certificates while offline",
    ),
)

UNSUPPORTED: tuple[Definition, ...] = (
    # Reservation
    boolean(
        "ReservationCtrlr.NonEvseSpecific",
        True,
        "Reservations may leave it open which EVSE is held",
        mutability=_READ_ONLY,
    ),
    # Smart charging
    integer(
        "SmartChargingCtrlr.ProfileStackLevel",
        100,
        "The highest stack level of a charging profile",
        mutability=_READ_ONLY,
    ),
    members(
        "SmartChargingCtrlr.RateUnit",
        ("A", "W"),
        "Units that a charging schedule may be given in",
        options=("A", "W"),
        mutability=_READ_ONLY,
    ),
    integer(
        "SmartChargingCtrlr.PeriodsPerSchedule",
        1440,
        "The most periods in a charging schedule",
        mutability=_READ_ONLY,
    ),
    boolean(
        "SmartChargingCtrlr.Phases3to1",
        False,
        "Can go from three phases to one within a transaction",
        mutability=_READ_ONLY,
    ),
    integer(
        "SmartChargingCtrlr.Entries[ChargingProfiles]",
        0,
        "Charging profiles installed",
        mutability=_READ_ONLY,
        maximum=500,
    ),
    boolean(
        "OCPP16LegacyCtrlr.AllowChargingProfileWithoutStartSchedule",
        False,
        "Let an absolute charging profile without startSchedule start at once",
    ),
    # Certificates
    seconds(
        "SecurityCtrlr.CertSigningWaitMinimum",
        30,
        "First wait for a signed certificate before another request for one",
    ),
    integer(
        "SecurityCtrlr.CertSigningRepeatTimes",
        3,
        "How often the wait for a signed certificate doubles",
        maximum=20,
    ),
    boolean(
        "OCPP16LegacyCtrlr.ISO15118CertificateManagementEnabled",
        False,
        "Manage Plug & Charge certificates by DataTransfer",
    ),
    # Lights
    integer("OCPP16LegacyCtrlr.BlinkRepeat", 0, "Blinks of the station's lights when signalling"),
    integer(
        "OCPP16LegacyCtrlr.LightIntensity",
        100,
        "Brightness of the station's lights",
        unit="Percent",
        maximum=100,
    ),
)
"""Variables of features that the station does not have: 1.6's table of keys speaks of them."""
