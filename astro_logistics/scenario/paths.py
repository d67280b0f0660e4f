"""Where the data is: in the installed package, or beside it in a checkout."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from astro_logistics.scenario.errors import Problem, ScenarioError

_PACKAGE = "astro_logistics"
NOT_CATALOGUES = ("sources", "price_index", "claims")
"""Files of the data folder that are no catalogues."""


def data_folder() -> Path:
    """The folder with `sources.toml`, the catalogues, `scenarios/` and `ephemeris/`.

    An installed wheel carries it as `astro_logistics/_data`; in a checkout it is `data/` beside the package.

    Raises:
        ScenarioError: neither place has it.
    """
    package = Path(str(resources.files(_PACKAGE)))
    candidates = (package / "_data", package.parent / "data")
    for folder in candidates:
        if (folder / "sources.toml").is_file():
            return folder
    raise ScenarioError(
        [
            Problem(
                file=str(candidates[0]),
                path="",
                found="no data folder with a sources.toml",
                allowed=f"one of {candidates[0]} (installed) and {candidates[1]} (checkout)",
                remedy="reinstall astro-logistics, or pass data_dir",
            )
        ]
    )


def scenario_names(folder: Path) -> list[str]:
    """Names of the scenarios in a data folder, sorted."""
    return sorted(path.stem for path in (folder / "scenarios").glob("*.toml"))


def catalogue_names(folder: Path) -> list[str]:
    """Names of the catalogues in a data folder, sorted."""
    return sorted(path.stem for path in folder.glob("*.toml") if path.stem not in NOT_CATALOGUES)


def collection_files(folder: Path) -> list[Path]:
    """Files of the collections and of the published studies, sorted: written like scenarios, for other classes."""
    return [path for name in ("collections", "published") for path in sorted((folder / name).glob("*.toml"))]
