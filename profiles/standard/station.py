"""What the station is: its identity and its build, as BootNotification tells them. Read-only."""

from ..device_model import Definition, Key
from .define import string

_READ_ONLY = "ReadOnly"
TIME_SOURCES = ("Heartbeat", "RealTimeClock")  # the CSMS; the host

STATION: tuple[Definition, ...] = (
    string("SecurityCtrlr.Identity", "", "The station's name", maximum=48, mutability=_READ_ONLY),
    string("ChargingStation.VendorName", "", "Vendor", maximum=50, mutability=_READ_ONLY),
    string("ChargingStation.Model", "", "Model", maximum=20, mutability=_READ_ONLY),
    string("ChargingStation.SerialNumber", "", "Serial number", maximum=25, mutability=_READ_ONLY),
    string(
        "ChargingStation.FirmwareVersion",
        "",
        "Firmware version",
        maximum=50,
        mutability=_READ_ONLY,
    ),
    string("DataLink.ICCID", "", "ICCID of the SIM card", maximum=20, mutability=_READ_ONLY),
    string("DataLink.IMSI", "", "IMSI of the SIM card", maximum=20, mutability=_READ_ONLY),
    string(
        "FiscalMetering.SerialNumber",
        "",
        "Serial number of the main meter",
        maximum=25,
        mutability=_READ_ONLY,
    ),
    string(
        "OCPP16LegacyCtrlr.MeterType",
        "",
        "Type of the main meter",
        maximum=25,
        mutability=_READ_ONLY,
    ),
    Definition(
        key=Key("ClockCtrlr", "DateTime"),
        type="dateTime",
        default=None,
        meaning="The station's time",
        mutability="ReadOnly",
        persistent=False,
    ),
    Definition(
        key=Key("ClockCtrlr", "TimeSource"),
        type="SequenceList",
        default=TIME_SOURCES,
        meaning="Where the station takes its time from, the best first",
        minimum=1,
        options=TIME_SOURCES,
    ),
)
