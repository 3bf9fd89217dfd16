"""A chart drawn from its declaration, as Mermaid, DOT and Markdown: the same bytes each time.

Events are named as in code, and guards stand in brackets.
"""

import inspect
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from statemachine import State

from . import events
from .chart import Chart, transition_name
from .events import Event

_FILL = "#ffe08a"  # of the current states


class Transition(NamedTuple):
    """One arrow: the event by its name in code, and the guard, if any, in words."""

    event: str
    source: str
    target: str
    guard: str


def transitions(chart: type[Chart[Any]]) -> Iterator[Transition]:
    """Give the chart's arrows, state by state in the order of the declaration.

    One that stays where it is has its source as target.
    """
    for state in chart.declaration.states_map.values():
        yield from _transitions_of(state)


def _transitions_of(state: State) -> Iterator[Transition]:
    for transition in state.transitions:
        target = state.id if transition.target is None else transition.target.id
        guard = " and ".join(str(condition) for condition in transition.cond)
        for event in transition.events:
            yield Transition(_EVENT_NAMES[event.id], state.id, target, guard)


def mermaid(chart: type[Chart[Any]], current: Collection[str] = ()) -> str:
    """Draw the chart as Mermaid's stateDiagram-v2, the current states filled."""
    lines = ["stateDiagram-v2", "    direction LR"]
    lines += _mermaid_states(list(chart.declaration.states), 1)
    lit = [state for state in chart.declaration.states_map if state in current]
    if lit:
        lines.append(f"    classDef current fill:{_FILL}")
        lines.append(f"    class {','.join(lit)} current")
    return "\n".join(lines) + "\n"


def _mermaid_states(states: Sequence[State], depth: int, parallel: bool = False) -> Iterator[str]:
    """Give the states with what lies in them, then their transitions, all in one frame."""
    indent = "    " * depth
    for number, state in enumerate(states):
        if parallel and number:
            yield f"{indent}--"
        if state.initial and not parallel:
            yield f"{indent}[*] --> {state.id}"
        if state.states:
            yield f"{indent}state {state.id} {{"
            yield from _mermaid_states(state.states, depth + 1, state.parallel)
            yield f"{indent}}}"
        else:
            yield f"{indent}{state.id}"
    for state in states:
        for event, source, target, guard in _transitions_of(state):
            yield f"{indent}{source} --> {target} : {_label(event, guard)}"
        if state.final:
            yield f"{indent}{state.id} --> [*]"


def dot(chart: type[Chart[Any]], current: Collection[str] = ()) -> str:
    """Draw the chart in Graphviz's language, the current states filled.

    In SVG, what belongs to a state has the class `state-NAME`, an arrow `from-NAME` and `to-NAME`.
    """
    lines = [
        f"digraph {chart.__name__} {{",
        "    compound=true",
        "    rankdir=LR",
        '    node [shape=box style=rounded fontname="sans-serif"]',
        '    edge [fontname="sans-serif" fontsize=10]',
        '    graph [fontname="sans-serif"]',
    ]
    lines += _dot_states(list(chart.declaration.states), 1, current)
    lines += [
        f'    {source} -> {target} [label="{_label(event, guard)}" '
        f'class="from-{source} to-{target} by-{event}"]'
        for event, source, target, guard in transitions(chart)
    ]
    return "\n".join([*lines, "}"]) + "\n"


def _dot_states(
    states: Sequence[State], depth: int, current: Collection[str], parallel: bool = False
) -> Iterator[str]:
    indent = "    " * depth
    for state in states:
        fill = f' style="rounded,filled" fillcolor="{_FILL}"' if state.id in current else ""
        if not state.states:
            border = " peripheries=2" if state.final else ""
            name = f'label="{state.id}" class="state-{state.id}"'
            yield f"{indent}{state.id} [{name}{border}{fill}]"
            if state.initial and not parallel:
                yield f"{indent}_to_{state.id} [shape=point]"
                yield f"{indent}_to_{state.id} -> {state.id}"
            continue
        yield f"{indent}subgraph cluster_{state.id} {{"
        border = "dashed" if parallel else "rounded"
        yield f'{indent}    label="{state.id}" class="state-{state.id}"'
        yield f'{indent}    style="{border}"'
        yield from _dot_states(state.states, depth + 1, current, state.parallel)
        yield f"{indent}}}"


def markdown(chart: type[Chart[Any]]) -> str:
    """Write a page about the chart: what it is, the picture, its transitions and time limits."""
    parts = [
        f"# {chart.__name__}",
        inspect.cleandoc(chart.__doc__ or ""),
        f"```mermaid\n{mermaid(chart)}```",
        _table(("event", "from", "to", "guard"), transitions(chart)),
    ]
    limits = [
        (state, type(timeout.event).__name__, timeout.setting)
        for state, timeout in chart.timeouts.items()
    ]
    if limits:
        parts += ["## Time limits", _table(("state", "brings", "after the setting"), limits)]
    return "\n\n".join(parts) + "\n"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _label(event: str, guard: str) -> str:
    return f"{event} [{guard}]" if guard else event


_EVENT_NAMES = {
    transition_name(value): name
    for name, value in vars(events).items()
    if isinstance(value, type) and issubclass(value, Event)
}
