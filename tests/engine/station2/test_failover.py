"""B10 as dialogues: from a network profile to the next, and to a new CSMS (OCPP-J 5.3)."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.machines.connection import ConnectionChart
from pilotwire.machines.diagram import transitions
from pilotwire.machines.events import (
    ConnectRequested,
    DisconnectRequested,
    LinkClosed,
    ReconnectRequested,
)

from .conftest import StartNetworks
from .networks import Networks

ATTEMPTS = "OCPPCommCtrlr.NetworkProfileConnectionAttempts"
PRIORITY = "OCPPCommCtrlr.NetworkConfigurationPriority"


def three(attempts: int = 2) -> dict[str, Any]:
    """Slots 1 to 3 have the addresses of a, b and c, and are dialled in this order."""
    return {
        "slots_there": (1, 2, 3),
        **Networks.slot(2, "b"),
        **Networks.slot(3, "c"),
        PRIORITY: ("1", "2", "3"),
        ATTEMPTS: attempts,
    }


def all_down(station: Networks) -> None:
    for csms in station.csmses.values():
        csms.is_reachable = False


async def test_the_failover_goes_over_every_edge_of_its_chart(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(all_down, **three())
    assert station.slots() == [1]  # the first dial waits for nothing
    await trio.sleep(7 * 4)
    assert station.slots() == [1, 1, 2, 2, 3, 3, 1, 1]  # round and round
    assert station.gaps() == [4] * 7
    station.come_back("b")
    await trio.sleep(2 * 4)
    assert station.slots()[8:] == [2]
    assert station.now.state == "online"
    assert await station.get("OCPPCommCtrlr.ActiveNetworkProfile") == "2"

    station.forget()
    await station.drop("b")
    await trio.sleep(6 * 4 + 1)
    assert station.slots() == [2, 2, 3, 3, 1, 1]
    assert station.now.state == "falling_back"
    await offline_and_back(station)
    assert station.slots()[6:] == [1]  # B10.FR.04: wished online again, it begins as after a boot
    await trio.sleep(4)
    assert station.now.state == "failing_over"
    for _ in range(2):
        await offline_and_back(station)
        assert station.now.state == "backing_off"
    station.csmses["a"].hangs = True
    await trio.sleep(4)
    assert station.now.state == "dialling"
    await offline_and_back(station)
    assert station.now.state == "dialling"
    station.csmses["a"].hangs = False
    station.come_back("a")
    await offline_and_back(station)
    assert station.now.state == "online"
    await offline_and_back(station)
    assert station.now.state == "online"
    station.forget()
    station.now.station.deliver(0, ReconnectRequested())
    await trio.sleep(1)
    assert (station.slots(), station.now.state) == ([1], "online")
    assert_every_edge(station)


async def offline_and_back(station: Networks) -> None:
    """Wish the station offline, and online again."""
    tree = station.now.station
    tree.deliver(0, DisconnectRequested())
    tree.deliver(0, LinkClosed("late to tell"))
    before = len(station.dials)
    await trio.sleep(60)
    assert len(station.dials) == before  # offline by wish is offline
    tree.deliver(0, ConnectRequested())
    await trio.sleep(1)


def assert_every_edge(station: Networks) -> None:
    """Whatever the chart declares has happened."""
    declared = {
        (source, event, target) for event, source, target, _ in transitions(ConnectionChart)
    }
    assert declared - set(station.moves) == set()


async def test_b10_fr_10_another_profile_means_another_registration(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(**three(attempts=1))
    await station.drop("a")
    await trio.sleep(9)
    b = station.csmses["b"]
    assert b.actions()[0] == "BootNotification"
    assert b.statuses() == ["Available"]
    station.forget()
    await station.drop("b")
    station.come_back("b")
    await trio.sleep(5)
    assert station.slots() == [2]
    assert "BootNotification" not in b.actions()  # the same one again: OCPP-J 5.3


async def test_b10_fr_03_a_lost_link_is_dialled_first_and_then_the_others(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(**three())
    assert await station.set(ATTEMPTS, "3") == ("Accepted", "")
    station.forget()
    await station.drop("a", "b")
    await trio.sleep(7 * 4 + 1)
    assert station.slots() == [1, 1, 1, 2, 2, 2, 3]
    assert station.csmses["c"].actions()[0] == "BootNotification"


async def test_TC_B_45_CS_a_migration_to_a_new_csms(  # B10.FR.01, B10.FR.04, B10.FR.06
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks()
    assert (await station.set_profile(2, "b")).status == "Accepted"
    assert await station.set_priority(2, 1) == ("Accepted", "")
    assert station.slots() == [1]  # the link that stands is none of its concern
    old = station.csmses["a"].link
    await station.reset()
    await trio.sleep(1)
    assert station.slots() == [1, 2]
    assert old is not None
    assert old.closed is not None
    assert station.csmses["b"].actions()[0] == "BootNotification"
    assert await station.get("OCPPCommCtrlr.ActiveNetworkProfile") == "2"
    assert await station.get("OCPPCommCtrlr.NetworkConfigurationPriority") == "2,1"


async def test_TC_B_46_CS_the_next_entry_when_the_new_one_does_not_answer(  # B10.FR.03
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks()
    await station.set(ATTEMPTS, "2")
    await station.set_profile(2, "b")
    await station.set_priority(2, 1)
    await station.drop("b")
    station.forget()
    await station.reset()
    await trio.sleep(12)
    assert station.slots() == [2, 2, 1]
    assert station.csmses["a"].of("BootNotification")
    assert await station.get("OCPPCommCtrlr.ActiveNetworkProfile") == "1"


async def test_TC_B_49_CS_back_to_the_profile_that_worked_last_when_all_have_failed(  # B10.FR.07
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks()
    await station.set(ATTEMPTS, "1")
    await station.set_profile(2, "b")
    await station.set_priority(2, 1)
    await station.drop("b")
    station.forget()
    station.csmses["a"].is_reachable = False
    await station.reset()
    await trio.sleep(6)
    assert station.slots() == [2, 1]
    station.come_back("a")
    await trio.sleep(4)
    assert station.slots() == [2, 1, 1]
    assert station.gaps() == [4, 4]
    assert station.csmses["a"].of("BootNotification")


async def test_b10_fr_07_a_station_that_was_sent_astray_comes_home(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    """B10.FR.09: the only entry leads nowhere, and what worked last is no entry any more."""
    station = await start_networks()
    await station.set(ATTEMPTS, "2")
    await station.set_profile(2, "b")
    await station.set_priority(2)
    await station.drop("b")
    station.forget()
    await station.reset()
    await trio.sleep(10)
    assert station.slots() == [2, 2, 1]
    assert station.now.state == "online"


async def test_what_worked_last_is_not_what_has_taken_its_place(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks()
    await station.set(ATTEMPTS, "1")
    await station.set_profile(2, "b")
    await station.set_priority(2)
    await station.set_profile(1, "c")
    await station.drop("b")
    station.forget()
    await station.reset()
    await trio.sleep(20)
    assert set(station.slots()) == {2}


async def test_TC_B_57_CS_each_wait_is_twice_the_one_before(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(**{"OCPPCommCtrlr.RetryBackOffRepeatTimes": 2, ATTEMPTS: 3})
    link = station.csmses["a"].link
    assert link is not None
    station.forget()
    begin = trio.current_time()
    await link.close(1001)
    await trio.sleep(6)
    assert [dialled.at - begin for dialled in station.dials] == pytest.approx([4], abs=0.1)
    station.forget()
    await station.drop("a")
    await trio.sleep(100)
    assert station.gaps()[:4] == [8, 16, 16, 16]  # doubled as often as the variable says
    station.come_back("a")
    await trio.sleep(20)
    assert station.now.state == "online"


async def test_chance_is_added_to_every_wait(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(all_down, **{"OCPPCommCtrlr.RetryBackOffRandomRange": 10})
    await trio.sleep(100)
    gaps = station.gaps()
    assert len(set(gaps)) == len(gaps)
    assert all(4 <= gap <= 14 for gap in gaps)


async def test_each_profile_has_its_message_timeout(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(
        **three(attempts=1), **{"NetworkConfiguration[2].MessageTimeout": 3}
    )
    b = station.csmses["b"]
    asked: list[float] = []

    async def never(request: object) -> None:
        asked.append(trio.current_time())
        await trio.sleep_forever()

    b.on("BootNotification", never)
    await station.drop("a")
    await trio.sleep(10)
    assert len(asked) == 1
    assert station.now.station.tree.registration.is_in("asking")
    await trio.sleep(3)
    assert station.now.station.tree.registration.is_in("unanswered")


async def test_a_slot_that_was_emptied_is_a_dial_that_fails(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(**{PRIORITY: ("2", "1"), ATTEMPTS: 1})
    await trio.sleep(4)
    assert station.slots() == [1]
    assert ("dialling", "LinkFailed", "failing_over") in station.moves


async def test_a_priority_that_leads_nowhere_does_not_strand_the_station(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    def lose(station: Networks) -> None:  # what the slot held has given way to the configuration
        station.journal.put("variables", PRIORITY, b"2")

    station = await start_networks(lose)
    assert station.slots() == [1]
    assert station.now.state == "online"


async def test_a05_fr_06_an_upgrade_leaves_nothing_less_secure_behind(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    third = Networks.slot(3, "c", SecurityProfile=0)
    station = await start_networks(slots_there=(1, 2, 3), **third)
    await station.set_profile(2, "b", security_profile=2, ocpp_csms_url="wss://b.example")
    await station.set_priority(2, 1)
    assert await station.get("SecurityCtrlr.SecurityProfile") == "1"
    await station.reset()  # A05.FR.05
    await trio.sleep(1)
    assert station.slots() == [1, 2]
    for _ in range(2):
        assert await station.get("SecurityCtrlr.SecurityProfile") == "2"
        assert await station.get(PRIORITY) == "2"
        assert await station.get("NetworkConfiguration[1].OcppCsmsUrl") == ""
        assert await station.get("NetworkConfiguration[3].OcppCsmsUrl") == ""
        await station.reset()  # and it stays so
        await trio.sleep(1)


async def test_a05_fr_06_an_upgrade_that_leads_nowhere_leaves_the_old_profile(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(**{ATTEMPTS: 1})
    await station.set_profile(2, "b", security_profile=2, ocpp_csms_url="wss://b.example")
    await station.set_priority(2, 1)
    await station.drop("b")
    await station.reset()
    await trio.sleep(8)
    assert await station.get("SecurityCtrlr.SecurityProfile") == "1"
    assert await station.get(PRIORITY) == "2,1"


async def test_what_the_configuration_says_is_less_secure_stays(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(
        **Networks.slot(1, "a", SecurityProfile=2, OcppCsmsUrl="wss://a.example"),
        **Networks.slot(2, "b", SecurityProfile=1),
        **{PRIORITY: ("1", "2")},
    )
    assert await station.get(PRIORITY) == "1,2"
    assert await station.get("NetworkConfiguration[2].OcppCsmsUrl") == "ws://b.example/ocpp"


@pytest.mark.parametrize("other", ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"])
async def test_a_transaction_goes_on_over_another_profile_in_another_version(
    start_networks: StartNetworks, other: str, autojump_clock: MockClock
) -> None:
    def speak(station: Networks) -> None:
        station.csmses["b"].subprotocol = other

    station = await start_networks(
        speak, **three(attempts=1), **{"SampledDataCtrlr.TxUpdatedInterval": 30}
    )
    await station.now.charge()
    a, b = station.csmses["a"], station.csmses["b"]
    assert a.events()[0].event_type == "Started"
    told = len(a.events())
    await station.drop("a")
    await trio.sleep(100)
    station.drivers[0].present_token("DEADBEEF")
    await trio.sleep(5)
    assert b.actions()[0] == "BootNotification"
    if other == "ocpp1.6":
        assert "StopTransaction" in b.actions()
    else:
        numbers = [event.seq_no for event in (*a.events(), *b.events())]
        assert numbers == list(range(len(numbers)))
        assert b.events()[0].seq_no == told
        assert b.events()[-1].event_type == "Ended"
    assert not station.journal.waiting_in("transactions")


async def test_the_csms_that_is_failed_over_to_hears_that_it_was(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    """By the preconfigured monitor (N07.FR.18)."""
    station = await start_networks(**three(1))
    await station.drop("a")
    await trio.sleep(30)
    told = [
        (data.component.name, data.variable.name, data.actual_value)
        for name in ("a", "b")
        for request in station.csmses[name].of("NotifyEvent")
        for data in request.event_data
        if data.variable.name == "ActiveNetworkProfile"
    ]
    assert told == [("OCPPCommCtrlr", "ActiveNetworkProfile", "2")]


# ---- upgrading the security profile


async def test_TC_A_19_CS_an_upgrade_of_the_security_profile(  # A05.FR.04-06
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks()
    wss = "wss://b.example/ocpp"
    answer = await station.set_profile(2, "b", security_profile=2, ocpp_csms_url=wss)
    assert answer.status == "Accepted"
    assert await station.set_priority(2, 1) == ("Accepted", "")
    await station.reset()
    await trio.sleep(1)
    assert station.csmses["b"].actions()[0] == "BootNotification"
    assert await station.get("SecurityCtrlr.SecurityProfile") == "2"
    assert await station.get(PRIORITY) == "2"
    station.forget()
    await station.drop("b")
    await trio.sleep(60)
    assert set(station.slots()) == {2}  # it does not come back by the lower one
    station.come_back("b")
    await trio.sleep(5)
    assert station.now.state == "online"
