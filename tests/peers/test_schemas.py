"""The check that every frame of the other tests goes through."""

import pytest

from .schemas import Frame, violations

CALL = Frame("sent", '[2,"1","Authorize",{"idTag":"A"}]')


def test_frames_that_obey() -> None:
    answer = Frame("received", '[3,"1",{"idTagInfo":{"status":"Accepted"}}]')
    refusal = Frame("received", '[4,"1","FormationViolation","",{}]')
    assert violations([CALL, answer, refusal]) == []


@pytest.mark.parametrize(
    "text",
    [
        '[2,"1","Authorize",{}]',
        '[2,1,"Authorize",{"idTag":"A"}]',
        '[3,"1",{"idTagInfo":{"status":"Perhaps"}}]',
        '[3,"other",{}]',
        '[4,"1","FormatViolation","",{}]',
        '[4,"1","GenericError","",null]',
        '[5,"1"]',
    ],
)
def test_a_frame_that_does_not(text: str) -> None:
    frame = Frame("received", text)
    (found,) = violations([CALL, frame])
    assert found.endswith(text)
    assert violations([CALL, frame], but={text}) == []
