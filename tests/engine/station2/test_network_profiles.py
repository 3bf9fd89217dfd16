"""B09 as dialogues: network profiles that the CSMS sets, whole or variable by variable."""

from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.journal.store import JournalError, Store
from pilotwire.profiles import network
from pilotwire.profiles.network import NetworkProfile, Reach

from .conftest import StartNetworks
from .networks import Networks
from .world import journal_in

PASSWORD = "correct-horse-battery"
OTHER = "of-another-central-system"


async def test_b09_fr_01_a_profile_is_stored_and_stays_so(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks()
    answer = await station.set_profile(2, "b", message_timeout=7, ocpp_interface="Wireless1")
    assert answer.status == "Accepted"

    async def told() -> list[str | None]:
        names = ("OcppCsmsUrl", "SecurityProfile", "MessageTimeout", "OcppInterface")
        return [await station.get(f"NetworkConfiguration[2].{name}") for name in names]

    assert await told() == ["ws://b.example/ocpp", "1", "7", "Wireless1"]  # B09.FR.09
    assert await station.get("NetworkConfiguration[2].OcppTransport") == "JSON"
    await station.reset()
    await trio.sleep(1)
    assert await told() == ["ws://b.example/ocpp", "1", "7", "Wireless1"]
    assert station.slots() == [1, 1]  # nobody has said that it is to be dialled


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ocpp_csms_url": "http://b.example"}, "InvalidNetworkConf"),
        ({"ocpp_csms_url": "ws://b.example/?a=1"}, "InvalidNetworkConf"),
        ({"ocpp_csms_url": "ws://me:secret@b.example"}, "InvalidNetworkConf"),
        ({"ocpp_csms_url": "ws://b..example"}, "InvalidNetworkConf"),
        ({"ocpp_csms_url": f"ws://{'b' * 64}.example"}, "InvalidNetworkConf"),
        ({"ocpp_csms_url": "ws://b .example"}, "InvalidNetworkConf"),
        ({"ocpp_csms_url": "ws://b.example:65536"}, "InvalidNetworkConf"),
        ({"ocpp_csms_url": "wss://b.example"}, "InvalidNetworkConf"),  # not with profile 1
        ({"security_profile": 2}, "InvalidNetworkConf"),  # not with ws
        ({"ocpp_csms_url": "wss://b.example", "security_profile": 4}, "InvalidNetworkConf"),
        ({"ocpp_transport": "SOAP"}, "InvalidNetworkConf"),
        ({"message_timeout": 0}, "InvalidNetworkConf"),
        ({"ocpp_interface": "Wireless0"}, "InvalidNetworkConf"),
        ({"security_profile": 0}, "NoSecurityDowngrade"),
    ],
)
async def test_b09_fr_02_what_is_no_profile_is_rejected(
    start_networks: StartNetworks,
    changes: dict[str, Any],
    reason: str,
    autojump_clock: MockClock,
) -> None:
    station = await start_networks(reach=Reach(interfaces=frozenset({"Wired0"})))
    answer = await station.set_profile(2, "b", **changes)
    assert (answer.status, answer.status_info.reason_code) == ("Rejected", reason)
    assert await station.get("NetworkConfiguration[2].OcppCsmsUrl") == ""
    assert "secret" not in str(answer)


