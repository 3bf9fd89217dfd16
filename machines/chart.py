"""Chart: a statechart that decides and never acts: `handle(event)` gives effects to perform.

Theory of operation. A chart is declared as python-statemachine declares one: states, regions and
transitions as class attributes, a transition named like the snake_case of its event. Its guards
only read the host and the event; its actions (`on_…` methods) only `emit` effects. So what the
library's engine does with an event depends on nothing but the configuration, the event's type and
the guards' answers. `Chart` asks the engine once for each such case and keeps what it said (which
actions ran, in what order, and the configuration after them) in a memo that all instances of the
class share; the actions themselves run anew with each event. The engine stays the one interpreter,
and an event costs a look-up.

A configuration is kept in the order in which its states were entered, because the engine leaves
states in that order.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar, final

from statemachine import State, StateChart
from statemachine.event import Event as TransitionEvent
from statemachine.exceptions import TransitionNotAllowed
from statemachine.factory import StateMachineMetaclass
from statemachine.orderedset import OrderedSet
from statemachine.transition_list import TransitionList

from .effects import Effect, StartTimer, StopTimer
from .events import Event


class Host(Protocol):
    """What a chart belongs to: its address, and the settings that its timeouts name."""

    @property
    def evse_id(self) -> int: ...

    def seconds(self, setting: str) -> float:
        """Give the present length of a timeout, in seconds."""
        ...


HostT = TypeVar("HostT", bound=Host)
Action = Callable[["Chart[Any]", Event], None]
Guard = Callable[["Chart[Any]", Event], bool]


class NotAllowed(Exception):
    """The event has no transition out of the chart's configuration, or no guard lets it through."""

    def __init__(self, chart: "Chart[Any]", event: Event) -> None:
        super().__init__(chart, event)
        self.event = event
        self.states = chart.configuration
        self._chart = type(chart).__name__

    def __str__(self) -> str:  # mostly nobody asks: what means nothing is ignored
        return f"{self._chart}: {type(self.event).__name__} in {', '.join(self.states)}"


class Timeout(NamedTuple):
    """A state's time limit: `event` comes when it has lasted for the host's `setting`."""

    event: Event
    setting: str


class _Configuration:
    """A set of active states, in the order of their entry; one object for all instances in it."""

    __slots__ = ("active", "moves", "states")

    def __init__(self, states: tuple[str, ...]) -> None:
        self.states = states
        self.active = frozenset(states)
        self.moves: dict[type[Event], _Move | _Question] = {}


class _Move(NamedTuple):
    """The engine's answer: the actions in order, and the configuration after them; None refuses."""

    target: _Configuration | None
    actions: tuple[Action, ...]


@final
class _Question:
    """A guard that the engine asked at this point, and what followed either answer."""

    __slots__ = ("guard", "no", "yes")

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self.yes: _Move | _Question | None = None
        self.no: _Move | _Question | None = None


