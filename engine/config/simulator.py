"""The keys of [simulator]: which cars come to the simulated EVSEs, when, what their drivers do."""

from typing import Annotated

from msgspec import Meta, field, structs

from ...drivers.visitors import CARS, VisitorSettings
from ...machines.events import IdToken
from .fields import Invalid, Settings

Token = Annotated[str, Meta(min_length=1, max_length=20)]
Range = Annotated[tuple[float, float], Meta(title="a range [least, most]")]

USUAL = VisitorSettings()


class Simulator(Settings, frozen=True, kw_only=True):
    """The simulated EVSEs and the cars that come to them."""

    seed: Annotated[
        int, Meta(description="Makes chance repeat itself: the same seed, the same cars")
    ] = 1
    visitors: Annotated[bool, Meta(description="Cars come, charge and leave by themselves")] = True
    tokens: Annotated[
        tuple[Token, ...], Meta(min_length=1, description="Tokens that their drivers show")
    ] = tuple(token.value for token in USUAL.tokens)
    cars: Annotated[
        dict[str, Annotated[float, Meta(ge=0)]],
        Meta(
            description="How often each model comes, compared with the others; empty: as usual "
            f"({', '.join(kind.ev.name for kind in CARS)})",
            examples=[{CARS[0].ev.name: 1.0}],
        ),
    ] = field(default_factory=dict)
    first_arrival_seconds: Annotated[
        float, Meta(ge=0, description="The first car is there by then")
    ] = USUAL.first_arrival_seconds
    gap_seconds: Annotated[
        Range, Meta(description="From the leaving of a car to the coming of the next")
    ] = USUAL.gap_seconds
    handling_seconds: Annotated[Range, Meta(description="Between cable and token")] = (
        USUAL.handling_seconds
    )
    dwell_seconds: Annotated[
        Range, Meta(description="How long a car charges, when it does not end it by itself")
    ] = USUAL.dwell_seconds
    patience_seconds: Annotated[
        float, Meta(ge=0, description="How long a driver waits for the charge to begin or to end")
    ] = USUAL.patience_seconds
    arrival_percent: Annotated[Range, Meta(description="State of charge on arrival, in %")] = (
        USUAL.arrival_percent
    )
    target_percent: Annotated[
        Range, Meta(description="State of charge at which the car ends the charge by itself, in %")
    ] = USUAL.target_percent
    token_first_share: Annotated[
        float,
        Meta(ge=0, le=1, description="Share of drivers who show the token before they plug in"),
    ] = USUAL.token_first_share
    pull_share: Annotated[
        float, Meta(ge=0, le=1, description="Share of drivers who end it at the car, without token")
    ] = USUAL.pull_share

    def __post_init__(self) -> None:
        try:
            self.scenario()
        except ValueError as error:
            key, _, problem = str(error).partition(": ")
            raise Invalid(key, problem) from error

    def scenario(self) -> VisitorSettings:
        """Give what the visitors of each simulated EVSE read."""
        models = {kind.ev.name: kind for kind in CARS}
        if unknown := self.cars.keys() - models.keys():
            raise ValueError(f"cars: no model {min(unknown)!r}; there are {', '.join(models)}")
        if self.cars and not any(self.cars.values()):
            raise ValueError("cars: expected one that comes at all")
        return VisitorSettings(
            tokens=tuple(IdToken(value) for value in self.tokens),
            cars=tuple(
                structs.replace(models[name], weight=weight)
                for name, weight in self.cars.items()
                if weight > 0
            )
            or CARS,
            **{name: getattr(self, name) for name in _OF_VISITORS},
        )


# The keys that mean to visitors just what they say.
_OF_VISITORS = set(Simulator.__struct_fields__) & set(VisitorSettings.__struct_fields__) - {
    "tokens",
    "cars",
}
