"""Pictures of charts: complete, readable by their programs, and the same each time."""

import re
import shutil
import subprocess
import sys

import pytest

from pilotwire.machines.connection import ConnectionChart
from pilotwire.machines.connector import ConnectorChart
from pilotwire.machines.diagram import Transition, dot, markdown, mermaid, transitions
from pilotwire.machines.master_pass import MasterPassChart
from pilotwire.machines.registration import RegistrationChart
from pilotwire.machines.reservation import ReservationChart
from pilotwire.machines.reset import ResetChart
from pilotwire.machines.session import EvseChart
from pilotwire.machines.station import StationChart
from pilotwire.machines.transaction import TransactionChart

CHARTS = [
    ConnectionChart,
    ConnectorChart,
    EvseChart,
    MasterPassChart,
    RegistrationChart,
    ReservationChart,
    ResetChart,
    StationChart,
    TransactionChart,
]
every_chart = pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)


def test_transitions_are_named_as_in_code():
    assert list(transitions(TransactionChart)) == [
        Transition("StartPointReached", "awaited", "ongoing", ""),
        Transition("TransactionTouched", "ongoing", "ongoing", ""),
        Transition("TransactionDeauthorized", "ongoing", "halted", ""),
        Transition("StopPointReached", "ongoing", "ended", ""),
        Transition("TransactionTouched", "halted", "halted", ""),
        Transition("StopPointReached", "halted", "ended", ""),
    ]
    assert Transition("CableUnplugged", "active", "idle", "stops_on_disconnect") in list(
        transitions(EvseChart)
    )


def test_mermaid_of_a_small_chart():
    assert mermaid(ReservationChart, current=["held"]) == (
        "stateDiagram-v2\n"
        "    direction LR\n"
        "    [*] --> free\n"
        "    free\n"
        "    held\n"
        "    free --> held : ReservationMade\n"
        "    held --> held : ReservationMade\n"
        "    held --> free : ReservationCancelled\n"
        "    held --> free : ReservationExpired\n"
        "    held --> free : ReservationUsed\n"
        "    held --> free : ReservationLost\n"
        "    classDef current fill:#ffe08a\n"
        "    class held current\n"
    )


def test_mermaid_sets_regions_side_by_side():
    text = mermaid(EvseChart)
    assert text.count("        --\n") == 4
    assert text.index("state session {") < text.index("idle --> plugged_first : CablePlugged")
    assert text.index("idle --> plugged_first : CablePlugged") < text.index("state energy {")


@every_chart
def test_every_state_and_every_transition_is_in_every_picture(chart):
    arrows = list(transitions(chart))
    assert arrows
    drawn = mermaid(chart)
    graph = dot(chart)
    page = markdown(chart)
    for state in chart.declaration.states_map:
        assert re.search(rf"^ *(state )?{state}( {{)?$", drawn, re.MULTILINE)
        assert re.search(rf'^ *({state} \[label|label)="{state}"', graph, re.MULTILINE) or (
            f'{state} [label="{state}"' in graph
        )
    for event, source, target, guard in arrows:
        label = f"{event} [{guard}]" if guard else event
        assert f"    {source} --> {target} : {label}\n" in drawn
        classes = f'class="from-{source} to-{target} by-{event}"'
        assert f'    {source} -> {target} [label="{label}" {classes}]\n' in graph
        assert f"| {event} | {source} | {target} | {guard} |\n" in page


@every_chart
def test_the_states_that_are_current_are_filled_and_no_others(chart):
    first = next(s.id for s in chart.declaration.states_map.values() if not s.states)
    filled = [line for line in dot(chart, current=[first]).splitlines() if "fillcolor" in line]
    assert [line.split()[0] for line in filled] == [first]
    assert "fillcolor" not in dot(chart)
    assert "classDef" not in mermaid(chart)
    assert f"class {first} current" in mermaid(chart, current=[first])


def test_a_page_tells_the_time_limits():
    assert "| token_first | ConnectionTimedOut | ev_connection_timeout |\n" in markdown(EvseChart)
    assert "Time limits" not in markdown(StationChart)


def test_another_process_draws_the_same_bytes():
    program = (
        "from pilotwire.machines.session import EvseChart\n"
        "from pilotwire.machines.diagram import dot, markdown\n"
        "print(markdown(EvseChart) + dot(EvseChart), end='')\n"
    )
    drawn = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert drawn == markdown(EvseChart) + dot(EvseChart)


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@every_chart
def test_graphviz_takes_it(chart):
    drawn = subprocess.run(
        ["dot", "-Tsvg"], input=dot(chart), capture_output=True, text=True, check=True
    )
    assert drawn.stdout.count('class="edge ') >= len(list(transitions(chart)))
    assert drawn.stderr == ""