class Chart(Generic[HostT]):
    """A statechart instance: its configuration and its host, and nothing else.

    A subclass declares states and transitions, guards (methods that give a bool, named by `cond`
    and `unless`) and actions (`on_enter_STATE`, `on_exit_STATE`, `on_EVENT`, or any `on_…` that a
    transition names); with `__slots__ = ()` an instance stays small. Initial states have no entry
    actions: making an instance emits nothing.
    """

    __slots__ = ("_configuration", "_effects", "host")

    timeouts: ClassVar[Mapping[str, Timeout]] = {}
    declaration: ClassVar[type[StateChart[Any]]]
    """The library's own class: its engine, its checks, its diagrams."""
    _initial: ClassVar[_Configuration]
    _known: ClassVar[dict[tuple[str, ...], _Configuration]]
    _actions: ClassVar[dict[str, tuple[Action, ...]]]
    _guards: ClassVar[dict[str, Guard]]

    def __init_subclass__(cls) -> None:
        cls._declare()
        super().__init_subclass__()

    def __init__(self, host: HostT) -> None:
        self.host = host
        self._configuration = self._initial

    # ---- what a chart is asked

    def handle(self, event: Event) -> list[Effect]:
        """Take the event and give what shall be done, in order.

        Raises NotAllowed; then, and when an action raises, the configuration is as it was.
        """
        move = self._configuration.moves.get(type(event))
        while isinstance(move, _Question):
            move = move.yes if move.guard(self, event) else move.no
        if move is None:
            move = self._ask_engine(event)
        target, actions = move
        if target is None:
            raise NotAllowed(self, event)
        if not actions:
            self._configuration = target
            return []
        self._effects: list[Effect] = []
        try:
            for act in actions:
                act(self, event)
            self._configuration = target
            return self._effects
        finally:
            del self._effects  # so that nothing emits outside of an event, and no list is kept

    def emit(self, effect: Effect) -> None:
        """Add to what shall be done; for actions only."""
        self._effects.append(effect)

    @property
    def configuration(self) -> tuple[str, ...]:
        """The active states in the order of their entry: what `resume` needs to continue."""
        return self._configuration.states

    def is_in(self, state: str) -> bool:
        """Say whether the state is active."""
        return state in self._configuration.active

    def resume(self, configuration: Iterable[str]) -> list[Effect]:
        """Continue in a configuration kept earlier; give the timers to set anew.

        No entry action runs. Raises ValueError when the chart has no such configuration.
        """
        states = tuple(configuration)
        if states not in self._known:
            self._check(states)
        self._configuration = self._configuration_of(states)
        return [
            StartTimer(self.host.evse_id, timeout.event, self.host.seconds(timeout.setting))
            for state, timeout in self.timeouts.items()
            if state in states
        ]

    # ---- the declaration, read once a class

    @classmethod
    def _declare(cls) -> None:
        declared = {
            name: value
            for name, value in vars(cls).items()
            if isinstance(value, State | TransitionList | TransitionEvent)
        }
        settings = {"allow_event_without_transition": False, "catch_errors_as_events": False}
        origin = {
            "__module__": cls.__module__,
            "__doc__": cls.__doc__,
            "__qualname__": cls.__qualname__,
        }
        declaration: Any = (
            StateMachineMetaclass(  # the metaclass is not typed as making its classes
                cls.__name__, (StateChart,), {**declared, **settings, **origin}
            )
        )
        cls.declaration = declaration
        methods = {name: getattr(cls, name) for name in dir(cls) if name not in _OF_EVERY_CHART}
        methods = {
            name: value
            for name, value in methods.items()
            if callable(value) and name not in declared
        }
        for name, value in methods.items():
            if inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value):
                raise TypeError(f"{cls.__name__}.{name} is async: a chart decides and never waits")
        cls._guards = {name: value for name, value in methods.items() if not name.startswith("on_")}
        cls._actions = {name: (value,) for name, value in methods.items() if name.startswith("on_")}
        for state, timeout in cls.timeouts.items():
            cls._time(state, timeout)
        cls._known = {}
        trace: list[tuple[str, bool | None]] = []
        model = _model(cls, lambda name: trace.append((name, None)), lambda name: False)
        cls.declaration(model=model)
        if trace:
            raise TypeError(f"{cls.__name__}: an initial state has the entry action {trace[0][0]}")
        cls._initial = cls._configuration_of(model.states())

    @classmethod
    def _time(cls, state: str, timeout: Timeout) -> None:
        if state not in cls.declaration.states_map:
            raise TypeError(f"{cls.__name__}: timeouts name a state that is not there: {state}")

        def start(chart: "Chart[Any]", event: Event) -> None:
            chart.emit(
                StartTimer(chart.host.evse_id, timeout.event, chart.host.seconds(timeout.setting))
            )

        def stop(chart: "Chart[Any]", event: Event) -> None:
            # A timer that has just brought its event no longer runs.
            if type(event) is not type(timeout.event):
                chart.emit(StopTimer(chart.host.evse_id, timeout.event))

        cls._actions[f"on_enter_{state}"] = (start, *cls._actions.get(f"on_enter_{state}", ()))
        cls._actions[f"on_exit_{state}"] = (stop, *cls._actions.get(f"on_exit_{state}", ()))

    @classmethod
    def _configuration_of(cls, states: tuple[str, ...]) -> _Configuration:
        configuration = cls._known.get(states)
        if configuration is None:
            configuration = cls._known[states] = _Configuration(states)
        return configuration

    @classmethod
    def _check(cls, states: tuple[str, ...]) -> None:
        """Refuse nonsense: a region without exactly one state, a child without its parent."""
        all_states = cls.declaration.states_map
        active = set(states)
        unknown = active - set(all_states)
        legal = not unknown and sum(s.id in active for s in cls.declaration.states) == 1
        for state in (all_states[name] for name in active - unknown):
            children = [child.id in active for child in state.states]
            above = () if state.parent is None else (state.parent.id,)
            legal &= all(name in states[: states.index(state.id)] for name in above)
            legal &= all(children) if state.parallel else sum(children) == bool(children)
        if not legal or len(active) != len(states):
            raise ValueError(
                f"{cls.__name__} has no configuration {', '.join(states) or '(empty)'}"
            )

    # ---- the engine, asked once a case

    def _ask_engine(self, event: Event) -> _Move:
        trace: list[tuple[str, bool | None]] = []

        def note_action(name: str) -> None:
            trace.append((name, None))

        def note_guard(name: str) -> bool:
            answer = bool(self._guards[name](self, event))
            trace.append((name, answer))
            return answer

        model = _model(type(self), note_action, note_guard)
        model.state = OrderedSet(self.configuration)
        target: _Configuration | None = None
        try:
            self.declaration(model=model).send(transition_name(type(event)), fact=event)
            target = self._configuration_of(model.states())
        except TransitionNotAllowed:
            pass  # kept as a move without a target
        actions = [act for name, answer in trace if answer is None for act in self._actions[name]]
        move = _Move(target, tuple(actions) if target else ())
        self._remember(type(event), trace, move)
        return move

    def _remember(
        self, event: type[Event], trace: list[tuple[str, bool | None]], move: _Move
    ) -> None:
        """Hang the move into the memo below the guards' answers that led to it."""
        hang: Callable[[_Move | _Question], None] = partial(
            self._configuration.moves.__setitem__, event
        )
        node = self._configuration.moves.get(event)
        for name, answer in trace:
            if answer is None:
                continue
            if node is None:
                node = _Question(self._guards[name])
                hang(node)
            assert isinstance(node, _Question)
            hang = partial(setattr, node, "yes" if answer else "no")
            node = node.yes if answer else node.no
        hang(move)


