"""Networks with two planted camps, as strong as one likes: strength 0, ties fall anywhere; 1, all stay within."""

import numpy as np

from kring.graph.build import from_pairs, like


def camps(n, mean_degree, strength, seed, *, share=0.5, powers=False):
    """A stochastic block model with the column `camp`.

    Takes   `share`: of people in the first camp; `powers`: people differ in how many ties they have, as a power law (density exponent 2.5)
            cut at the root of n: the model is then corrected for degrees.
    """
    draw = np.random.default_rng((seed, n, int(100 * strength)))
    camp = (np.arange(n) >= share * n).astype(int)
    pull = np.minimum(draw.pareto(1.5, n) + 1, n**0.5) if powers else np.ones(n)
    m = n * mean_degree // 2
    source = draw.choice(n, m, p=pull / pull.sum())
    anywhere = draw.choice(n, m, p=pull / pull.sum())
    own = np.empty(m, int)
    for side in (0, 1):
        members, here = np.flatnonzero(camp == side), camp[source] == side
        own[here] = draw.choice(members, here.sum(), p=pull[members] / pull[members].sum())
    graph = from_pairs(source, np.where(draw.random(m) < strength, own, anywhere), directed=False, n=n)
    return like(graph, labels={"camp": np.array(["left", "right"], object)[camp]})
