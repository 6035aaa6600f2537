// The page of the ranked list on screen: while a weight is dragged, rows move, and rows of other pages come in.

import { inOrder } from "./ranking.js";

const table = () => document.querySelector("[data-live=table]");
let known = new Map();
let sample = null;
let places = null;

/** Take over the rows that the server wrote. */
export function readRows() {
  known = new Map([...document.querySelectorAll("tr[data-reference]")].map((row) => [row.dataset.reference, row]));
  sample = known.values().next().value ?? null;
}

/** Columns stay as wide as they are while rows move: the browser need not measure every cell again, and nothing jumps. */
function hold(body) {
  const { style, tHead } = body.parentElement;
  if (style.tableLayout === "fixed") return;
  const cells = [...tHead.rows[0].cells];
  cells.map((cell) => cell.getBoundingClientRect().width).forEach((width, at) => { cells[at].style.width = `${width}px`; });
  style.tableLayout = "fixed";
}

/** What ranks on this page under the new ranks: the order is by rank, so others may come onto it. */
function onPage(data, ranks) {
  return inOrder(ranks).filter((at) => data.projects[at].shown).slice(data.start, data.start + data.size);
}

/** A row of another page: its name, rank and score; the rest follows from the server. */
function arriving(project) {
  const row = sample.cloneNode(true);
  row.dataset.reference = project.reference;
  const tick = row.querySelector(".tick input");
  Object.assign(tick, { value: project.reference, checked: false });
  tick.setAttribute("aria-label", `Compare ${project.title}`);
  const link = row.querySelector(".name a");
  link.href = link.getAttribute("href").replace(/[0-9a-f-]{36}/, project.id);
  link.textContent = project.title;
  row.querySelectorAll(".name .tag").forEach((tag) => tag.remove());
  row.querySelector(".name .sub").textContent = project.reference;
  row.querySelectorAll(".cell-rest").forEach((cell) => { cell.textContent = "…"; });
  return row;
}

function rowOf(project) {
  if (!known.has(project.reference)) known.set(project.reference, arriving(project));
  return known.get(project.reference);
}

function scoreText(score, low, high) {
  if (score === null) return "not answered";
  const ends = [low, high].map((end) => Math.round(end));
  return ends[0] === ends[1] ? String(Math.round(score)) : ends.join("–");
}

function drawBar(svg, project, found, at) {
  let start = 0;
  svg.querySelectorAll(".score-bar__part").forEach((part, k) => {
    const points = found.shares[k] * project.low[k];
    part.setAttribute("x", `${start.toFixed(2)}%`);
    part.setAttribute("width", `${points.toFixed(2)}%`);
    start += points;
  });
  const unknown = svg.querySelector(".fill-unknown");
  unknown?.setAttribute("x", `${start.toFixed(2)}%`);
  unknown?.setAttribute("width", `${Math.max(0, found.high[at] - start).toFixed(2)}%`);
  const point = svg.querySelector(".score-bar__point");
  if (point && found.scores[at] !== null) for (const end of ["x1", "x2"]) point.setAttribute(end, `${found.scores[at].toFixed(2)}%`);
}

function drawChange(cell, places) {
  const [kind, mark, words] = places > 0 ? ["up", `▲ ${places}`, `up ${places}`] : places < 0 ? ["down", `▼ ${-places}`, `down ${-places}`] : ["same", "=", "unchanged"];
  const outer = document.createElement("span");
  outer.className = `change--${kind}`;
  const seen = Object.assign(document.createElement("span"), { textContent: mark });
  seen.setAttribute("aria-hidden", "true");
  outer.append(seen, Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: words }));
  cell.replaceChildren(outer);
}

function drawRow(row, project, found, at, budgeted) {
  row.querySelector(".rank").textContent = found.ranks[at];
  const score = row.querySelector(".score");
  if (score) score.textContent = scoreText(found.scores[at], found.low[at], found.high[at]);
  row.classList.toggle("is-out", budgeted && !found.funded[at]);
  row.querySelectorAll(".range, .inside").forEach((cell) => cell.classList.add("is-previous"));
  drawChange(row.querySelector(".moved"), project.rank - found.ranks[at]);
  const bar = row.querySelector(".score-bar");
  if (bar) drawBar(bar, project, found, at);
}

function budgetLine(body) {
  const line = body.querySelector(".budget-line");
  if (line) return line;
  const made = document.createElement("tr");
  made.className = "budget-line";
  made.innerHTML = '<td><span class="budget-line__rule" aria-hidden="true"></span><span class="budget-line__text"></span></td>';
  made.firstChild.colSpan = sample.children.length;
  return made;
}

/** Draw the page again as ranked now; `words` is the budget as it is typed. */
export function drawRows(data, found, { budgeted, words }) {
  const body = table()?.querySelector("tbody");
  if (!body || !sample) return;
  places ??= new Map(data.projects.map((project, at) => [project.reference, at]));
  hold(body);
  if (!document.querySelector("th[data-sort=rank][aria-sort=ascending]")) {
    for (const row of body.querySelectorAll("tr[data-reference]")) {
      const at = places.get(row.dataset.reference);
      drawRow(row, data.projects[at], found, at, budgeted);
    }
    return;
  }
  const line = budgetLine(body);
  const order = [];
  for (const at of onPage(data, found.ranks)) {
    const row = rowOf(data.projects[at]);
    drawRow(row, data.projects[at], found, at, budgeted);
    if (at === found.firstOut) order.push(line);
    order.push(row);
  }
  const out = data.projects[found.firstOut];
  const here = order.includes(line);
  const text = out ? `Budget ${words} · first out: ${out.title}` : "";
  line.querySelector(".budget-line__text").textContent = text;
  const elsewhere = table().querySelector("[data-line-elsewhere]");
  elsewhere.hidden = here || !out;
  if (out) elsewhere.textContent = `${text}, rank ${found.ranks[found.firstOut]}.`;
  body.replaceChildren(...order);
}

/** Put the server's table in place of what moved; ticks stay, and so does the focus. */
export function takeTable(part) {
  const old = table();
  const ticked = new Set([...old.querySelectorAll(".tick input:checked")].map((tick) => tick.value));
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const reference = focused?.closest("tr[data-reference]")?.dataset.reference;
  old.replaceChildren(...part.childNodes);
  for (const tick of old.querySelectorAll(".tick input")) tick.checked = ticked.has(tick.value);
  if (reference) [...old.querySelectorAll("tr[data-reference]")].find((row) => row.dataset.reference === reference)?.querySelector(focused.localName)?.focus();
  readRows();
}
