"""What is not shown of a message: passwords at all, and of a person's token all but its end,
and of a key code nothing.

A01.FR.09 and its sisters: a password is never logged, in no version, wherever a message carries it.
"""

import re

import msgspec

from ...machines.events import IdToken

HIDDEN = "***"
_SECRET = re.compile(
    r"pass_?-?(word|wd|phrase|code)|authori[sz]ation_?key|secret|credential|private_?key|sim_?pin"
    r"|psk|vpn_?key|api_?key|bearer",
    re.IGNORECASE,
)
_TOKENS = frozenset({"idtag", "parentidtag", "idtoken", "additionalidtoken", "groupidtoken"})
_CODE = "KeyCode"  # a 2.x IdTokenEnumType word
_VALUES = ("value", "attributeValue")  # of a setting that the same object names
_USER_INFO = re.compile(r"(?<=://)[^/\s]*@")
_QUERY = re.compile(r"([?&;]([^=&;#\s]+)=)[^&;#\s]+")
_SIGNED = re.compile(r"sig(nature)?$|token", re.IGNORECASE)  # whoever has it may fetch or store
_PRIVATE_KEY = "PRIVATE KEY-----"  # of PEM, in any of its kinds
_DEEPEST = 8  # texts that hold JSON that holds texts that hold JSON …


def readable(id_token: IdToken) -> str:
    """Give a token's value where it may be read at all: a key code never (C04.FR.04)."""
    return HIDDEN if id_token.type == _CODE else id_token.value


def mask(token: str) -> str:
    """Give what may be shown of a token: its last four characters, never more than half of it."""
    if token == HIDDEN:
        return HIDDEN
    shown = min(4, len(token) // 2)
    return HIDDEN + token[len(token) - shown :]


def is_secret(name: str) -> bool:
    """Say whether a thing of this name is a secret."""
    return _SECRET.search(name) is not None


def redacted(value: object, *, shows_tokens: bool = False, depth: int = 0) -> object:
    """Give a decoded payload without its secrets, and with its tokens masked."""
    match value:
        case dict():
            return _object(value, shows_tokens, depth)
        case list():
            return [redacted(item, shows_tokens=shows_tokens, depth=depth) for item in value]
        case str():
            return _text(value, shows_tokens, depth)
        case _:
            return value


def _object(value: dict[str, object], shows_tokens: bool, depth: int) -> dict[str, object]:
    hides_value = any(is_secret(name) for name in _names(value))
    is_code = value.get("type") == _CODE
    shown: dict[str, object] = {}
    for key, item in value.items():
        is_vpn_key = key == "key" and "server" in value  # 2.x VPNType
        if is_secret(key) or is_vpn_key or (hides_value and key in _VALUES):
            shown[key] = HIDDEN
        elif hides_value and key == "variableAttribute":  # NotifyReport
            shown[key] = _without_values(item)
        elif key.lower() in _TOKENS and isinstance(item, str) and (is_code or not shows_tokens):
            shown[key] = HIDDEN if is_code else mask(item)
        else:
            shown[key] = redacted(item, shows_tokens=shows_tokens, depth=depth)
    return shown


def _names(value: dict[str, object]) -> list[str]:
    """Give what the object says that its value is: a 1.6 key, a 2.x variable or its instance."""
    variable = value.get("variable")
    parts = [value.get("key")]
    if isinstance(variable, dict):
        parts += [variable.get("name"), variable.get("instance")]
    return [part for part in parts if isinstance(part, str)]


def _without_values(attributes: object) -> object:
    if not isinstance(attributes, list):
        return HIDDEN
    return [
        {k: HIDDEN if k == "value" else v for k, v in a.items()} if isinstance(a, dict) else HIDDEN
        for a in attributes
    ]


def _without_value(parameter: re.Match[str]) -> str:
    name = parameter[2]
    return parameter[1] + HIDDEN if is_secret(name) or _SIGNED.search(name) else parameter[0]


def _text(text: str, shows_tokens: bool, depth: int) -> str:
    """Look into a text too: it may be an address with a password, or JSON (DataTransfer)."""
    if _PRIVATE_KEY in text:
        return HIDDEN
    if "://" in text:
        text = _QUERY.sub(_without_value, _USER_INFO.sub(f"{HIDDEN}@", text))
    if not text.lstrip().startswith(("{", "[")):
        return text
    if depth >= _DEEPEST:
        return HIDDEN
    try:
        inside = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return HIDDEN if is_secret(text) else text
    cleaned = redacted(inside, shows_tokens=shows_tokens, depth=depth + 1)
    return text if cleaned == inside else msgspec.json.encode(cleaned).decode()
