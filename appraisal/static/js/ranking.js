// Ranks and funding as the server computes them (scoring/ranking/reweighting.py): a test compares the two.

const TIE = 1e-9;
const SLACK = 1e-12;
const UNSCORED = -1;

/** The weighted mean of the criteria that have a score; null where none has. */
export function pointScore(points, weights) {
  let sum = 0;
  let carried = 0;
  points.forEach((point, at) => {
    if (point !== null) {
      sum += weights[at] * point;
      carried += weights[at];
    }
  });
  return carried > 0 ? sum / carried : null;
}

/** Ranks, 1 for the highest, and the positions in their order: scores that differ by rounding only share the better
    rank, and of them the first by position, which is by reference, comes first. */
export function ranked(scores) {
  const given = scores.map((score) => score ?? UNSCORED);
  const same = TIE * Math.max(1, ...given.map(Math.abs));
  const order = given.map((_, at) => at).sort((a, b) => given[b] - given[a] || a - b);
  const ranks = new Array(given.length);
  const level = (place) => place < order.length && given[order[place - 1]] - given[order[place]] <= same;
  for (let first = 0, next; first < order.length; first = next) {
    next = first + 1;
    while (level(next)) next += 1;
    const tied = order.slice(first, next).sort((a, b) => a - b);
    tied.forEach((at, place) => { order[first + place] = at; ranks[at] = first + 1; });
  }
  return { ranks, order };
}

/** The must-do projects, then the others in order of rank until one does not fit a budget. */
export function fundedByRank(projects, order, budgets) {
  const funded = projects.map((project) => budgets.length > 0 && project.must && project.able);
  const spent = budgets.map((_, k) => projects.reduce((sum, project, at) => sum + (funded[at] ? project.costs[k] : 0), 0));
  if (!budgets.length) return { funded, firstOut: null };
  for (const at of order) {
    if (funded[at] || !projects[at].able) continue;
    const next = spent.map((sum, k) => sum + projects[at].costs[k]);
    if (next.some((sum, k) => sum > budgets[k] * (1 + SLACK))) return { funded, firstOut: at };
    next.forEach((sum, k) => { spent[k] = sum; });
    funded[at] = true;
  }
  return { funded, firstOut: null };
}

/** Everything a row shows under these weights, by position. */
export function rerank(projects, weights, budgets) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / total);
  const dot = (points) => points.reduce((sum, point, at) => sum + shares[at] * point, 0);
  const scores = projects.map((project) => pointScore(project.points, shares));
  const { ranks, order } = ranked(scores);
  return { shares, scores, ranks, order, low: projects.map((p) => dot(p.low)), high: projects.map((p) => dot(p.high)), ...fundedByRank(projects, order, budgets) };
}

/** Weights in per cent after one of them moves: locked ones stay, the others share what is left, and the sum is 100. */
export function balanced(weights, locked, moved, value) {
  const fixed = weights.reduce((sum, weight, at) => sum + (at !== moved && locked[at] ? weight : 0), 0);
  const free = weights.map((_, at) => at).filter((at) => at !== moved && !locked[at]);
  const tenths = (number) => Math.round(number * 10) / 10;
  const found = [...weights];
  found[moved] = tenths(Math.max(0, free.length ? Math.min(value, 100 - fixed) : 100 - fixed));
  if (!free.length) return found;
  const rest = 100 - fixed - found[moved];
  const loose = free.reduce((sum, at) => sum + weights[at], 0);
  for (const at of free) found[at] = tenths(rest * (loose > 0 ? weights[at] / loose : 1 / free.length));
  const largest = free.reduce((a, b) => (found[b] > found[a] ? b : a));
  found[largest] = tenths(found[largest] + 100 - found.reduce((sum, weight) => sum + weight, 0));
  return found;
}
