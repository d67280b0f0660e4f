"""A cost over the ranges of all inputs: how likely it meets a target, what decides that, what would make it true."""

from astropy import units as u

import astro_logistics as al

COST, TARGET = "earth-to-sso.cost_usd_per_kg", 600.0

scenario = al.load("baseline")

# Every input over its range, the scenario's value the most likely.
draws = al.sample(scenario, 2**14, figures=[COST])
low, median, high = al.quantiles(draws)["value"].sel(figure=COST).values
chance = al.probability(draws, COST, lambda cost: cost <= TARGET)
print(f"{COST}: {median:.0f}, 5-95 % {low:.0f} to {high:.0f}; at the scenario's values {draws[COST].at_scenario:.0f}")
print(f"At most {TARGET:.0f} USD/kg with probability {chance.value:.1%} ({chance.low:.1%} to {chance.high:.1%})")

# Where the spread comes from: total Sobol' indices, with intervals and the bound from derivatives.
indices = al.sobol(scenario, COST, n=1024).sel(figure=COST)
deciding = [str(group) for group in indices["group"].values if group in scenario.ledger][:4]
for path in deciding:
    row = indices.sel(group=path)
    total, reach = row["total"].item(), 0.5 * (row["total_high"] - row["total_low"]).item()
    print(f"  {total:5.1%} +- {reach:.1%} of the variance, at most {row['bound_high'].item():.1%}: {path}")

# What each of them alone would have to be.
for path in deciding:
    found = al.break_even(scenario, COST, TARGET * al.USD / u.kg, vary=path)
    if not found.crossings:
        print(f"No value of {path} in its range does it: {found.closest_figure:.0f} USD/kg at {found.closest:.4g}")
    for crossing in found.crossings:
        other = crossing.moved_by[0]
        print(f"{path} = {crossing.value:.4g} would do; {other.path} over its range moves that by {other.swing:+.3g}")

# Two of them together: the frontier.
x, y = deciding[:2]
curve = al.frontier(scenario, COST, TARGET * al.USD / u.kg, vary=(x, y))
print(f"Together, on a curve of {curve.sizes['point']} points:")
for i in range(0, curve.sizes["point"], max(1, curve.sizes["point"] // 4)):
    point = curve.isel(point=i)
    print(f"  {x} = {point['x'].item():.4g} {curve['x'].units} with {y} = {point['y'].item():.4g} {curve['y'].units}")

assert low < median < high
assert draws.attrs["not_converged"] == 0
assert (indices["bound_high"] > indices["total_low"]).all()
