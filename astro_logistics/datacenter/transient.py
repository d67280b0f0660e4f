"""Temperatures through an eclipse: four lumps of heat capacity, integrated over revolutions."""

from __future__ import annotations

import diffrax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import HOUR
from astro_logistics.datacenter import solar, thermal
from astro_logistics.datacenter.design import DataCenter
from astro_logistics.datacenter.environment import Environment
from astro_logistics.datacenter.figures import Satellite
from astro_logistics.pytree import Pytree, field

SERVER_HEAT, PANEL_HEAT, ARRAY_HEAT = 700.0, 900.0, 800.0
"""J/(kg K): boards of copper (385), aluminium (900) and plastics (1,200); aluminium; glass, silicon and films."""

REVOLUTIONS = 3
"""Integrated before the one that is returned: the slowest lump forgets its start within a quarter of one."""


SETTLING = 6.0 * HOUR
"""Sunlight before and after an eclipse together that a revolution is cut to. The slowest lump comes back to within 1 %
of its swing in half of that, where the answer ends, and to within 0.01 % before the next eclipse. No low orbit lasts
that long, and no far one is that short."""


class Capacities(Pytree):
    """Heat capacity of the lumps."""

    servers: Array = field(unit="J / K", doc="servers with their shield")
    coolant: Array = field(unit="J / K", doc="coolant loop")
    radiator: Array = field(unit="J / K", doc="radiator panels")
    array: Array = field(unit="J / K", doc="solar array")


class Revolution(Pytree):
    """Temperatures over one revolution, shape (n,) each; it begins in the middle of the sunlit part."""

    time: Array = field(unit="s", doc="since the middle of the sunlit part")
    sunlight: Array = field(unit="", doc="part of the Sun's disc in view")
    junction: Array = field(unit="K", doc="of the chips")
    coolant: Array = field(unit="K", doc="mean of the loop")
    radiator: Array = field(unit="K", doc="of the tubes")
    array: Array = field(unit="K", doc="of the solar array")


def capacities(datacenter: DataCenter, found: Satellite) -> Capacities:
    """Heat capacities from the masses; half of the loop is coolant, the rest counts as aluminium."""
    return Capacities(
        servers=SERVER_HEAT * (found.server_mass + found.shield_mass),
        coolant=0.5 * found.loop_mass * (datacenter.loop.specific_heat + PANEL_HEAT),
        radiator=PANEL_HEAT * found.radiator_mass,
        array=ARRAY_HEAT * found.array_mass,
    )


def sunlight(time: ArrayLike, eclipse: ArrayLike, period: ArrayLike, penumbra: ArrayLike) -> Array:
    """Part of the Sun in view: 1 but for an eclipse in the middle of the period, its edges as wide as the penumbra.

    1 - (1 + tanh x)/2, x = 2 (eclipse / 2 - |t - period / 2|) / penumbra: half covered at the edges.

    Args:
        time: since the middle of the sunlit part, in any revolution [s].
        eclipse: length from half covered to half covered [s].
        period: of the revolution [s].
        penumbra: time in which it grows dark [s].
    """
    off = jnp.asarray(time) % period - 0.5 * jnp.asarray(period)
    return 0.5 * (1.0 - jnp.tanh(2.0 * (0.5 * jnp.asarray(eclipse) - jnp.sqrt(off * off + 1e-6)) / penumbra))


