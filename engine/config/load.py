"""From a file, the environment and the command line to settings: file < environment < `--set`.

The same way for every root struct: it is walked, each value is converted by its annotation, and the
first that does not fit becomes a ConfigError. A root with a `secrets` table reads that file too.
"""

import difflib
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ..secrets import Secret, read_private
from .fields import Invalid, Struct, annotations, default_of, describe, keys, shape_of
from .source import (
    ConfigError,
    Given,
    Node,
    Origin,
    opened,
    origin_of,
    override_from_option,
    overrides_from_environment,
    placed,
    read_file,
    read_toml,
    shown,
    unwrap,
)

T = TypeVar("T", bound=msgspec.Struct)

SECRETS_NAME = "secrets.toml"  # beside the configuration, unless `secrets.file` names another
SECRET_HINT = "a secret is never written here: put it into the secrets file or the environment"
_SECRET_NAME = re.compile(
    r"pass(word|wd|phrase)|secret|authorization_?key|private_?key|credential", re.I
)


def load(
    root: type[T],
    file: Path,
    *,
    environment: Mapping[str, str] | None = None,
    overrides: Iterable[str] = (),
    checks: Iterable[Callable[[T], None]] = (),
    directory: Path | None = None,
) -> T:
    """Read settings. `directory` is what relative paths start from: by default the file's own.

    Each of `checks` sees the whole result and may raise `Invalid("station.variables.…", "…")`.
    """
    start = directory or file.parent
    main = Origin(str(file))
    tree = read_toml(read_file(file), main)
    given = list(
        overrides_from_environment(os.environ if environment is None else environment, root)
    )
    given += [override_from_option(text) for text in overrides]
    for way, leaf in given:
        tree = placed(tree, way, leaf)
    if "secrets" in annotations(root):
        tree = _with_secrets(tree, start)
    builder = _Builder(root, start, main)
    settings = builder.table(root, tree, "")
    for check in checks:
        try:
            check(settings)
        except Invalid as error:
            raise builder.error(_find(tree, error.key), error.key, error.problem) from error
    return settings


def _with_secrets(tree: Node, directory: Path) -> Node:
    """Put what the secrets file says under what else is known of secrets."""
    named = _find(tree, "secrets.file")
    path = directory / (str(named.value) if isinstance(named, Given) else SECRETS_NAME)
    if not isinstance(named, Given) and not path.exists():
        return tree
    origin = Origin(str(path), is_private=True, below="secrets.")
    return placed(
        tree, ["secrets"], _merged(read_toml(read_private(path), origin), _find(tree, "secrets"))
    )


def _merged(lower: Node, upper: Node | None) -> Node:
    if not isinstance(lower, dict) or not isinstance(upper, dict):
        return lower if upper is None else upper
    both = {key: _merged(below, upper.get(key)) for key, below in lower.items()}
    return both | {key: below for key, below in upper.items() if key not in lower}


def _find(tree: Node | None, key: str) -> Node | None:
    """Give what stands at the key; a name in it may hold dots itself, as variables' names do."""
    if not isinstance(tree, dict):
        return None
    if key in tree:
        return tree[key]
    name, _, below = key.partition(".")
    return _find(tree.get(name), below) if below else None


