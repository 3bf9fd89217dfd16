"""`pilotwire charts`: prints, writes, compares, and says in one line what it cannot do."""

from pathlib import Path

import pytest

from pilotwire.engine.charts_command import CHARTS, run
from pilotwire.engine.cli import main
from pilotwire.machines.chart import Chart
from pilotwire.machines.connection import ConnectionChart
from pilotwire.machines.diagram import dot, mermaid
from pilotwire.machines.reservation import ReservationChart

DOCS = Path(__file__).parents[2] / "docs" / "charts"


def test_every_chart_has_a_name():
    declared = {c for c in Chart.__subclasses__() if c.__module__.startswith("pilotwire.")}
    assert set(CHARTS.values()) == declared


def test_it_prints_the_charts_that_are_named_in_one_order(capsys):
    assert run(["connection", "reservation"]) == 0
    assert capsys.readouterr().out == f"{mermaid(ReservationChart)}\n{mermaid(ConnectionChart)}"
    assert run(["reservation"], format="dot") == 0
    assert capsys.readouterr().out == dot(ReservationChart)


def test_it_prints_all_when_none_is_named(capsys):
    run()
    assert capsys.readouterr().out.count("stateDiagram-v2") == len(CHARTS)


@pytest.mark.parametrize(("form", "suffix"), [("mermaid", "mmd"), ("dot", "dot"), ("md", "md")])
def test_it_writes_a_file_a_chart(tmp_path, form, suffix):
    folder = tmp_path / "not" / "yet"
    assert run(format=form, output=folder) == 0
    wanted = {f"{name}.{suffix}" for name in CHARTS} | ({"README.md"} if form == "md" else set())
    assert {path.name for path in folder.iterdir()} == wanted
    assert run(format=form, output=folder, check=True) == 0


def test_a_page_says_what_made_it_and_the_index_leads_to_every_page(tmp_path):
    run(format="md", output=tmp_path)
    page = (tmp_path / "evse.md").read_text(encoding="utf-8")
    assert page.startswith("<!-- Drawn by `pilotwire charts --format md --output docs/charts`")
    assert "\n# EvseChart\n\nSession, energy, bay" in page
    index = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert all(f"]({name}.md)" in index for name in CHARTS)


def test_check_names_what_is_stale_missing_and_left_over(tmp_path, capsys):
    run(format="md", output=tmp_path)
    (tmp_path / "evse.md").write_text("old", encoding="utf-8")
    (tmp_path / "station.md").unlink()
    (tmp_path / "toaster.md").write_text("?", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert run(format="md", output=tmp_path, check=True) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"pilotwire: {tmp_path / 'evse.md'}: stale",
        f"pilotwire: {tmp_path / 'station.md'}: missing",
        f"pilotwire: {tmp_path / 'toaster.md'}: left over, no chart is called so",
    ]
    assert (tmp_path / "evse.md").read_text(encoding="utf-8") == "old"  # only compared


def test_check_of_named_charts_leaves_others_alone(tmp_path):
    run(format="md", output=tmp_path)
    (tmp_path / "toaster.md").write_text("?", encoding="utf-8")
    assert run(["evse"], format="md", output=tmp_path, check=True) == 0


def test_the_pages_in_docs_are_those_of_the_code():
    assert run(format="md", output=DOCS, check=True) == 0


def test_an_unknown_name_is_wrong_usage(capsys):
    assert main(["charts", "toaster"]) == 2
    assert capsys.readouterr().err == (
        f"pilotwire: no chart is called toaster: there are {', '.join(CHARTS)}\n"
    )


def test_check_without_a_folder_is_wrong_usage(capsys):
    assert main(["charts", "--check"]) == 2
    assert "--output" in capsys.readouterr().err


def test_several_svgs_do_not_go_into_one_stream(capsys):
    assert main(["charts", "--format", "svg"]) == 2
    assert "one chart" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_told(tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["charts", "--output", str(tmp_path / "file")]) == 1
    assert "cannot write" in capsys.readouterr().err


def test_without_graphviz_it_says_how_to_get_it(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["charts", "evse", "--format", "svg"]) == 1
    told = capsys.readouterr()
    assert "apt install graphviz" in told.err
    assert "brew install graphviz" in told.err
    assert told.err.count("\n") == 1
    assert main(["charts", "evse"]) == 0  # mermaid needs nothing


@pytest.mark.parametrize(
    ("script", "told"),
    [("echo '<svg/>'", "<svg/>\n"), ("exit 3", "dot, which failed"), ("sleep 9", None)],
)
def test_graphviz_does_what_it_does(monkeypatch, tmp_path, capsys, script, told):
    program = tmp_path / "dot"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    if told is None:
        monkeypatch.setattr("pilotwire.engine.charts_command._GRAPHVIZ_SECONDS", 0.1)
        told = "timed out"
    code = main(["charts", "evse", "--format", "svg"])
    streams = capsys.readouterr()
    assert told in streams.out + streams.err
    assert code == (0 if "<svg" in told else 1)


def test_the_command_line_passes_the_exit_code_on(tmp_path, capsys):
    assert main(["charts", "evse", "--output", str(tmp_path), "--check"]) == 1
    assert "missing" in capsys.readouterr().err
