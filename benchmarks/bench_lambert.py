"""Lambert arcs per core-second: ours from (N, 3) arrays, and pykep's from Python in the same process.

    python benchmarks/bench_lambert.py [--smoke]

pykep is called as its users call it, one problem at a time. Runs unchanged on a GPU (there, read the wall time).
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from peers import core_seconds, pykep, report
from timing import smoke, versions

from astro_logistics.astro.lambert import lambert, max_revolutions


def main() -> None:
    n = 2_000 if smoke() else 200_000
    n_peer = 200 if smoke() else 20_000
    rng = np.random.default_rng(1)
    r1, r2, tof = rng.normal(size=(n, 3)), rng.normal(size=(n, 3)), rng.uniform(0.5, 6.0, n)
    a, b, t = jnp.asarray(r1), jnp.asarray(r2), jnp.asarray(tof)
    print(versions())

    ours = report("ours, 0 revolutions", n, *core_seconds(lambda: lambert(1.0, a, b, t)))
    long = 6.0 * t

    def up_to_five() -> list[jax.Array]:
        answers = [lambert(1.0, a, b, long).v1]
        for revolutions in range(1, 6):
            answers += [lambert(1.0, a, b, long, revolutions=revolutions, branch=side).v1 for side in ("left", "right")]
        return answers

    many = report("ours, up to 5 revolutions, problems", n, *core_seconds(up_to_five))
    found = 1.0 + 2.0 * float(jnp.mean(jnp.minimum(max_revolutions(1.0, a, b, long), 5)))
    print(f"  ({found:.2f} arcs per problem on average; we solve all 11 slots)")

    def one(r1: jax.Array, r2: jax.Array, tof: jax.Array) -> tuple[jax.Array, jax.Array]:
        answer = lambert(1.0, r1, r2, tof)
        return answer.v1, answer.v2

    jacobian = jax.jit(jax.vmap(jax.jacfwd(one, argnums=(0, 1, 2))))
    few = n // 10
    report("ours, Jacobian of v1, v2 (6 x 7)", few, *core_seconds(lambda: jacobian(a[:few], b[:few], t[:few])))

    pk = pykep()
    if pk is None:
        return

    def peer(tof: np.ndarray, revolutions: int) -> list[object]:
        return [pk.lambert_problem(r1[i], r2[i], tof[i], 1.0, False, revolutions).v0 for i in range(n_peer)]

    print(f"pykep {pk.__version__}")
    theirs = report("pykep from Python, 0 revolutions", n_peer, *core_seconds(lambda: peer(tof, 0)))
    theirs_many = report("pykep from Python, up to 5", n_peer, *core_seconds(lambda: peer(6.0 * tof, 5)))
    print(f"ratio, 0 revolutions: {ours / theirs:.1f}; up to 5: {many / theirs_many:.1f}")
    v_ours = np.asarray(lambert(1.0, a[:n_peer], b[:n_peer], t[:n_peer]).v1)
    v_theirs = np.array(peer(tof, 0))[:, 0, :]
    error = np.linalg.norm(v_ours - v_theirs, axis=1) / np.linalg.norm(v_ours, axis=1)
    print(f"difference of v1: median {np.median(error):.1e}, 99.9 % below {np.quantile(error, 0.999):.1e}")


if __name__ == "__main__":
    main()
