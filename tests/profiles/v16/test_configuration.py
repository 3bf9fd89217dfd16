"""1.6's configuration keys: which there are, and how each is read and changed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwire.profiles.device_model import Definition, DeviceModel, Key, Value
from pilotwire.profiles.measurands import MEASURANDS
from pilotwire.profiles.standard import KNOWN, SIGNING, STANDARD
from pilotwire.profiles.standard.places import EvseBuild, places
from pilotwire.profiles.v16.configuration import Configuration, is_phase_rotation, password_of
from pilotwire.profiles.v16.configuration_keys import (
    BY_LOWER_CASE,
    STANDARD_KEYS,
    ConfigurationKey,
    Facts,
)
from pilotwire.profiles.v16.key_reference import describe, markdown, table

PROFILES = (
    "Core",
    "FirmwareManagement",
    "LocalAuthListManagement",
    "Reservation",
    "SmartCharging",
    "RemoteTrigger",
)
EVERYTHING = Facts(2, PROFILES, ("Security", "PnC", "ChargingStatusIndicator"))
LONG = "x" * 501


def station(facts: Facts = EVERYTHING, **values: Value) -> Configuration:
    model = DeviceModel(KNOWN)
    for name, value in values.items():
        model.configure(Key.parse(name.replace("__", ".")), value)
    return Configuration(model, facts)


def named(configuration: Configuration, name: str) -> ConfigurationKey:
    key = configuration.find(name)
    assert key is not None, name
    return key


# Key, the value of a station as it was built, one that it takes, one that it refuses.
WRITABLE = [
    ("AllowOfflineTxForUnknownId", "false", "true", "maybe"),
    ("AuthorizationCacheEnabled", "true", "FALSE", "0"),
    ("AuthorizeRemoteTxRequests", "true", "false", ""),
    ("BlinkRepeat", "0", "3", "-1"),
    ("CentralContractValidationAllowed", "false", "true", "2"),
    ("CertSigningRepeatTimes", "3", "0", "-1"),
    ("CertSigningWaitMinimum", "30", "60", "-1"),
    ("ClockAlignedDataInterval", "0", "900", "-900"),
    ("ConnectionTimeOut", "60", "120", "0"),
    ("ConnectorPhaseRotation", "", "0.RST,1.RST,2.NotApplicable", "1.RST,1.RTS"),
    ("ContractValidationOffline", "false", "true", "x"),
    ("CpoName", "", "Operator", LONG),
    ("DisableSecurityEventNotifications", "false", "true", "no"),
    ("HeartbeatInterval", "86400", "1", "0"),
    ("ISO15118CertificateManagementEnabled", "false", "true", "1"),
    ("ISO15118PnCEnabled", "false", "true", "1"),
    ("LightIntensity", "100", "0", "101"),
    ("LocalAuthListEnabled", "true", "false", "off"),
    ("LocalAuthorizeOffline", "true", "false", "off"),
    ("LocalPreAuthorize", "false", "true", "on"),
    ("MaxEnergyOnInvalidId", "0", "5000", "-1"),
    ("MessageTimeout", "30", "60", "0"),
    ("MeterValuesAlignedData", "Energy.Active.Import.Register", "SoC,Voltage", "SoC,SoC"),
    ("MeterValueSampleInterval", "60", "0", "1.5"),
    ("MinimumStatusDuration", "0", "5", "-5"),
    ("RejectRemoteStartTransactionWithoutConnectorId", "false", "true", "1"),
    ("ResetRetries", "0", "3", "-3"),
    ("RetryBackoffRandomRange", "5", "10", "-1"),
    ("RetryBackoffRepeatTimes", "5", "3", "21"),
    ("RetryBackoffWaitMinimum", "5", "3", "soon"),
    ("StartTxnSampledData", "", "Energy.Active.Import.Register", "Energy.Active.Net"),
    ("StopTransactionOnEVSideDisconnect", "true", "false", "1"),
    ("StopTransactionOnInvalidId", "true", "false", "1"),
    ("StopTxnAlignedData", "", "SoC", "Energy.Active.Import.Register,Nonsense"),
    ("StopTxnSampledData", "Energy.Active.Import.Register", "Voltage.L1-N", "Voltage.L9"),
    ("TransactionMessageAttempts", "3", "5", "0"),
    ("TransactionMessageRetryInterval", "60", "10", "-10"),
    ("UnlockConnectorOnEVSideDisconnect", "true", "false", "1"),
    ("WaitForStopTransactionsOnResetTimeout", "10", "0", "601"),
    ("WebSocketPingInterval", "60", "0", "-1"),
    ("AllowChargingProfileWithoutStartSchedule", "false", "true", "1"),
    ("AlignedDataSignReadings", "false", "true", "1"),
    ("AlignedDataSignUpdatedReadings", "true", "false", "1"),
    ("PublicKeyWithSignedMeterValue", "OncePerTransaction", "EveryMeterValue", "Sometimes"),
    ("SampledDataSignReadings", "true", "false", "1"),
    ("SampledDataSignStartedReadings", "true", "false", "1"),
    ("SampledDataSignUpdatedReadings", "true", "false", "1"),
]
OF_2X = {
    "Energy.Active.Net",
    "Energy.Apparent.Export",
    "Energy.Apparent.Import",
    "Energy.Apparent.Net",
    "Energy.Reactive.Net",
}
READ_ONLY = {
    "AdditionalRootCertificateCheck": "false",
    "CertificateSignedMaxChainSize": "10000",
    "CertificateStoreMaxLength": "100",
    "ChargeProfileMaxStackLevel": "100",
    "ChargingScheduleAllowedChargingRateUnit": "Current,Power",
    "ChargingScheduleMaxPeriods": "1440",
    "ConnectorPhaseRotationMaxLength": "3",
    "ConnectorSwitch3to1PhaseSupported": "false",
    "GetConfigurationMaxKeys": "100",
    "LocalAuthListMaxLength": "10000",
    "MaxChargingProfilesInstalled": "500",
    "MeterValuesAlignedDataMaxLength": "15",
    "MeterValuesSampledDataMaxLength": "15",
    "NumberOfConnectors": "2",
    "RemoteStartTransactionWithoutConnectorIdFindFirst": "true",
    "ReserveConnectorZeroSupported": "true",
    "SendLocalListMaxLength": "250",
    "StopTransactionMaxMeterValues": "100",
    "StopTxnAlignedDataMaxLength": "15",
    "StopTxnSampledDataMaxLength": "15",
    "SupportedFeatureProfiles": ",".join(PROFILES),
    "SupportedFeatureProfilesMaxLength": "6",
    "SupportedFileTransferProtocols": "",
    "SupportedMeasurands": ",".join(m for m in MEASURANDS if m not in OF_2X),
}
SAMPLED = "MeterValuesSampledData"
IDENTITY = {
    "ChargePointId": "SecurityCtrlr.Identity",
    "ChargePointModel": "ChargingStation.Model",
    "ChargePointSerialNumber": "ChargingStation.SerialNumber",
    "ChargePointVendor": "ChargingStation.VendorName",
    "FirmwareVersion": "ChargingStation.FirmwareVersion",
    "ICCID": "DataLink.ICCID",
    "IMSI": "DataLink.IMSI",
    "MeterSerialNumber": "FiscalMetering.SerialNumber",
    "MeterType": "OCPP16LegacyCtrlr.MeterType",
}


def test_only_a_station_whose_meters_sign_has_the_keys_for_that() -> None:
    """Signed meter values 3.3: each connector tells the key of its EVSE's meter."""
    builds = (EvseBuild(connectors=2, signs=True), EvseBuild(), EvseBuild(signs=True))
    model = DeviceModel((*STANDARD, *SIGNING, *places(builds)))
    model.attach(Key("FiscalMetering", "PublicKey", evse=1), lambda: "b2NhOjE=")
    model.attach(Key("FiscalMetering", "PublicKey", evse=3), lambda: "x" * 501)
    configuration = Configuration(model, EVERYTHING)
    told = {key.name: configuration.read(key) for key in configuration}
    assert told["SampledDataSignReadings"].value == "true"
    assert told["MeterPublicKey1"] == ("MeterPublicKey1", True, "b2NhOjE=")
    assert told["MeterPublicKey2"].value == "b2NhOjE="  # the EVSE's other connector
    assert "MeterPublicKey3" not in told
    assert "MeterPublicKey4" not in told  # more than a value of 1.6 can carry
    assert configuration.change(named(configuration, "meterpublickey1"), "x") == "Rejected"
    without = Configuration(DeviceModel((*STANDARD, *places((EvseBuild(),)))), EVERYTHING)
    assert without.find("SampledDataSignReadings") is None
    assert without.find("MeterPublicKey1") is None


