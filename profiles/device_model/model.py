"""The values of a station's variables.

Theory of operation. Definitions are shared by all stations of one build; a station holds only what
differs from their defaults. A live variable is read from the station when asked: by a function of
its own, or by one in a table that stations share. A change that takes effect with the next boot is
told at once, and waits.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from .catalogue import Catalogue, catalogue_of
from .definition import AttributeType, Definition
from .key import Key
from .value import Unfit, Value, text_of

Missing = Literal["UnknownComponent", "UnknownVariable"]
SetStatus = Literal[
    "Accepted",
    "Rejected",
    "UnknownComponent",
    "UnknownVariable",
    "NotSupportedAttributeType",
    "RebootRequired",
]
Readings = Mapping[Key, Callable[[Any], Value | None]]
"""How live variables are read from what `observe` is given; None where there is no value."""


_NOT_HELD: Any = object()  # Any: it stands where a value would


class Refusal(NamedTuple):
    """Why the CSMS may not set a value: a reason of the appendix "Standardized reason codes", and
    perhaps words.
    """

    reason: str
    info: str = ""


Guard = Callable[[Value], Refusal | str | None]
"""Says why the CSMS may not set this value; a bare text is a reason code."""
Listener = Callable[[Key, Value | None, Value | None], None]
"""Hears which variable changed, from what, to what: of the value that is told."""


class Outcome(NamedTuple):
    """What became of a value from the CSMS. `reason` is of the appendix "Standardized reason
    codes", `info` says it in words; both only where it was rejected.
    """

    status: SetStatus
    reason: str = ""
    info: str = ""


class DeviceModel:
    """All variables of a station, from one boot to the next. Reading is direct; `set` is for the
    CSMS, `configure` for files and the station itself.
    """

    __slots__ = (
        "_catalogue",
        "_component_guards",
        "_guards",
        "_held",
        "_listeners",
        "_others",
        "_readers",
        "_shared_readers",
        "_waiting",
    )

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self._catalogue = catalogue_of(tuple(definitions))
        self._held: dict[Key, Value | None] = {}  # in effect, where not the default
        self._waiting: dict[Key, Value | None] = {}  # told, in effect with the next boot
        self._others: dict[tuple[Key, AttributeType], Value | None] = {}
        self._readers: dict[Key, Callable[[], Value | None]] = {}
        self._shared_readers: tuple[tuple[Readings, Any], ...] = ()
        self._guards: dict[tuple[Key, AttributeType], Guard] = {}
        self._component_guards: dict[str, Callable[[Key, Value], Refusal | None]] = {}
        self._listeners: dict[tuple[Key | None, AttributeType], list[Listener]] = {}

    def copy(self) -> "DeviceModel":
        """Give another station's model with these values; guards, listeners and live variables are
        each station's own.
        """
        copy = DeviceModel.__new__(DeviceModel)
        copy._catalogue = self._catalogue
        copy._held = dict(self._held)
        copy._waiting = dict(self._waiting)
        copy._others = dict(self._others)
        copy._readers, copy._shared_readers = {}, ()
        copy._guards, copy._component_guards, copy._listeners = {}, {}, {}
        return copy

    # ---- what there is

    def add(self, *definitions: Definition) -> None:
        """Have more variables. Raises ValueError naming one that is there already."""
        self._catalogue = catalogue_of((*self._catalogue.definitions.values(), *definitions))

    def complete(self, *definitions: Definition) -> None:
        """Have those of these variables that are not there yet, by a name in any case.

        One that is there keeps its definition, and gets a value where it has none. Raises
        ValueError naming one that is there with another type.
        """
        missing: list[Definition] = []
        for wanted in definitions:
            found = self._catalogue.find(wanted.key)
            if found is None:
                missing.append(wanted)
                continue
            standing = self.definition(found)
            if standing.type != wanted.type:
                raise ValueError(f"{found}: must be of type {wanted.type}, not {standing.type}")
            if standing.default is None and found not in self._held:
                self._hold(standing, wanted.default)
        if missing:
            self.add(*missing)

    def __contains__(self, key: Key) -> bool:
        return key in self._catalogue.definitions

    def __iter__(self) -> Iterator[Key]:
        return iter(self._catalogue)

    @property
    def catalogue(self) -> Catalogue:
        return self._catalogue

    def definition(self, key: Key) -> Definition:
        """Give the definition of a variable. Raises KeyError."""
        return self._catalogue.definitions[key]

    def find(self, key: Key) -> Key | Missing:
        """Give a variable as it is defined, by a name in any case (2.x names know none)."""
        found = self._catalogue.find(key)
        if found is not None:
            return found
        return "UnknownVariable" if self._catalogue.has_component(key) else "UnknownComponent"

    # ---- live variables

    def attach(self, key: Key, read: Callable[[], Value | None]) -> None:
        """Read a variable from now on by this function, which is quick and changes nothing.

        Raises KeyError.
        """
        self._readers[self.definition(key).key] = read

    def observe(self, readings: Readings, subject: object) -> None:
        """Read these variables from now on from the subject, by functions that stations share."""
        others = (each for each in self._shared_readers if each[0] is not readings)
        self._shared_readers = (*others, (readings, subject))

    def is_live(self, key: Key) -> bool:
        """Say whether a variable is read from the station whenever asked."""
        return key in self._readers or any(key in each for each, _ in self._shared_readers)

    # ---- reading

    def value(self, key: Key, attribute: AttributeType = "Actual") -> Value | None:
        """Give the value in effect, None where there is none. Raises KeyError."""
        if attribute != "Actual":
            return self._other(self._catalogue.definitions[key], attribute)
        if self._readers and key in self._readers:  # mostly there are none
            return self._readers[key]()
        for readings, subject in self._shared_readers:
            read = readings.get(key)
            if read is not None:
                return read(subject)
        held: Value | None = self._held.get(key, _NOT_HELD)
        return self._catalogue.definitions[key].default if held is _NOT_HELD else held

    def told(self, key: Key, attribute: AttributeType = "Actual") -> Value | None:
        """Give the value that the CSMS is told: the one it has set. Raises KeyError."""
        if attribute == "Actual" and key in self._waiting:
            return self._waiting[key]
        return self.value(key, attribute)

    def _other(self, definition: Definition, kind: AttributeType) -> Value | None:
        attribute = definition.attribute(kind)
        if attribute is None:
            raise KeyError(f"{definition.key} has no {kind}")
        return self._others.get((definition.key, kind), attribute.default)

    def integer(self, key: Key) -> int:
        value = self.value(key)
        assert isinstance(value, int)
        return value

    def boolean(self, key: Key) -> bool:
        value = self.value(key)
        assert isinstance(value, bool)
        return value

    def members(self, key: Key) -> tuple[str, ...]:
        value = self.value(key)
        assert isinstance(value, tuple)
        return value

    def string(self, key: Key) -> str:
        value = self.value(key)
        assert isinstance(value, str)
        return value

    # ---- setting

    def guard(self, key: Key, check: Guard, attribute: AttributeType = "Actual") -> None:
        """Ask this before the CSMS sets a variable. Raises KeyError."""
        self._guards[self.definition(key).key, attribute] = check

    def guard_component(
        self, component: str, check: Callable[[Key, Value], Refusal | None]
    ) -> None:
        """Ask this before the CSMS sets the Actual value of any variable of these components that
        has no guard of its own.
        """
        self._component_guards[component] = check

    def on_change(
        self, listener: Listener, key: Key | None = None, attribute: AttributeType = "Actual"
    ) -> None:
        """Tell of every change of this attribute, of every variable or only of this one, after it
        happened.

        What a live variable reads is not followed: who wants to know looks. Nor is what is restored
        after a boot.
        """
        self._listeners.setdefault((key, attribute), []).append(listener)

    def set(self, key: Key, text: str, attribute: AttributeType = "Actual") -> SetStatus:
        """Take a value from the CSMS (B05, 1.6 5.3). With RebootRequired it is told at once, and
        in effect after `boot`.
        """
        return self.take(key, text, attribute).status

    def take(
        self,
        key: Key,
        text: str,
        attribute: AttributeType = "Actual",
        *,
        though_read_only: bool = False,
    ) -> Outcome:
        """Take a value from the CSMS like `set`, and say why where it was rejected.

        `though_read_only` is for what one version lets be set and another does not.
        """
        if key not in self:
            found = self.find(key)
            return Outcome("UnknownVariable" if isinstance(found, Key) else found)
        definition = self.definition(key)
        wanted = definition.attribute(attribute)
        if wanted is None:
            return Outcome("NotSupportedAttributeType")
        if wanted.mutability == "ReadOnly" and not though_read_only:
            return Outcome("Rejected", "ReadOnly")
        try:
            value = definition.read(text)
            self._check_range(definition, attribute, value)
        except Unfit as error:
            return Outcome("Rejected", error.reason, str(error))
        refusal = self._refusal(key, attribute, value)
        if refusal is not None:
            reason, info = (refusal, "") if isinstance(refusal, str) else refusal
            return Outcome("Rejected", reason, info)
        return self._take(definition, attribute, value)

    def _refusal(self, key: Key, attribute: AttributeType, value: Value) -> Refusal | str | None:
        guard = self._guards.get((key, attribute))
        if guard is not None:
            return guard(value)
        of_component = self._component_guards.get(key.component)
        return None if of_component is None or attribute != "Actual" else of_component(key, value)

    def _check_range(self, definition: Definition, kind: AttributeType, value: Value) -> None:
        """Raise Unfit for what MinSet and MaxSet do not let be set, each other included."""
        if not isinstance(value, int | float):
            return
        least = None if kind == "MinSet" else self._bound(definition, "MinSet")
        most = None if kind == "MaxSet" else self._bound(definition, "MaxSet")
        if least is not None and value < least:
            raise Unfit(f"expected at least {text_of(least)}, its MinSet", "ValueOutOfRange")
        if most is not None and value > most:
            raise Unfit(f"expected at most {text_of(most)}, its MaxSet", "ValueOutOfRange")

    def _bound(self, definition: Definition, kind: AttributeType) -> float | None:
        if definition.attribute(kind) is None:
            return None
        bound = self._other(definition, kind)
        return bound if isinstance(bound, int | float) else None

    def _take(self, definition: Definition, attribute: AttributeType, value: Value) -> Outcome:
        key = definition.key
        status: SetStatus = "Accepted"
        old = self.told(key, attribute)
        if attribute != "Actual":
            self._others[key, attribute] = value
        elif definition.reboot_required and value != self.value(key):
            self._waiting[key] = value
            status = "RebootRequired"
        else:
            self._hold(definition, value)
        self._tell(key, attribute, old, value)
        return Outcome(status)

    def _is_as_held(self, definition: Definition, value: Value | None) -> bool:
        held = self._held.get(definition.key, definition.default)
        is_equal = held == value and type(held) is type(value)
        return is_equal and definition.key not in self._waiting

    def _hold(self, definition: Definition, value: Value | None) -> None:
        self._waiting.pop(definition.key, None)
        if value == definition.default and type(value) is type(definition.default):
            self._held.pop(definition.key, None)
        else:
            self._held[definition.key] = value

    def _tell(
        self, key: Key, attribute: AttributeType, old: Value | None, new: Value | None
    ) -> None:
        if old == new:
            return
        of_all = self._listeners.get((None, attribute), ())
        for listener in (*of_all, *self._listeners.get((key, attribute), ())):
            listener(key, old, new)

    def boot(self) -> None:
        """Put into effect what waited for the boot."""
        waiting, self._waiting = self._waiting, {}
        for key, value in waiting.items():
            self._hold(self.definition(key), value)

    def configure(
        self,
        key: Key,
        value: Value | None,
        attribute: AttributeType = "Actual",
        *,
        at_boot: bool = False,
    ) -> None:
        """Hold a value of the station's own or of its files; None is no value. `at_boot`: the
        Actual value is told at once, and in effect after `boot`.

        Raises KeyError, or Unfit saying what was expected.
        """
        definition = self.definition(key)
        if attribute == "Actual" and not at_boot and self._is_as_held(definition, value):
            return  # what a station says of itself mostly is as it was
        if value is not None:
            definition.check(value)
        old = self.told(key, attribute)
        if attribute != "Actual":
            self._others[key, attribute] = value
        elif at_boot:
            self._waiting[key] = value
        else:
            self._hold(definition, value)
        self._tell(key, attribute, old, value)

    def restore(self, key: Key, text: str, attribute: AttributeType = "Actual") -> None:
        """Hold what was kept over a restart, whatever may be set now; nobody is told.

        Raises KeyError, or Unfit where the variable may not hold it any more.
        """
        definition = self.definition(key)
        value = definition.read(text)
        if attribute == "Actual":
            self._hold(definition, value)
        else:
            self._other(definition, attribute)  # raises KeyError
            self._others[key, attribute] = value


def configure_from(model: DeviceModel, values: Mapping[str, Value | list[str]]) -> None:
    """Hold the values of a configuration file's table. Raises ValueError naming the entry and what
    was expected.
    """
    for name, value in values.items():
        try:
            key = Key.parse(name)
            if key not in model:
                raise ValueError("no such variable")
            if model.definition(key).is_reading:
                raise ValueError("read from the station: no value can be given to it")
            if isinstance(value, str) and model.definition(key).type == "dateTime":
                value = model.definition(key).read(value)
            model.configure(key, tuple(value) if isinstance(value, list) else value)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
