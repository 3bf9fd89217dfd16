"""`pilotwire run`: a station, its simulated hardware and the embedded central system.

Stopping goes from the inside out: transactions end and are told, the link closes, then the central
system; each with its bound, five seconds in all. So what runs here is shielded from cancellation,
and hears of it by an event.
"""

import random
from functools import partial

import structlog
import trio

from ..drivers.simulator import SimulatedEvse
from ..drivers.visitors import receive_visitors
from ..machines.settings import Settings
from ..profiles.device_model import DeviceModel
from ..profiles.face import Identity
from .boot_reason import begin, end, prepare
from .central.central import CentralSystem
from .central.store import Store
from .clock import Clock
from .config.settings import Config, Station
from .contract_roots import read_contract_roots
from .failure import Failure
from .hardware import display as build_display
from .hardware import drivers as build_drivers
from .hardware import extend
from .host import watch_room
from .journal.journal import Journal
from .kept_configuration import give_way
from .live import Live
from .message_log import MessageLog
from .onlookers import Onlookers
from .reboot import reboot
from .station.security_log import SecurityLog
from .station.station import ChargingStation
from .station_dial import Dialler, reach_of
from .station_model import builds, device_model
from .tls_files import StationCertificates, server_tls
from .trace.watch import CentralTrace, StationTrace, TraceWatch
from .vendors import vendor_handlers

log = structlog.get_logger()

STOP_PATIENCE = 1.5  # s that the last messages of transactions get


async def run(config: Config) -> None:
    """Run until cancelled. Raises Failure for what a person has to mend."""
    model = device_model(config.station, config.secrets.station.passwords)  # before all else
    stopping = trio.Event()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_set_when_cancelled, stopping)
        with trio.CancelScope(shield=True):
            await _run(config, model, stopping)
        nursery.cancel_scope.cancel()


async def _set_when_cancelled(event: trio.Event) -> None:
    try:
        await trio.sleep_forever()
    finally:
        event.set()


async def _run(config: Config, model: DeviceModel, stopping: trio.Event) -> None:
    live = Live(config)
    async with trio.open_nursery() as services:
        central: CentralSystem | None = None
        if config.central.enabled:
            store = Store.open(config.central.database)
            passwords = config.secrets.central.passwords
            tls = server_tls(config.central.tls)
            central = CentralSystem(config.central, Clock(), store, passwords=passwords, tls=tls)
            live.watch_central(central)
            await services.start(central.run)
        journal = _open_journal(config.station)
        await services.start(journal.run)
        await services.start(live.run)
        message_log = MessageLog(config.message_log, config.station.identity)
        await services.start(message_log.run)
        security_log = _security_log(config.station)
        await services.start(security_log.run)
        onlookers = Onlookers(live, message_log)
        watches = _trace(config, onlookers, central)
        if config.api.enabled:
            from .web.server import LocalApi  # here: an API that is off costs no time to import

            api = LocalApi(config)
            onlookers.add(api.watch)
            onlookers.count_calls(api.watch.metrics.call_ended)
            if central is not None:
                api.watch.metrics.watch_central(central)
            for whose, watch in watches.items():
                api.watch.metrics.watch_trace(whose, watch)
            await services.start(api.run, stopping)
        await _serve(config, model, journal, security_log, onlookers, stopping)
        services.cancel_scope.cancel()


def _trace(
    config: Config, onlookers: Onlookers, central: CentralSystem | None
) -> dict[str, TraceWatch]:
    """Have the dialogues held to the trace rules, where that is wanted."""
    if not config.trace.enabled:
        return {}
    watches = {"station": TraceWatch(config.trace.rules)}
    onlookers.add(StationTrace(watches["station"], config.station.identity))
    if central is not None:
        watches["central"] = TraceWatch(config.trace.rules)
        central.on_event(CentralTrace(watches["central"]))
    return watches


def _open_journal(station: Station) -> Journal:
    try:
        station.directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"{station.directory}: cannot be made: {error.strerror}") from error
    return Journal.open(station.directory / "journal.sqlite")


