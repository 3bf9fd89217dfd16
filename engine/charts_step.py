"""`pilotwire charts step NAME`: a chart moved by hand, one fact at a time.

The chart is the one that stations have. What it belongs to is played: whoever steps it says what
its guards find there ("givens") and which facts come, and reads what it would have done.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from ..machines import events
from ..machines.chart import Chart, NotAllowed
from ..machines.diagram import transitions
from ..machines.effects import Effect, ReportTransaction, StartTimer, StopTimer
from ..machines.events import Event, IdToken, ResetRequested
from ..machines.settings import Settings
from .failure import Failure

GIVENS = (
    "is_in_use",
    "is_online",
    "has_transaction",
    "has_fixed_cable",
    "has_next_slot",
    "attempts_are_spent",
    "tries_are_spent",
    "stop_on_ev_side_disconnect",
)
_FIELDS: dict[str, object] = {  # of facts, where nobody says otherwise
    "event": "TamperDetectionActivated",
    "evse": 1,
    "evses": (1,),
    "id_token": IdToken("DEADBEEF"),
    "interval": 300.0,
    "reason": "Local",
    "reservation_id": 1,
    "seconds": 60.0,
    "trigger": "CablePluggedIn",
    "verdict": "Invalid",
}
_HELP = """\
  CablePlugged            this fact comes; its first letters do, where they tell it from others
  ResetRequested is_on_idle=true     a fact with a field
  is_in_use=yes           a given: what the chart's guards find
  again                   from the beginning
  quit                    (or Ctrl-D)"""
_YES = {"yes": True, "no": False, "true": True, "false": False}


class Misunderstood(Failure):
    """A line is no fact, given or command; the message says what would be."""

    exit_code = 2


class Owner:
    """What the chart belongs to, played: the givens, and which of them were looked at."""

    evse_id = 1
    number = 1
    slot = 1
    waits = 0
    reservation_id = 1
    shown_at = 1
    running = (1,)
    request = ResetRequested()

    def __init__(self) -> None:
        self.givens = dict.fromkeys(GIVENS, False)
        self.looked_at: set[str] = set()

    def __getattr__(self, name: str) -> bool:
        if name.startswith("_") or name not in GIVENS:
            raise AttributeError(name)
        self.looked_at.add(name)
        return self.givens[name]

    @property
    def station(self) -> "Owner":
        return self

    @property
    def next_slot(self) -> int | None:
        return 2 if self.has_next_slot else None

    @property
    def transaction(self) -> object | None:
        return self if self.has_transaction else None

    @property
    def tries(self) -> int:
        return int(self.tries_are_spent)  # of no retries at all

    @property
    def settings(self) -> Settings:
        return Settings(stop_on_ev_side_disconnect=self.givens["stop_on_ev_side_disconnect"])

    def seconds(self, setting: str) -> float:
        return Settings().seconds(setting)

    def report(self, kind: Any, trigger: str, reason: str | None = None) -> ReportTransaction:
        return ReportTransaction(1, "transaction", kind, trigger, reason)


class Stepper:
    """A chart under somebody's hand; every answer is the lines to show."""

    def __init__(self, name: str, chart: type[Chart[Any]]) -> None:
        self._name = name
        self._kind = chart
        self._begin()

    def _begin(self) -> None:
        self._owner = Owner()
        self._chart = self._kind(self._owner)
        self._timers: dict[str, float] = {}  # name of the event -> s
        self._givens = _givens_of(self._kind)

    def take(self, line: str) -> list[str]:
        """Do what a line says. Raises Misunderstood, and then nothing has changed."""
        words = line.split()
        match words:
            case []:
                return self.view()
            case ["help" | "?"]:
                return _HELP.splitlines()
            case ["again"]:
                self._begin()
                return self.view()
            case [given] if "=" in given:
                return self._give(given)
            case [fact, *fields]:
                return self._step(self._fact(fact, fields))
        raise AssertionError(words)

    def introduction(self) -> list[str]:
        says = inspect.cleandoc(self._kind.__doc__ or "").splitlines()
        return [f"{self._name}: {says[0]}", *says[1:], "", *self.view(), "", _HELP]

    def view(self) -> list[str]:
        """Show the current states, what may come next, the timers that run and the givens."""
        lines = [f"in       {', '.join(self._innermost())}"]
        head = "next"
        for each in self._next():
            guard = f"  [{each.guard}]" if each.guard else ""
            lines.append(f"{head:8} {each.event:28} {each.source} -> {each.target}{guard}")
            head = ""
        timers = [f"{event} after {seconds:g} s" for event, seconds in self._timers.items()]
        if timers:
            lines.append(f"timers   {', '.join(timers)}")
        if self._givens:
            lines.append(f"given    {self._told(self._givens)}")
        return lines

    def _innermost(self) -> list[str]:
        states = self._kind.declaration.states_map.values()
        return [each.id for each in states if not each.states and self._chart.is_in(each.id)]

    def _next(self) -> Iterator[Any]:
        for each in transitions(self._kind):
            if self._chart.is_in(each.source):
                yield each

    def _told(self, givens: Iterable[str]) -> str:
        chosen = [name for name in GIVENS if name in givens]
        return ", ".join(f"{name}={'yes' if self._owner.givens[name] else 'no'}" for name in chosen)

    def _give(self, given: str) -> list[str]:
        name, _, word = given.partition("=")
        if name not in GIVENS:
            raise Misunderstood(f"no given is called {name}: there are {', '.join(GIVENS)}")
        if word not in _YES:
            raise Misunderstood(f"{name} is yes or no, not {word!r}")
        self._owner.givens[name] = _YES[word]
        return [f"given    {self._told(self._givens | {name})}"]

    def _fact(self, word: str, fields: list[str]) -> Event:
        known = list(dict.fromkeys(each.event for each in transitions(self._kind)))
        wanted = [name for name in known if name.lower().startswith(word.lower())]
        exact = [name for name in wanted if name.lower() == word.lower()]
        match exact or wanted:
            case [name]:
                return _made(getattr(events, name), fields)
            case []:
                raise Misunderstood(f"this chart knows no {word}: it knows {', '.join(known)}")
            case several:
                raise Misunderstood(f"{word} may be {' or '.join(several)}")

    def _step(self, fact: Event) -> list[str]:
        before = self._chart.configuration
        self._owner.looked_at.clear()
        try:
            effects = self._chart.handle(fact)
        except NotAllowed:
            answer = "refused  nothing leads on from here, or no guard lets it through"
            return [answer, *self._looked_at(), "", *self.view()]
        lines = self._looked_at()
        after = self._chart.configuration
        left, entered = _without(before, after), _without(after, before)
        if left or entered:
            lines.append(f"moved    {', '.join(left)} -> {', '.join(entered)}")
        else:
            lines.append("moved    nowhere, or back to where it was")
        self._timers.pop(type(fact).__name__, None)  # it has come
        for effect in effects:
            self._keep_time(effect)
            lines.append(f"does     {effect}")
        return [*lines, "", *self.view()]

    def _looked_at(self) -> list[str]:
        looked_at = self._owner.looked_at
        return [f"asked    {self._told(looked_at)}"] if looked_at else []

    def _keep_time(self, effect: Effect) -> None:
        match effect:
            case StartTimer():
                self._timers[type(effect.event).__name__] = effect.seconds
            case StopTimer():
                self._timers.pop(type(effect.event).__name__, None)