class _Builder:
    """Turns a tree of given values into the structs of `root`."""

    def __init__(self, root: Struct, directory: Path, origin: Origin) -> None:
        self.root = root
        self.directory = directory
        self.origin = origin

    def error(self, node: Node | None, key: str, problem: str) -> ConfigError:
        origin = origin_of(node) or self.origin
        return ConfigError(origin.name, key.removeprefix(origin.below), problem)

    def table(self, struct: type[T], node: Node, key: str) -> T:
        given, node = node, opened(node)
        if not isinstance(node, dict):
            raise self.error(node, key, f"expected a table, got {shown(unwrap(node))}")
        for name in node:
            if name not in annotations(struct):
                raise self.unknown(struct, node[name], key, name)
        values = {
            field.name: self.field(struct, field, node.get(field.name), _join(key, field.name))
            for field in msgspec.structs.fields(struct)
        }
        try:
            return struct(**values)
        except Invalid as error:
            culprit = _find(node, error.key.partition("[")[0]) or given
            raise self.error(culprit, _join(key, error.key), error.problem) from error

    def field(
        self, struct: Struct, field: msgspec.structs.FieldInfo, node: Node | None, key: str
    ) -> object:
        annotation = annotations(struct)[field.name]
        shape = shape_of(annotation)
        if node is not None:
            return self.any_of(annotation, node, key)
        if shape.kind == "table" and not field.required and default_of(field) is not None:
            return self.table(shape.inner, {}, key)
        if field.required:
            raise self.error(None, key, f"missing, expected {describe(annotation)}")
        default = default_of(field)
        return self.directory / default if isinstance(default, Path) else default

    def any_of(self, annotation: Any, node: Node, key: str) -> object:
        shape = shape_of(annotation)
        match shape.kind:
            case "table":
                return self.table(shape.inner, node, key)
            case "tables":
                return self.tables(shape.inner, node, key)
            case "map":
                return self.map(shape.inner, shape.key_type, node, key)
        return self.value(annotation, node, key)

    def tables(self, struct: type[T], node: Node, key: str) -> tuple[T, ...]:
        node = opened(node)
        if not isinstance(node, list):
            found = shown(unwrap(node))
            raise self.error(node, key, f"expected a list of tables ([[{key}]]), got {found}")
        return tuple(
            self.table(struct, each, f"{key}[{place}]") for place, each in enumerate(node, 1)
        )

    def map(self, annotation: Any, key_type: Any, node: Node, key: str) -> dict[object, object]:
        node = opened(node)
        if not isinstance(node, dict):
            raise self.error(node, key, f"expected a table, got {shown(unwrap(node))}")
        result: dict[object, object] = {}
        for name, below in flattened(node):
            path = _join(key, name)
            if _SECRET_NAME.search(name) and not self.may_hold_secrets(below):
                raise self.error(below, path, SECRET_HINT)
            try:
                converted = msgspec.convert(name, key_type, strict=False)
            except msgspec.ValidationError as error:
                problem = f"expected {describe(key_type)} as the key"
                raise self.error(below, path, problem) from error
            result[converted] = self.any_of(annotation, below, path)
        return result

    def value(self, annotation: Any, node: Node, key: str) -> object:
        is_secret = shape_of(annotation).inner is Secret
        if is_secret and not self.may_hold_secrets(node):
            raise self.error(node, key, SECRET_HINT)
        fault: msgspec.ValidationError | None = None
        for meant in _readings(node, is_secret):
            if not _is_finite(meant):  # TOML knows inf and nan, no setting does
                continue
            try:
                return msgspec.convert(meant, annotation, dec_hook=self.convert)
            except msgspec.ValidationError as error:
                fault = error
        found = "" if is_secret else f", got {_culprit(annotation, unwrap(node))}"
        raise self.error(node, key, f"expected {describe(annotation)}{found}") from fault

    def convert(self, wanted: type, value: object) -> object:
        """Make what msgspec has no conversion for (its dec_hook)."""
        if wanted is Path and isinstance(value, str) and value:
            return self.directory / Path(value).expanduser()
        if wanted is Secret and isinstance(value, str) and value:
            return Secret(value.encode())
        raise ValueError(f"expected {wanted.__name__}")

    def may_hold_secrets(self, node: Node) -> bool:
        origin = origin_of(node) or self.origin
        return origin.is_private

    def unknown(self, struct: Struct, node: Node, key: str, name: str) -> ConfigError:
        path = _join(key, name)
        if _SECRET_NAME.search(name) and not self.may_hold_secrets(node):
            return self.error(node, path, SECRET_HINT)
        near = _nearest(name, path, struct, self.root)
        known = ", ".join(annotations(struct))
        hint = f"did you mean {near}?" if near else f"known here: {known}"
        return self.error(node, path, f"unknown key; {hint}")


def flattened(node: dict[str, Node], before: str = "") -> Iterable[tuple[str, Node]]:
    """Read the tables that TOML makes of an unquoted `Component.Variable = 1` as one key again."""
    for name, below in node.items():
        if isinstance(below, dict):
            yield from flattened(below, f"{before}{name}.")
        else:
            yield before + name, below


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _nearest(name: str, path: str, struct: Struct, root: Struct) -> str | None:
    """Find the key that was likely meant: one of its name, one spelled alike, beside it first."""
    beside = difflib.get_close_matches(name, annotations(struct), n=1, cutoff=0.6)
    everywhere = [key.path for key in keys(root)]
    namesakes = [each for each in everywhere if each.rpartition(".")[2] == name]
    plain = re.sub(r"\[\d+\]", "[]", path)
    alike = difflib.get_close_matches(plain, everywhere, n=1, cutoff=0.75)
    return next(iter(namesakes + beside + alike), None)


def _readings(node: Node, is_secret: bool) -> list[object]:
    """Give what a value may mean: an override that does not fit as TOML may fit as the text it is.

    A secret in the environment is always its text.
    """
    if isinstance(node, Given) and node.text is not None:
        return [node.text] if is_secret else [node.value, node.text]
    return [unwrap(node)]


def _is_finite(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_finite(each) for each in value)
    return not isinstance(value, float) or math.isfinite(value)


def _culprit(annotation: Any, value: object) -> str:
    """Show what does not fit: the one entry of a list whose others do, else the whole."""
    entries = value if isinstance(value, list) else []
    misfits = [entry for entry in entries if not _fits(annotation, [entry])]
    if 0 < len(misfits) < len(entries):
        return f"{shown(misfits[0])} in it"
    return shown(value)


def _fits(annotation: Any, value: object) -> bool:
    try:
        msgspec.convert(value, annotation)
    except msgspec.ValidationError:
        return False
    return True