TAKEN_ELSEWHERE = ("AuthorizationKey", "SecurityProfile")


@pytest.mark.parametrize(("name", "value"), [("AuthorizationKey", None), ("SecurityProfile", "0")])
def test_what_is_taken_elsewhere_is_writable_and_not_taken_here(
    name: str, value: str | None
) -> None:
    configuration = station()
    key = named(configuration, name)
    assert configuration.read(key) == (name, False, value)
    assert configuration.change(key, "2") == "Rejected"


def test_the_tables_of_this_test_name_every_key() -> None:
    tested = {row[0] for row in WRITABLE} | READ_ONLY.keys() | IDENTITY.keys()
    assert tested | {SAMPLED, *TAKEN_ELSEWHERE} == {key.name for key in STANDARD_KEYS}


@pytest.mark.parametrize(("name", "first", "taken", "refused"), WRITABLE)
def test_a_key_is_read_changed_and_refused(name: str, first: str, taken: str, refused: str) -> None:
    configuration = station()
    key = named(configuration, name.upper())
    assert configuration.read(key) == (name, False, first)
    assert configuration.change(key, refused) == "Rejected"
    assert configuration.change(key, LONG) == "Rejected"
    assert configuration.read(key).value == first
    assert configuration.change(key, taken) == "Accepted"
    assert (configuration.read(key).value or "").lower() == taken.lower()


