"""`pilotwire charts step NAME`: what somebody sees who steps a chart."""

import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwire.engine.charts_command import CHARTS
from pilotwire.engine.charts_step import GIVENS, Misunderstood, Stepper
from pilotwire.engine.cli import main
from pilotwire.machines.diagram import transitions


def stepper(name: str) -> Stepper:
    return Stepper(name, CHARTS[name])


def line(lines: list[str], head: str) -> str:
    (found,) = (each for each in lines if each.startswith(head))
    return found.removeprefix(head).strip()


def test_it_shows_where_the_chart_is_and_what_may_come() -> None:
    lines = stepper("station").introduction()
    assert lines[0] == "station: The station's own availability, apart from that of its EVSEs."
    assert line(lines, "in ") == "operative"
    assert line(lines, "given") == "is_in_use=no"
    assert "InoperativeRequested         operative -> change_scheduled  [is_in_use]" in lines[5]


def test_a_guard_finds_what_was_given_and_says_that_it_asked() -> None:
    chart = stepper("connector")
    assert chart.take("is_in_use=yes") == ["given    is_in_use=yes"]
    lines = chart.take("InoperativeRequested")
    assert line(lines, "asked") == "is_in_use=yes"
    assert line(lines, "moved") == "operative -> change_scheduled"
    assert line(chart.take("UseEnded"), "moved") == "change_scheduled -> inoperative"


def test_effects_and_timers_are_told() -> None:
    chart = stepper("reservation")
    lines = chart.take("reservationmade seconds=90")
    assert [each for each in lines if each.startswith("does")][1:] == [
        "does     StartTimer(evse=1, event=ReservationExpired(), seconds=90.0, random=0.0)"
    ]
    assert line(lines, "timers") == "ReservationExpired after 90 s"
    lines = chart.take("ReservationExpired")
    assert line(lines, "in ") == "free"
    assert not any(each.startswith("timers") for each in lines)


def test_what_is_refused_changes_nothing() -> None:
    chart = stepper("transaction")
    before = chart.view()
    lines = chart.take("StopPointReached")
    assert lines[0].startswith("refused")
    assert chart.view() == before


def test_again_is_from_the_beginning() -> None:
    chart = stepper("connector")
    before = chart.view()
    chart.take("CablePlugged")
    chart.take("is_in_use=yes")
    assert chart.take("again") == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("Nonsense", "this chart knows no Nonsense: it knows CablePlugged, "),
        ("Cable", "Cable may be CablePlugged or CableUnplugged"),
        ("is_in_us=yes", "no given is called is_in_us: there are is_in_use, "),
        ("is_in_use=maybe", "is_in_use is yes or no, not 'maybe'"),
        ("CablePlugged colour=red", "CablePlugged has no field colour: its fields are: "),
        ("CablePlugged connector=red", "connector: Expected `int`"),
    ],
)
def test_a_line_that_says_nothing_is_answered_with_what_would(words: str, says: str) -> None:
    chart = stepper("connector")
    before = chart.view()
    with pytest.raises(Misunderstood) as refused:
        chart.take(words)
    assert str(refused.value).startswith(says)
    assert chart.view() == before


def lines_for(name: str) -> Iterator[str]:
    yield from dict.fromkeys(each.event for each in transitions(CHARTS[name]))
    for each in GIVENS:
        yield f"{each}=yes"
        yield f"{each}=no"


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_can_be_stepped_by_every_fact_that_it_knows(name: str) -> None:
    @given(walk=st.lists(st.sampled_from(list(lines_for(name))), max_size=30))
    def check(walk: list[str]) -> None:
        chart = stepper(name)
        for each in walk:
            assert chart.take(each)

    check()


def test_at_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("help\nwhatever\nCablePlugged\nquit\nX"))
    assert main(["charts", "step", "connector"]) == 0
    said = capsys.readouterr().out
    assert "this chart knows no whatever" in said
    assert "moved    unplugged -> plugged" in said
    assert "no X" not in said


@pytest.mark.parametrize(
    ("names", "says"),
    [(["nothing"], "no chart is called nothing"), ([], "say which chart to step: connector, ")],
)
def test_which_chart_must_be_said(
    names: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["charts", "step", *names]) == 2
    assert says in capsys.readouterr().err
