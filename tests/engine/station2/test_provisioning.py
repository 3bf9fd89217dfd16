"""Functional block B, booting, as dialogues."""



from .conftest import Start
from .world import World


async def test_b01_fr_01_the_boot_tells_who_the_station_is(world: World) -> None:
    (boot,) = world.csms.of("BootNotification")
    station = boot.charging_station
    assert boot.reason == "PowerUp"  # B01.FR.09
    assert (station.vendor_name, station.model, station.serial_number) == ("Vendor", "Model", "S-1")
    assert station.firmware_version == "1.2"
    assert station.modem.iccid == "89310000000000000001"
    assert not station.modem.imsi


async def test_b01_fr_05_after_the_boot_every_connector_and_nothing_else_is_told(
    start: Start,
) -> None:
    world = await start(connectors=(1, 2))
    assert world.csms.actions() == ["BootNotification", *["StatusNotification"] * 3]
    told = world.csms.of("StatusNotification")
    assert [(t.evse_id, t.connector_id, t.connector_status) for t in told] == [
        (1, 1, "Available"),
        (2, 1, "Available"),
        (2, 2, "Available"),
    ]