@pytest.mark.parametrize(("name", "value"), READ_ONLY.items())
def test_a_read_only_key_is_told_and_not_changed(name: str, value: str) -> None:
    configuration = station()
    key = named(configuration, name.lower())
    assert configuration.read(key) == (name, True, value)
    assert configuration.change(key, value) == "Rejected"


@pytest.mark.parametrize(("name", "variable"), IDENTITY.items())
def test_what_a_station_knows_of_itself_is_told_and_nothing_else(name: str, variable: str) -> None:
    assert station().find(name) is None
    configuration = station(**{variable.replace(".", "__"): "X1"})
    key = named(configuration, name)
    assert configuration.read(key) == (name, True, "X1")
    assert configuration.change(key, "X2") == "Rejected"


def test_both_spellings_of_the_ping_interval_are_the_same_key() -> None:
    configuration = station()
    assert configuration.find("WebsocketPingInterval") == configuration.find(
        "WebSocketPingInterval"
    )


def test_errata_3_14_4_a_list_with_an_unknown_measurand_changes_nothing() -> None:
    configuration = station()
    key = named(configuration, SAMPLED)
    before = configuration.read(key).value
    assert configuration.change(key, "SoC,RPM") == "Rejected"
    assert configuration.read(key).value == before
    assert configuration.change(key, "SoC , Voltage.L2-N") == "Accepted"
    assert configuration.read(key).value == "SoC,Voltage.L2-N"


def test_errata_3_14_5_a_list_may_be_emptied() -> None:
    configuration = station()
    key = named(configuration, SAMPLED)
    assert configuration.change(key, "") == "Accepted"
    assert configuration.read(key).value == ""


def test_a_list_is_no_longer_than_its_max_length_key_says() -> None:
    configuration = station()
    by_phase = [f"{m}.{p}" for m, p in (("Voltage", "L1-N"), ("Voltage", "L2-N"))]
    key = named(configuration, SAMPLED)
    most = [m for m in MEASURANDS if m not in OF_2X][:15]
    assert configuration.change(key, ",".join(most)) == "Accepted"
    assert configuration.change(key, ",".join([*most, by_phase[0]])) == "Rejected"


@pytest.mark.parametrize("measurand", sorted(OF_2X))
def test_a_list_takes_no_measurand_that_1_6_does_not_know(measurand: str) -> None:
    configuration = station()
    assert configuration.change(named(configuration, SAMPLED), measurand) == "Rejected"


def test_no_value_is_longer_than_the_wire_carries() -> None:
    configuration = station()
    for key in configuration:
        if not isinstance(key.source, Key):
            continue
        definition = configuration.model.definition(key.source)
        if definition.type == "string":
            assert definition.maximum is not None, key.name
            assert definition.maximum <= 500, key.name
        if definition.options:
            longest = sorted(map(len, definition.options), reverse=True)
            most = int(definition.maximum or len(longest))
            assert sum(longest[:most]) + most - 1 <= 500, key.name


def test_a_value_longer_than_the_wire_carries_is_refused_whatever_it_means() -> None:
    configuration = station()
    key = named(configuration, "LocalPreAuthorize")
    assert configuration.change(key, "true".ljust(500)) == "Accepted"
    assert configuration.change(key, "true".ljust(501)) == "Rejected"


@pytest.mark.parametrize("profile", ["FirmwareManagement", "SmartCharging", "Security", "PnC"])
def test_a_key_whose_feature_is_missing_is_absent(profile: str) -> None:
    profiles = tuple(each for each in PROFILES if each != profile)
    extensions = tuple(each for each in EVERYTHING.extensions if each != profile)
    configuration = station(Facts(1, profiles, extensions))
    names = [key.name for key in STANDARD_KEYS if key.needs == profile]
    assert names
    assert [name for name in names if configuration.find(name)] == []
    assert not {key.name for key in configuration} & set(names)


