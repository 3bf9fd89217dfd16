"""A station with network profiles, which boots again whenever it is told to, and central systems
that go and come: links in memory, virtual time.
"""

from itertools import pairwise
from typing import Any, NamedTuple

import trio

from pilotwire.drivers.hardware import EvseHardware
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.clock import Clock
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.wire.link import Link
from pilotwire.engine.wire.link_errors import ConnectionRefused
from pilotwire.engine.wire.memory import memory_link_pair
from pilotwire.engine.wire.session import Session
from pilotwire.machines.events import Event
from pilotwire.profiles.context import NetworkProfileHook
from pilotwire.profiles.device_model import Value
from pilotwire.profiles.family import VERSIONS
from pilotwire.profiles.messages import of
from pilotwire.profiles.network import NetworkProfile, Reach
from pilotwire.profiles.standard import SLOTS

from .world import START, Number, ScriptedCsms, World

QUICK: dict[str, Value] = {
    "OCPPCommCtrlr.RetryBackOffWaitMinimum": 4,
    "OCPPCommCtrlr.RetryBackOffRandomRange": 0,
    "OCPPCommCtrlr.RetryBackOffRepeatTimes": 0,
}


class Csms(ScriptedCsms):
    """A central system at an address, speaking one version. One that hangs takes no dial and
    refuses none.
    """

    def __init__(self, subprotocol: str) -> None:
        super().__init__(Clock(START))
        self.subprotocol = subprotocol
        self.hangs = False


class Dialled(NamedTuple):
    at: float  # on Trio's clock
    profile: NetworkProfile


class NetworkWorld(World):
    """One life of the station: from a boot to the next."""

    def __init__(self, networks: "Networks", **settings: Any) -> None:
        self.networks = networks
        super().__init__(on_change=self._moved, **settings)
        self._state = self.state

    @property
    def state(self) -> str:
        return self.station.tree.connection.chart.configuration[0]

    def _moved(self, evse_id: int, event: Event) -> None:
        before, self._state = self._state, self.state
        if evse_id == 0:
            self.networks.moves.append((before, type(event).__name__, self._state))

    async def open_link(self, profile: NetworkProfile, nursery: trio.Nursery) -> Link:
        csms = self.networks.dialled(profile)
        if csms.hangs:
            await trio.sleep_forever()
        if not csms.is_reachable:
            raise ConnectionRefused("nobody there")
        self.csms, self.subprotocol = csms, csms.subprotocol
        far_nursery = self.networks.far
        near, far = await memory_link_pair(nursery, csms.subprotocol, far_nursery=far_nursery)
        csms.link = far
        csms.session = Session(far, VERSIONS[csms.subprotocol], "csms", csms.answer)
        self.trace.link(is_open=True, at=trio.current_time())
        far_nursery.start_soon(self._talk, csms.session)
        return near


