"""The rules of fleet.toml by which things go wrong."""

from typing import Annotated, Literal

from msgspec import Meta

from ..config.fields import Invalid, Settings

BY_CHANCE = ("latency", "reorder")  # of each message, of each end of a link
BY_TIME = ("clock_jump", "power_cut")
WITH_SECONDS = ("latency", "reorder", "clock_jump", "power_cut")
EVERYWHERE = ("loss", "clock_jump", "power_cut")  # with every_seconds: on real links too


class Fault(Settings, frozen=True, kw_only=True):
    """What goes wrong now and then, by the seed. On real links: loss, clock_jump and power_cut, by
    every_seconds; the others need --virtual.
    """

    kind: Annotated[
        Literal["latency", "loss", "half_open", "reorder", "clock_jump", "power_cut"],
        Meta(
            description="latency: messages come late; loss: the link breaks; half_open: the link "
            "carries nothing any more, and nobody is told; reorder: the central system hears of a "
            "link's end, and of what was said last, so late that the station may be back before; "
            "clock_jump: the station's clock is off until it is set; power_cut: the station is "
            "gone without a word, and returns"
        ),
    ]
    every_seconds: Annotated[
        Annotated[float, Meta(gt=0)] | None,
        Meta(
            description="How often it happens to each station, in the mean (loss, half_open, "
            "clock_jump, power_cut)",
            examples=[86400.0],
        ),
    ] = None
    probability: Annotated[
        Annotated[float, Meta(gt=0, le=1)] | None,
        Meta(
            description="How likely it is: of each message (latency, loss, half_open), of each "
            "end of a link (reorder)",
            examples=[0.001],
        ),
    ] = None
    seconds: Annotated[
        tuple[float, float] | None,
        Meta(
            title="a range [least, most]",
            description="How late (latency, reorder), how far the clock jumps, below 0: back "
            "(clock_jump), how long power is away (power_cut)",
            examples=[(0.1, 2.0)],
        ),
    ] = None
    groups: Annotated[
        tuple[str, ...], Meta(description="The groups that it happens to; empty: all")
    ] = ()
    from_seconds: Annotated[
        float, Meta(ge=0, description="When in the run it begins to happen")
    ] = 0.0
    until_seconds: Annotated[
        Annotated[float, Meta(gt=0)] | None,
        Meta(description="When in the run it happens no more; absent: never", examples=[86400.0]),
    ] = None

    def __post_init__(self) -> None:
        self._check_how_often()
        self._check_seconds()
        if self.until_seconds is not None and self.until_seconds <= self.from_seconds:
            raise Invalid("until_seconds", "expected more than from_seconds")

    def concerns(self, group: str) -> bool:
        return not self.groups or group in self.groups

    def _check_how_often(self) -> None:
        if self.kind in BY_CHANCE:
            if self.every_seconds is not None:
                raise Invalid("every_seconds", f"{self.kind} has a probability")
            if self.probability is None:
                raise Invalid("probability", "missing: how likely it is")
        elif self.kind in BY_TIME:
            if self.probability is not None:
                raise Invalid("probability", f"{self.kind} has every_seconds")
            if self.every_seconds is None:
                raise Invalid("every_seconds", "missing: how often it happens")
        elif (self.every_seconds is None) is (self.probability is None):
            raise Invalid("every_seconds", "expected either every_seconds or probability")

    def _check_seconds(self) -> None:
        if self.kind not in WITH_SECONDS:
            if self.seconds is not None:
                raise Invalid("seconds", f"{self.kind} has none")
            return
        if self.seconds is None:
            raise Invalid("seconds", "missing: a range [least, most]")
        least, most = self.seconds
        if least > most or (least < 0 and self.kind != "clock_jump"):
            raise Invalid("seconds", "expected a range [least, most]")

    @property
    def happens_on_real_links(self) -> bool:
        return self.kind in EVERYWHERE and self.every_seconds is not None

    def is_on(self, at: float) -> bool:
        """Say whether it may happen at that time of the run (s)."""
        return self.from_seconds <= at and (self.until_seconds is None or at < self.until_seconds)
