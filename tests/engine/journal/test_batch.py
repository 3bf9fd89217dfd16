from pilotwire.engine.journal.batch import Batch, Numbering


def ignore(_is_committed: bool) -> None:
    pass


def test_a_new_batch_is_empty() -> None:
    assert not Batch()


def test_a_batch_with_nothing_but_somebody_to_tell_is_not_empty_and_changes_nothing() -> None:
    batch = Batch(thens=[ignore])
    assert batch
    assert not batch.has_changes


def test_a_report_that_never_came_to_the_file_is_not_deleted_there() -> None:
    batch = Batch(reports={1: b"{}"}, attempts={1: 2})
    batch.forget(1)
    assert not batch


def test_a_report_of_the_file_is_deleted_there_and_its_attempts_are_not_written() -> None:
    batch = Batch(attempts={1: 2})
    batch.forget(1)
    assert batch == Batch(gone={1})


def test_what_came_later_wins() -> None:
    earlier = Batch(
        reports={1: b"1", 2: b"2"},
        attempts={7: 1},
        numberings={"a": Numbering(1), "b": Numbering(4, True)},
        values={("s", "x"): b"old", ("s", "y"): b"kept"},
    )
    later = Batch(
        reports={3: b"3"},
        attempts={7: 2},
        gone={2, 6},
        numberings={"a": Numbering(2), "b": None},
        values={("s", "x"): None},
    )
    earlier.absorb(later)
    assert earlier == Batch(
        reports={1: b"1", 3: b"3"},
        attempts={7: 2},
        gone={6},
        numberings={"a": Numbering(2), "b": None},
        values={("s", "x"): None, ("s", "y"): b"kept"},
    )


def test_who_waits_keeps_its_turn_when_batches_join() -> None:
    told: list[int] = []
    earlier = Batch(thens=[lambda _: told.append(1)])
    earlier.absorb(Batch(thens=[lambda _: told.append(2)]))
    for then in earlier.thens:
        then(True)
    assert told == [1, 2]
