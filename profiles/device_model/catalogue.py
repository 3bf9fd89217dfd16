"""The definitions of a station's variables, with an index. Stations of one build share it."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from .definition import Definition
from .key import Key

_CATALOGUES = 64  # that are remembered: one a build of stations, and what a test makes


class Catalogue:
    """Definitions that never change, found by the names that messages use."""

    __slots__ = ("_by_name", "components", "definitions")

    def __init__(self, definitions: tuple[Definition, ...]) -> None:
        self.definitions: Mapping[Key, Definition] = MappingProxyType(
            {definition.key: definition for definition in definitions}
        )
        self._by_name: dict[Key, Key] = {}
        components: dict[Key, list[Key]] = {}
        for key in self.definitions:
            if Key.parse(str(key)) != key:
                raise ValueError(f"{key}: a name that cannot be written")
            self._by_name[key.lowered()] = key
            components.setdefault(key.of_component.lowered(), []).append(key)
        if len(self._by_name) < len(definitions):
            raise ValueError(f"{_first_repeated(definitions)}: defined more than once")
        self.components: Mapping[Key, tuple[Key, ...]] = MappingProxyType(
            {component: tuple(keys) for component, keys in components.items()}
        )
        """By the component in lower case, its variables."""

    def __iter__(self) -> Iterator[Key]:
        return iter(self.definitions)

    def find(self, key: Key) -> Key | None:
        """Give a variable as it is defined, by a name in any case."""
        return key if key in self.definitions else self._by_name.get(key.lowered())

    def has_component(self, key: Key) -> bool:
        return key.of_component.lowered() in self.components


@functools.lru_cache(_CATALOGUES)
def catalogue_of(definitions: tuple[Definition, ...]) -> Catalogue:
    """Give the one catalogue of these definitions. Raises ValueError naming a variable that is
    defined twice, or whose name cannot be written.
    """
    return Catalogue(definitions)


def _first_repeated(definitions: Iterable[Definition]) -> Key:
    seen: set[Key] = set()
    for definition in definitions:
        name = definition.key.lowered()
        if name in seen:
            return definition.key
        seen.add(name)
    raise AssertionError("none is repeated")
