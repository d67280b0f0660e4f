"""What growth depends on besides the machines: how fast works expand, what is bought, who pays, what the Moon can make.

Yearly figures are per year, as money is; a capacity's rate of expansion holds while it is fully used.
"""

from __future__ import annotations

from jax import Array

from astro_logistics.pytree import Pytree, field, static


class LaunchGrowth(Pytree):
    """How fast launching from the Earth can grow, and what that costs."""

    pads_rate: Array = field(unit="yr-1", doc="growth of the launches that pads allow", low=0.0)
    works_rate: Array = field(
        unit="yr-1", doc="growth of rockets and engines built, and of rockets in service", low=0.0
    )
    propellant_rate: Array = field(unit="yr-1", doc="growth of the oxygen and fuel that launches get", low=0.0)
    flight_ceiling: Array = field(
        unit="yr-1", doc="flights per year that sites, noise, airspace and high air bear at most", low=0.0
    )
    other_flights: Array = field(unit="yr-1", doc="flights per year at the start for all but this", low=0.0)
    other_growth: Array = field(unit="yr-1", doc="growth of those")
    other_share: Array = field(unit="", doc="largest share of the flights that they take", low=0.0, high=1.0)
    moon_share: Array = field(unit="", doc="largest share of launches that carry things to the Moon", low=0.0, high=1.0)
    pad_cost: Array = field(unit="USD", doc="building one more pad with its tanks", low=0.0)
    works_capital: Array = field(unit="yr", doc="capital of works over the yearly cost of what they make", low=0.0)
    plant_cost: Array = field(
        unit="USD yr / kg", doc="capital of plants over the propellant they make in a year", low=0.0
    )


class Factories(Pytree):
    """Satellites and chips made on the Earth."""

    satellite_production: Array = field(
        unit="W / yr", doc="satellites that works on the Earth can make per year, in delivered compute power", low=0.0
    )
    satellite_rate: Array = field(unit="yr-1", doc="growth of that", low=0.0)
    satellite_experience: Array = field(
        unit="W", doc="delivered compute power of the satellites made when their cost is that of the scenario", low=0.0
    )
    chip_production: Array = field(
        unit="W / yr", doc="accelerators that orbit can get per year, in delivered compute power", low=0.0
    )
    chip_rate: Array = field(unit="yr-1", doc="growth of that", low=0.0)
    moon_chip_share: Array = field(
        unit="", doc="largest share of them that goes into satellites from the Moon", low=0.0, high=1.0
    )


class ComputeDemand(Pytree):
    """What is asked for on the ground and in orbit together, and how fast the ground can follow."""

    reference_year: Array = field(unit="yr", doc="year in which demand and supply were those below")
    power: Array = field(unit="W", doc="data centers on the ground then, mean electric power", low=0.0)
    growth: Array = field(unit="yr-1", doc="growth of demand then, at the rent of the scenario")
    later_growth: Array = field(unit="yr-1", doc="growth of demand in the long run, at a fixed rent")
    settling_time: Array = field(unit="yr", doc="in which 63 % of the way from one to the other is gone", low=0.0)
    elasticity: Array = field(unit="", doc="per cent more demanded for a per cent off the rent", low=0.0)
    ground_growth: Array = field(unit="yr-1", doc="fastest growth of power for data centers on the ground", low=0.0)
    ground_share: Array = field(
        unit="", doc="largest share of the world's electricity that goes to data centers on the ground", low=0.0
    )
    electricity_growth: Array = field(unit="yr-1", doc="growth of the world's electricity")
    response: Array = field(
        unit="", doc="relative gap of rent and cost over which builders go from hardly any to nearly all", low=0.0
    )


class Capital(Pytree):
    """Who pays."""

    orbit_programme: Array = field(unit="USD / yr", doc="put into orbital data centers, whatever they earn", low=0.0)
    moon_programme: Array = field(unit="USD / yr", doc="put into industry on the Moon, whatever it earns", low=0.0)
    outside: Array = field(unit="USD / yr", doc="ready for data centers that earn their cost of capital", low=0.0)
    outside_growth: Array = field(unit="yr-1", doc="growth of that")
    reinvested_fraction: Array = field(
        unit="", doc="of what is earned above running costs, put into more of what earns", low=0.0, high=1.0
    )


