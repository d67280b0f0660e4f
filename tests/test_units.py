"""The door between Quantity, Time and SI floats: what passes, what is refused and with which words."""

from __future__ import annotations

import pickle
import socket
import warnings
from datetime import datetime, timedelta

import numpy as np
import pytest
from astropy import time as astropy_time
from astropy import units as u
from astropy.time import Time
from astropy.utils import iers
from hypothesis import given, settings
from hypothesis import strategies as st

from astro_logistics.units import (
    UNIT_NAMES,
    USD,
    UnitError,
    conversion_factor,
    from_si,
    from_tdb_seconds,
    iso_tdb,
    kUSD,
    money_power,
    parse_quantity,
    parse_unit,
    to_si,
    to_tdb_seconds,
)


@pytest.mark.parametrize(
    ("unit", "si", "factor"),
    [  # NIST SP 811 (2008), appendix B.8; IAU 2012 B2; 3rd CGPM; a year is 365.25 days (IAU)
        ("kWh", "J", 3.6e6),
        ("TWh", "J", 3.6e15),
        ("bar", "Pa", 1e5),
        ("L", "m3", 1e-3),
        ("t", "kg", 1e3),
        ("Mt", "kg", 1e9),
        ("Gt/yr", "kg / yr", 1e12),
        ("g0", "m / s2", 9.80665),
        ("au", "m", 149_597_870_700.0),
        ("yr", "s", 31_557_600.0),
        ("deg", "rad", np.pi / 180.0),
        ("%", "", 0.01),
        ("GUSD", "USD", 1e9),
        ("USD/kWh", "USD / J", 1 / 3.6e6),
        ("USD/kW/yr", "USD / (W yr)", 1e-3),
        ("kg/kW", "kg / W", 1e-3),
        ("W/(m2 K)", "W m-2 K-1", 1.0),
        ("km3/s2", "m3 s-2", 1e9),
        ("1/yr", "yr-1", 1.0),
        ("kWh/kg", "J / kg", 3.6e6),
    ],
)
def test_published_conversions(unit: str, si: str, factor: float) -> None:
    # one rounding per factor of the unit
    assert conversion_factor(unit, si) == pytest.approx(factor, rel=1e-15)


ASTROPY_KNOWS = [n for n in UNIT_NAMES if n not in ("g0", "%", "kt", "Mt", "Gt") and not n.endswith("Wh")]


@given(st.lists(st.tuples(st.sampled_from(ASTROPY_KNOWS), st.integers(-4, 4).filter(bool)), min_size=1, max_size=4))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_products_mean_what_astropy_says(factors: list[tuple[str, int]]) -> None:
    text = " ".join(f"{name}{power}" for name, power in factors)
    expected = u.Unit(text)  # astropy's own parser
    assert parse_unit(text) == expected
    ours = "/".join(f"{name}{power}" for name, power in factors)
    assert parse_unit(ours) == u.Unit(" ".join(f"{n}{p if i == 0 else -p}" for i, (n, p) in enumerate(factors)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tt", "near: t"),
        ("Kg", "near: kg"),
        ("usd/kg", "near: USD"),
        ("W/m2 K", "parentheses"),
        ("m/", "missing"),
        ("/m", "missing"),
        ("m//s", "missing"),
        ("(m", "closing"),
        ("m)", "opening"),
        ("m²", "position 2"),
        ("m1.5", "position"),
        ("m99", "position"),
        ("2 m", "position 1"),
        ("kgm s", "near:"),
        ("11", "only number"),
        ("1-1", "only number"),
        ("%%", "two names"),
        ("m\x00", "position 2"),
        ("__import__('os')", "position 1"),
        ("m" * 61, "longer"),
        ("(" * 60, "missing"),
        ("flight", "no unit known"),
    ],
)
def test_other_units_are_refused_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(UnitError, match=words):
        parse_unit(text)


