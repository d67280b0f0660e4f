"""Scenarios: records with provenance in TOML files, and the loader that turns them into a Pytree and a ledger.

The format of `data/`
=====================

`sources.toml`: one table per source. ::

    [starship-v3-third-party-2026]
    title = "..."                      # required, as are authors, year, access and one of url, doi, isbn
    authors = "A. Writer; B. Other"
    year = 2026
    url = "https://..."
    access = "read in full 2026-11"    # how it was read
    note = "..."                       # optional

A record, one per number of the scenario. ::

    [starship_v3.dry_mass]
    value = 120.0                      # finite; low <= value <= high, all inside the physical bounds of the field
    unit = "t"                         # required; "1" for a pure number; must convert to the unit of the field
    low = 85.0
    high = 160.0
    status = "estimated"               # measured specified published derived estimated assumed claimed
    source = "starship-v3-third-party-2026"   # required, but for derived and assumed
    locator = "dry-mass table"         # required with a source: where in it
    note = "..."                       # required for assumed: the reason
    formula = "a / b"                  # derived only, required there: text, never run
    parents = ["tank_mass", "some-source: array power"]   # derived only, required there
    price_year = 2026                  # required exactly where the unit has USD in it

A parent is the path of another record, looked up from the record's own table outwards, or the key of a source; after a
colon may follow what was taken from it. Units: `astro_logistics.units.parse_unit`. Money of another year than
the scenario's is converted by `price_index.toml` (`source`, `locator`, `[index]` with `2020 = 105.4`).

Catalogues: every other `NAME.toml` in the folder. A top-level table is an entry; below it stands the tree of the field
that picks it: records for numbers, plain keys for static fields, tables `0`, `1`, ... for a tuple, named tables for a
dict.

Scenarios: `scenarios/NAME.toml`. ::

    title = "Best-supported figures of 2026"   # required
    description = "..."                # optional
    price_year = 2026                  # required here or in the file it extends
    extends = "baseline"               # optional: a name, or a .toml file in the same folder
    [pick]                             # path of a field -> "catalogue:entry"
    launcher = "launchers:starship_v3"
    "routes.today.launcher" = "launchers:falcon_9"
    [set.mass_driver.acceleration]     # a full record, over a picked one or where there is none
    value = 500
    [sources.my-note]                  # optional: sources for this file

Collections: `collections/NAME.toml`, written like scenarios, fill other classes (a catalogue of launch vehicles).

Laid over one another in this order: the file it extends; its picks, shorter paths first, each replacing all that stood
below its path; its `[set]`. Title, description, price_year and name (the file's stem) fill static fields of those names
in the root class. Nothing in a file is ever run.
"""

from astro_logistics.scenario.check import check_folder
from astro_logistics.scenario.errors import Problem, ScenarioError
from astro_logistics.scenario.loader import load_scenario
from astro_logistics.scenario.override import replace
from astro_logistics.scenario.paths import catalogue_names, data_folder, scenario_names
from astro_logistics.scenario.records import STATUSES, Ledger, Source, Sourced

__all__ = [
    "STATUSES",
    "Ledger",
    "Problem",
    "ScenarioError",
    "Source",
    "Sourced",
    "catalogue_names",
    "check_folder",
    "data_folder",
    "load_scenario",
    "replace",
    "scenario_names",
]