def _security_log(station: Station) -> SecurityLog:
    settings = station.security_log
    return SecurityLog(
        station.directory / "security.log",
        max_bytes=settings.max_file_bytes,
        max_files=settings.max_files,
    )


async def _serve(
    config: Config,
    model: DeviceModel,
    journal: Journal,
    security_log: SecurityLog,
    onlookers: Onlookers,
    stopping: trio.Event,
) -> None:
    """Boot the station, and again whenever it is told to, until it shall stop."""
    clock = Clock()
    give_way(journal, model)
    drivers = build_drivers(config, journal, clock.now)
    certificates = StationCertificates(config.station.tls)
    display = build_display(config)
    roots = read_contract_roots(config.station.contract_roots, "station.contract_roots")
    handlers = vendor_handlers(config.station.vendor_handlers)
    found_out = begin(journal)
    told = config.station.boot_reason
    boot_reason = found_out if told == "auto" else str(told)
    async with trio.open_nursery() as people:
        if config.simulator.visitors:
            for number, driver in enumerate(drivers, start=1):
                if not isinstance(driver, SimulatedEvse):
                    continue
                scenario = config.simulator.scenario()
                seed = config.simulator.seed * 1000 + number
                people.start_soon(partial(receive_visitors, driver, scenario, seed=seed))
        while not stopping.is_set():
            extend(model, drivers)
            station = ChargingStation(
                identity=_identity(config.station),
                open_link=Dialler(config, model, certificates, clock).open_link,
                reach=reach_of(config.station, certificates, clock),
                connectors=[evse.connectors for evse in config.station.evses],
                drivers=drivers,
                model=model,
                settings=Settings(),
                journal=journal,
                clock=clock,
                chance=random.Random(),
                on_message=onlookers.message,
                on_change=onlookers.change,
                on_call=onlookers.call,
                boot_reason=boot_reason,
                security_log=security_log,
                fixed_cables=_fixed_cables(config.station),
                contract_roots=lambda: roots,
                display=display,
                vendor_handlers=handlers,
            )
            onlookers.watch_station(station)
            boot_reason = await _live_once(config, station, stopping)
            if config.station.reset_command and not stopping.is_set():
                await _boot_host(config.station, station, boot_reason, stopping)
            if not stopping.is_set():
                model = device_model(config.station, config.secrets.station.passwords)
        end(journal)
        people.cancel_scope.cancel()


async def _boot_host(
    settings: Station, station: ChargingStation, boot_reason: str, stopping: trio.Event
) -> None:
    """Have a reset boot the host, which ends this program; else the station boots without it."""
    prepare(station.journal, boot_reason)
    retries = station.tree.settings.reset_retries
    if not await reboot(settings.reset_command, retries, stopping):
        prepare(station.journal, None)


async def _live_once(config: Config, station: ChargingStation, stopping: trio.Event) -> str:
    """Run the station until it wants to boot again, and give the reason; or stop it in order."""
    boot_reason = ""
    async with trio.open_nursery() as nursery:

        async def stop() -> None:
            await stopping.wait()
            await station.stop("Reboot", STOP_PATIENCE)
            nursery.cancel_scope.cancel()

        nursery.start_soon(stop)
        nursery.start_soon(watch_room, config.station.directory, station.security.memory_is_low)
        boot_reason = (await station.run()).boot_reason
        nursery.cancel_scope.cancel()
    return boot_reason


# ---- from the configuration to what runs


def _identity(station: Station) -> Identity:
    return Identity(
        vendor=station.vendor,
        model=station.model,
        serial_number=station.serial_number,
        firmware_version=station.firmware_version,
        iccid=station.iccid,
        imsi=station.imsi,
        meter_serial_number=station.meter_serial_number,
        meter_type=station.meter_type,
    )


def _fixed_cables(station: Station) -> frozenset[int]:
    evses = enumerate(builds(station), start=1)
    return frozenset(number for number, evse in evses if evse.has_fixed_cables)
