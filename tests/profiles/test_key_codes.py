"""Who enters wrong key codes has to wait (2.x C04.FR.06)."""

from pilotwire.profiles.key_codes import FIRST_WAIT, FREE_TRIES, LONGEST_WAIT, KeyCodeGuard


def wrong(guard: KeyCodeGuard, times: int, now: float = 0.0, evse: int = 1) -> None:
    for _ in range(times):
        guard.note(evse, is_right=False, now=now)


def test_after_some_wrong_codes_the_next_try_waits() -> None:
    guard = KeyCodeGuard()
    wrong(guard, FREE_TRIES - 1)
    assert guard.may_try(1, 0.0)
    wrong(guard, 1)
    assert not guard.may_try(1, FIRST_WAIT - 1)
    assert guard.may_try(1, FIRST_WAIT)
    assert guard.may_try(2, 0.0)  # elsewhere somebody else stands


def test_longer_each_time_but_not_for_ever() -> None:
    guard = KeyCodeGuard()
    wrong(guard, FREE_TRIES + 1)
    assert not guard.may_try(1, 2 * FIRST_WAIT - 1)
    assert guard.may_try(1, 2 * FIRST_WAIT)
    wrong(guard, 1000)
    assert not guard.may_try(1, LONGEST_WAIT - 1)
    assert guard.may_try(1, LONGEST_WAIT)


def test_a_right_code_ends_it() -> None:
    guard = KeyCodeGuard()
    wrong(guard, FREE_TRIES - 1)
    guard.note(1, is_right=True, now=0.0)
    wrong(guard, FREE_TRIES - 1)
    assert guard.may_try(1, 0.0)
