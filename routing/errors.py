"""What routing refuses, and what it must never do.

RoutingError
├── RoutingInputError   the order, network or policy makes no sense
│   └── CannotShipError     no plan can use the location that it was to use
└── PlanCheckError      a plan failed its recheck: a defect of this package, never of the input
"""


class RoutingError(Exception):
    """Base of every error raised by routing."""


class RoutingInputError(RoutingError):
    """The order, network or policy makes no sense; the text says which value."""


class CannotShipError(RoutingInputError):
    """A location that was to ship by force, and why no plan can have it so."""


class PlanCheckError(RoutingError):
    """A plan failed its recheck in plain arithmetic; the text says how. It must not be used."""