class LunarIndustry(Pytree):
    """Industry on the Moon: what a kilogram of it makes, what it takes, and what still comes from the Earth."""

    start_year: Array = field(unit="yr", doc="year by which half of the programme's money flows")
    machine_productivity: Array = field(
        unit="yr-1", doc="goods made per year of work over the mass of the machines that make them", low=0.0
    )
    duty_fraction: Array = field(unit="", doc="share of the year at work", low=0.0, high=1.0)
    life: Array = field(unit="yr", doc="of machines and plant", low=0.0)
    plant_specific_power: Array = field(unit="W / kg", doc="electric power per mass of plant and store", low=0.0)
    radiator_specific_power: Array = field(unit="W / kg", doc="heat given off per mass of radiator", low=0.0)
    metal_fraction: Array = field(unit="", doc="aluminium and iron, over goods", low=0.0, high=1.0)
    silicon_fraction: Array = field(unit="", doc="silicon for cells, over goods; the rest is glass", low=0.0, high=1.0)
    oxygen_per_metal: Array = field(unit="", doc="oxygen won with the metal, over metal", low=0.0)
    oxygen_per_silicon: Array = field(unit="", doc="oxygen won with the silicon, over silicon", low=0.0)
    oxygen_energy: Array = field(
        unit="J / kg", doc="parting rock into oxygen and metal or silicon, per oxygen", low=0.0
    )
    metal_energy: Array = field(unit="J / kg", doc="refining and forming metal", low=0.0)
    silicon_energy: Array = field(unit="J / kg", doc="refining silicon for cells", low=0.0)
    cell_energy: Array = field(unit="J / kg", doc="growing, cutting and making cells, per silicon in them", low=0.0)
    glass_energy: Array = field(unit="J / kg", doc="melting and forming glass", low=0.0)
    goods_yield: Array = field(unit="", doc="goods over the regolith that is moved for them", low=0.0, high=1.0)
    closure: Array = field(
        unit="", doc="share of the industry's own mass that it can make in its first generation", low=0.0, high=1.0
    )
    last_closure: Array = field(unit="", doc="the same after many generations, below 1", low=0.0, high=1.0)
    generation_time: Array = field(unit="yr", doc="from one generation of machines to the next", low=0.0)
    gap_per_generation: Array = field(
        unit="", doc="share of the gap to the last closure that a generation leaves open", low=0.0, high=1.0
    )
    satellite_closure: Array = field(
        unit="", doc="of arrays, radiators and structure of satellites, share made on the Moon", low=0.0, high=1.0
    )
    replication_share: Array = field(unit="", doc="share of the goods that becomes industry", low=0.0, high=1.0)
    seed_share: Array = field(
        unit="", doc="share of the Moon's money and landings that becomes industry", low=0.0, high=1.0
    )
    hardware_cost: Array = field(unit="USD / kg", doc="making what is landed as industry", low=0.0)
    running_cost: Array = field(unit="USD / kg", doc="control and spares, per goods made", low=0.0)
    reach: Array = field(unit="m", doc="depth of ground that is taken", low=0.0)
    ground_density: Array = field(unit="kg / m3", doc="of that ground", low=0.0)


class Growth(Pytree):
    """How it may grow from the scenario's own fleet on."""

    launch: LaunchGrowth
    factories: Factories
    demand: ComputeDemand
    capital: Capital
    moon: LunarIndustry
    start_year: Array = field(unit="yr", doc="year in which fleet and costs are those of the scenario")
    stay_time: Array = field(unit="yr", doc="from arrival to the lesson learned, of programmes that iterate", low=0.0)
    turnaround_time: Array = field(unit="yr", doc="from there to the next craft ready to leave", low=0.0)
    years: int = static(doc="years that are followed from then on")
    steps_per_year: int = static(doc="steps of the integration in a year, four or more")
