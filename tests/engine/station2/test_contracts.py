"""Plug and charge as dialogues: authorization by contract certificates (C07, C08)."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.machines.effects import AcceptToken, RefuseToken
from pilotwire.machines.events import CertificateHash

from ...contract_pki import EMAID, RESPONDER, Pki
from .conftest import Start
from .world import World


@pytest.fixture(scope="module")
def pki() -> Pki:
    return Pki()


def plug_and_charge(*roots: Any, **variables: bool) -> dict[str, Any]:
    """Give the settings of a world that takes contracts, and has these roots."""
    named = {f"ISO15118Ctrlr.{name}": value for name, value in variables.items()}
    certificates = tuple(root.certificate for root in roots)
    return {
        "variables": {"ISO15118Ctrlr.PnCEnabled": True, **named},
        "contract_roots": lambda: certificates,
    }


async def come(world: World, chain: str, emaid: str = EMAID) -> None:
    """A car plugs in and shows its contract."""
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    world.drivers[0].present_contract(emaid, chain)
    await trio.sleep(1)


async def come_offline(world: World, chain: str) -> None:
    await world.csms.drop()
    await come(world, chain)
    assert not world.csms.of("Authorize")
    world.csms.come_back()
    await trio.sleep(60)


def answer(world: World, status: str, certificate_status: str) -> None:
    world.csms.on(
        "Authorize",
        lambda request: request.response(
            id_token_info=world.csms.info(request, status), certificate_status=certificate_status
        ),
    )


def is_charging(world: World) -> bool:
    return bool(world.drivers[0].is_contactor_closed)


# ---- online


async def test_TC_C_50_CS_a_contract_that_is_valid_here_is_asked_about_with_its_hashes(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    world = await start(**plug_and_charge(pki.root))
    answer(world, "Accepted", "Accepted")
    await come(world, pki.contract())
    (asked,) = world.csms.of("Authorize")  # C07.FR.01
    assert (asked.id_token.id_token, asked.id_token.type) == (EMAID, "eMAID")
    assert len(asked.iso15118_certificate_hash_data) == 3  # C07.FR.02
    assert {each.responder_url for each in asked.iso15118_certificate_hash_data} == {RESPONDER}
    assert not asked.certificate
    (started,) = world.csms.events("Started")
    assert started.id_token.type == "eMAID"
    assert is_charging(world)
    shown = world.drivers[0].shown
    assert isinstance(shown, AcceptToken)
    assert shown.certificate_status == "Accepted"


async def test_TC_C_51_CS_a_contract_whose_emaid_is_refused_charges_nothing(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    world = await start(**plug_and_charge(pki.root))
    answer(world, "Invalid", "ContractCancelled")
    await come(world, pki.contract())
    assert world.csms.of("Authorize")[0].iso15118_certificate_hash_data
    assert not world.csms.events()
    assert not is_charging(world)
    shown = world.drivers[0].shown
    assert isinstance(shown, RefuseToken)
    assert (shown.reason, shown.certificate_status) == ("Invalid", "ContractCancelled")


async def test_TC_C_52_CS_a_contract_without_its_root_goes_to_the_csms(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    world = await start(**plug_and_charge(CentralContractValidationAllowed=True))
    answer(world, "Accepted", "Accepted")
    chain = pki.contract()
    await come(world, chain)
    (asked,) = world.csms.of("Authorize")
    assert asked.id_token.type == "eMAID"
    assert asked.certificate == chain  # C07.FR.06
    assert len(asked.iso15118_certificate_hash_data) == 2  # of what has its issuer here
    assert is_charging(world)


async def test_TC_C_53_CS_a_contract_that_the_csms_finds_invalid_charges_nothing(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    world = await start(**plug_and_charge(CentralContractValidationAllowed=True))
    answer(world, "Invalid", "CertificateRevoked")
    await come(world, pki.contract())
    assert world.csms.of("Authorize")[0].certificate
    assert not world.csms.events()
    assert not is_charging(world)


async def test_a_csms_that_contradicts_itself_lets_nobody_charge(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    world = await start(**plug_and_charge(pki.root))
    answer(world, "Accepted", "CertificateRevoked")
    await come(world, pki.contract())
    assert not is_charging(world)


async def test_without_central_validation_a_contract_without_its_root_is_refused_here(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    world = await start(**plug_and_charge())
    await come(world, pki.contract())
    assert not world.csms.of("Authorize")
    assert not is_charging(world)
    assert world.drivers[0].shown.certificate_status == "NoCertificateAvailable"


@pytest.mark.parametrize(
    ("days", "name", "why"),
    [(-1, EMAID, ("Expired", "CertificateExpired")), (9, "OTHER", ("Invalid", "CertChainError"))],
)
async def test_a_contract_that_is_not_valid_is_refused_here(
    start: Start,
    autojump_clock: MockClock,
    pki: Pki,
    days: int,
    name: str,
    why: tuple[str, str],
) -> None:
    world = await start(**plug_and_charge(pki.root, CentralContractValidationAllowed=True))
    await come(world, pki.contract(name, days=days))
    assert not world.csms.of("Authorize")
    shown = world.drivers[0].shown
    assert (shown.reason, shown.certificate_status) == why


async def test_where_plug_and_charge_is_off_no_contract_counts(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    world = await start(**plug_and_charge(pki.root, PnCEnabled=False))
    await come(world, pki.contract())
    assert not world.csms.of("Authorize")
    assert not is_charging(world)
    await trio.sleep(600)
    world.drivers[0].present_token("DEADBEEF")  # another identification does, at any time
    await trio.sleep(1)
    assert world.csms.of("Authorize")[0].id_token.id_token == "DEADBEEF"  # C08.FR.01
    assert is_charging(world)


async def test_a_known_contract_is_asked_about_all_the_same(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    settings = plug_and_charge(pki.root)
    settings["variables"]["AuthCtrlr.LocalPreAuthorize"] = True
    world = await start(**settings)
    for _ in range(2):
        await come(world, pki.contract())
        world.drivers[0].unplug(at_car=True)
        await trio.sleep(1)
    assert len(world.csms.of("Authorize")) == 2  # C07.FR.01


async def test_a_chain_that_is_too_long_for_the_version_is_not_sent(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    world = await start(**plug_and_charge(CentralContractValidationAllowed=True))
    await come(world, pki.contract() + pki.sub1.pem * 20)
    assert not world.csms.of("Authorize")
    assert not is_charging(world)


async def test_what_the_driver_knows_for_ocsp_is_told_as_it_is(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    world = await start(**plug_and_charge(pki.root))
    answer(world, "Accepted", "Accepted")
    known = CertificateHash("SHA384", "aa", "bb", "1c", "http://other.example/")
    world.drivers[0].plug_in(Ev())
    world.drivers[0].present_contract(EMAID, pki.contract(), [known])
    await trio.sleep(1)
    (told,) = world.csms.of("Authorize")[0].iso15118_certificate_hash_data
    assert (told.hash_algorithm, told.serial_number) == ("SHA384", "1c")


# ---- offline


async def test_TC_C_54_CS_offline_a_known_contract_charges_where_that_is_allowed(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    world = await start(**plug_and_charge(pki.root, ContractValidationOffline=True))
    answer(world, "Accepted", "Accepted")
    await come(world, pki.contract())  # and is cached
    world.drivers[0].unplug(at_car=True)
    await trio.sleep(1)
    world.csms.forget()
    await come_offline(world, pki.contract())  # C07.FR.08, C07.FR.11
    assert is_charging(world)
    (started,) = world.csms.events("Started")
    assert started.offline
    assert started.id_token.id_token == EMAID


async def test_c07_fr_10_or_one_that_is_in_the_local_list(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    world = await start(**plug_and_charge(pki.root, ContractValidationOffline=True))
    v2 = world.v2
    entries = tuple(
        v2.AuthorizationData(
            id_token=v2.IdTokenType(id_token=emaid, type="eMAID"),
            id_token_info=v2.IdTokenInfoType(status=status),
        )
        for emaid, status in ((EMAID, "Accepted"), ("NLPWRC00000000", "Blocked"))
    )
    await world.csms.call(
        v2.SendLocalListRequest(
            version_number=1, update_type="Full", local_authorization_list=entries
        )
    )
    await world.csms.drop()
    await come(world, pki.contract("NLPWRC00000000"), "NLPWRC00000000")
    assert not is_charging(world)
    world.drivers[0].present_contract(EMAID, pki.contract())
    await trio.sleep(1)
    assert is_charging(world)


@pytest.mark.parametrize(
    ("welcomes_unknown", "offline_known", "charges"),
    [(True, True, True), (False, True, False), (True, False, False)],
)
async def test_c07_fr_12_or_an_unknown_one_where_those_may(
    start: Start,
    autojump_clock: MockClock,
    pki: Pki,
    welcomes_unknown: bool,
    offline_known: bool,
    charges: bool,
) -> None:
    settings = plug_and_charge(pki.root, ContractValidationOffline=True)
    settings["variables"] |= {
        "AuthCtrlr.OfflineTxForUnknownIdEnabled": welcomes_unknown,
        "AuthCtrlr.LocalAuthorizeOffline": offline_known,  # C07.FR.09
    }
    world = await start(**settings)
    await come_offline(world, pki.contract())
    assert is_charging(world) is charges


async def test_c07_fr_08_offline_a_contract_that_cannot_be_validated_charges_nothing(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    settings = plug_and_charge(
        ContractValidationOffline=True, CentralContractValidationAllowed=True
    )
    settings["variables"]["AuthCtrlr.OfflineTxForUnknownIdEnabled"] = True
    world = await start(**settings)
    await come_offline(world, pki.contract())
    assert not is_charging(world)


async def test_TC_C_55_CS_offline_no_contract_charges_unless_that_is_allowed(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    settings = plug_and_charge(pki.root)
    settings["variables"]["AuthCtrlr.OfflineTxForUnknownIdEnabled"] = True
    world = await start(**settings)
    answer(world, "Accepted", "Accepted")
    await come(world, pki.contract())
    world.drivers[0].unplug(at_car=True)
    await trio.sleep(1)
    world.csms.forget()
    await come_offline(world, pki.contract())  # C07.FR.07
    assert not is_charging(world)
    assert not world.csms.events()
    assert "Occupied" in world.csms.statuses()


async def test_a_question_that_the_link_does_not_outlive_is_decided_offline(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    settings = plug_and_charge(pki.root, ContractValidationOffline=True)
    settings["variables"]["AuthCtrlr.OfflineTxForUnknownIdEnabled"] = True
    world = await start(**settings)

    async def never(request: Any) -> Any:
        await trio.sleep_forever()

    world.csms.on("Authorize", never)
    await come(world, pki.contract())
    assert not is_charging(world)
    world.station.network.close()
    await trio.sleep(1)
    assert is_charging(world)


async def test_where_the_csms_is_never_asked_a_contract_is_looked_up(
    start: Start, autojump_clock: MockClock, pki: Pki
) -> None:
    settings = plug_and_charge(pki.root)
    settings["variables"]["AuthCtrlr.DisableRemoteAuthorization"] = True
    world = await start(**settings)
    await come(world, pki.contract())
    assert not world.csms.of("Authorize")
    assert not is_charging(world)
