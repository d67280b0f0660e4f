"""The satellite closes: from a compute power to areas, temperatures, powers, masses and useful work."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.constants import STANDARD_GRAVITY
from astro_logistics.datacenter import battery, compute, cooling, links, radiation, solar, thermal
from astro_logistics.datacenter.design import DataCenter
from astro_logistics.datacenter.environment import Environment
from astro_logistics.datacenter.figures import Satellite
from astro_logistics.datacenter.links import LinkFigures
from astro_logistics.numerics import gauss_legendre
from astro_logistics.pytree import Pytree

AGES = 6
"""Points of the quadrature over the life: 6e-5 of the work at spares of 10 %, where some begin to be too few."""

POWER_DOUBLINGS = 6
"""2^6 = 64: sharpness of the minimum of power wanted and power there is. Where both are equal it is 1.1 % low: what the
yearly +-3.3 % of sunlight takes there (a mean of min(1, 1 + 0.033 cos x) is 0.9895)."""


class _Powers(Pytree):
    """Electricity in sunlight, W."""

    load: Array
    pump: Array
    links: Array
    loss: Array
    charging: Array
    charging_loss: Array
    heat: Array


def size(datacenter: DataCenter, around: Environment) -> Satellite:
    """Size a satellite for its compute power in given surroundings.

    Power: load = (servers + links + avionics + pumps) / converter efficiency; the array carries, at the end of life and
    on the revolution of the longest eclipse, `oversize` times the load and the charging of what the battery gave to the
    part of the load carried through shadow; where it gives less, the servers are throttled. Pumps move the heat they
    are part of. Heat: the radiator rejects the load and the losses of charging, in sunlight, at the end of life.
    Electricity in = heat out + energy stored, and over a revolution electricity in = heat out.
    Mass: (parts) (1 + structure) (1 + margin) and propellant with its tank: m_dry (exp(dv / (isp g0)) - 1) to avoid
    others and for disposal, drag life / (isp g0) to hold the orbit against the air on array and radiator.
    Work: over the life, of the accelerators launched those that live and are fed, in the light, between interruptions.

    Args:
        datacenter: the design; leaves are scalars, or arrays of one shape.
        around: the surroundings, of the same shape or scalars.

    Returns:
        The figures. Areas and masses come out negative or infinite where no design closes (a radiator that takes in
        more than it gives, cells too hot to give power): the residuals say so, as they do of chips above their limit.

    Errors: one steady worst case (the heat capacity that evens out an eclipse is in `transient`). An array below
    `oversize` 1 throttles through the whole eclipse season as on its darkest day.

    References: Wertz & Larson 1999, ch. 11 (power, thermal, mass).
    """
    d = datacenter
    compute_power = jnp.asarray(d.compute_power, jnp.float64)
    accelerators = compute_power / d.server.accelerator_power
    full = compute_power * d.server.performance * d.server.utilization_fraction
    connected = links.size(d.links, full)
    powers = _powers(d, around, connected)

    cells, per_area = jax.vmap(lambda u: _array_at(d, around, d.design_life * u))(jnp.asarray([0.0, 1.0]))
    hot, new, old = cells[1], per_area[0], per_area[1]
    array_area = d.array.oversize * (powers.load + powers.charging) / old
    absorbed = around.solar_flux * d.array.pointing_factor * d.array.absorptivity

    white = thermal.absorptivity_at(d.radiator, d.design_life)
    flux = thermal.mean_flux(d.radiator, around, d.loop.temperature_rise, hot, white)
    inlet = d.radiator.temperature + 0.5 * d.loop.temperature_rise
    hottest = compute.junction_temperature(d.server, inlet)
    wear = compute.failure_rate(d.server, compute.junction_temperature(d.server, d.radiator.temperature))
    dose_rate = radiation.dose_rate(d.hardness, around.particles, d.server.shield)
    hazard = wear + radiation.failure_rate(d.hardness, dose_rate)

    dark = (1.0 - around.sunlit_fraction) * d.design_life
    depth = battery.depth_of_discharge(d.battery, around.longest_eclipse, dark)
    carried = powers.load * d.eclipse_load_fraction
    kept = battery.retention(d.battery, d.design_life)
    battery_energy = battery.capacity(carried, around.longest_eclipse, depth * kept)

    drag = _drag(d, around, array_area, powers.heat / flux)
    masses = _masses(d, around, powers, array_area, battery_energy, powers.heat / flux, connected, drag)
    lit = around.sunlit_fraction + d.eclipse_load_fraction * (1.0 - around.sunlit_fraction)
    in_season, outside = _working(d, around, hazard, accelerators, 1.0 + powers.charging / powers.load)
    free = 1.0 - around.eclipse_season
    working = (free * outside + (lit - free) * in_season) / lit
    delivered = compute_power * lit * working
    available = radiation.availability(d.hardness, dose_rate, accelerators)
    performance = d.server.performance * d.server.utilization_fraction * available
    mass = sum(masses.values(), jnp.zeros(()))
    return Satellite(
        residuals={
            "chips stay below their limit": hottest / d.server.chip_limit - 1.0,
            "radiator gives off heat": -flux / powers.heat,
            "array gives power": -old / around.solar_flux,
        },
        links=connected,
        compute_power=compute_power,
        delivered_power=delivered,
        performance=performance,
        operations=delivered * performance,
        pump_power=powers.pump,
        link_power=powers.links,
        fixed_power=jnp.asarray(d.bus.fixed_power, jnp.float64),
        converter_loss=powers.loss,
        load=powers.load,
        overhead=powers.load / compute_power,
        charging_power=powers.charging,
        charging_loss=powers.charging_loss,
        array_temperature=hot,
        array_power=array_area * old,
        array_power_new=array_area * new,
        array_area=array_area,
        array_heat=array_area * (absorbed - old),
        battery_depth=depth,
        battery_energy=battery_energy,
        heat=powers.heat,
        junction_temperature=hottest,
        coolant_inlet=inlet,
        coolant_outlet=d.radiator.temperature - 0.5 * d.loop.temperature_rise,
        fin_efficiency=thermal.fin_efficiency(d.radiator, d.radiator.temperature),
        radiator_flux=flux,
        radiator_area=powers.heat / flux,
        failure_rate=hazard,
        dose=dose_rate * d.design_life,
        array_retention=solar.retention(d.array, around, d.design_life),
        availability=available,
        lit_fraction=lit,
        working_fraction=working,
        drag=drag,
        delta_v=-jnp.log1p(-masses["propellant_mass"] / mass) * d.bus.specific_impulse * STANDARD_GRAVITY,
        mass=mass,
        specific_mass=mass / compute_power,
        specific_power=compute_power / mass,
        delivered_specific_mass=mass / delivered,
        resupply=mass / (delivered * d.design_life),
        **masses,
    )


def _array_at(d: DataCenter, around: Environment, age: Array) -> tuple[Array, Array]:
    """Temperature of the cells and power per area at an age."""
    temperature = solar.cell_temperature(d.array, around, age)
    return temperature, solar.power_per_area(d.array, around, temperature, age)


def _powers(d: DataCenter, around: Environment, connected: LinkFigures) -> _Powers:
    """The loads, the pumps and the charging that they ask for: linear, so solved at once."""
    terminals = (
        connected.mesh_links * d.links.mesh.electric_power + connected.ground_links * d.links.ground.electric_power
    )
    served = d.compute_power + terminals + d.bus.fixed_power
    charge = d.eclipse_load_fraction * battery.charging_factor(d.battery, around.longest_eclipse, around.period)
    lost = (1.0 - d.battery.efficiency) * charge
    pumped = cooling.pump_power_per_heat(d.loop) * (1.0 + lost)  # per load
    load = served / (d.bus.converter_efficiency - pumped)
    return _Powers(
        load=load,
        pump=pumped * load,
        links=terminals,
        loss=(1.0 - d.bus.converter_efficiency) * load,
        charging=charge * load,
        charging_loss=lost * load,
        heat=(1.0 + lost) * load,
    )


def _drag(d: DataCenter, around: Environment, array_area: Array, radiator_area: Array) -> Array:
    """Of the air on array and radiator, N: pressure C_D (areas as they stand in the wind)."""
    across = array_area * around.air.array_cosine + radiator_area * around.air.radiator_cosine
    return around.air.pressure * d.bus.drag_coefficient * across


def _masses(
    d: DataCenter,
    around: Environment,
    powers: _Powers,
    array_area: Array,
    battery_energy: Array,
    radiator_area: Array,
    connected: LinkFigures,
    drag: Array,
) -> dict[str, Array]:
    """Masses of the parts by the names of `figures.MASSES`."""
    launched = d.compute_power * (1.0 + d.server.spares_fraction)
    parts = {
        "array_mass": array_area * d.array.areal_mass,
        "battery_mass": battery_energy / d.battery.specific_energy,
        "radiator_mass": radiator_area * thermal.areal_mass(d.radiator),
        "loop_mass": cooling.mass(d.loop, powers.heat),
        "server_mass": launched / d.server.specific_power,
        "shield_mass": launched * d.server.shielded_area * d.server.shield,
        "link_mass": connected.mesh_links * d.links.mesh.mass + connected.ground_links * d.links.ground.mass,
        "converter_mass": (powers.load + powers.charging) * d.bus.converter_mass,
        "fixed_mass": jnp.asarray(d.bus.fixed_mass, jnp.float64),
    }
    held = sum(parts.values())
    structure = held * d.bus.structure_fraction
    margin = (held + structure) * d.bus.margin_fraction
    exhaust = d.bus.specific_impulse * STANDARD_GRAVITY
    growth = jnp.expm1((d.bus.delta_v + around.disposal_delta_v) / exhaust)
    holding = drag * d.design_life / exhaust
    # propellant = growth (dry + tank) + holding, tank in proportion to it
    propellant = ((held + structure + margin) * growth + holding) / (1.0 - growth * d.bus.tank_fraction)
    rest = {
        "structure_mass": structure,
        "margin_mass": margin,
        "tank_mass": propellant * d.bus.tank_fraction,
        "propellant_mass": propellant,
    }
    return parts | rest


def _fed(enough: Array) -> Array:
    """Power that the servers get over what they want: the smooth minimum (1 + x^-64)^(-1/64) of 1 and x."""
    x = 1.0 / enough
    for _ in range(POWER_DOUBLINGS):
        x = x * x
    return jnp.exp(-jnp.log1p(x) / 2.0**POWER_DOUBLINGS)


def _working(
    d: DataCenter, around: Environment, hazard: Array, accelerators: Array, spared: Array
) -> tuple[Array, Array]:
    """Accelerators at work over those powered when new, mean over the life, in the eclipse season and outside it.

    The array ages, accelerators fail, satellites are lost. Outside the season there is nothing to charge: the array has
    `spared` times the power that it needs.
    """
    at_end = solar.retention(d.array, around, d.design_life)

    def at(age: Array) -> tuple[Array, Array]:
        enough = d.array.oversize * solar.retention(d.array, around, age) / at_end
        survival, there = jnp.exp(-hazard * age), jnp.exp(-d.bus.loss_rate * age)

        def working(fed: Array) -> Array:
            return there * compute.working_fraction(survival, d.server.spares_fraction, accelerators, fed)

        return working(_fed(enough)), working(_fed(enough * spared))

    x, weights = gauss_legendre(AGES)
    # `map`, not `vmap`: XLA does not vectorize well with an axis of six innermost
    in_season, outside = jax.lax.map(lambda u: at(d.design_life * u), x)
    return jnp.tensordot(weights, in_season, axes=1), jnp.tensordot(weights, outside, axes=1)
