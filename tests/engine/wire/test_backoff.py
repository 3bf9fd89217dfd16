"""The waits between reconnection attempts (OCPP-J 2.0.1 5.3)."""

from pilotwire.engine.wire.backoff import BackOff, BackOffSettings

SETTINGS = BackOffSettings(wait_minimum=10, random_range=4, repeat_times=2)


def test_the_wait_doubles_so_many_times_and_stays_then():
    back_off = BackOff(SETTINGS, random=lambda: 0.0)
    assert [back_off.next_wait() for _ in range(5)] == [10, 20, 40, 40, 40]


def test_every_growing_wait_gets_a_new_random_part():
    numbers = iter([0.5, 0.25, 0.75])
    back_off = BackOff(SETTINGS, random=lambda: next(numbers))
    assert [back_off.next_wait() for _ in range(4)] == [12, 25, 53, 53]


def test_tc_b_57_a_success_starts_it_again():
    back_off = BackOff(SETTINGS, random=lambda: 0.0)
    assert back_off.next_wait() == 10
    back_off.reset()
    assert [back_off.next_wait(), back_off.next_wait()] == [10, 20]


def test_without_repeats_the_wait_never_grows():
    back_off = BackOff(BackOffSettings(wait_minimum=5, random_range=0, repeat_times=0), lambda: 0.9)
    assert [back_off.next_wait() for _ in range(3)] == [5, 5, 5]
