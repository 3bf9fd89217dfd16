"""The variables of a station's places, after how it is built."""

from pilotwire.profiles.device_model import DeviceModel, Key
from pilotwire.profiles.standard import STANDARD
from pilotwire.profiles.standard.places import EvseBuild, fitted, places

AC = EvseBuild(phases=3, max_watts=22_080.0, connector_types=("sType2",))
DC = EvseBuild(connectors=2, phases=0, connector_types=("cCCS2", "cG105"))
UNLOCKS = Key("OCPPCommCtrlr", "UnlockOnEVSideDisconnect")


def test_every_connector_has_its_type_and_every_evse_its_supply() -> None:
    model = DeviceModel((*STANDARD, *places((AC, DC))))
    types = [
        model.value(Key.parse(f"Connector({place}).ConnectorType"))
        for place in ("1,1", "2,1", "2,2")
    ]
    assert types == ["sType2", "cCCS2", "cG105"]
    names = {str(key) for key in model}
    assert {"EVSE(1).ACCurrent[L3]", "EVSE(2).DCVoltage"} <= names
    assert not {"EVSE(2).ACVoltage[L1]", "EVSE(1).DCCurrent", "EVSE(1).ACCurrent"} & names
    assert model.definition(Key.parse("EVSE(1).Power")).limits == (0, 22_080.0)


def test_of_an_evse_that_nothing_is_known_of_only_what_can_be_said_is_there() -> None:
    model = DeviceModel(places((EvseBuild(connectors=2),)))
    assert model.value(Key.parse("Connector(1,2).ConnectorType")) == "Unknown"
    assert model.value(Key.parse("EVSE(1).SupplyPhases")) is None
    assert not any("Current" in key.variable for key in model)


def test_stations_of_one_build_share_their_places() -> None:
    assert places((AC, DC)) is places((AC, DC))


def test_where_every_cable_is_fixed_there_is_nothing_to_unlock() -> None:
    (unlocks,) = [each for each in STANDARD if each.key == UNLOCKS]
    fixed = fitted(unlocks, (DC,))
    assert (fixed.default, fixed.mutability) == (False, "ReadOnly")
    for evses in ((AC, DC), (EvseBuild(),)):
        assert fitted(unlocks, evses) is unlocks
