"""Enumerations and flags."""

import copy
import enum
import json
import pickle


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 10

    @property
    def doubled(self):
        return self * 2


class Access(enum.Flag):
    READ = enum.auto()
    WRITE = enum.auto()
    BOTH = READ | WRITE


class Planet(enum.Enum):
    EARTH = (5.976e24, 6.37814e6)
    MARS = (6.421e23, 3.3972e6)

    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius

    @property
    def gravity(self):
        return round(6.673e-11 * self.mass / self.radius**2, 2)


class Fruit(str, enum.Enum):
    APPLE = "apple"
    PEAR = "pear"

    @classmethod
    def _missing_(cls, value):
        return cls.PEAR if value == "pera" else None


class Stage(enum.Enum):
    def _generate_next_value_(name, start, count, last_values):
        return name.lower() + str(count)

    NEW = enum.auto()
    DONE = enum.auto()


def program_enum_lookup():
    """By value, by name, iteration, aliases and containment."""

    class Colour(enum.Enum):
        RED = 1
        CRIMSON = 1
        BLUE = 2

    return [
        Colour(1).name,
        Colour["CRIMSON"] is Colour.RED,
        [one.name for one in Colour],
        list(Colour.__members__),
        repr(Colour.BLUE),
        Colour.BLUE in Colour,
    ]


def program_enum_with_data():
    """Members with attributes that are computed from their value."""
    return [planet.gravity for planet in Planet], Planet.MARS.value


def program_enum_flags():
    """Combination, containment and inversion of flags."""
    both = Access.READ | Access.WRITE
    return (
        both is Access.BOTH,
        Access.READ in both,
        bool(Access.READ & Access.WRITE),
        (~Access.READ).name,
    )


def program_enum_missing():
    """_missing_ finds a member, or the error says so."""
    try:
        Fruit("plum")
    except ValueError as error:
        return Fruit("pera").name, str(error)


def program_enum_pickle():
    """Members stay singletons through pickle, copy and deepcopy."""
    members = [Level.HIGH, Access.BOTH, Planet.EARTH, Fruit.APPLE, Stage.DONE]
    return [
        all(pickle.loads(pickle.dumps(one)) is one for one in members),
        copy.deepcopy(members)[2] is Planet.EARTH,
        copy.copy(Level.LOW) is Level.LOW,
    ]


def program_enum_json():
    """String and integer enumerations are JSON as their values."""
    return json.dumps({"f": Fruit.APPLE, "l": Level.HIGH}), json.loads('"pear"') == Fruit.PEAR


def program_enum_auto_values():
    """auto() asks _generate_next_value_."""
    return [stage.value for stage in Stage]


def program_enum_functional():
    """The functional form, also for flags."""
    suit = enum.Enum("Suit", "CLUBS HEARTS", module=__name__)
    bits = enum.IntFlag("Bits", {"A": 1, "B": 4})
    return [list(suit)[1].value, suit.CLUBS.name, int(bits.A | bits.B), suit.__module__ == __name__]


def program_enum_match():
    """Value patterns name members."""

    def speed(level):
        match level:
            case Level.LOW:
                return "slow"
            case Level.HIGH:
                return "fast"

    return speed(Level(1)), speed(10), Level.HIGH.doubled


def program_enum_unique():
    """@unique refuses aliases."""
    try:

        @enum.unique
        class Bad(enum.Enum):
            A = 1
            B = 1

    except ValueError as error:
        return str(error)
