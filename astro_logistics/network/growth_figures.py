"""What growth says: by year, dates of goals, money, the Moon, programmes that iterate, a swarm nearer to the Sun."""

from __future__ import annotations

from jax import Array

from astro_logistics.pytree import Pytree, field, static


class GrowthYears(Pytree):
    """One row per year from the start on; the leading axis runs over them. Yearly figures are those of the moment."""

    year: Array = field(unit="yr", doc="calendar year")
    earth_rate: Array = field(unit="W / yr", doc="delivered compute power launched from the Earth per year")
    moon_rate: Array = field(unit="W / yr", doc="the same from the Moon")
    installed: Array = field(unit="W", doc="compute power at work in orbit, after failures and retirement")
    installed_moon: Array = field(unit="W", doc="of it, launched from the Moon")
    failed: Array = field(unit="W", doc="ever lost before the end of the design life")
    retired: Array = field(unit="W", doc="ever retired")
    launched: Array = field(unit="W", doc="ever launched, from both")
    ground: Array = field(unit="W", doc="data centers on the ground")
    earth_binding: Array = field(unit="", doc="share of each limit in what binds the Earth's, (years, limits)")
    moon_binding: Array = field(unit="", doc="share of each limit in what binds the Moon's, (years, limits)")
    orbit_cost: Array = field(unit="USD / kg", doc="operator's cost to sun-synchronous orbit")
    landing_cost: Array = field(unit="USD / kg", doc="operator's cost to the Moon's ground")
    earth_cost: Array = field(unit="USD / (W yr)", doc="orbital compute from the Earth, everything with interest")
    moon_cost: Array = field(unit="USD / (W yr)", doc="orbital compute from the Moon, everything with interest")
    rent: Array = field(unit="USD / (W yr)", doc="of delivered compute power")
    flights: Array = field(unit="yr-1", doc="flights from the Earth, those of others too")
    cumulative_mass: Array = field(
        unit="kg", doc="record of prices: mass lifted by then, as if all flights were tankers"
    )
    launch_price: Array = field(unit="USD / kg", doc="bottom-up price to the depot's orbit")
    record_price: Array = field(unit="USD / kg", doc="Wright's law through the record, at `cumulative_mass`")
    record_price_low: Array = field(unit="USD / kg", doc="low end of its 95 % confidence band")
    record_price_high: Array = field(unit="USD / kg", doc="high end of it")
    lifted: Array = field(unit="kg", doc="ever brought to the satellites' orbit")
    landed: Array = field(unit="kg", doc="ever landed on the Moon")
    parts: Array = field(unit="kg / yr", doc="parts of satellites and drivers landed on the Moon, chips among them")
    industry: Array = field(unit="kg", doc="industry on the Moon")
    industry_power: Array = field(unit="W", doc="electricity that it and the mass drivers take while at work")
    radiators: Array = field(unit="kg", doc="radiators in it")
    driver_lines: Array = field(unit="", doc="mass drivers like that of the scenario, at work all their hours")
    goods: Array = field(unit="kg", doc="goods ever made of the Moon")
    oxygen: Array = field(unit="kg", doc="oxygen ever won with them")
    regolith: Array = field(unit="kg", doc="regolith ever moved for them")
    investment: Array = field(unit="USD / yr", doc="satellites, industry on the Moon, works, pads, plants")
    expansion: Array = field(unit="USD / yr", doc="of it, for works, pads and plants")
    invested_so_far: Array = field(unit="USD", doc="ever invested")
    balance: Array = field(unit="USD", doc="rents less all that was paid")
    kardashev: Array = field(unit="", doc="Sagan's number of what the world uses and what works in orbit")


class Swarm(Pytree):
    """The scenario's satellite at other distances from the Sun; the first axis runs over `distance`."""

    distance: Array = field(unit="m", doc="from the Sun")
    array_temperature: Array = field(unit="K", doc="of the cells, at the end of life")
    specific_power: Array = field(unit="W / kg", doc="delivered compute power per mass; negative where none closes")
    array_area: Array = field(unit="m2 / W", doc="array per delivered compute power")
    sunlight: Array = field(unit="", doc="sunlight on the array over delivered compute power")
    array_gives: Array = field(unit="", doc="residual: the array gives power at <= 0")
    radiator_gives: Array = field(unit="", doc="residual: the radiator gives off heat at <= 0")
    light_time: Array = field(unit="s", doc="of light to the Earth and back, mean of nearest and farthest")
    mass: Array = field(unit="kg", doc="satellites for 1e-6, 1e-3 and 1e-2 of the Sun's power at work, (distances, 3)")
    area: Array = field(unit="m2", doc="arrays for them, (distances, 3)")
    moon_share: Array = field(unit="", doc="of the Moon's mass, in the parts that the Moon can make, (distances, 3)")


