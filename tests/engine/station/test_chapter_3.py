"""Chapter 3 of OCPP 1.6: authorization while offline, groups, the queue, metering data."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.profiles.device_model import Value
from pilotwire.profiles.messages import v16

from .spoken import PowerCycle, accepted, change, family, started, transaction_messages
from .world import World, invalid


def blocked(request: v16.AuthorizeRequest) -> v16.AuthorizeResponse:
    return v16.AuthorizeResponse(id_tag_info=v16.IdTagInfo(status="Blocked"))


async def use_once(world: World, token: str, evse: int = 1) -> None:
    """Charge with a token, so that the station knows it afterwards."""
    await world.charge(evse, token)
    world.drivers[evse - 1].present_token(token)
    await trio.sleep(1)
    world.drivers[evse - 1].unplug()
    await trio.sleep(1)


# ---- 3.5 local authorization and offline behaviour


async def test_3_5_1_offline_a_cached_token_charges(
    world: World, autojump_clock: MockClock
) -> None:
    await use_once(world, "KNOWN")
    await world.csms.drop()
    await world.charge(token="known")
    assert world.drivers[0].is_contactor_closed


async def test_3_5_1_local_authorize_offline_switches_that_off(
    world: World, autojump_clock: MockClock
) -> None:
    await use_once(world, "KNOWN")
    await change(world, LocalAuthorizeOffline=False)
    await world.csms.drop()
    await world.charge(token="KNOWN")
    assert not world.drivers[0].is_contactor_closed


async def test_3_5_1_the_cache_learns_from_every_id_tag_info(
    world: World, autojump_clock: MockClock
) -> None:
    await use_once(world, "KNOWN")

    def blocked_at_stop(request: v16.StopTransactionRequest) -> v16.StopTransactionResponse:
        return v16.StopTransactionResponse(id_tag_info=v16.IdTagInfo(status="Blocked"))

    world.csms.on(v16.StopTransactionRequest, blocked_at_stop)
    await use_once(world, "KNOWN")
    await world.csms.drop()
    await world.charge(token="KNOWN")
    assert not world.drivers[0].is_contactor_closed


async def test_3_5_1_the_cache_outlives_a_power_cut(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    power = PowerCycle(tmp_path)

    async def learn(world: World) -> None:
        await use_once(world, "KNOWN")

    async def use_offline(world: World) -> None:
        await world.csms.drop()
        await world.charge(token="KNOWN")
        assert world.drivers[0].is_contactor_closed

    await power.powered(learn)
    await power.powered(use_offline)


async def test_3_5_1_what_is_cached_as_not_valid_is_asked_about_while_online(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, LocalPreAuthorize=True)
    world.csms.on(v16.AuthorizeRequest, blocked)
    await world.charge(token="CARD")
    world.csms.on(v16.AuthorizeRequest, family)
    world.drivers[0].present_token("CARD")
    await trio.sleep(1)
    assert len(world.csms.of(v16.AuthorizeRequest)) == 2
    assert world.drivers[0].is_contactor_closed


async def test_3_5_local_pre_authorize_starts_without_asking(
    world: World, autojump_clock: MockClock
) -> None:
    await use_once(world, "KNOWN")
    await change(world, LocalPreAuthorize=True)
    world.csms.forget()
    await world.charge(token="KNOWN")
    assert not world.csms.of(v16.AuthorizeRequest)
    assert world.csms.of(v16.StartTransactionRequest)[0].id_tag == "KNOWN"


async def test_3_5_4_a_known_token_that_was_blocked_is_refused_though_unknown_ones_are_welcome(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, AllowOfflineTxForUnknownId=True)
    world.csms.on(v16.AuthorizeRequest, blocked)
    await world.charge(token="BLOCKED")
    await world.csms.drop()
    world.drivers[0].present_token("BLOCKED")
    await trio.sleep(1)
    assert not world.drivers[0].is_contactor_closed
    world.drivers[0].present_token("STRANGER")
    await trio.sleep(1)
    assert world.drivers[0].is_contactor_closed


async def test_3_5_4_an_offline_start_that_is_refused_afterwards_is_stopped_and_keeps_the_cable(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, AllowOfflineTxForUnknownId=True)
    await world.csms.drop()
    await world.charge(token="STRANGER")
    world.csms.on(v16.StartTransactionRequest, invalid)
    world.csms.come_back()
    await trio.sleep(60)
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert (stop.transaction_id, stop.reason) == (9, "DeAuthorized")
    assert world.drivers[0].is_locked()
    world.drivers[0].present_token("STRANGER")  # errata 3.5: the same identifier frees it
    await trio.sleep(1)
    assert not world.drivers[0].is_locked()


async def test_3_5_4_an_offline_start_that_is_over_by_then_is_left_alone(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, AllowOfflineTxForUnknownId=True)
    await world.csms.drop()
    await use_once(world, "STRANGER")
    await world.charge(token="OTHER")
    answers = [invalid]

    def once(request: v16.StartTransactionRequest) -> Any:
        return answers.pop()(request) if answers else world.csms.friendly(request)

    world.csms.on(v16.StartTransactionRequest, once)
    world.csms.come_back()
    await trio.sleep(60)
    assert len(world.csms.of(v16.StartTransactionRequest)) == 2
    assert len(world.csms.of(v16.StopTransactionRequest)) == 1
    assert world.drivers[0].is_contactor_closed


# ---- 3.7 transaction-related messages


async def test_3_7_others_overtake_the_queue_and_new_transactions_wait_for_it(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, TransactionMessageRetryInterval=100)

    def fail(request: object) -> None:
        raise RuntimeError("a bug of the CSMS")

    world.csms.on(v16.StartTransactionRequest, fail)
    await world.charge(token="FIRST")
    world.csms.forget()
    await world.charge(evse=2, token="SECOND")
    assert [r.id_tag for r in world.csms.of(v16.AuthorizeRequest)] == ["SECOND"]
    assert world.csms.statuses(2)[-1] == "Charging"
    assert not transaction_messages(world)
    del world.csms.rules[v16.StartTransactionRequest]
    await trio.sleep(100)
    starts = world.csms.of(v16.StartTransactionRequest)
    assert [start.id_tag for start in starts] == ["FIRST", "SECOND"]


async def test_3_7_1_the_interval_grows_with_each_transmission(
    world: World, autojump_clock: MockClock
) -> None:
    times: list[float] = []

    def fail(request: object) -> None:
        times.append(trio.current_time())
        raise RuntimeError("a bug of the CSMS")

    world.csms.on(v16.StartTransactionRequest, fail)
    await change(world, TransactionMessageAttempts=3, TransactionMessageRetryInterval=60)
    await world.charge()
    await trio.sleep(400)
    assert [round(later - times[0]) for later in times] == [0, 60, 180]


# ---- 3.10 parent idTag


async def test_3_10_a_token_of_the_same_group_stops(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.on(v16.AuthorizeRequest, family)
    await world.charge(token="MOTHER")
    world.drivers[0].present_token("CHILD")
    await trio.sleep(1)
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert (stop.id_tag, stop.reason) == ("CHILD", "Local")


async def test_3_10_a_stranger_stops_nothing(world: World, autojump_clock: MockClock) -> None:
    def own_group(request: v16.AuthorizeRequest) -> v16.AuthorizeResponse:
        return v16.AuthorizeResponse(id_tag_info=accepted(f"{request.id_tag}-GROUP"))

    world.csms.on(v16.AuthorizeRequest, own_group)
    await world.charge(token="DRIVER")
    world.drivers[0].present_token("STRANGER")
    await trio.sleep(1)
    assert not world.csms.of(v16.StopTransactionRequest)


async def test_3_10_the_group_told_by_the_answer_to_the_start_counts(
    world: World, autojump_clock: MockClock
) -> None:
    """Started remotely without an Authorize, the station learns the group only then."""
    await change(world, AuthorizeRemoteTxRequests=False)
    world.csms.on(v16.AuthorizeRequest, family)
    world.csms.on(
        v16.StartTransactionRequest,
        lambda r: v16.StartTransactionResponse(id_tag_info=accepted("FAMILY"), transaction_id=5),
    )
    world.drivers[0].plug_in(_car())
    await trio.sleep(1)
    await world.csms.call(v16.RemoteStartTransactionRequest(id_tag="APP", connector_id=1))
    await trio.sleep(1)
    world.drivers[0].present_token("CHILD")
    await trio.sleep(1)
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert (stop.id_tag, stop.transaction_id) == ("CHILD", 5)


def _car() -> Any:
    from pilotwire.drivers.ev import Ev

    return Ev()


# ---- 3.16 metering data


async def test_3_16_1_stop_txn_sampled_data_comes_with_begin_and_end(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, StopTxnSampledData="Energy.Active.Import.Register,Voltage")
    await world.charge()
    await trio.sleep(125)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    contexts = [value.sampled_value[0].context for value in stop.transaction_data]
    assert contexts == [
        "Transaction.Begin",
        "Sample.Periodic",
        "Sample.Periodic",
        "Transaction.End",
    ]
    for value in stop.transaction_data:
        assert {s.measurand for s in value.sampled_value} == {
            "Energy.Active.Import.Register",
            "Voltage",
        }
    assert stop.transaction_data[-1].timestamp == stop.timestamp
    assert float(stop.transaction_data[-1].sampled_value[0].value) == pytest.approx(
        stop.meter_stop, abs=0.5
    )


async def test_3_16_2_stop_txn_aligned_data_comes_too(
    world: World, autojump_clock: MockClock
) -> None:
    await change(
        world,
        ClockAlignedDataInterval=900,
        StopTxnSampledData="",
        StopTxnAlignedData="Energy.Active.Import.Register",
        MeterValueSampleInterval=0,
    )
    await world.charge()
    await trio.sleep(1900)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert [value.timestamp.timestamp() % 900 for value in stop.transaction_data] == [0, 0]
    assert {v.sampled_value[0].context for v in stop.transaction_data} == {"Sample.Clock"}


async def test_3_16_5_without_measurands_a_stop_has_no_metering_data(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, StopTxnSampledData="", StopTxnAlignedData="", ClockAlignedDataInterval=900)
    await world.charge()
    await trio.sleep(2000)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    (stop,) = [f for d, f in world.messages if d == "sent" and f[2:3] == ["StopTransaction"]]
    assert "transactionData" not in stop[3]


async def test_3_16_1_an_interval_of_0_sends_no_samples(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, MeterValueSampleInterval=0)
    await world.charge()
    await trio.sleep(1000)
    assert not world.csms.of(v16.MeterValuesRequest)


async def test_3_16_1_a_changed_interval_counts_at_once(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, MeterValueSampleInterval=1000)
    await world.charge()
    await change(world, MeterValueSampleInterval=10)
    await trio.sleep(35)
    assert len(world.csms.of(v16.MeterValuesRequest)) == 3
    await change(world, MeterValueSampleInterval=0)
    world.csms.forget()
    await trio.sleep(1000)
    assert not world.csms.of(v16.MeterValuesRequest)


async def test_3_16_4_a_list_with_one_unknown_measurand_changes_nothing(
    world: World, autojump_clock: MockClock
) -> None:
    for key in (
        "MeterValuesAlignedData",
        "MeterValuesSampledData",
        "StopTxnAlignedData",
        "StopTxnSampledData",
    ):
        await change(world, **{key: "Voltage"})
        refused = await world.csms.call(
            v16.ChangeConfigurationRequest(key=key, value="SoC,Rainfall")
        )
        read = await world.csms.call(v16.GetConfigurationRequest(key=(key,)))
        assert (refused.status, read.configuration_key[0].value) == ("Rejected", "Voltage")


async def test_errata_3_91_a_long_transaction_drops_samples_from_between_begin_and_end(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    most = 60
    variables: dict[str, Value] = {"OCPP16LegacyCtrlr.StopTransactionMaxMeterValues": most}
    world = await started(nursery, World(variables=variables))
    await change(world, StopTxnSampledData="Voltage.L1-N", MeterValueSampleInterval=1)
    await world.charge()
    read = await world.csms.call(
        v16.GetConfigurationRequest(key=("StopTransactionMaxMeterValues",))
    )
    assert read.configuration_key[0].value == str(most)
    await trio.sleep(3 * most)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    contexts = [value.sampled_value[0].context for value in stop.transaction_data]
    times = [value.timestamp for value in stop.transaction_data]
    assert most / 2 <= len(contexts) <= most
    assert (contexts[0], contexts[-1]) == ("Transaction.Begin", "Transaction.End")
    assert times == sorted(times)
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    assert max(gaps) <= 8  # spread over the whole transaction
