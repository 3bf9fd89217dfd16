"""Events, effects and charts fit: no fact without a reader, no effect without a giver."""

import ast
from pathlib import Path

import msgspec
import pytest

import pilotwire.machines
from pilotwire.machines import effects, events
from pilotwire.machines.chart import Chart, transition_name
from pilotwire.machines.connection import ConnectionChart
from pilotwire.machines.connector import ConnectorChart
from pilotwire.machines.effects import Effect
from pilotwire.machines.events import Event
from pilotwire.machines.master_pass import MasterPassChart
from pilotwire.machines.registration import RegistrationChart
from pilotwire.machines.reservation import ReservationChart
from pilotwire.machines.reset import ResetChart
from pilotwire.machines.session import EvseChart
from pilotwire.machines.station import StationChart
from pilotwire.machines.transaction import TransactionChart

CHARTS = {
    ConnectionChart,
    ConnectorChart,
    EvseChart,
    MasterPassChart,
    RegistrationChart,
    ReservationChart,
    ResetChart,
    StationChart,
    TransactionChart,
}
# What they mean depends on the EVSE.
READ_BY_THE_TREE = {
    "TokenPresented",
    "AuthorizationDecided",
    "SecurityEventHappened",
    "StoppedByEv",
}
FOLDER = Path(pilotwire.machines.__file__).parent
GIVEN_BY_OTHERS = {"ShowMessages", "SetLimit"}  # smart charging


def structs(module, base):
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, base) and value is not base
    }


EVENTS = structs(events, Event)
EFFECTS = structs(effects, Effect)


def test_every_chart_is_here():
    assert {c for c in Chart.__subclasses__() if c.__module__.startswith("pilotwire.")} == CHARTS


def test_every_event_is_a_transition_of_some_chart_or_read_by_the_tree():
    fired = {event.id for chart in CHARTS for event in chart.declaration.events}
    unread = {name for name, event in EVENTS.items() if transition_name(event) not in fired}
    assert unread == READ_BY_THE_TREE


@pytest.mark.parametrize("chart", sorted(CHARTS, key=str), ids=lambda chart: chart.__name__)
def test_every_transition_has_its_event(chart):
    named = {transition_name(event) for event in EVENTS.values()}
    assert {event.id for event in chart.declaration.events} <= named


def test_every_effect_is_given_by_something_in_machines():
    made = {
        node.func.id
        for path in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert set(EFFECTS) - made == GIVEN_BY_OTHERS


def test_commands_are_those_that_move_hardware_or_tell_a_person():
    assert {command.__name__ for command in effects.Command.__args__} == {
        "AcceptToken",
        "RefuseToken",
        "ShowMessages",
        "CloseContactor",
        "OpenContactor",
        "LockConnector",
        "UnlockConnector",
        "SetLimit",
    }


@pytest.mark.parametrize("struct", [*EVENTS.values(), *EFFECTS.values()], ids=lambda s: s.__name__)
def test_facts_and_effects_are_frozen_values_that_say_what_they_are(struct):
    config = struct.__struct_config__
    assert config.frozen
    assert config.tag == struct.__name__


def test_a_journal_of_facts_is_json():
    kept = [
        events.CablePlugged(2),
        events.ReservationMade(7, events.IdToken("A"), 60.0, parent="P"),
        events.AuthorizationDecided(events.IdToken("A"), "Accepted"),
    ]
    any_event = msgspec.json.Decoder(
        list[events.CablePlugged | events.ReservationMade | events.AuthorizationDecided]
    )
    assert any_event.decode(msgspec.json.encode(kept)) == kept


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_machines_never_wait_and_know_no_clock(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    waits = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    assert not [node for node in ast.walk(tree) if isinstance(node, waits)]
    imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    imported |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    assert not imported & {"trio", "time", "datetime", "random", "socket", "asyncio", "threading"}