class Networks:
    """The station and its central systems `a`, `b` and `c`; slot 1 has the address of `a`.

    `variables` are the station's at each boot, as config.toml would give them.
    """

    def __init__(
        self,
        number: Number,
        far: trio.Nursery,
        *,
        slots_there: tuple[int, ...] = SLOTS,
        reach: Reach | None = None,
        accept_network_profile: NetworkProfileHook | None = None,
        **variables: Value,
    ) -> None:
        self.number: Number = number
        self.v2: Any = of(number)
        self.far = far
        self.slots_there = slots_there
        self.reach = reach
        self.accept_network_profile = accept_network_profile
        self.csmses = {name: Csms(f"ocpp{number}") for name in "abc"}
        self.variables: dict[str, Value] = {**QUICK, **self.slot(1, "a"), **variables}
        self.journal = Journal.open(None, inline=True)
        self.drivers = [SimulatedEvse(EvseHardware())]
        self.dials: list[Dialled] = []
        self.moves: list[tuple[str, str, str]] = []
        self.violations: list[str] = []
        self.lives: list[NetworkWorld] = []
        self._boot = trio.Event()  # the next one

    @staticmethod
    def slot(slot: int, name: str, **values: Value) -> dict[str, Value]:
        """The variables of a slot with the address of a central system."""
        component = f"NetworkConfiguration[{slot}]"
        given = {"OcppCsmsUrl": f"ws://{name}.example/ocpp", "SecurityProfile": 1, **values}
        return {f"{component}.{variable}": value for variable, value in given.items()}

    def dialled(self, profile: NetworkProfile) -> Csms:
        self.dials.append(Dialled(trio.current_time(), profile))
        host = profile.url.split("://")[1].split(".")[0]
        return self.csmses[host]

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        while True:
            world = NetworkWorld(
                self,
                number=self.number,
                journal=self.journal,
                connectors=(1,),
                slots=self.slots_there,
                variables=self.variables,
                drivers=self.drivers,
                reach=self.reach,
                accept_network_profile=self.accept_network_profile,
            )
            world.violations = self.violations
            self.lives.append(world)
            self._boot.set()
            self._boot = trio.Event()
            if len(self.lives) == 1:
                task_status.started()
            await world.station.run()

    # ---- what a test does and sees

    @property
    def now(self) -> NetworkWorld:
        """The station since its last boot."""
        return self.lives[-1]

    @property
    def connection(self) -> Any:
        return self.now.station.tree.connection

    def slots(self) -> list[int]:
        """The slots that were dialled, in order."""
        return [dialled.profile.slot for dialled in self.dials]

    def gaps(self) -> list[float]:
        """The seconds between dials."""
        times = [dialled.at for dialled in self.dials]
        return [round(b - a, 1) for a, b in pairwise(times)]

    def forget(self) -> None:
        self.dials.clear()
        for csms in self.csmses.values():
            csms.forget()

    async def drop(self, *names: str) -> None:
        for name in names:
            await self.csmses[name].drop()

    def come_back(self, *names: str) -> None:
        for name in names:
            self.csmses[name].come_back()

    async def set_profile(self, slot: int, name: str, **changes: Any) -> Any:
        """Have the central system of the link set a profile; give the answer."""
        fields = {
            "ocpp_version": "OCPP20" if self.number == "2.0.1" else "OCPP21",
            "ocpp_transport": "JSON",
            "ocpp_csms_url": f"ws://{name}.example/ocpp",
            "message_timeout": 30,
            "security_profile": 1,
            "ocpp_interface": "Wired0",
        }
        data = self.v2.NetworkConnectionProfileType(**{**fields, **changes})
        request = self.v2.SetNetworkProfileRequest(configuration_slot=slot, connection_data=data)
        return await self.now.csms.call(request)

    async def set(self, name: str, value: str) -> tuple[str, str]:
        """Have the central system of the link set a variable; give the status and the reason."""
        component, variable = self._named(name)
        item = self.v2.SetVariableDataType(
            component=component, variable=variable, attribute_value=value
        )
        answer = await self.now.csms.call(self.v2.SetVariablesRequest(set_variable_data=(item,)))
        (result,) = answer.set_variable_result
        info = result.attribute_status_info
        return result.attribute_status, info.reason_code if info else ""

    async def set_priority(self, *slots: int) -> tuple[str, str]:
        value = ",".join(str(slot) for slot in slots)
        return await self.set("OCPPCommCtrlr.NetworkConfigurationPriority", value)

    async def get(self, name: str) -> str | None:
        """What the central system of the link is told of a variable; None where it is refused."""
        component, variable = self._named(name)
        item = self.v2.GetVariableDataType(component=component, variable=variable)
        answer = await self.now.csms.call(self.v2.GetVariablesRequest(get_variable_data=(item,)))
        (result,) = answer.get_variable_result
        return str(result.attribute_value) if result.attribute_status == "Accepted" else None

    def _named(self, name: str) -> tuple[Any, Any]:
        component, _, variable = name.partition(".")
        plain, _, instance = component.rstrip("]").partition("[")
        more = {"instance": instance} if instance else {}
        return self.v2.ComponentType(name=plain, **more), self.v2.VariableType(name=variable)

    async def reset(self) -> None:
        """Have the central system of the link reset the station, and wait for the boot."""
        boot = self._boot
        answer = await self.now.csms.call(self.v2.ResetRequest(type="OnIdle"))
        assert answer.status == "Accepted"
        await boot.wait()
