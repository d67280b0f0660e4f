"""A claim, every way to read it, how likely each is, what decides it and where it would turn true."""

import astro_logistics as al

al.use_cache()
scenario = al.load("baseline")
found = al.claims(scenario, "starship-10-20x", n=2048, break_even=True)
print(found.judged[0].claim.says)

chance = {each.reading.name: each.probability.value for each in found.judged if each.probability is not None}
for each in found.judged:
    print(f"\n{each.reading.reads}: {each.verdict}, P = {chance[each.reading.name]:.2f}")
    print(
        f"  {each.median:.1f} ({each.p05:.1f} to {each.p95:.1f}), at the scenario's own values {each.at_scenario:.1f}"
    )
    for deciding in each.deciding:
        turns = [t for t in each.break_even or () if t.path == deciding.path]
        said = [f"{'above' if t.true_above else 'below'} {t.value:.3g} {t.unit}".rstrip() for t in turns]
        print(f"  {deciding.share:.0%} {deciding.path}: true {' or '.join(said) or 'at no value'}")

# Cost held against cost, and today's price held against the cost to come: the second flatters by the seller's margin.
assert chance["cost"] < 0.1 < chance["price-over-cost"]
assert all(each.p05 < each.median < each.p95 for each in found.judged)
# Twenty is harder than ten, and every verdict follows from its probability.
assert chance["cost-20"] <= chance["cost"]
rule = [("holds", 0.9), ("plausible", 0.5), ("unlikely", 0.1), ("fails", 0.0)]
for each in found.judged:
    assert each.verdict == next(name for name, least in rule if chance[each.reading.name] >= least)