class _Model:
    """The library's domain model: it holds the state, and its methods are the callbacks."""

    state: Any = None  # kept by the library: a state's id, or a set of ids where states are nested

    def states(self) -> tuple[str, ...]:
        return (self.state,) if isinstance(self.state, str) else tuple(self.state)


def _model(
    chart: type[Chart[Any]], on_action: Callable[[str], None], on_guard: Callable[[str], bool]
) -> _Model:
    """Make a model whose actions and guards call the given functions with their names."""

    def act(name: str) -> Callable[..., None]:
        return lambda self, fact=None: on_action(name)

    def ask(name: str) -> Callable[..., bool]:
        return lambda self, fact=None: on_guard(name)

    methods: dict[str, Any] = {name: act(name) for name in chart._actions}
    methods |= {name: ask(name) for name in chart._guards}
    model: _Model = type(chart.__name__, (_Model,), methods)()
    return model


def bare_engine(chart: Chart[Any]) -> Callable[[Event], list[Effect]]:
    """Give a `handle` that runs every event through the engine: what the memo is held against."""
    event_at_hand: Event

    def act(name: str) -> None:
        for action in chart._actions[name]:
            action(chart, event_at_hand)

    def ask(name: str) -> bool:
        return bool(chart._guards[name](chart, event_at_hand))

    model = _model(type(chart), act, ask)
    model.state = OrderedSet(chart.configuration)
    engine = chart.declaration(model=model)

    def handle(event: Event) -> list[Effect]:
        nonlocal event_at_hand
        event_at_hand = event
        chart._effects = []
        try:
            engine.send(transition_name(type(event)), fact=event)
        except TransitionNotAllowed as refusal:
            raise NotAllowed(chart, event) from refusal
        chart._configuration = chart._configuration_of(model.states())
        effects = chart._effects
        del chart._effects
        return effects

    return handle


def transition_name(event: type[Event]) -> str:
    """Name the transitions that an event fires: CablePlugged fires `cable_plugged`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()


_OF_EVERY_CHART = frozenset(dir(Chart))
