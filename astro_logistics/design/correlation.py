"""Inputs that are drawn together: a Gaussian copula over named pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import ndtr, ndtri
from jax.typing import ArrayLike

from astro_logistics.pytree import Pytree


class CorrelationError(ValueError):
    """Correlations that no joint distribution has."""


class Copula(Pytree):
    """Which of d inputs are correlated, `columns` (c,), and the lower triangular `factor` (c, c) of their matrix."""

    columns: Array
    factor: Array

    def correlate(self, u: ArrayLike) -> Array:
        """Independent uniform numbers made dependent; those of uncorrelated inputs are left as they are.

        u' = Phi(L Phi^-1(u)), with Phi the normal distribution and L L^T the correlation matrix. Each u' is uniform.

        Args:
            u: shape (d,), strictly between 0 and 1.
        """
        u = jnp.asarray(u)
        if self.columns.size == 0:
            return u
        return u.at[self.columns].set(ndtr(self.factor @ ndtri(u[self.columns])))


def copula(names: Sequence[str], correlations: Mapping[tuple[str, str], float]) -> Copula:
    """The Gaussian copula of named correlations; pairs that are not named are uncorrelated.

    Each number is the correlation r of the normal scores. Spearman's rank correlation of the inputs is then
    6 / pi asin(r / 2), within 0.018 of r, whatever their distributions.

    Args:
        names: all inputs, in the order of the columns.
        correlations: (name, name) -> r.

    Raises:
        CorrelationError: a pair of one name, a pair twice, r not between -1 and 1, a matrix not positive definite.
        KeyError: a name that is none of the inputs.
    """
    at = {name: i for i, name in enumerate(names)}
    unknown = [name for pair in correlations for name in pair if name not in at]
    if unknown:
        raise KeyError(unknown[0])
    used = sorted({name for pair in correlations for name in pair}, key=at.__getitem__)
    matrix = np.eye(len(used))
    seen: set[frozenset[str]] = set()
    for (a, b), r in correlations.items():
        if a == b or frozenset((a, b)) in seen:
            raise CorrelationError(f"{a} with {b}: " + ("an input with itself" if a == b else "named twice"))
        if not -1.0 < r < 1.0:
            raise CorrelationError(f"{a} with {b}: {r} is not between -1 and 1, both excluded")
        seen.add(frozenset((a, b)))
        i, j = used.index(a), used.index(b)
        matrix[i, j] = matrix[j, i] = r
    try:
        factor = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        least = float(np.linalg.eigvalsh(matrix)[0])
        raise CorrelationError(
            f"the matrix of the {len(used)} correlated inputs is not positive definite (least eigenvalue {least:.3g}): "
            f"no inputs are correlated so; weaken some of them, or name the missing pairs among {', '.join(used)}"
        ) from None
    return Copula(columns=jnp.asarray([at[name] for name in used], jnp.int64), factor=jnp.asarray(factor))
