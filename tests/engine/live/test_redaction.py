"""A01.FR.09: no password is shown, and of a token only its end."""

import pytest

from pilotwire.engine.live.redaction import HIDDEN, mask, readable, redacted
from pilotwire.machines.events import IdToken

SECRET = "hunter2hunter2"


@pytest.mark.parametrize(
    "payload",
    [
        {"key": "AuthorizationKey", "value": SECRET},
        {"configurationKey": [{"key": "authorizationkey", "readonly": False, "value": SECRET}]},
        {
            "setVariableData": [
                {
                    "component": {"name": "SecurityCtrlr"},
                    "variable": {"name": "BasicAuthPassword"},
                    "attributeValue": SECRET,
                }
            ]
        },
        {
            "setVariableData": [
                {
                    "component": {"name": "NetworkConfiguration", "instance": "1"},
                    "variable": {"name": "VpnKey"},
                    "attributeValue": SECRET,
                }
            ]
        },
        {
            "reportData": [
                {
                    "component": {"name": "SecurityCtrlr"},
                    "variable": {"name": "BasicAuthPassword"},
                    "variableAttribute": [{"type": "Actual", "value": SECRET}],
                }
            ]
        },
        {"connectionData": {"basicAuthPassword": SECRET, "apn": {"apnPassword": SECRET}}},
        {"connectionData": {"apn": {"simPin": SECRET}}},
        {"connectionData": {"vpn": {"server": "v", "user": "u", "key": SECRET, "type": "IPSec"}}},
        {"location": f"ftp://user:{SECRET}@files.example/log"},
        {"location": f"ftp://user:p@{SECRET}@files.example/log"},
        {"location": f"https://files.example/log?from=1&password={SECRET}"},
        {"location": f"https://files.example/log?X-Amz-Signature={SECRET}&from=1"},
        {"data": f"-----BEGIN EC PRIVATE KEY-----\n{SECRET}\n-----END EC PRIVATE KEY-----"},
        {"data": '{"login": {"password": "' + SECRET + '"}}'},
        {"data": '{"password": "' + SECRET},
    ],
)
def test_a_secret_is_not_shown_wherever_it_stands(payload: object) -> None:
    shown = redacted(payload)
    assert SECRET in str(payload)
    assert SECRET not in str(shown)
    assert "***" in str(shown)


def test_what_is_no_secret_stays_as_it_is() -> None:
    payload = {
        "key": "HeartbeatInterval",
        "value": "300",
        "list": [1, 2.5, None, True, "ftp://files.example/log?from=1", '["a"]'],
    }
    assert redacted(payload) == payload


@pytest.mark.parametrize(
    "payload",
    [
        {"idTag": "DEADBEEF"},
        {"idTagInfo": {"parentIdTag": "DEADBEEF"}},
        {"localAuthorizationList": [{"idTag": "DEADBEEF"}]},
        {"idToken": {"idToken": "DEADBEEF", "type": "ISO14443"}},
        {"idTokenInfo": {"groupIdToken": {"idToken": "DEADBEEF", "type": "Central"}}},
    ],
)
def test_a_token_shows_its_end_only_unless_all_is_asked_for(payload: object) -> None:
    assert "DEADBEEF" not in str(redacted(payload))
    assert "***BEEF" in str(redacted(payload))
    assert redacted(payload, shows_tokens=True) == payload


@pytest.mark.parametrize(
    ("token", "shown"),
    [("04A1B2C3D4E5F6", "***E5F6"), ("123456", "***456"), ("1234", "***34"), ("", "***")],
)
def test_never_more_than_half_of_a_token_is_shown(token: str, shown: str) -> None:
    assert mask(token) == shown


def test_texts_within_texts_end_somewhere() -> None:
    text = '{"password":"hunter2"}'
    for _ in range(12):
        text = '["' + text.replace("\\", "\\\\").replace('"', '\\"') + '"]'
    assert "hunter2" not in str(redacted({"data": text}))


@pytest.mark.parametrize("shows_tokens", [True, False])
def test_c04_fr_04_a_key_code_is_never_shown(shows_tokens):
    code = {"idToken": {"idToken": "123456", "type": "KeyCode"}}
    hidden = {"idToken": {"idToken": HIDDEN, "type": "KeyCode"}}
    assert redacted(code, shows_tokens=shows_tokens) == hidden
    entry = {"localAuthorizationList": [{**code, "idTokenInfo": {"status": "Accepted"}}]}
    assert "123456" not in str(redacted(entry, shows_tokens=shows_tokens))
    assert readable(IdToken("123456", "KeyCode")) == mask(HIDDEN) == HIDDEN
    assert readable(IdToken("123456")) == "123456"