def rates(
    datacenter: DataCenter, around: Environment, found: Satellite, held: Capacities, lit: ArrayLike, state: Array
) -> Array:
    """How fast the lumps warm up: servers, coolant, radiator, array, K/s.

    In sunlight the servers work and the battery charges; in shadow the part `eclipse_load_fraction` of the load goes
    on. Servers give their heat to the coolant over the chips' resistance, the coolant to the tubes over the film, the
    panel to space as `thermal.panel_flux` has it; the array is balanced as in `solar.cell_temperature`.

    Args:
        datacenter: the design.
        around: the surroundings; planet's heat as in their mean.
        found: the satellite, sized.
        held: heat capacities.
        lit: part of the Sun in view [-].
        state: temperatures (4,): junctions, mean coolant, tubes, array [K].

    Returns:
        Rates (4,).
    """
    d, r = datacenter, datacenter.radiator
    junction, coolant, tubes, cells = state
    carried = lit + d.eclipse_load_fraction * (1.0 - jnp.asarray(lit))
    drop = d.server.chip_resistance * d.server.chip_power
    from_chips = found.compute_power * (junction - coolant) / drop
    rest = (found.load - found.compute_power) * carried + found.charging_loss * lit
    to_tubes = r.film_conductance * found.radiator_area * (coolant - tubes)
    white = thermal.absorptivity_at(r, d.design_life)
    given = thermal.fin_efficiency(r, tubes) * thermal.panel_flux(r, around, tubes, cells, white)
    sunless = white * r.sun_exposure * around.solar_flux * (1.0 - lit)
    to_space = found.radiator_area * (given + thermal.fin_efficiency(r, tubes) * sunless)
    kept = solar.heat_surplus(d.array, around, cells, d.design_life, lit)
    return jnp.stack(
        [
            (found.compute_power * carried - from_chips) / held.servers,
            (from_chips + rest - to_tubes) / held.coolant,
            (to_tubes - to_space) / held.radiator,
            found.array_area * kept / held.array,
        ]
    )


def revolution(
    datacenter: DataCenter,
    around: Environment,
    found: Satellite,
    *,
    penumbra: ArrayLike = 10.0,
    points: int = 200,
) -> Revolution:
    """Temperatures over the revolution of the longest eclipse, at the end of life, in the periodic state.

    Dormand and Prince's fifth-order method, to 1e-7; starts at the steady state and runs three revolutions first. Of a
    revolution longer than the eclipse and `SETTLING` that much is taken, the eclipse in its middle: the rest is steady.

    Args:
        datacenter: the design.
        around: the surroundings.
        found: the satellite, from `satellite.size`.
        penumbra: time in which it grows dark [s]; some 10 s in low orbit.
        points: in the answer.

    Returns:
        The revolution. Differentiable (the integrator's own checkpointed adjoint).

    Errors: each lump at one temperature: the coolant's own rise along the loop (10 K) is left to the steady closure.
    The planet's light and heat are held at their means. Batteries and structure, a fifth of the heat capacity, are left
    out: true swings are smaller.

    References: Gilmore 2002, ch. 15 (lumped thermal models); Kidger 2021 (diffrax).
    """
    held = capacities(datacenter, found)
    steady = jnp.stack(
        [
            datacenter.radiator.temperature + datacenter.server.chip_resistance * datacenter.server.chip_power,
            datacenter.radiator.temperature,
            datacenter.radiator.temperature - found.radiator_flux / datacenter.radiator.film_conductance,
            found.array_temperature,
        ]
    )
    period = jnp.minimum(jnp.asarray(around.period, jnp.float64), around.longest_eclipse + SETTLING)

    def f(t: ArrayLike, state: Array, _: None) -> Array:
        lit = sunlight(t, around.longest_eclipse, period, penumbra)
        return rates(datacenter, around, found, held, lit, state)

    time = jnp.linspace(0.0, 1.0, points) * period
    solved = diffrax.diffeqsolve(
        diffrax.ODETerm(f),
        diffrax.Dopri5(),
        t0=0.0,
        t1=(REVOLUTIONS + 1) * period,
        dt0=10.0,
        y0=steady,
        saveat=diffrax.SaveAt(ts=time + REVOLUTIONS * period),
        stepsize_controller=diffrax.PIDController(rtol=1e-7, atol=1e-7, dtmax=60.0),
        max_steps=32768,
    )
    states = solved.ys
    assert states is not None
    return Revolution(
        time=time,
        sunlight=sunlight(time, around.longest_eclipse, period, penumbra),
        junction=states[:, 0],
        coolant=states[:, 1],
        radiator=states[:, 2],
        array=states[:, 3],
    )
