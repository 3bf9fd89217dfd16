"""Our station and our central system authorize: lists, groups, the master pass, contracts."""

import random
from pathlib import Path

import pytest
import trio

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.central.central import CentralSystem, Policy
from pilotwire.engine.central.errors import StationNotConnected
from pilotwire.engine.central.local_lists import (
    ListRefused,
    change_local_list,
    list_version,
    send_local_list,
)
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import AcceptedToken, ConfigError
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.station.station import ChargingStation
from pilotwire.engine.wire.memory import memory_link_pair
from pilotwire.machines.events import CertificateHash, IdToken
from pilotwire.machines.settings import Settings
from pilotwire.profiles.csms import KnownToken
from pilotwire.profiles.device_model import DeviceModel, Key
from pilotwire.profiles.face import Identity
from pilotwire.profiles.network import variable
from pilotwire.profiles.standard import STANDARD

from ...contract_pki import EMAID, NOW, Pki

every_version = pytest.mark.parametrize("subprotocol", ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"])


class Pair:
    """A station with two EVSEs at a central system."""

    def __init__(self, central: CentralSystem, subprotocol: str, nursery, **variables) -> None:
        self.evses = [SimulatedEvse(), SimulatedEvse()]
        model = DeviceModel(STANDARD)
        model.configure(variable(1, "OcppCsmsUrl"), "ws://csms.example")
        for name, value in variables.items():
            model.configure(Key(*name.split("__")), value)

        async def open_link(profile, links):
            near, far = await memory_link_pair(links, subprotocol)
            nursery.start_soon(central.accept, far, "CS-1")
            return near

        self.station = ChargingStation(
            identity=Identity(vendor="Vendor", model="Model", serial_number="S-1"),
            open_link=open_link,
            connectors=(1, 1),
            drivers=self.evses,
            model=model,
            settings=Settings(),
            journal=Journal.open(None, inline=True),
            clock=Clock(NOW.timestamp()),
            chance=random.Random(1),
        )

    async def charge(self, evse: int, token: str) -> bool:
        """Come and show a token; say whether it charges."""
        driver = self.evses[evse - 1]
        driver.plug_in(Ev())
        await trio.sleep(1)
        driver.present_token(token)
        await trio.sleep(1)
        return driver.is_contactor_closed


@pytest.fixture
async def meet(nursery):
    """Give what connects a station to a central system and waits until it has booted."""

    async def meet(central, subprotocol, **variables):
        pair = Pair(central, subprotocol, nursery, **variables)
        await nursery.start(pair.station.run)
        await trio.sleep(5)
        return pair

    return meet


# ---- local lists


@every_version
async def test_d01_fr_03_a_long_list_goes_in_parts(autojump_clock, central, meet, subprotocol):
    pair = await meet(central, subprotocol)
    assert await list_version(central, "CS-1") == 0
    tokens = [KnownToken(value=f"CARD{number}", parent="FLEET") for number in range(25)]
    assert await send_local_list(central, "CS-1", tokens, items_per_message=10) == 3
    assert await list_version(central, "CS-1") == 3
    local_list = pair.station.tokens.local_list
    assert len(local_list) == 25
    found, _ = local_list.find(IdToken("card24"), NOW)
    assert (found.verdict, found.parent) == ("Accepted", "FLEET")
    assert await send_local_list(central, "CS-1", tokens[:1], version=9) == 9
    assert (len(local_list), local_list.version) == (1, 9)


@every_version
async def test_a_list_is_changed_by_its_differences(autojump_clock, central, meet, subprotocol):
    pair = await meet(central, subprotocol)
    await send_local_list(central, "CS-1", [KnownToken(value="ANNE"), KnownToken(value="BOB")])
    blocked = KnownToken(value="BOB", is_blocked=True)
    version = await change_local_list(central, "CS-1", [blocked], [IdToken("ANNE")])
    local_list = pair.station.tokens.local_list
    assert (version, local_list.version, len(local_list)) == (2, 2, 1)
    assert local_list.find(IdToken("BOB"), NOW)[0].verdict == "Blocked"


@every_version
async def test_d01_fr_03_a_station_that_does_not_take_a_difference_gets_the_whole_list(
    autojump_clock, central, meet, subprotocol
):
    pair = await meet(central, subprotocol)
    twins = [KnownToken(value="TWIN"), KnownToken(value="TWIN", is_blocked=True)]
    assert await change_local_list(central, "CS-1", twins) == 1
    local_list = pair.station.tokens.local_list
    assert len(local_list) == 1  # what the central system knows: GOOD
    assert IdToken("GOOD") in local_list


@every_version
async def test_a_list_that_is_switched_off_is_refused(autojump_clock, central, meet, subprotocol):
    await meet(central, subprotocol, LocalAuthListCtrlr__Enabled=False)
    with pytest.raises(ListRefused) as refused:
        await send_local_list(central, "CS-1", [])
    is_16 = subprotocol == "ocpp1.6"
    assert refused.value.status == ("NotSupported" if is_16 else "Failed")
    assert str(refused.value).startswith("CS-1 did not take its local list: ")
    with pytest.raises(ListRefused):
        await change_local_list(central, "CS-1", [])


async def test_a_list_for_nobody_is_not_sent(autojump_clock, central):
    with pytest.raises(StationNotConnected):
        await send_local_list(central, "CS-1", [])


async def test_a_token_that_1_6_cannot_carry_is_named(autojump_clock, central, meet):
    await meet(central, "ocpp1.6")
    with pytest.raises(ValueError, match="1 to 20 characters"):
        await send_local_list(central, "CS-1", [KnownToken(value="X" * 21)])


# ---- groups and the master pass


@every_version
async def test_c16_a_master_pass_ends_every_transaction(
    autojump_clock, make_central, meet, subprotocol
):
    central = make_central(
        tokens=(
            AcceptedToken(value="ANNE"),
            AcceptedToken(value="BOB"),
            AcceptedToken(value="SHERIFF", parent="MASTERS"),
        )
    )
    pair = await meet(central, subprotocol, AuthCtrlr__MasterPassGroupId="masters")
    assert await pair.charge(1, "ANNE")
    assert await pair.charge(2, "BOB")
    pair.evses[0].present_token("SHERIFF")
    await trio.sleep(5)
    told = central.store.transactions()
    assert [each.is_running for each in told] == [False, False]
    reason = "Other" if subprotocol == "ocpp1.6" else "MasterPass"  # C16.FR.08
    assert {each.reason for each in told} == {reason}
    assert {each.stop_token.value for each in told} == {"SHERIFF"}


async def test_owners_are_greeted_in_their_language(
    autojump_clock, make_central, meet, subprotocol
):
    token = AcceptedToken(value="ANNE", languages=("de", "en"), message="Hallo")
    pair = await meet(make_central(tokens=(token,)), subprotocol)
    assert await pair.charge(1, "ANNE")
    shown = pair.evses[0].shown
    assert shown.languages == ("de", "en")  # C01.FR.08-09
    assert [message.content for message in shown.messages] == ["Hallo"]


async def test_a_token_of_one_type_is_not_that_of_another(
    autojump_clock, make_central, meet, subprotocol
):
    central = make_central(
        tokens=(
            AcceptedToken(value="1234", type="KeyCode"),
            AcceptedToken(value="ANNE", type="ISO14443", evses=(2,)),
        ),
        accept_unknown_tokens=True,
    )
    pair = await meet(central, subprotocol)
    assert not await pair.charge(1, "ANNE")  # C01.FR.20
    pair.evses[0].present_token("9999", "KeyCode")  # C04.FR.01
    await trio.sleep(1)
    assert pair.evses[0].shown.reason == "Invalid"
    pair.evses[0].present_token("1234", "KeyCode")  # C04.FR.02
    await trio.sleep(1)
    assert pair.evses[0].is_contactor_closed


# ---- contracts


@pytest.fixture(scope="module")
def pki():
    return Pki()


async def shows(pair, chain, emaid=EMAID):
    """Give what a car hears that shows this contract."""
    pair.evses[0].plug_in(Ev())
    pair.evses[0].present_contract(emaid, chain)
    await trio.sleep(2)
    pair.evses[0].unplug(at_car=True)
    shown = pair.evses[0].shown
    return getattr(shown, "reason", "Accepted"), shown.certificate_status


@pytest.fixture
def contracts(make_central, meet, subprotocol, tmp_path: Path, pki):
    """Give what makes a pair that takes contracts; the central system has the root."""

    async def contracts(policy: Policy | None = None, *, knows_root: bool = True):
        roots = tmp_path / "roots.pem"
        roots.write_text(pki.root.pem)
        tokens = (
            AcceptedToken(value=EMAID, type="eMAID"),
            AcceptedToken(value="NLPWRCBLOCKED0", blocked=True),
        )
        central = make_central(policy, tokens=tokens, contract_roots=roots if knows_root else None)
        central._clock.set(NOW.timestamp())
        pair = await meet(
            central,
            subprotocol,
            ISO15118Ctrlr__PnCEnabled=True,
            ISO15118Ctrlr__CentralContractValidationAllowed=True,
        )
        return pair

    return contracts


async def test_c07_fr_14_a_contract_that_leads_to_the_root_is_accepted(
    autojump_clock, contracts, pki
):
    assert await shows(await contracts(), pki.contract()) == ("Accepted", "Accepted")


async def test_c07_fr_13_one_whose_emaid_is_refused_is_cancelled(autojump_clock, contracts, pki):
    pair = await contracts()
    for emaid, verdict in (("NLPWRCBLOCKED0", "Blocked"), ("NLPWRCUNKNOWN0", "Unknown")):
        told = await shows(pair, pki.contract(emaid), emaid)
        assert told == (verdict, "ContractCancelled")


async def test_c07_fr_15_one_that_has_expired_is_refused(autojump_clock, contracts, pki):
    told = await shows(await contracts(), pki.contract(days=-1))
    assert told == ("Expired", "CertificateExpired")


async def test_c07_fr_16_one_that_was_revoked_is_refused(autojump_clock, contracts, pki):
    asked: list[CertificateHash] = []

    def is_revoked(hash: CertificateHash) -> bool:
        asked.append(hash)
        return True

    told = await shows(await contracts(Policy(is_revoked=is_revoked)), pki.contract())
    assert told == ("Invalid", "CertificateRevoked")
    assert asked[0].responder_url == "http://ocsp.example/"


async def test_c07_fr_17_one_that_cannot_be_verified_is_refused(autojump_clock, contracts, pki):
    pair = await contracts(knows_root=False)
    assert await shows(pair, pki.contract()) == ("Invalid", "CertChainError")


async def test_what_is_no_file_of_roots_ends_the_start(make_central, tmp_path: Path):
    path = tmp_path / "roots.pem"
    path.write_text("nonsense")
    with pytest.raises(ConfigError, match=r"central\.contract_roots: expected one PEM"):
        make_central(contract_roots=path)
