"""What Chart promises, on a chart made for the purpose."""

from collections.abc import Mapping
from typing import ClassVar

import pytest
from statemachine import State

from pilotwire.machines.chart import Chart, NotAllowed, Timeout, bare_engine, transition_name
from pilotwire.machines.effects import CloseContactor, OpenContactor, StartTimer, StopTimer
from pilotwire.machines.events import (
    CablePlugged,
    CableUnplugged,
    ConnectionTimedOut,
    Event,
    FaultRaised,
)


class Owner:
    """A host that lets its door open or not."""

    evse_id = 4

    def __init__(self, is_willing: bool = True) -> None:
        self.is_willing = is_willing
        self.limit = 60.0

    def seconds(self, setting: str) -> float:
        assert setting == "patience"
        return self.limit


class Door(Chart[Owner]):
    """Closed or open; open for a time only."""

    __slots__ = ()

    closed = State(initial=True)
    opened = State()

    cable_plugged = closed.to(opened, cond="is_willing")
    cable_unplugged = opened.to(closed)
    connection_timed_out = opened.to(closed)
    fault_raised = opened.to(closed)

    timeouts: ClassVar[Mapping[str, Timeout]] = {
        "opened": Timeout(ConnectionTimedOut(), "patience")
    }

    def is_willing(self, fact: Event) -> bool:
        return self.host.is_willing

    def on_enter_opened(self, fact: Event) -> None:
        self.emit(OpenContactor(fact.connector))

    def on_exit_opened(self, fact: Event) -> None:
        self.emit(CloseContactor(1))

    def on_fault_raised(self, fact: FaultRaised) -> None:
        self.emit(CloseContactor(9))
        raise ZeroDivisionError


def test_an_event_gives_effects_in_order_and_a_new_configuration():
    door = Door(Owner())
    assert door.configuration == ("closed",)
    effects = door.handle(CablePlugged(3))
    assert effects == [StartTimer(4, ConnectionTimedOut(), 60.0), OpenContactor(3)]
    assert door.configuration == ("opened",)
    assert door.is_in("opened")
    assert door.handle(CableUnplugged()) == [
        StopTimer(4, ConnectionTimedOut()),
        CloseContactor(1),
    ]


def test_a_case_seen_before_still_acts_upon_the_event_at_hand():
    first, second = Door(Owner()), Door(Owner())
    assert OpenContactor(1) in first.handle(CablePlugged(1))
    assert OpenContactor(2) in second.handle(CablePlugged(2))
    assert first.handle(CableUnplugged()) is not second.handle(CableUnplugged())


def test_a_changed_setting_counts_from_the_next_entry():
    door = Door(Owner())
    door.handle(CablePlugged())
    door.handle(CableUnplugged())
    door.host.limit = 5.0
    assert door.handle(CablePlugged())[0] == StartTimer(4, ConnectionTimedOut(), 5.0)


def test_a_timer_that_has_just_brought_its_event_is_not_stopped():
    door = Door(Owner())
    door.handle(CablePlugged())
    assert door.handle(ConnectionTimedOut()) == [CloseContactor(1)]


@pytest.mark.parametrize("again", [1, 2])  # asked of the engine, then of the memo
def test_an_event_without_a_way_is_refused_and_changes_nothing(again):
    door = Door(Owner(is_willing=False))
    with pytest.raises(NotAllowed, match="Door: CableUnplugged in closed") as refusal:
        door.handle(CableUnplugged())
    assert refusal.value.states == ("closed",)
    with pytest.raises(NotAllowed):
        door.handle(CablePlugged())  # the guard says no
    assert door.configuration == ("closed",)


def test_guards_are_asked_anew_each_time():
    door = Door(Owner(is_willing=False))
    with pytest.raises(NotAllowed):
        door.handle(CablePlugged())
    door.host.is_willing = True
    assert door.handle(CablePlugged())
    assert door.is_in("opened")


@pytest.mark.parametrize("again", [1, 2])
def test_a_bug_in_an_action_comes_out_and_leaves_the_configuration_as_it_was(again):
    door = Door(Owner())
    door.handle(CablePlugged())
    with pytest.raises(ZeroDivisionError):
        door.handle(FaultRaised())
    assert door.configuration == ("opened",)
    # and nothing of the failed event is left over
    assert door.handle(ConnectionTimedOut()) == [CloseContactor(1)]


def test_a_bug_in_a_guard_comes_out_too():
    door = Door(Owner())
    del door.host.is_willing
    with pytest.raises(AttributeError):
        door.handle(CablePlugged())
    assert door.configuration == ("closed",)


def test_nothing_is_emitted_outside_of_an_event():
    with pytest.raises(AttributeError):
        Door(Owner()).emit(CloseContactor(1))


def test_resuming_sets_timers_anew_and_runs_no_action():
    door = Door(Owner())
    assert door.resume(["opened"]) == [StartTimer(4, ConnectionTimedOut(), 60.0)]
    assert door.is_in("opened")
    assert door.resume(["closed"]) == []


def test_the_bare_engine_goes_on_from_where_the_chart_is():
    door = Door(Owner())
    door.handle(CablePlugged())
    handle = bare_engine(door)
    with pytest.raises(NotAllowed, match="CablePlugged in opened"):
        handle(CablePlugged())
    assert handle(ConnectionTimedOut()) == [CloseContactor(1)]
    assert door.configuration == ("closed",)


def test_a_chart_cannot_be_declared_with_an_async_method():
    with pytest.raises(TypeError, match="on_enter_b is async"):

        class Waiting(Chart[Owner]):
            a = State(initial=True)
            b = State(final=True)
            cable_plugged = a.to(b)

            async def on_enter_b(self, fact: Event) -> None: ...


def test_a_chart_cannot_act_before_anything_has_happened():
    with pytest.raises(TypeError, match="entry action on_enter_a"):

        class Eager(Chart[Owner]):
            a = State(initial=True)
            b = State(final=True)
            cable_plugged = a.to(b)

            def on_enter_a(self, fact: Event) -> None: ...


def test_a_time_limit_needs_a_state():
    with pytest.raises(TypeError, match="not there: b0"):

        class Misspelt(Chart[Owner]):
            a = State(initial=True)
            b = State(final=True)
            cable_plugged = a.to(b)
            timeouts: ClassVar[Mapping[str, Timeout]] = {"b0": Timeout(CablePlugged(), "patience")}


def test_an_event_names_its_transitions():
    assert transition_name(CablePlugged) == "cable_plugged"
    assert transition_name(ConnectionTimedOut) == "connection_timed_out"