class Programme(Pytree):
    """A programme that flies, learns and flies again; the destination's own windows."""

    windows: Array = field(unit="yr-1", doc="departures per year")
    transit: Array = field(unit="yr", doc="one way")
    cycle: Array = field(unit="yr", doc="from one iteration to the next, what was flown learned from by radio")
    round_cycle: Array = field(unit="yr", doc="the same when the craft must come home")
    fifth: Array = field(unit="yr", doc="calendar year in which the fifth iteration is expected to be done")
    tenth: Array = field(unit="yr", doc="the same for the tenth")
    by_2050: Array = field(unit="", doc="iterations expected to be done by 2050")
    cost_2050: Array = field(unit="", doc="cost of an iteration then over the first, one unit built for each")


class GrowthFigures(Pytree):
    """All figures of growth. Dates are calendar years: the start where it is so from the start, infinite if never.

    A date after the last year of `years` goes on at the growth of that year, Earth and Moon each at their own.
    """

    years: GrowthYears
    swarm: Swarm
    programmes: dict[str, Programme]
    earth_limits: tuple[str, ...] = static(doc="names of the limits of `earth_binding`")
    moon_limits: tuple[str, ...] = static(doc="names of the limits of `moon_binding`")

    date_100_gw: Array = field(unit="yr", doc="100 GW of compute launched per year, from Earth and Moon together")
    date_200_gw: Array = field(unit="yr", doc="200 GW per year")
    date_1_tw: Array = field(unit="yr", doc="1 TW per year")
    date_1_tw_earth: Array = field(unit="yr", doc="1 TW per year from the Earth alone")
    date_1_tw_moon: Array = field(unit="yr", doc="1 TW per year from the Moon alone")
    date_installed_1_tw: Array = field(unit="yr", doc="1 TW at work in orbit")
    date_world: Array = field(unit="yr", doc="as much at work in orbit as the world's primary power of the record")
    date_millionth_sun: Array = field(unit="yr", doc="a millionth of the Sun's power at work")
    date_thousandth_sun: Array = field(unit="yr", doc="a thousandth")
    date_hundredth_sun: Array = field(unit="yr", doc="a hundredth")
    date_orbit_200: Array = field(unit="yr", doc="200 USD/kg of operator's cost to sun-synchronous orbit")
    date_orbit_100: Array = field(unit="yr", doc="100 USD/kg of it")
    date_megatonne_orbit: Array = field(unit="yr", doc="a million tonnes ever brought to the satellites' orbit")
    date_megatonne_moon: Array = field(unit="yr", doc="a million tonnes ever landed on the Moon")
    date_paying: Array = field(unit="yr", doc="rent at or above the cost of the cheaper kind of orbital compute")
    date_payback: Array = field(unit="yr", doc="rents have paid back all that was spent, without interest")
    payback_time: Array = field(unit="yr", doc="from the start to that")
    peak_rate: Array = field(unit="W / yr", doc="most launched in a year of `years`, from both")
    last_rate: Array = field(unit="W / yr", doc="launched in the last year, from both")
    last_installed: Array = field(unit="W", doc="at work at the end of the last year")
    last_growth: Array = field(unit="yr-1", doc="growth of what is at work, in the last year")
    last_kardashev: Array = field(unit="", doc="Kardashev number in the last year")
    from_1_to_100_percent: Array = field(unit="yr", doc="from 1 % to all of the Sun at the last growth: ln(100) / g")
    peak_investment: Array = field(unit="USD / yr", doc="most invested in a year")
    invested: Array = field(unit="USD", doc="invested in all years together")
    peak_exposure: Array = field(unit="USD", doc="most that was paid beyond what had been earned")
    net_present_value: Array = field(
        unit="USD", doc="rents less all that is paid, discounted to the start; what works at the end counts for nothing"
    )
    lunar_mass: Array = field(unit="kg", doc="taken from the Moon by the end, in goods")
    lunar_years_left: Array = field(
        unit="yr", doc="for which accessible ground lasts after the last year, if its use goes on growing as then"
    )
    launch_price_today: Array = field(unit="USD / kg", doc="bottom-up price of the launcher of today to low orbit")
    lunar_doubling: Array = field(
        unit="yr", doc="in which the first generation of lunar industry, landings apart, makes its own mass of goods"
    )