async def test_b09_fr_02_modem_and_tunnel_are_not_the_stations_to_set_up(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks()
    v2 = station.v2
    apn = v2.APNType(apn="internet", apn_authentication="NONE")
    vpn = v2.VPNType(server="v", user="u", password="p", key="k", type="IKEv2")
    for extra in ({"apn": apn}, {"vpn": vpn}):
        answer = await station.set_profile(2, "b", **extra)
        assert (answer.status, answer.status_info.reason_code) == ("Rejected", "InvalidNetworkConf")
    # B09.FR.11, B09.FR.13
    for name in ("ApnEnabled", "VpnEnabled"):
        assert await station.get(f"NetworkConfiguration[2].{name}") == "false"
        assert (await station.set(f"NetworkConfiguration[2].{name}", "true"))[0] == "Rejected"


async def test_a_version_that_the_station_does_not_speak_is_rejected_in_2_0_1_and_ignored_in_2_1(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(reach=Reach(subprotocols=("ocpp2.1", "ocpp2.0.1")))
    answer = await station.set_profile(2, "b", ocpp_version="OCPP16")
    assert answer.status == ("Rejected" if station.number == "2.0.1" else "Accepted")
    assert (await station.set_profile(2, "b")).status == "Accepted"
    told = await station.get("NetworkConfiguration[2].OcppVersion")
    assert told == ("OCPP20" if station.number == "2.0.1" else "")


async def test_b09_fr_03_a_profile_that_cannot_be_kept_has_failed_and_changes_nothing(
    start_networks: StartNetworks,
    autojump_clock: MockClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def on_disk(station: Networks) -> None:
        station.journal = journal_in(tmp_path)

    def fail(store: Store, batch: object) -> None:
        raise JournalError("the disk is full")

    station = await start_networks(before=on_disk)
    assert (await station.set_profile(2, "b")).status == "Accepted"
    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", fail)
        assert (await station.set_profile(2, "c")).status == "Failed"
    await station.reset()
    await trio.sleep(1)
    assert await station.get("NetworkConfiguration[2].OcppCsmsUrl") == "ws://b.example/ocpp"


@pytest.mark.parametrize("word", ["Rejected", "Failed"])
async def test_b09_fr_02_an_integrator_has_the_last_word(
    start_networks: StartNetworks, word: Any, autojump_clock: MockClock
) -> None:
    shown: list[NetworkProfile] = []

    def refuse(profile: NetworkProfile) -> Any:
        shown.append(profile)
        return word

    station = await start_networks(accept_network_profile=refuse)
    assert (await station.set_profile(2, "b")).status == word
    assert (await station.set_profile(2, "b", message_timeout=0)).status == "Rejected"
    assert [profile.url for profile in shown] == ["ws://b.example/ocpp"]  # only sound ones
    assert await station.get("NetworkConfiguration[2].OcppCsmsUrl") == ""


async def test_TC_B_43_CS_a_slot_that_the_station_does_not_have_is_rejected(  # B09.FR.05
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks()
    answer = await station.set_profile(999, "b")
    assert (answer.status, answer.status_info.reason_code) == ("Rejected", "InvalidConfSlot")


async def test_TC_A_22_CS_a_lower_security_profile_than_the_links_is_rejected(  # B09.FR.04
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(
        **Networks.slot(1, "a", OcppCsmsUrl="wss://a.example", SecurityProfile=2)
    )
    answer = await station.set_profile(2, "b", security_profile=1)
    assert (answer.status, answer.status_info.reason_code) == ("Rejected", "NoSecurityDowngrade")


@pytest.mark.parametrize(("lower", "status"), [(2, "Accepted"), (1, "Rejected")])
async def test_b09_fr_31_from_3_to_2_only_and_only_where_that_is_allowed(
    start_networks: StartNetworks, lower: int, status: str, autojump_clock: MockClock
) -> None:
    at_3 = Networks.slot(1, "a", OcppCsmsUrl="wss://a.example", SecurityProfile=3)
    allowed = {"SecurityCtrlr.AllowSecurityProfileDowngrade": True}
    url = "wss://b.example" if lower == 2 else "ws://b.example"
    strict = await start_networks(**at_3)
    answer = await strict.set_profile(2, "b", security_profile=lower, ocpp_csms_url=url)
    assert answer.status == "Rejected"
    lenient = await start_networks(**at_3, **allowed)
    answer = await lenient.set_profile(2, "b", security_profile=lower, ocpp_csms_url=url)
    assert answer.status == status
    # B09.FR.32, B09.FR.35; 3 to 2 likewise
    told = await lenient.set("NetworkConfiguration[2].SecurityProfile", str(lower))
    assert told == (("Accepted", "") if status == "Accepted" else (status, "NoSecurityDowngrade"))


async def test_b09_a_profile_of_the_link_that_stands_counts_from_the_next_boot_or_connection_on(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks()
    assert (await station.set_profile(1, "b")).status == "Accepted"
    assert await station.get("NetworkConfiguration[1].OcppCsmsUrl") == "ws://b.example/ocpp"
    await station.drop("a")
    await trio.sleep(10)
    if station.number == "2.0.1":  # B09, remarks: not before a reboot
        assert station.csmses["b"].actions() == []
        station.come_back("a")
        await trio.sleep(10)
        await station.reset()
        await trio.sleep(1)
    assert station.csmses["b"].actions()[0] == "BootNotification"


async def test_b09_fr_08_the_report_shows_every_slot_filled_or_not(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks()
    request = station.v2.GetBaseReportRequest(request_id=1, report_base="FullInventory")
    await station.now.csms.call(request)
    await trio.sleep(5)
    parts = station.now.csms.of("NotifyReport")
    items = [item for part in parts for item in part.report_data]
    slots = [item for item in items if item.component.name == "NetworkConfiguration"]
    assert {item.component.instance for item in slots} == {"1", "2"}  # B09.FR.06
    attributes = {
        item.variable.name: item.variable_attribute[0]
        for item in slots
        if item.component.instance == "1"
    }
    mutability = {name: attribute.mutability for name, attribute in attributes.items()}
    assert mutability["OcppCsmsUrl"] == "ReadWrite"  # B09.FR.10
    assert mutability["BasicAuthPassword"] == "WriteOnly"
    assert not attributes["BasicAuthPassword"].value
    (priority,) = [i for i in items if i.variable.name == "NetworkConfigurationPriority"]
    assert priority.variable_characteristics.values_list == "1,2"
    assert priority.variable_characteristics.data_type == "SequenceList"


async def test_b09_fr_22_a_slot_that_may_be_dialled_is_not_changed_variable_by_variable(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks()
    for name, value in (
        ("OcppCsmsUrl", "ws://b.example"),
        ("MessageTimeout", "10"),
        ("BasicAuthPassword", PASSWORD),
    ):
        told = await station.set(f"NetworkConfiguration[1].{name}", value)
        assert told == ("Rejected", "ActiveNetworkConf")


async def test_b09_fr_23_a_slot_is_filled_variable_by_variable_and_then_dialled(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks()
    assert await station.set_priority(2) == ("Rejected", "InvalidNetworkConf")  # B10.FR.02
    for name, value in (
        ("OcppCsmsUrl", "ws://b.example/ocpp"),
        ("SecurityProfile", "1"),
        ("OcppInterface", "Any"),
        ("MessageTimeout", "9"),
        ("Identity", "B-1"),
        ("BasicAuthPassword", PASSWORD),
    ):
        told = await station.set(f"NetworkConfiguration[2].{name}", value)
        assert told == ("Accepted", "")  # B09.FR.24
    assert await station.set_priority(2, 1) == ("Accepted", "")  # B09.FR.33, B10.FR.01
    await station.reset()
    await trio.sleep(1)
    profile = station.dials[-1].profile
    assert profile == NetworkProfile(
        slot=2,
        url="ws://b.example/ocpp",
        security_profile=1,
        message_timeout=9,
        identity="B-1",
        password=PASSWORD,
    )
    assert PASSWORD not in repr(profile)
    assert await station.get("NetworkConfiguration[2].BasicAuthPassword") is None
    assert await station.get("OCPPCommCtrlr.MessageTimeout") is None  # its instance is Default
    assert await station.get("SecurityCtrlr.Identity") == "B-1"  # B09.FR.28
    assert not [key for key in station.journal.items("variables") if "Password" in key]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OcppCsmsUrl", "http://b.example"),
        ("OcppCsmsUrl", ""),
        ("SecurityProfile", "7"),
        ("OcppInterface", "Wireless0"),
        ("OcppTransport", "SOAP"),
        ("OcppVersion", "OCPP12"),
        ("MessageTimeout", "0"),
        ("Identity", "with:colon"),
        ("BasicAuthPassword", "too short"),
        ("BasicAuthPassword", "a!" * 10),
    ],
)
async def test_b09_fr_25_a_value_that_no_profile_can_have_is_rejected(
    start_networks: StartNetworks, name: str, value: str, autojump_clock: MockClock
) -> None:
    station = await start_networks(reach=Reach(interfaces=frozenset({"Wired0"})))
    assert (await station.set(f"NetworkConfiguration[2].{name}", value))[0] == "Rejected"


async def test_b09_fr_34_a_slot_whose_parts_do_not_fit_together_is_not_made_an_entry(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks()
    await station.set("NetworkConfiguration[2].OcppCsmsUrl", "ws://b.example")
    await station.set("NetworkConfiguration[2].SecurityProfile", "2")
    assert await station.set_priority(1, 2) == ("Rejected", "InvalidNetworkConf")
    await station.set("NetworkConfiguration[2].OcppCsmsUrl", "wss://b.example")
    assert await station.set_priority(1, 2) == ("Accepted", "")
    assert await station.set_priority(1) == ("Accepted", "")  # B09.FR.20


@pytest.mark.parametrize("value", ["", "3", "one", "1,1"])
async def test_b10_fr_02_a_priority_names_slots_that_there_are(
    start_networks: StartNetworks, value: str, autojump_clock: MockClock
) -> None:
    station = await start_networks()
    name = "OCPPCommCtrlr.NetworkConfigurationPriority"
    assert (await station.set(name, value))[0] == "Rejected"
    assert await station.get(name) == "1"


async def test_a05_fr_10_no_entry_is_less_secure_than_the_link(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(
        **Networks.slot(1, "a", OcppCsmsUrl="wss://a.example", SecurityProfile=2),
        **Networks.slot(2, "b"),
    )
    assert await station.set_priority(1, 2) == ("Rejected", "NoSecurityDowngrade")


@pytest.mark.parametrize(("lower", "status"), [(2, "Accepted"), (1, "Rejected")])
async def test_a05_fr_08_an_entry_may_go_back_from_3_to_2_where_that_is_allowed(  # A05.FR.09
    start_networks: StartNetworks, lower: int, status: str, autojump_clock: MockClock
) -> None:
    scheme = "wss" if lower == 2 else "ws"
    station = await start_networks(
        **Networks.slot(1, "a", OcppCsmsUrl="wss://a.example", SecurityProfile=3),
        **Networks.slot(2, "b", OcppCsmsUrl=f"{scheme}://b.example", SecurityProfile=lower),
        **{"SecurityCtrlr.AllowSecurityProfileDowngrade": True},
    )
    assert (await station.set_priority(2, 1))[0] == status


async def test_b09_fr_27_the_stations_password_takes_the_place_of_the_profiles_own(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(
        **Networks.slot(1, "a", BasicAuthPassword=PASSWORD),
        **Networks.slot(2, "b", BasicAuthPassword=OTHER),
    )
    assert station.dials[-1].profile.password == PASSWORD
    new = "another-horse-battery"
    assert await station.set("SecurityCtrlr.BasicAuthPassword", new) == ("Accepted", "")
    assert await station.set("SecurityCtrlr.BasicAuthPassword", "a!") == (
        "Rejected",
        "InvalidValue",
    )
    assert await station.get("SecurityCtrlr.BasicAuthPassword") is None
    for _ in range(2):
        await station.drop("a")
        station.come_back("a")
        await trio.sleep(5)
        assert station.dials[-1].profile.password is None
        model = station.now.model
        assert model.value(network.PASSWORD) == new
        other = network.read_profile(model, 2)
        assert other is not None
        assert other.password == OTHER  # no link goes by that one
        await station.reset()
        await trio.sleep(1)
