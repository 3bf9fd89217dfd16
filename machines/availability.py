"""In service or out of it: the region that station, EVSE and connector share (2.x G, 1.6 5.2)."""

from statemachine import State


def availability_region(initial: bool = False) -> State:
    """Declare the region anew: a declared state belongs to one chart."""

    class availability(State.Compound, initial=initial):
        operative = State(initial=True)
        change_scheduled = State()
        inoperative = State()

        inoperative_requested = (
            operative.to(change_scheduled, cond="is_in_use")
            | operative.to(inoperative)
            | change_scheduled.to(None, cond="is_in_use")
            | change_scheduled.to(inoperative)
            | inoperative.to(None)
        )
        operative_requested = (
            change_scheduled.to(operative) | inoperative.to(operative) | operative.to(None)
        )
        use_ended = change_scheduled.to(inoperative)

    return availability  # type: ignore[return-value]  # the library's metaclass makes a State of the class
