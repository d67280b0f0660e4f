"""What others have published of orbital data centers: their own equations on their own inputs, in the units they use.

Each module has `Inputs` (fields under the authors' names, in the units that those names carry), `model(inputs)` (their
results, by name) and, where they compare compute in orbit with compute on the ground, `statements(inputs)`: both sides
as `economics.boundaries.ComputeCost`, and `BOUNDARY`, what they count.
"""

from astro_logistics.network.published import mccalip, orbitdc, sbsp, semianalysis, starcloud, suncatcher, turyshev

STUDIES = {
    "mccalip": mccalip,
    "orbitdc": orbitdc,
    "sbsp": sbsp,
    "semianalysis": semianalysis,
    "starcloud": starcloud,
    "suncatcher": suncatcher,
    "turyshev": turyshev,
}
"""Study -> its module."""
