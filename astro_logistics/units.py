"""The only door between astropy's Quantity and Time and the SI floats of the floors below.

Inwards every number has its unit checked and is stripped to float64 base SI; outwards it gets its unit back. Money is
`USD` of the scenario's price year. Times inside are TDB seconds past J2000. Nothing here touches the network.
"""

from __future__ import annotations

import difflib
import re
import warnings
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from astropy import units as u
from astropy.time import Time
from astropy.utils import iers

from astro_logistics.constants import DAY, J2000_JULIAN_DATE, STANDARD_GRAVITY


class UnitError(ValueError, TypeError):
    """A number without the unit it needs, with a wrong one, or not finite; the message names what is expected."""


USD = u.def_unit("USD", doc="US dollar of the scenario's price year")
kUSD = u.def_unit("kUSD", 1e3 * USD)  # noqa: N816
MUSD = u.def_unit("MUSD", 1e6 * USD)
GUSD = u.def_unit("GUSD", 1e9 * USD)
TUSD = u.def_unit("TUSD", 1e12 * USD)
u.add_enabled_units([USD, kUSD, MUSD, GUSD, TUSD])  # u.Unit("USD/kg") works, and pickled money stays the same unit

_ASTROPY_NAMES = (
    "nm um mm cm m km au mg g kg t us ms s min h yr d Hz kHz MHz GHz K mrad rad deg arcmin arcsec "
    "N kN MN Pa kPa MPa GPa bar J kJ MJ GJ TJ PJ EJ mW W kW MW GW TW V kV A kA T mol bit kbit Mbit Gbit Tbit Pbit"
)
_UNITS: Mapping[str, Any] = (
    {name: u.Unit(name) for name in _ASTROPY_NAMES.split()}
    | {
        "ohm": u.Unit("Ohm"),
        "L": u.Unit("l"),
        "%": u.Unit("%"),
        "g0": u.def_unit("g0", STANDARD_GRAVITY * u.Unit("m / s2")),
    }
    | {f"{p}t": u.def_unit(f"{p}t", u.Unit(k * u.Unit("kg"))) for p, k in (("k", 1e6), ("M", 1e9), ("G", 1e12))}
    | {f"{p}Wh": u.def_unit(f"{p}Wh", u.Unit(3600.0 * u.Unit(f"{p}J"))) for p in ("", "k", "M", "G", "T")}
    | {"USD": USD, "kUSD": kUSD, "MUSD": MUSD, "GUSD": GUSD, "TUSD": TUSD}
)
UNIT_NAMES: tuple[str, ...] = tuple(_UNITS)
"""Every unit name `parse_unit` knows; any product, quotient and whole power of them is a unit."""

_TOKEN = re.compile(r"(?P<name>g0|[A-Za-z]+|%|1)(?:(?:\^|\*\*)?(?P<power>[+-]?[0-9]))?|(?P<mark>[/*.()])|(?P<gap>\s+)")
_LONGEST_UNIT = 60


