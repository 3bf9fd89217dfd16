"""The CALLERROR codes, checked against the tables of the specifications."""

from typing import get_args

import pytest

from pilotwire.profiles import errors
from pilotwire.profiles.errors import DESCRIPTIONS, FAULTS, SPELLED, ErrorCode, Fault, understood
from pilotwire.profiles.family import VERSIONS
from pilotwire.profiles.messages import base

# OCPP-J 1.6 table 7, with the spelling that errata 5.1 and 5.2 say will stay
WORDS_16 = {
    "NotImplemented",
    "NotSupported",
    "InternalError",
    "ProtocolError",
    "SecurityError",
    "FormationViolation",
    "PropertyConstraintViolation",
    "OccurenceConstraintViolation",
    "TypeConstraintViolation",
    "GenericError",
}
# OCPP-J 2.0.1 table 8, 2.1 table 9
WORDS_2 = {
    "FormatViolation",
    "GenericError",
    "InternalError",
    "MessageTypeNotSupported",
    "NotImplemented",
    "NotSupported",
    "OccurrenceConstraintViolation",
    "PropertyConstraintViolation",
    "ProtocolError",
    "RpcFrameworkError",
    "SecurityError",
    "TypeConstraintViolation",
}
WORDS = {"ocpp1.6": WORDS_16, "ocpp2.0.1": WORDS_2, "ocpp2.1": WORDS_2}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_code_is_written_in_a_word_of_the_version(version: str):
    written = {VERSIONS[version].word(code) for code in get_args(ErrorCode)}
    assert written == WORDS[version]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_fault_has_its_row_and_its_description(version: str):
    assert set(FAULTS[version]) == set(get_args(Fault)) == set(DESCRIPTIONS)
    assert set(SPELLED) == set(VERSIONS)


def test_every_fault_of_a_payload_has_its_row():
    assert set(get_args(base.Fault)) <= set(get_args(Fault))


@pytest.mark.parametrize("word", sorted(WORDS_16 | WORDS_2))
def test_the_words_of_all_versions_are_understood(word: str):
    code = understood(word)
    assert code == {
        "FormationViolation": "FormatViolation",
        "OccurenceConstraintViolation": "OccurrenceConstraintViolation",
    }.get(word, word)


def test_an_unknown_word_is_a_generic_error():
    assert understood("NoSuchThing") == "GenericError"


def test_every_exception_has_a_code_of_the_specification():
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.RemoteError)
    ]
    assert len(kinds) > 5
    assert {kind.code for kind in kinds} <= set(get_args(ErrorCode))


def test_a_refusal_without_details_has_an_empty_object():
    assert errors.NotSupported().details == {}
    assert errors.SecurityError("no", {"a": 1}).details == {"a": 1}
