"""Where shots with muzzle errors end within a year: on the Moon, on the Earth, away, or still between them.

The circular problem for the whole time, so without the Sun, whose pull moves flights beyond the Moon's orbit within
weeks (`cr3bp`): single fates are not forecasts, their shares are estimates, and the sampling error given with them says
nothing of that. Nothing is caught here: these are the shots that miss, or whose catcher is not there.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import cr3bp
from astro_logistics.astro.cr3bp import System
from astro_logistics.astro.cr3bp_flow import time_to_contact
from astro_logistics.astro.lunar_launch import Shot, Site, about, conic, erring, muzzle_state
from astro_logistics.numerics import norm
from astro_logistics.pytree import Pytree, field

STAYS, EARTH, MOON, LEAVES, UNKNOWN = 0, 1, 2, 3, 4
NAMES = (
    "in cislunar space",
    "on the Earth",
    "on the Moon",
    "beyond the Earth's Hill sphere",
    "not followed to the end",
)
"""What the codes 0 to 4 of `Fates.fate` mean; a flight that cannot be followed needs above 20,000 steps."""

HILL_SPHERE = 1.5e9
"""m: a (m_Earth / 3 m_Sun)^(1/3) = 1.50e9 m; from beyond it the Sun takes most flights for good."""

_CLEAR = 300.0
"""s after which the ground is looked for; a level shot is far above it by then, or below."""
_DEEP = 30.0
"""m: a shot that points down and would pass this far below the site has hit the ground (2.5 mrad at 2.4 km/s)."""
_CHUNK = 64


class Fates(Pytree):
    """One entry per shot, (n,)."""

    fate: Array = field(
        unit="", doc="0 stays, 1 hits the Earth, 2 the Moon, 3 leaves, 4 not followed", low=0.0, high=4.0
    )
    time: Array = field(unit="s", doc="of the impact, or the end", low=0.0)


@jax.jit
def _follow(system: System, site: Site, shot: Shot, errors: Array, radii: Array, time: Array) -> Fates:
    """`fates` of so many shots at once."""
    mass_ratio, size, n = system.mass_ratio, radii / system.length, len(errors)
    state = muzzle_state(system, site, erring(shot, errors))
    first = conic(mass_ratio, 1.0 - mass_ratio, state)
    down = (first.climb < 0.0) & (first.periapsis < first.radius - _DEEP / system.length)
    early = _CLEAR / system.time
    state = cr3bp.propagate(mass_ratio, state, early)
    grounded = down | (norm(about(1.0 - mass_ratio, state)[0]) <= size[1])
    lanes = jnp.broadcast_to(mass_ratio, (n,)), state.T, jnp.broadcast_to(time / system.time - early, (n,))
    when, body, end = time_to_contact(*lanes, jnp.broadcast_to(size[:, None], (2, n)))
    away = norm(end[:3], axis=0) * system.length > HILL_SPHERE
    fate = jnp.where(body > 0, body, jnp.where(away, LEAVES, STAYS))
    fate = jnp.where(grounded, MOON, jnp.where(jnp.isnan(when), UNKNOWN, fate))
    return Fates(fate=fate, time=jnp.where(grounded, 0.0, when * system.time) + _CLEAR)


def fates(
    system: System,
    site: Site,
    shot: Shot,
    errors: ArrayLike,
    radii: tuple[ArrayLike, ArrayLike],
    time: ArrayLike,
    progress: Callable[[float], None] = lambda fraction: None,
) -> Fates:
    """Follow shots with muzzle errors until they hit the Earth or the Moon, for at most `time`.

    One program for so many at once, whatever their number.

    Args:
        system: the Earth and the Moon.
        site, shot: fields scalar.
        errors: (n, 3), speed m/s, side rad, rise rad.
        radii: of the Earth (with its air) and of the Moon, m.
        time: s.
        progress: called with the fraction done.

    Returns:
        `Fates`. A shot that would pass 30 m below the site, or is below the ground after 300 s, has hit the Moon at
        once. No derivatives.
    """
    errors = np.asarray(errors, np.float64)
    n = len(errors)
    size, time = jnp.stack([jnp.asarray(r, jnp.float64) for r in radii]), jnp.asarray(time, jnp.float64)
    chunks = -(-n // _CHUNK)
    found = []
    for k, rows in enumerate(np.resize(errors, (chunks, _CHUNK, 3))):
        found.append(jax.device_get(_follow(system, site, shot, jnp.asarray(rows), size, time)))
        progress((k + 1) / chunks)
    return jax.tree.map(lambda *x: jnp.asarray(np.concatenate(x)[:n]), *found)


def shares(found: Fates) -> tuple[np.ndarray, np.ndarray]:
    """Share of each fate, (5,), and its standard error of sampling.

    The error is that of the binomial law with two successes and two failures added (Agresti and Coull 1998): it
    does not vanish where none of the shots was seen.
    """
    counts = np.bincount(np.asarray(found.fate), minlength=5)
    n = counts.sum()
    middle = (counts + 2.0) / (n + 4.0)
    return counts / n, np.sqrt(middle * (1.0 - middle) / (n + 4.0))