@given(st.text(max_size=80) | st.text(alphabet="mkgsW/()* .^-+12%USDyr", max_size=30))
@settings(max_examples=500, deadline=None, derandomize=True)
def test_any_text_is_a_unit_or_a_unit_error(text: str) -> None:
    try:
        unit = parse_unit(text)
    except UnitError:
        return
    assert isinstance(unit, u.UnitBase)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("650km", 650.0 * u.km),
        (" 1 km2/s2 ", 1.0 * u.km**2 / u.s**2),
        ("-.5e-2deg", -0.005 * u.deg),
        ("3e2 m", 300.0 * u.m),
        ("650", 650.0 * u.dimensionless_unscaled),
        ("7eV", None),  # an exponent without digits is the start of a unit, which is none here
    ],
)
def test_a_number_and_its_unit(text: str, expected: u.Quantity | None) -> None:
    if expected is None:
        with pytest.raises(UnitError, match="eV"):
            parse_quantity(text)
    else:
        assert u.isclose(parse_quantity(text), expected, rtol=1e-15)


@pytest.mark.parametrize("text", ["", "km", "1.2.3km", "1,5 km", "- 5 km", "nankm", "0x10 km", "5 km\n6 km"])
def test_no_number_with_a_unit(text: str) -> None:
    with pytest.raises(UnitError):
        parse_quantity(text)


def test_money() -> None:
    assert money_power(parse_unit("MUSD/kg")) == 1.0
    assert money_power(parse_unit("kg/USD")) == -1.0
    assert money_power(parse_unit("USD2")) == 2.0
    assert money_power(parse_unit("kg")) == 0.0
    assert u.Unit("USD / kg") == USD / u.kg  # known to astropy as well
    assert pickle.loads(pickle.dumps(3.0 * USD)) == 3.0 * USD
    assert to_si(5 * kUSD / u.t, "USD / kg", "price") == 5.0


def test_to_si_and_back(rng: np.random.Generator) -> None:
    for unit, other in [("m", "au"), ("kg", "t"), ("USD / kg", "kUSD/t"), ("", "%"), ("rad", "deg"), ("s-1", "1/yr")]:
        values = rng.normal(size=1000) * 10.0 ** rng.integers(-20, 20, size=1000)
        shown = from_si(values, unit, shown_in=other)
        assert shown.unit == parse_unit(other)
        # two conversions, one rounding each, and the factors' own rounding
        np.testing.assert_allclose(to_si(shown, unit, "x"), values, rtol=1e-15)
        assert from_si(values, unit).unit == parse_unit(unit)
    with pytest.raises(UnitError, match="cannot be shown"):
        from_si(1.0, "m", shown_in="kg")


def test_to_si_gives_float64() -> None:
    assert isinstance(to_si(5 * u.km, "m", "x"), np.float64)
    assert to_si(u.Quantity([1, 2], u.km, dtype=int), "m", "x").dtype == np.float64
    assert to_si(3, "", "x") == 3.0
    assert to_si(50 * u.percent, "", "x") == 0.5
    assert to_si(np.array([1, 2], dtype=np.int32), "", "x").dtype == np.float64


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (5, "launcher.x: expected a unit like 'm', found a bare number; multiply it by its unit"),
        (np.arange(3.0), "found a bare number"),
        (5 * u.kg, "found one in 'kg', which does not convert"),
        (5 * u.mag, "does not convert"),
        (5 * u.dimensionless_unscaled, "found one in 'no unit'"),
        ("5 m", "found str"),
        (True, "found bool"),
        (None, "found NoneType"),
        ([[1], [2, 3]], "launcher.x"),
        (3 + 0j, "found complex"),
        ((3 + 0j) * u.m, "complex"),
        (np.nan * u.m, "finite"),
        (np.inf * u.m, "finite"),
        (1e308 * u.km, "finite"),
    ],
)
def test_to_si_refuses(value: object, words: str) -> None:
    with pytest.raises(UnitError, match=words) as caught:
        to_si(value, "m", "launcher.x")
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, TypeError)


def test_a_pure_number_is_no_length() -> None:
    with pytest.raises(UnitError, match="the unit '1'"):
        to_si(5 * u.m, "", "x")