class _UnitReader:
    """Recursive descent over the tokens of one unit text: names, powers, products, quotients, parentheses."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def fail(self, why: str) -> UnitError:
        return UnitError(
            f"unit {self.text!r}: {why}; write products and quotients of names with whole powers, "
            'such as "kg", "km/s", "m/s2", "USD/kg", "W/(m2 K)", "%", and "1" for a pure number'
        )

    def peek(self) -> re.Match[str] | None:
        if self.at == len(self.text):
            return None
        match = _TOKEN.match(self.text, self.at)
        if match is None:
            raise self.fail(f"cannot read {self.text[self.at]!r} at position {self.at + 1}")
        return match

    def take(self) -> re.Match[str] | None:
        match = self.peek()
        if match is not None:
            self.at = match.end()
        return match

    def skip_gap(self) -> bool:
        match = self.peek()
        if match is not None and match["gap"]:
            self.at = match.end()
            return True
        return False

    def single(self) -> u.UnitBase:
        self.skip_gap()
        match = self.take()
        if match is None or match["mark"] not in (None, "("):
            raise self.fail("a unit name is missing")
        if match["mark"] == "(":
            inside = self.quotient()
            closing = self.take()
            if closing is None or closing["mark"] != ")":
                raise self.fail("a closing ) is missing")
            return inside
        power = int(match["power"] or 1)
        if match["name"] == "1":
            if match["power"] is not None:
                raise self.fail("1 is the only number")
            return u.dimensionless_unscaled
        unit = _UNITS.get(match["name"])
        if unit is None:
            near = [name for name in UNIT_NAMES if name.lower() == match["name"].lower()]
            near = near or difflib.get_close_matches(match["name"], UNIT_NAMES, n=3, cutoff=0.5)
            raise self.fail(
                f"{match['name']!r} is no unit known here" + (f" (near: {', '.join(near)})" if near else "")
            )
        return unit**power

    def quotient(self) -> u.UnitBase:
        """Factors up to the end or a closing parenthesis; after a "/" one factor only."""
        unit = self.single()
        divided = False
        while True:
            gap = self.skip_gap()
            match = self.peek()
            if match is None or match["mark"] == ")":
                return unit
            if match["mark"] == "/":
                self.take()
                unit = unit / self.single()
                divided = True
            elif divided:
                raise self.fail("after a / it is unclear what divides: put what is below it in parentheses")
            elif match["mark"] in ("*", "."):
                self.take()
                unit = unit * self.single()
            elif gap or match["mark"] == "(":
                unit = unit * self.single()
            else:
                raise self.fail("two names need a space, * or / between them")


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> u.UnitBase:
    """The astropy unit that `text` names: products and quotients of known names with whole powers.

    Args:
        text: "km/s", "m s-2", "USD/kg", "1/yr", "W/(m2 K)", "%", "g0", "1" or "" for a pure number. After a "/" stands
            one name or a parenthesis. A year is 365.25 days. Nothing is guessed: "M" is no unit, "min" is a minute.

    Returns:
        The unit.

    Raises:
        UnitError: with the position or the nearest names.
    """
    if not isinstance(text, str):
        raise UnitError(f"a unit is a text such as 'kg', not {type(text).__name__}")
    if len(text) > _LONGEST_UNIT:
        raise UnitError(f"unit {text[:_LONGEST_UNIT]!r}...: longer than {_LONGEST_UNIT} characters")
    if not text.strip():
        return u.dimensionless_unscaled
    reader = _UnitReader(text)
    unit = reader.quotient()
    if reader.at != len(text):
        raise reader.fail("a closing ) has no opening one")
    return unit


_NUMBER = r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![0-9.])|(?:nan|inf)\b)"


def parse_quantity(text: str) -> u.Quantity:
    """A number and its unit, "650km" or "1 km2/s2", as a Quantity; without a unit a pure number, as for `parse_unit`.

    Raises:
        UnitError: no number in front, or a unit that is not known. Whether it is finite and of the right kind is for
            `to_si` to say.
    """
    match = re.fullmatch(f"({_NUMBER})(.*)", text.strip(), re.DOTALL)
    if match is None:
        raise UnitError(f"{text[:_LONGEST_UNIT]!r} is no number with a unit, such as '650km' or '1 km2/s2'")
    return float(match[1]) * parse_unit(match[2].strip())


def show_unit(unit: str) -> str:
    """How a unit that is expected is named in a message; a pure number has the unit '1'."""
    return "the unit '1' (a pure number)" if unit in ("", "1") else f"a unit like {unit!r}"


def money_power(unit: u.UnitBase) -> float:
    """The power of USD in `unit`: 1 for USD/kg, -1 for kg/USD, 0 without money."""
    parts = unit.decompose()
    return sum((float(p) for base, p in zip(parts.bases, parts.powers, strict=True) if base == USD), 0.0)


def conversion_factor(unit: str, si_unit: str) -> float:
    """What a number in `unit` is multiplied by to be one in `si_unit`; `UnitError` if the kinds differ."""
    try:
        return float(parse_unit(unit).to(parse_unit(si_unit), 1.0))  # pyright: ignore[reportArgumentType]
    except u.UnitConversionError:
        raise UnitError(f"unit {unit!r} does not convert; expected {show_unit(si_unit)}") from None


def to_si(value: Any, unit: str, name: str) -> Any:
    """A Quantity (or, where `unit` is dimensionless, a bare number) as float64 in the SI unit `unit`.

    Args:
        value: astropy Quantity of any shape; numbers and arrays only if `unit` is "".
        unit: SI unit as in `astro_logistics.pytree.field`.
        name: what the number is, for the message.

    Returns:
        np.float64 for a scalar, else a float64 array.

    Raises:
        UnitError: a bare number where a unit is needed, a unit of another kind, not a number, not finite.
    """
    target = parse_unit(unit)
    expected = f"{name}: expected {show_unit(unit)}"
    try:
        if isinstance(value, u.Quantity):
            if not np.issubdtype(value.dtype, np.number) or np.issubdtype(value.dtype, np.complexfloating):
                raise UnitError(f"{expected}, found numbers of kind {value.dtype}")
            with np.errstate(over="ignore"):  # an overflow is caught below, as not finite
                numbers = np.asarray(u.Quantity(value, dtype=np.float64).to_value(target))
        else:
            raw = np.asarray(value)
            if raw.dtype == np.bool_ or not (
                np.issubdtype(raw.dtype, np.integer) or np.issubdtype(raw.dtype, np.floating)
            ):
                raise UnitError(f"{expected}, found {type(value).__name__}")
            if target != u.dimensionless_unscaled:
                raise UnitError(
                    f"{expected}, found a bare number; multiply it by its unit, "
                    f"as in {_example(raw)} * parse_unit({unit!r})"
                )
            numbers = raw.astype(np.float64)
    except u.UnitConversionError:
        raise UnitError(f"{expected}, found one in {str(value.unit) or 'no unit'!r}, which does not convert") from None
    except UnitError:
        raise
    except (TypeError, ValueError) as problem:
        raise UnitError(f"{expected}, found {type(value).__name__} ({problem})"[:300]) from None
    if not np.all(np.isfinite(numbers)):
        raise UnitError(f"{name}: every number must be finite, also in the SI unit {unit!r}")
    return numbers[()] if numbers.ndim == 0 else numbers


def _example(raw: np.ndarray) -> str:
    return f"{raw[()]:.6g}" if raw.ndim == 0 else "values"


def from_si(value: Any, unit: str, shown_in: str | None = None) -> u.Quantity:
    """SI numbers as a Quantity in `unit`, or converted to the unit `shown_in`; the inverse of `to_si`."""
    quantity = u.Quantity(np.asarray(value, dtype=np.float64), parse_unit(unit))
    if shown_in is None:
        return quantity
    try:
        return quantity.to(parse_unit(shown_in))
    except u.UnitConversionError:
        raise UnitError(f"a number in {unit!r} cannot be shown in {shown_in!r}") from None


def to_tdb_seconds(time: Time | str) -> Any:
    """A moment as TDB seconds past J2000 (2000-01-01T12:00:00 TDB).

    Args:
        time: astropy Time of any shape in any scale but UT1; or an ISO text, read as TDB ("2026-01-01",
            "2026-01-01T06:30:00"), as UTC if it ends in "Z".

    Returns:
        Seconds, np.float64 for a scalar, else a float64 array. Spacing of float64 at 30 years: 0.1 us.

    Leap seconds come from the table that astropy carries; a UTC later than it knows of has none added. The
    difference TDB - TT is geocentric (2 us at most elsewhere on Earth).
    """
    moment: Any = _read_iso(time) if isinstance(time, str) else time
    if not isinstance(moment, Time):
        raise UnitError(f"a time is an astropy Time or an ISO text such as '2026-01-01', not {type(moment).__name__}")
    if moment.scale in ("ut1", "local"):
        raise UnitError(f"a time in scale {moment.scale!r} has no fixed relation to TDB; give tdb, tt, tai or utc")
    tdb: Any = moment
    if moment.scale != "tdb":
        with warnings.catch_warnings(), iers.conf.set_temp("auto_download", False):
            warnings.filterwarnings("ignore", message=".*dubious year.*|.*leap-second.*")  # stated above
            tdb = moment.tdb
    seconds = np.asarray((tdb.jd1 - J2000_JULIAN_DATE) * DAY + tdb.jd2 * DAY, dtype=np.float64)
    if not np.all(np.isfinite(seconds)):
        raise UnitError("a time must be finite")
    return seconds[()] if seconds.ndim == 0 else seconds


_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?)?")


def _read_iso(text: str) -> Any:
    scale = "utc" if text.endswith("Z") else "tdb"
    bare = text.removesuffix("Z")
    try:
        if not _ISO.fullmatch(bare):
            raise ValueError
        with warnings.catch_warnings(), iers.conf.set_temp("auto_download", False):
            warnings.filterwarnings("error", message=".*after end of day.*")
            warnings.filterwarnings("ignore", message=".*dubious year.*|.*leap-second.*")
            return Time(bare, format="isot" if "T" in bare else "iso", scale=scale)
    except (ValueError, Warning):
        raise UnitError(
            f"{text[:40]!r} is no ISO time; write it like '2026-01-01' or '2026-01-01T06:30:00' (TDB), "
            "or with a final Z for UTC"
        ) from None


def from_tdb_seconds(seconds: Any) -> Any:
    """TDB seconds past J2000 as an astropy Time in scale TDB; the inverse of `to_tdb_seconds` to 0.1 us."""
    seconds = np.asarray(seconds, dtype=np.float64)
    if not np.all(np.isfinite(seconds)):
        raise UnitError("a time must be finite to have a date")
    days = np.floor(seconds / DAY)
    return Time(J2000_JULIAN_DATE + days, (seconds - days * DAY) / DAY, format="jd", scale="tdb")


def iso_tdb(seconds: float, decimals: int = 0) -> str:
    """TDB seconds past J2000 as ISO text in TDB, "2026-01-01T06:30:00", rounded to `decimals` of a second."""
    time = from_tdb_seconds(seconds)
    time.precision = decimals
    try:
        return str(time.isot)
    except ValueError:
        raise UnitError(
            f"{seconds:.6g} s past J2000 lies outside the years 1 to 9999 that ISO texts can name"
        ) from None
