// One row of the ranked list: what changes in it is looked up once, and written only where it differs.

const SVG = "http://www.w3.org/2000/svg";
const LEAST = 0.5;

/** The parts of a row that move with the weights. */
export function partsOf(row) {
  const bar = row.querySelector(".score-bar");
  return {
    row,
    rank: row.querySelector(".rank"),
    score: row.querySelector(".score"),
    moved: row.querySelector(".moved"),
    previous: [...row.querySelectorAll(".range, .inside")],
    bar,
    shares: bar ? [...bar.querySelectorAll(".score-bar__part")] : [],
    unknown: bar?.querySelector(".fill-unknown"),
    point: bar?.querySelector(".score-bar__point"),
    drawn: new Map(),
  };
}

/** A row of another page, after the model of one on this: its name, rank and score; the rest follows from the server. */
export function arriving(model, project) {
  const row = model.cloneNode(true);
  row.dataset.reference = project.reference;
  const tick = row.querySelector(".tick input");
  Object.assign(tick, { value: project.reference, checked: false });
  tick.setAttribute("aria-label", `Compare ${project.title}`);
  const link = row.querySelector(".name a");
  link.href = link.getAttribute("href").replace(/[0-9a-f-]{36}/, project.id);
  link.textContent = project.title;
  row.querySelectorAll(".name .tag").forEach((tag) => tag.remove());
  row.querySelector(".name .sub").textContent = project.reference;
  row.querySelectorAll(".cell-rest, .range").forEach((cell) => { cell.textContent = "…"; });
  return partsOf(row);
}

/** Write the row as ranked now. */
export function drawParts(parts, project, found, at, budgeted) {
  if (!parts.drawn.size) untouched(parts);
  const score = scoreText(found.scores[at], found.low[at], found.high[at]);
  once(parts, "rank", found.ranks[at], (rank) => say(parts.rank, rank));
  once(parts, "out", budgeted && !found.funded[at], (out) => parts.row.classList.toggle("is-out", out));
  once(parts, "moved", project.rank - found.ranks[at], (places) => drawChange(parts.moved, places));
  if (parts.score) once(parts, "score", score, (text) => say(parts.score, text));
  if (parts.bar) drawBar(parts, project, found, at, score);
}

/** What only the server knows is of the weights before; titles of the bar's parts would say figures of then. */
function untouched(parts) {
  parts.previous.forEach((cell) => cell.classList.add("is-previous"));
  parts.bar?.querySelectorAll("title").forEach((title) => title.remove());
}

function once(parts, name, value, write) {
  if (parts.drawn.get(name) === value) return;
  parts.drawn.set(name, value);
  write(value);
}

function say(cell, text) {
  const only = cell.childNodes.length === 1 && cell.firstChild.nodeType === Node.TEXT_NODE;
  if (only) cell.firstChild.data = text;
  else cell.textContent = text;
}

function scoreText(score, low, high) {
  if (score === null) return "not answered";
  const ends = [low, high].map((end) => Math.round(end));
  return ends[0] === ends[1] ? String(Math.round(score)) : ends.join("–");
}

function drawChange(cell, places) {
  const [kind, mark, words] = places > 0 ? ["up", `▲ ${places}`, `up ${places}`] : places < 0 ? ["down", `▼ ${-places}`, `down ${-places}`] : ["same", "=", "unchanged"];
  let outer = cell.querySelector("span");
  if (!outer) {
    outer = document.createElement("span");
    const seen = document.createElement("span");
    seen.setAttribute("aria-hidden", "true");
    outer.append(seen, Object.assign(document.createElement("span"), { className: "visually-hidden" }));
    cell.replaceChildren(outer);
  }
  outer.className = `change--${kind}`;
  say(outer.firstElementChild, mark);
  say(outer.lastElementChild, words);
}

function drawBar(parts, project, found, at, score) {
  let start = 0;
  parts.shares.forEach((share, k) => {
    const points = found.shares[k] * project.low[k];
    once(parts, share, `${start.toFixed(1)} ${points.toFixed(1)}`, () => span(share, start, points));
    start += points;
  });
  const width = Math.max(0, found.high[at] - start);
  parts.unknown ??= width >= LEAST ? added(parts.bar, "rect", { class: "fill-unknown", fill: "url(#unknown-hatch)", y: 0.5, height: 11 }) : null;
  if (parts.unknown) once(parts, "unknown", `${start.toFixed(1)} ${width.toFixed(1)}`, () => span(parts.unknown, start, width));
  const point = width >= LEAST ? found.scores[at] : null;
  parts.point ??= point !== null ? added(parts.bar, "line", { class: "score-bar__point", y1: -2, y2: 14 }) : null;
  if (parts.point) {
    once(parts, "point", point?.toFixed(1), (x) => {
      parts.point.toggleAttribute("hidden", x === undefined);
      for (const end of ["x1", "x2"]) parts.point.setAttribute(end, `${x ?? 0}%`);
    });
  }
  once(parts, "label", score, (text) => parts.bar.setAttribute("aria-label", `Score: ${text}`));
}

function span(rect, start, width) {
  rect.setAttribute("x", `${start.toFixed(1)}%`);
  rect.setAttribute("width", `${width.toFixed(1)}%`);
}

function added(bar, name, attributes) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return bar.appendChild(made);
}