def test_keys_that_are_listed_are_those_that_are_found() -> None:
    configuration = station()
    listed = [key.name for key in configuration]
    assert listed == [key.name for key in STANDARD_KEYS if configuration.find(key.name)]
    assert len(set(listed)) == len(listed) > 60


@given(st.sampled_from(STANDARD_KEYS), st.text(max_size=500))
def test_any_text_is_taken_as_it_will_be_told_or_refused(key: ConfigurationKey, text: str) -> None:
    configuration = station()
    if configuration.change(key, text) == "Rejected":
        return
    told = configuration.read(key).value
    assert told is not None
    assert len(told) <= 500
    assert configuration.change(key, told) == "Accepted"
    assert configuration.read(key).value == told


def test_a_write_only_variable_is_changed_and_not_read() -> None:
    secret = Definition(
        key=Key("CustomizationCtrlr", "Pin"),
        type="string",
        default="",
        meaning="",
        mutability="WriteOnly",
    )
    configuration = Configuration(DeviceModel([secret]), EVERYTHING)
    key = named(configuration, "pin")
    assert configuration.change(key, "1234") == "Accepted"
    assert configuration.read(key) == ("Pin", False, None)


def test_the_authorization_key_is_never_read() -> None:
    configuration = station()
    key = named(configuration, "AuthorizationKey")
    assert configuration.read(key) == ("AuthorizationKey", False, None)


@pytest.mark.parametrize("length", [16, 20])
def test_a00_fr_205_a_password_is_bytes_in_hexadecimal_digits(length: int) -> None:
    password = bytes(range(240, 240 + length)) if length == 16 else bytes(length)
    assert password_of(password.hex()) == password
    assert password_of(password.hex().upper()) == password


@pytest.mark.parametrize("text", ["", "00" * 15, "00" * 21, "0" * 33, "0g" * 16, " " + "00" * 16])
def test_a00_fr_205_what_is_no_such_password_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected 16 to 20 bytes in hexadecimal digits"):
        password_of(text)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("", True),
        ("0.RST, 1.RST, 2.RTS", True),
        ("2.Unknown", True),
        ("3.RST", False),
        ("RST0.RST", False),
        ("1.RRR", False),
        ("1", False),
        ("1.RST,1.RST", False),
        ("-1.RST", False),
        ("\u0661.RST", False),
    ],
)
def test_phase_rotations_name_each_connector_once(text: str, fits: bool) -> None:
    assert is_phase_rotation(text, connectors=2) is fits


# ---- the reference


def test_every_key_is_described() -> None:
    model = DeviceModel(KNOWN)
    described = [describe(model, key) for key in STANDARD_KEYS]
    assert all(each.meaning and each.access in ("R", "RW", "W") for each in described)
    by_name = {each.key: each for each in described}
    assert by_name["ConnectionTimeOut"][1:6] == ("integer", "60", "RW", "s", "1 to 31536000")
    rate_unit = by_name["ChargingScheduleAllowedChargingRateUnit"]
    assert (rate_unit.default, rate_unit.limits) == ("Current,Power", "of Current, Power")
    assert by_name["LocalAuthListMaxLength"].variable == "LocalAuthListCtrlr.Entries (maxLimit)"
    assert by_name["AuthorizationKey"].access == "W"


def test_the_reference_has_a_line_for_every_key() -> None:
    model = DeviceModel(KNOWN)
    described = [describe(model, key) for key in STANDARD_KEYS]
    page = markdown(described).splitlines()
    rows = [line for line in page if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [key.name for key in STANDARD_KEYS]
    assert len({row.count("|") for row in rows}) == 1
    lines = table(described).splitlines()
    assert len(lines) == len(STANDARD_KEYS) + 1
    assert all(
        line.startswith(key.name) for line, key in zip(lines[1:], STANDARD_KEYS, strict=True)
    )


# ---- against what libocpp has, where its table is at hand

KEYS_OF_LIBOCPP = Path(__file__).parents[4] / "shared" / "knowledge" / "keys16.md"


@pytest.mark.skipif(not KEYS_OF_LIBOCPP.exists(), reason="libocpp's table of keys is not here")
def test_every_standard_key_of_libocpp_is_known() -> None:
    group = ""
    missing = []
    for line in KEYS_OF_LIBOCPP.read_text().splitlines():
        if line.startswith("### "):
            group = line.split()[1]
        elif line.startswith("- ") and group not in ("Internal", "CostAndPrice"):
            name = line[2:].partition(":")[0]
            missing += [] if name.lower() in BY_LOWER_CASE else [name]
    assert missing == []
