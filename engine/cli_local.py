"""The commands that ask a running daemon, over its local API: what it does, and hands for its
simulated EVSEs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter
from cyclopts.validators import Number

if TYPE_CHECKING:
    from .local.client import Client

URL = "http://127.0.0.1:9311"


@Parameter(name="*")
@dataclass(frozen=True)
class Target:
    """The daemon that is asked, and how its answer is shown."""

    url: Annotated[str, Parameter(help="Address of its API.")] = URL
    json: Annotated[
        bool, Parameter(help="Show the answer as JSON.", negative="", show_default=False)
    ] = False
    token_file: Annotated[
        Path | None, Parameter(help="File with the API's token; else from the environment.")
    ] = None

    def client(self) -> "Client":
        from .local.client import Client
        from .secrets import read_private

        if self.token_file is None:
            return Client(self.url)
        return Client(self.url, read_private(self.token_file).decode(errors="replace").strip())

    def show(self, answer: Any, show: Callable[[Any], None]) -> None:
        """Show what the API answered: as it stands, or as `show` does it for a person."""
        if self.json:
            import json

            print(json.dumps(answer), flush=True)
        else:
            show(answer)

    def options(self) -> list[str]:
        """Give the options that mean the same."""
        options = ["--url", self.url]
        if self.json:
            options.append("--json")
        if self.token_file is not None:
            options += ["--token-file", str(self.token_file)]
        return options


HERE = Target()
Evse = Annotated[int, Parameter(help="EVSE.", validator=Number(gte=1))]
Connector = Annotated[int | None, Parameter(help="Connector.", validator=Number(gte=1))]
OnTarget = Annotated[Target, Parameter(name="*")]

commands = App(
    name="pilotwire",
    help="",
    version_flags=(),
    help_format="plaintext",
    result_action="return_value",
)


@commands.command
def status(*, target: OnTarget = HERE) -> None:
    """Show the station, its EVSEs and its connection."""
    from .local.tables import show_station

    target.show(target.client().get("/api/station"), show_station)


@commands.command
def plug(
    evse: Evse = 1,
    *,
    connector: Connector = None,
    name: Annotated[str | None, Parameter(help="Name of the car.")] = None,
    battery_wh: Annotated[float | None, Parameter(help="Its battery, in Wh.")] = None,
    state_of_charge: Annotated[float | None, Parameter(help="How full it is, in %.")] = None,
    target_percent: Annotated[
        float | None, Parameter(help="Where it ends the charge by itself, in %.")
    ] = None,
    target: OnTarget = HERE,
) -> None:
    """Plug a car into a simulated EVSE."""
    _on_evse(
        target,
        evse,
        "plug-in",
        connector=connector,
        name=name,
        battery_wh=battery_wh,
        state_of_charge=state_of_charge,
        target_percent=target_percent,
    )


@commands.command
def unplug(
    evse: Evse = 1,
    *,
    at_car: Annotated[
        bool, Parameter(help="Pull the end that the lock does not hold.", negative="")
    ] = False,
    target: OnTarget = HERE,
) -> None:
    """Take the cable off a simulated EVSE."""
    _on_evse(target, evse, "unplug", at_car=at_car)


@commands.command
def token(
    value: str,
    *,
    evse: Annotated[
        int | None, Parameter(help="EVSE; else the station finds it.", validator=Number(gte=1))
    ] = None,
    type: Annotated[str, Parameter(help="Type, in OCPP's words.")] = "ISO14443",
    contract: Annotated[
        Path | None, Parameter(help="File with the chain (PEM) that proves an EMAID.")
    ] = None,
    target: OnTarget = HERE,
) -> None:
    """Show a token, to start a charge or to end it; or have a car show its contract."""
    from .local.tables import show_token

    shown: dict[str, object] = {"value": value, "type": type, "evse": evse}
    if contract is not None:
        shown |= {"type": "eMAID", "contract": _text(contract)}
    answer = target.client().post("/api/tokens", **shown)
    target.show(answer, show_token)


@commands.command
def pause(evse: Evse = 1, *, target: OnTarget = HERE) -> None:
    """Have a simulated EVSE offer nothing."""
    _on_evse(target, evse, "pause")


@commands.command
def resume(evse: Evse = 1, *, target: OnTarget = HERE) -> None:
    """Have a simulated EVSE offer power again."""
    _on_evse(target, evse, "resume")


@commands.command
def fault(
    evse: Evse = 1,
    error_code: Annotated[str, Parameter(help="GroundFailure, HighTemperature, …")] = "OtherError",
    *,
    info: str | None = None,
    vendor_id: str | None = None,
    vendor_error_code: str | None = None,
    connector: Connector = None,
    target: OnTarget = HERE,
) -> None:
    """Raise a fault at a simulated EVSE."""
    _on_evse(
        target,
        evse,
        "fault",
        error_code=error_code,
        info=info,
        vendor_id=vendor_id,
        vendor_error_code=vendor_error_code,
        connector=connector,
    )


@commands.command
def clear_fault(evse: Evse = 1, *, connector: Connector = None, target: OnTarget = HERE) -> None:
    """End the fault at a simulated EVSE."""
    _on_evse(target, evse, "clear-fault", connector=connector)


@commands.command
def connect(*, target: OnTarget = HERE) -> None:
    """Have the station be online."""
    from .local.tables import show_connection

    target.show(target.client().post("/api/link/connect"), show_connection)


@commands.command
def disconnect(*, target: OnTarget = HERE) -> None:
    """Have the station be offline until told to connect."""
    from .local.tables import show_connection

    target.show(target.client().post("/api/link/disconnect"), show_connection)


@commands.command
def reset(
    evse: Annotated[
        int | None, Parameter(help="EVSE; else the station.", validator=Number(gte=1))
    ] = None,
    *,
    on_idle: Annotated[bool, Parameter(help="Wait for its transactions.", negative="")] = False,
    target: OnTarget = HERE,
) -> None:
    """Start the station anew, or one EVSE."""
    from .local.tables import show_reset

    target.show(target.client().post("/api/reset", evse=evse, on_idle=on_idle), show_reset)


@commands.command
def messages(
    *,
    limit: Annotated[
        int, Parameter(help="At most so many.", validator=Number(gte=1, lte=1000))
    ] = 20,
    action: Annotated[str | None, Parameter(help="Only those of this action.")] = None,
    follow: Annotated[bool, Parameter(help="Go on as they come.", negative="")] = False,
    target: OnTarget = HERE,
) -> None:
    """Show the last OCPP messages; with --json one object a line."""
    from .local.tables import show_message

    client = target.client()
    found = client.follow if follow else client.messages
    for message in found(limit, action):
        target.show(message, show_message)


def _on_evse(target: Target, evse: int, action: str, **fields: object) -> None:
    from .local.tables import show_evse

    target.show(target.client().post(f"/api/evses/{evse}/{action}", **fields), show_evse)


def _text(file: Path) -> str:
    from .failure import Failure

    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise Failure(f"{file}: cannot be read: {reason}") from error