def test_iso_times_are_tdb() -> None:
    assert to_tdb_seconds("2000-01-01T12:00:00") == 0.0  # the definition of J2000
    rng = np.random.default_rng(1)
    for days, seconds in zip(rng.integers(-30000, 30000, 200), rng.integers(0, 86400, 200), strict=True):
        moment = datetime(2000, 1, 1, 12) + timedelta(days=int(days), seconds=int(seconds))
        # Python's own calendar; both are whole seconds, exact in float64
        expected = (moment - datetime(2000, 1, 1, 12)).total_seconds()
        assert to_tdb_seconds(moment.isoformat()) == pytest.approx(expected, abs=1e-6)
        assert iso_tdb(expected) == moment.isoformat()


def test_utc_differs_by_the_leap_seconds() -> None:
    # IERS Bulletin C: TAI - UTC = 32 s in 2000, 37 s since 2017; TT - TAI = 32.184 s; |TDB - TT| < 2 ms
    assert to_tdb_seconds("2000-01-01T12:00:00Z") == pytest.approx(64.184, abs=2e-3)
    at_2020 = to_tdb_seconds("2020-01-01T00:00:00Z") - to_tdb_seconds("2020-01-01")
    assert at_2020 == pytest.approx(69.184, abs=2e-3)
    assert to_tdb_seconds(Time("2020-01-01", scale="utc")) == to_tdb_seconds("2020-01-01T00:00:00Z")
    far = to_tdb_seconds("2090-01-01T00:00:00Z") - to_tdb_seconds("2090-01-01")  # no warning, no leap second added
    assert far == pytest.approx(69.184, abs=2e-3)


def test_times_there_and_back(rng: np.random.Generator) -> None:
    seconds = rng.uniform(-3e9, 3e9, size=1000)
    # float64 spacing at 3e9 s is 0.5 us
    np.testing.assert_allclose(to_tdb_seconds(from_tdb_seconds(seconds)), seconds, rtol=0, atol=1e-6)
    assert from_tdb_seconds(0.0).scale == "tdb"
    assert iso_tdb(0.25, decimals=2) == "2000-01-01T12:00:00.25"


@pytest.mark.parametrize(
    "bad",
    [
        "garbage",
        "",
        "2026-13-01",
        "2026-02-31",
        "2026-01-01T23:59:60",
        "2026:001",
        "2026-01-01T25:00:00",
        "Z",
        5.0,
        None,
        "9" * 5000,
        "２０２６-01-01",
    ],
)
def test_other_times_are_refused(bad: object) -> None:
    with pytest.raises(UnitError, match="ISO"):
        to_tdb_seconds(bad)  # type: ignore[arg-type]


def test_times_without_a_place_in_tdb_are_refused() -> None:
    with pytest.raises(UnitError, match="ut1"):
        to_tdb_seconds(Time("2026-01-01", scale="ut1"))
    with pytest.raises(UnitError, match="finite"):
        from_tdb_seconds(np.nan)
    with pytest.raises(UnitError, match="years 1 to 9999"):
        iso_tdb(1e15)


class NetworkTouched(BaseException):
    """Raised in place of opening a connection; not an Exception, so astropy cannot swallow it."""


@pytest.fixture
def expired_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The state in which astropy goes to the network: every leap-second table expired, none looked at yet."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise NetworkTouched

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(iers.LeapSeconds, "_today", staticmethod(lambda: Time("2100-01-01", scale="tai")))
    core = astropy_time.core
    monkeypatch.setattr(core, "_LEAP_SECONDS_CHECK", core._LeapSecondsCheck.NOT_STARTED)


@pytest.mark.usefixtures("expired_tables")
def test_utc_never_touches_the_network() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert to_tdb_seconds("2020-01-01T00:00:00Z") - to_tdb_seconds("2020-01-01") == pytest.approx(69.184, abs=2e-3)


@pytest.mark.usefixtures("expired_tables")
@pytest.mark.filterwarnings("ignore")
def test_control_astropy_alone_would_touch_it() -> None:
    moment = Time("2020-01-01", scale="tai")
    with pytest.raises(NetworkTouched):
        _ = moment.utc
