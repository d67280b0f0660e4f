"""One scenario, seven routes: what a kilogram costs by rocket and by mass driver."""

import astro_logistics as al

scenario = al.load("baseline")
result = al.evaluate(scenario)

for route in result:
    print(f"{route.name:20} {route.delta_v_m_per_s:8.0f} m/s {route.cost_usd_per_kg:10.0f} USD/kg  {route.limited_by}")

moon, escape = result["earth-to-moon"], result["moon-to-escape"]
print(
    f"The driver's parts are landed at {moon.cost_usd_per_kg:.0f} USD/kg; it throws for {escape.cost_usd_per_kg:.2f}."
)

assert result.converged
assert result.feasible
assert escape.delta_v_m_per_s < result["earth-to-leo-today"].delta_v_m_per_s