def step(name: str, chart: type[Chart[Any]], read: Callable[[], str]) -> None:
    """Let somebody step the chart; `read` gives their lines and raises EOFError at the end."""
    stepper = Stepper(name, chart)
    print("\n".join(stepper.introduction()))
    while True:
        try:
            line = read().strip()
        except EOFError:
            return
        if line == "quit":
            return
        try:
            print("\n".join(stepper.take(line)))
        except Misunderstood as failure:
            print(failure)


def _made(kind: type[Event], words: list[str]) -> Event:
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    given: dict[str, object] = {
        name: _FIELDS[name] for name, field in fields.items() if field.required
    }
    for word in words:
        name, equals, text = word.partition("=")
        if name not in fields or not equals:
            there = ", ".join(fields) or "none"
            raise Misunderstood(f"{kind.__name__} has no field {name}: its fields are: {there}")
        try:
            value: object = msgspec.json.decode(text)
        except msgspec.DecodeError:
            value = text  # a word need not be quoted
        try:
            given[name] = msgspec.convert(value, fields[name].type, strict=False)
        except msgspec.ValidationError as failure:
            raise Misunderstood(f"{name}: {failure}") from failure
    return kind(**given)


def _givens_of(chart: type[Chart[Any]]) -> set[str]:
    """Find which givens the chart's guards look at, by asking each with all of them on and off."""
    looked_at: set[str] = set()
    for on in (False, True):
        owner = Owner()
        owner.givens = dict.fromkeys(GIVENS, on)
        asked = chart(owner)
        for each in transitions(chart):
            kind = getattr(events, each.event)
            flags = [f.name for f in msgspec.structs.fields(kind) if f.type is bool]
            for fact in (_made(kind, []), _made(kind, [f"{flag}=true" for flag in flags])):
                for guard in set(each.guard.replace("!", " ").split()) - {"and", "not"}:
                    getattr(asked, guard)(fact)
        looked_at |= owner.looked_at
    return looked_at


def _without(states: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    return [state for state in states if state not in others]
