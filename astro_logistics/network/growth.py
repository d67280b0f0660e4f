"""From a scenario and its evaluation to how far it can grow, and by when: one pure function."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.constants import JULIAN_YEAR, SOLAR_LUMINOSITY
from astro_logistics.datacenter.figures import Satellite
from astro_logistics.economics import civilization as civilizations
from astro_logistics.economics import growth as growing
from astro_logistics.economics import growth_moon as lunar
from astro_logistics.economics.datacenter_cost import SatelliteCost, built
from astro_logistics.economics.growth_dates import final_growth, reached, repaid
from astro_logistics.economics.growth_state import Path, installed
from astro_logistics.economics.growth_terms import DriverTerms, LaunchTerms, Origin, Terms
from astro_logistics.economics.launch_cost import FlightCost
from astro_logistics.launch import fleet as fleets
from astro_logistics.launch import mass_driver as drivers
from astro_logistics.network import driver_routes, price_path, rocket_routes
from astro_logistics.network.figures import DatacenterFigures, Evaluation
from astro_logistics.network.growth_figures import GrowthFigures, GrowthYears
from astro_logistics.network.growth_programmes import programmes
from astro_logistics.network.growth_swarm import HOME, lunar_parts, sized, swarm
from astro_logistics.network.scenario import Scenario


def grow(scenario: Scenario, evaluation: Evaluation) -> GrowthFigures:
    """Growth of a scenario from its own fleet on; pure, so that `jax.jit`, `jax.vmap` and `jax.grad` apply.

    Satellites from the Earth work in the sun-synchronous orbit, those from the Moon beyond the Earth.

    Args:
        scenario: the scenario.
        evaluation: its own evaluation; in one `jax.jit` with it, what both compute is computed once.

    Returns:
        The figures by year and as dates and sums.

    Validity: what is asked for, made and paid follows the day's use, rent and cost (`economics.growth`); no wars, no
    regulation but a ceiling of flights, no technology that the scenario does not have.
    """
    satellites = sized(scenario)
    taken = terms(scenario, evaluation, satellites)
    path = growing.follow(scenario.growth, taken)
    years = yearly(scenario, evaluation, path, taken.launch.payload)
    return GrowthFigures(
        years=years,
        swarm=swarm(scenario, satellites),
        programmes=programmes(scenario, evaluation),
        earth_limits=growing.binding_names(fleets.LIMITS),
        moon_limits=growing.MOON_LIMITS,
        launch_price_today=evaluation.routes["earth-to-leo-today"].price,
        **dates(scenario, path),
        **sums(scenario, path),
    )


def terms(scenario: Scenario, evaluation: Evaluation, satellites: Satellite) -> Terms:
    """What growth takes from the evaluation.

    Args:
        scenario: the scenario.
        evaluation: its own.
        satellites: from `growth_swarm.sized`.
    """
    market, server = scenario.compute_market, scenario.datacenter.server
    demand, civilization = scenario.growth.demand, scenario.civilization
    since = scenario.growth.start_year - civilization.year
    electricity = civilization.electricity * jnp.exp(demand.electricity_growth * since)
    yearly_rent = market.chip_price * JULIAN_YEAR / server.accelerator_power * market.utilization
    return Terms(
        launch=launch_terms(scenario, evaluation),
        earth=origin(scenario.datacenter_cost, evaluation.datacenters["earth-to-sso"]),
        moon=origin(scenario.datacenter_cost, evaluation.datacenters["moon-to-escape"]),
        driver=driver_terms(scenario, evaluation, satellites),
        life=scenario.datacenter.design_life / JULIAN_YEAR,
        loss_rate=jnp.asarray(scenario.datacenter_cost.loss_rate),
        rent=yearly_rent,
        ground_cost=evaluation.terrestrial.money.total,
        ground_ceiling=demand.ground_share * electricity,
        ground_life=jnp.asarray(scenario.terrestrial.life),
        discount_rate=jnp.asarray(scenario.datacenter_cost.discount_rate),
    )


def origin(cost: SatelliteCost, figures: DatacenterFigures) -> Origin:
    """Satellites of a data center of the evaluation."""
    return Origin(statement=figures.statement, cost=cost, specific_mass=figures.specific_mass, build_cost=built(cost))


def _per_flight(cost: FlightCost, insured: Array) -> tuple[Array, Array]:
    """Cost of a flight in boosters and ships, and in propellant and operations, insurance shared out, USD."""
    units = cost.booster + cost.ship + cost.refurbishment + cost.financing
    return units * insured, (cost.propellant + cost.operations) * insured


def launch_terms(scenario: Scenario, evaluation: Evaluation) -> LaunchTerms:
    """Launching by the kilogram: costs by what they depend on, limits, what wears out."""
    launcher, growth = scenario.launcher, scenario.growth.launch
    fleet, cost = launcher.fleet, launcher.cost
    up, tanker = rocket_routes.to_sso_and_depot(scenario)
    route = evaluation.routes["earth-to-moon"]
    insured = 1.0 + cost.insurance_rate
    flights = route.energy / tanker.energy  # for each kilogram landed
    missions = 1.0 / tanker.payload
    units, running = _per_flight(up.cost, insured)
    tanker_units, tanker_running = _per_flight(tanker.cost, insured)
    ship_units, ship_running = _per_flight(tanker.cost_expended, insured)
    worn, ship = (1.0 / life for life in fleets.lives(fleet))
    oxygen = scenario.supply.oxygen_production * scenario.supply.oxygen_share * JULIAN_YEAR
    fuel = scenario.supply.fuel_production * scenario.supply.fuel_share * JULIAN_YEAR
    made = growth.works_capital * JULIAN_YEAR
    nothing = jnp.zeros_like(made)
    expansion = (
        growth.pad_cost * fleet.pads,
        nothing,
        nothing,
        made * cost.booster_cost * fleet.booster_production,
        made * cost.ship_cost * fleet.ship_production,
        nothing,
        growth.plant_cost * oxygen,
        growth.plant_cost * fuel,
    )
    return LaunchTerms(
        flight_limits=up.limits,
        landing_limits=route.limits * JULIAN_YEAR,
        expansion_cost=jnp.stack([jnp.asarray(x, jnp.float64) for x in expansion]),
        payload=up.payload,
        landing_flights=flights,
        orbit_unit_cost=units / up.payload,
        orbit_running_cost=running / up.payload,
        landing_unit_cost=ship_units * missions + tanker_units * (flights - missions),
        landing_running_cost=ship_running * missions + tanker_running * (flights - missions),
        fixed_cost=cost.fixed_cost_per_year * insured,
        orbit_units=0.5 * (worn + ship) / up.payload,
        landing_units=0.5 * (flights * worn + missions + (flights - missions) * ship),
        units=scenario.price_history.start_units * cost.units_ratio,
        learning_rate=jnp.asarray(cost.learning_rate),
    )


def driver_terms(scenario: Scenario, evaluation: Evaluation, satellites: Satellite) -> DriverTerms:
    """The mass driver throwing to escape: what a line throws, its cost in and beside the landing of its parts, those.

    Errors: the parts are landed as a steady number of lines wears and ages; while lines multiply at a rate g, landings
    run ahead by g times a line's mass over its yearly throw, a fiftieth of the satellites' own parts at 0.2 a year.
    """
    driver, route = scenario.mass_driver, evaluation.routes["moon-to-escape"]
    speed = driver_routes.escape_shot(scenario).speed
    shots = route.throughput / driver.shot_mass
    yearly = route.throughput * JULIAN_YEAR
    bare, landed = (driver_routes.yearly_bill(scenario, shots, speed, c).total for c in (0.0, 1.0))
    mass = drivers.system_mass(driver, drivers.design_speed(driver))
    wear = drivers.wear_per_shot(driver, mass, speed)
    worn = mass.total / scenario.mass_driver_cost.life / yearly + (wear.windings + wear.store) / driver.shot_mass
    return DriverTerms(
        cost=bare / yearly,
        cost_by_landing=(landed - bare) / yearly,
        energy=route.energy,
        landed=(1.0 - scenario.mass_driver_cost.local_fraction) * worn,
        satellite_share=lunar_parts(satellites)[HOME],
    )


def yearly(scenario: Scenario, evaluation: Evaluation, path: Path, payload: Array) -> GrowthYears:
    """The figures at the start of each year; `payload` is that of a flight to the satellites' orbit, kg."""
    growth, industry = scenario.growth, scenario.growth.moon
    every = slice(None, None, growth.steps_per_year)
    state, flow = path.state, path.flow
    year = growth.start_year + path.years[every]
    power = installed(state)[every]
    goods = state.goods[every]
    line = evaluation.routes["moon-to-escape"].throughput * JULIAN_YEAR
    used = civilizations.world_power(scenario.civilization, year) + power
    fine = growth.start_year + path.years
    prices = price_path.over_years(scenario, evaluation, payload, fine, flow.flights, flow.orbit_cost)
    return GrowthYears(
        year=year,
        earth_rate=flow.earth_rate[every],
        moon_rate=flow.moon_rate[every],
        installed=power,
        installed_moon=jnp.sum(state.moon, axis=-1)[every],
        failed=state.failed[every],
        retired=state.retired[every],
        launched=(state.earth_launched + state.moon_launched)[every],
        ground=state.ground[every],
        earth_binding=flow.earth_binding[every],
        moon_binding=flow.moon_binding[every],
        orbit_cost=flow.orbit_cost[every],
        landing_cost=flow.landing_cost[every],
        earth_cost=flow.earth_cost[every],
        moon_cost=flow.moon_cost[every],
        rent=flow.rent[every],
        flights=flow.flights[every],
        cumulative_mass=prices.cumulative_mass[every],
        launch_price=prices.bottom_up_price[every],
        record_price=prices.predicted_price[every],
        record_price_low=prices.predicted_price_low[every],
        record_price_high=prices.predicted_price_high[every],
        lifted=state.lifted[every],
        landed=state.landed[every],
        parts=flow.parts[every],
        industry=state.industry[every],
        industry_power=flow.industry_power[every],
        radiators=state.industry[every] * lunar.radiator_share(industry),
        driver_lines=flow.thrown[every] / line,
        goods=goods,
        oxygen=goods * lunar.goods_oxygen(industry),
        regolith=goods / industry.goods_yield,
        investment=flow.investment[every],
        expansion=flow.expansion[every],
        invested_so_far=state.invested[every],
        balance=state.balance[every],
        kardashev=civilizations.kardashev(used),
    )


