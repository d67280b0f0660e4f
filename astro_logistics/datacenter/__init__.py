"""The thing worth moving: an orbital data center, from its surroundings to kilograms per watt."""

from astro_logistics.datacenter.battery import Battery
from astro_logistics.datacenter.compute import Server
from astro_logistics.datacenter.cooling import CoolantLoop
from astro_logistics.datacenter.design import Bus, DataCenter
from astro_logistics.datacenter.environment import Air, Environment, Particles
from astro_logistics.datacenter.figures import Satellite
from astro_logistics.datacenter.links import Links, OpticalTerminal
from astro_logistics.datacenter.radiation import Hardness
from astro_logistics.datacenter.solar import SolarArray
from astro_logistics.datacenter.thermal import Radiator

__all__ = [
    "Air",
    "Battery",
    "Bus",
    "CoolantLoop",
    "DataCenter",
    "Environment",
    "Hardness",
    "Links",
    "OpticalTerminal",
    "Particles",
    "Radiator",
    "Satellite",
    "Server",
    "SolarArray",
]
