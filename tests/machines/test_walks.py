"""Random walks: the memo is the engine, a resumed chart is the chart, for every chart there is."""

import copy
import importlib
import pkgutil
from types import SimpleNamespace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pilotwire.machines
from pilotwire.machines import events
from pilotwire.machines.chart import Chart, NotAllowed, bare_engine, transition_name
from pilotwire.machines.effects import Effect, ReportTransaction, StartTimer
from pilotwire.machines.events import Event, IdToken, ResetRequested
from pilotwire.machines.settings import Settings

for module in pkgutil.iter_modules(pilotwire.machines.__path__):
    importlib.import_module(f"pilotwire.machines.{module.name}")

CHARTS = [c for c in Chart.__subclasses__() if c.__module__.startswith("pilotwire.")]
SAMPLES: dict[str, object] = {
    "event": "TamperDetectionActivated",
    "evse": 1,
    "evses": (1, 2),
    "id_token": IdToken("A"),
    "interval": 30.0,
    "reason": "Local",
    "reservation_id": 7,
    "seconds": 60.0,
    "trigger": "Trigger",
    "verdict": "Invalid",
}


def sample(event: type[Event]) -> Event:
    required = [f.name for f in msgspec.structs.fields(event) if f.required]
    return event(**{name: SAMPLES[name] for name in required})


EVENTS = [
    sample(value)
    for value in vars(events).values()
    if isinstance(value, type) and issubclass(value, Event) and value is not Event
]


def host(answers: tuple[bool, ...]) -> SimpleNamespace:
    """Whatever a chart belongs to, with these answers for the charts' guards."""
    in_use, stops, has_transaction, is_online, spent = answers
    return SimpleNamespace(
        evse_id=1,
        number=2,
        slot=3,
        waits=1,
        reservation_id=7,
        seconds=lambda setting: 5.0,
        shown_at=1,
        has_fixed_cable=stops,
        station=SimpleNamespace(running=(1, 2)),
        is_in_use=in_use,
        is_online=is_online,
        attempts_are_spent=spent,
        tries=int(spent),
        request=ResetRequested(),
        next_slot=None if in_use else 2,
        settings=Settings(stop_on_ev_side_disconnect=stops),
        transaction=object() if has_transaction else None,
        report=lambda kind, trigger, reason=None: ReportTransaction(1, "t", kind, trigger, reason),
    )


ANSWERS = st.tuples(*[st.booleans()] * 5)


def outcome(handle, event: Event) -> list[Effect] | str:
    try:
        return handle(event)
    except NotAllowed as refused:
        return f"not allowed in {refused.states}"


def walks(chart: type[Chart]) -> st.SearchStrategy[list[tuple[Event, tuple[bool, ...]]]]:
    """Give walks of mostly meaningful events, each with the guards' answers at that time."""
    known = {event.id for event in chart.declaration.events}
    meant = [event for event in EVENTS if transition_name(type(event)) in known]
    event = st.sampled_from(meant * 4 + EVENTS[:3])
    return st.lists(st.tuples(event, ANSWERS), max_size=40)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)
def test_the_memo_answers_as_the_engine_does(chart):
    @settings(max_examples=40, deadline=None)
    @given(walk=walks(chart))
    def check(walk):
        quick, slow = chart(host((False,) * 5)), chart(host((False,) * 5))
        engine = bare_engine(slow)
        for event, answers in walk:
            quick.host = slow.host = host(answers)
            assert outcome(quick.handle, event) == outcome(engine, event)
            assert quick.configuration == slow.configuration

    check()


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)
def test_a_resumed_chart_goes_on_as_if_nothing_had_happened(chart):
    @settings(max_examples=20, deadline=None)
    @given(walk=walks(chart), answers=ANSWERS)
    def check(walk, answers):
        lived = chart(host((False,) * 5))
        for event, before in walk:
            lived.host = host(before)
            outcome(lived.handle, event)
        lived.host = host(answers)
        kept = msgspec.json.decode(msgspec.json.encode(lived.configuration))
        for event in EVENTS:
            resumed, lives_on = chart(host(answers)), copy.copy(lived)
            timers = resumed.resume(kept)
            assert all(isinstance(effect, StartTimer) for effect in timers)  # no entry action ran
            assert outcome(resumed.handle, event) == outcome(lives_on.handle, event)
            assert resumed.configuration == lives_on.configuration

    check()


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)
def test_resume_refuses_configurations_that_cannot_be(chart):
    fresh = chart(host((False,) * 5))
    whole = fresh.configuration
    for nonsense in (
        (),
        ("no_such_state",),
        (*whole, "no_such_state"),
        (*whole, whole[0]),
        tuple(state.id for state in chart.declaration.states_map.values()),
        *([whole[:-1], whole[1:], tuple(reversed(whole))] if len(whole) > 1 else []),
    ):
        with pytest.raises(ValueError, match=chart.__name__):
            fresh.resume(nonsense)
    assert fresh.configuration == whole


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)
def test_an_instance_is_its_three_slots(chart):
    assert not hasattr(chart(host((False,) * 5)), "__dict__")