def dates(scenario: Scenario, path: Path) -> dict[str, Array]:
    """When each goal is reached."""
    growth, state, flow = scenario.growth, path.state, path.flow
    n = growth.steps_per_year
    years = growth.start_year + path.years
    power = jnp.stack([jnp.sum(x, axis=-1).at[0].set(0.5) for x in (state.earth, state.moon)])  # logarithms need a watt
    paying = flow.rent * (1.0 / flow.earth_cost**16 + 1.0 / flow.moon_cost**16) ** (1.0 / 16.0)

    nothing = jnp.full_like(paying, 1e-300)

    def alone(values: Array, goal: float) -> tuple[Array, float | Array]:
        return jnp.stack([values, nothing]), goal

    rate, sun = jnp.stack([flow.earth_rate, flow.moon_rate]), SOLAR_LUMINOSITY
    wanted: dict[str, tuple[Array, float | Array]] = {
        "date_100_gw": (rate, 100e9),
        "date_200_gw": (rate, 200e9),
        "date_1_tw": (rate, 1e12),
        "date_1_tw_earth": alone(flow.earth_rate, 1e12),
        "date_1_tw_moon": alone(flow.moon_rate, 1e12),
        "date_installed_1_tw": (power, 1e12),
        "date_world": (power, scenario.civilization.power),
        "date_millionth_sun": (power, 1e-6 * sun),
        "date_thousandth_sun": (power, 1e-3 * sun),
        "date_hundredth_sun": (power, 1e-2 * sun),
        "date_orbit_200": alone(1.0 / flow.orbit_cost, 1.0 / 200.0),
        "date_orbit_100": alone(1.0 / flow.orbit_cost, 1.0 / 100.0),
        "date_megatonne_orbit": alone(state.lifted.at[0].set(1.0), 1e9),
        "date_megatonne_moon": alone(state.landed.at[0].set(1.0), 1e9),
        "date_paying": alone(paying, 1.0),
    }
    figures, goals = zip(*wanted.values(), strict=True)
    parts = jnp.stack(figures)
    found = jax.vmap(lambda p, goal, g: reached(years, p, goal, g))(parts, jnp.stack(goals), final_growth(parts, n))
    payback = repaid(years, state.balance)
    found_by_name = dict(zip(wanted, found, strict=True))
    return found_by_name | {"date_payback": payback, "payback_time": payback - growth.start_year}


