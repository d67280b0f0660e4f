"""Many shots at once, sampled on their way: what guesses and pictures are made from."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from astro_logistics.astro.cr3bp import System, propagate
from astro_logistics.astro.lunar_launch import Shot, Site, conic, muzzle_state

LANES, SAMPLES = 1024, 128
_NEAR = 0.1
"""Distance from the Moon within which its conic predicts an impact; twice the way to L1 the Earth bends it more."""


@partial(jax.jit, static_argnames="samples")
def sampled(mass_ratio: Array, state: Array, step: Array, radius: Array, samples: int) -> Array:
    """States (samples + 1, n, 6) of n lanes, `step` (n,) apart, the first included.

    NaN from where a flight falls towards the Moon on a conic with a near point below `radius`.
    """

    def advance(state: Array, _: None) -> tuple[Array, Array]:
        end = propagate(mass_ratio, state, step)
        c = conic(mass_ratio, 1.0 - mass_ratio, end)
        lost = (c.radius < _NEAR) & (c.climb < 0.0) & (c.periapsis < radius)
        end = jnp.where(lost[:, None], jnp.nan, end)
        return end, end

    rest = jax.lax.scan(advance, state, None, length=samples)[1]
    return jnp.concatenate([state[None], rest])


def shots(system: System, site: Site, shot: Shot, time: np.ndarray) -> np.ndarray:
    """States (SAMPLES + 1, n, 6) of up to LANES shots at equal parts of their times of flight (n,), in units of time.

    NaN from where a flight falls back below 99.5 % of the radius of the site (a shallow return is left to the caller).
    """
    state = np.asarray(muzzle_state(system, site, shot))
    n = state.shape[0]
    spare = ((0, LANES - n), (0, 0))
    state = np.pad(state, spare, constant_values=0.5)
    step = np.pad(time / SAMPLES, spare[0])
    floor = 0.995 * jnp.min(site.radius) / system.length
    return np.asarray(sampled(system.mass_ratio, jnp.asarray(state), jnp.asarray(step), floor, SAMPLES))[:, :n]


def flown(system: System, site: Site, shot: Shot, time: float) -> tuple[np.ndarray, np.ndarray]:
    """Times (n,) and states (n, 6) along one shot, denser in the first twentieth; `time` in units of the system."""
    one = Shot(*(jnp.reshape(x, (1,)) for x in (shot.speed, shot.azimuth, shot.elevation)))
    early, whole = (shots(system, site, one, np.array([part * time]))[:, 0] for part in (0.05, 1.0))
    late = np.arange(SAMPLES + 1) > 0.05 * SAMPLES
    times = np.concatenate([np.linspace(0.0, 0.05 * time, SAMPLES + 1), np.linspace(0.0, time, SAMPLES + 1)[late]])
    return times, np.concatenate([early, whole[late]])
