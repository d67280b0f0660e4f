"""Where on the Moon to put the muzzle so that its speed does not matter: achromatic launch to L2."""

import jax.numpy as jnp
import numpy as np

import astro_logistics  # noqa: F401  (switches float64 on)
from astro_logistics.astro import cr3bp, dispersion
from astro_logistics.astro.lunar_launch_achromatic import achromatic
from astro_logistics.astro.lunar_launch_aim import point
from astro_logistics.astro.lunar_launch_arrival import arrive

DAY, RADIUS = 86_400.0, 1_737.4e3
system = cr3bp.system(398_600.4355e9, 4_902.8001e9, 384_400e3)
l2 = point(cr3bp.lagrange_points(system.mass_ratio)[1])

# level rails at the equator, pointing east
best = achromatic(system, 0.0, RADIUS, 0.0, l2, (np.deg2rad(30.0), 2345.0, 0.5 * np.pi, 2.0 * DAY))
shot = arrive(system, best.site, best.shot, best.time, l2, 0.25 * best.time)
print(f"site          {np.rad2deg(best.site.longitude):8.2f} deg east")
print(f"muzzle speed  {best.shot.speed:8.1f} m/s, over the ground")
print(f"flight        {best.time / DAY:8.2f} days, arriving with {shot.speed:.0f} m/s")
print(f"miss          {abs(shot.miss[0, 0]):8.1e} m per m/s of muzzle speed")
print(f"              {0.5e-3 * shot.miss_second:8.1f} km per (m/s)^2, second order")
print(f"              {1e-7 * abs(shot.miss[0, 2]):8.1f} km per 0.1 mrad up, {1e-7 * abs(shot.miss[1, 1]):.2f} aside")

# 1 mm/s and a millionth of a radian, as the study of 1975 asked: the catcher for 99 % of the shots
errors = jnp.diag(jnp.asarray([1e-3, 1e-6, 1e-6]) ** 2)
large, small, _ = dispersion.ellipse(dispersion.mapped(shot.miss, errors))
catcher = dispersion.radius_for(jnp.stack([large, small]), 0.99)
print(f"catcher       {catcher / 1e3:8.2f} km of radius for 99 % of the shots")

assert best.converged
assert round(float(np.rad2deg(best.site.longitude)), 1) == 33.1  # the site of the studies of 1975 to 1979
assert abs(float(shot.miss[0, 0])) < 1.0  # 1.5 million from the same site westward
assert 0.2e3 < float(catcher) < 0.4e3
