"""The thing worth moving: an orbital data center, from its surroundings to kilograms per watt."""

from astro_logistics.datacenter.battery import Battery
from astro_logistics.datacenter.compute import Server
from astro_logistics.datacenter.environment import Environment
from astro_logistics.datacenter.satellite import Bus, DataCenter, Satellite
from astro_logistics.datacenter.solar import SolarArray
from astro_logistics.datacenter.thermal import Radiator

__all__ = ["Battery", "Bus", "DataCenter", "Environment", "Radiator", "Satellite", "Server", "SolarArray"]