def sums(scenario: Scenario, path: Path) -> dict[str, Array]:
    """Money, the last year, and the Moon."""
    growth, state, flow = scenario.growth, path.state, path.flow
    n, industry = growth.steps_per_year, growth.moon
    rate, power = flow.earth_rate + flow.moon_rate, installed(state)
    last = final_growth(power, n)
    now = growth.start_year + path.years[-1]
    there = lunar.accessible_mass(industry, scenario.bodies.moon.radius) - state.goods[-1] / industry.goods_yield
    used = civilizations.world_power(scenario.civilization, now) + power[-1]
    grown = jnp.log(100.0) / jnp.where(last > 0.0, last, 1.0)
    return {
        "peak_rate": jnp.max(rate),
        "last_rate": rate[-1],
        "last_installed": power[-1],
        "last_growth": last,
        "last_kardashev": civilizations.kardashev(used),
        "from_1_to_100_percent": jnp.where(last > 0.0, grown, jnp.inf),
        "peak_investment": jnp.max(flow.investment),
        "invested": state.invested[-1],
        "peak_exposure": -jnp.min(state.balance),
        "net_present_value": state.present_value[-1],
        "lunar_mass": state.goods[-1],
        "lunar_years_left": lunar.supply_years(
            there, flow.goods[-1] / industry.goods_yield, final_growth(flow.goods, n)
        ),
        "lunar_doubling": 1.0 / lunar.productivity(industry),
    }
