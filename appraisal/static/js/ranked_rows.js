// The page of the ranked list on screen: while a weight is dragged, rows move, and rows of other pages come in.
// What can be seen is drawn at once; the rows below follow when the slider rests, or when they come into view.

import { arriving, drawParts, partsOf } from "./row_parts.js";

const table = () => document.querySelector("[data-live=table]");
const REST = 80;
const NEAR = 2;
let known = new Map();
let model = null;
let places = null;
let view = null;
let rest = null;
let timer = 0;

/** Take over the rows that the server wrote. */
export function readRows() {
  known = new Map([...document.querySelectorAll("tr[data-reference]")].map((row) => [row.dataset.reference, partsOf(row)]));
  model = known.values().next().value?.row.cloneNode(true) ?? null;
  view = rest = null;
}

/** Columns stay as wide as they are while rows move: the browser need not measure every cell again, and nothing jumps. */
function hold(body) {
  const { style, tHead } = body.parentElement;
  if (style.tableLayout === "fixed") return;
  const cells = [...tHead.rows[0].cells];
  cells.map((cell) => cell.getBoundingClientRect().width).forEach((width, at) => { Object.assign(cells[at].style, { boxSizing: "border-box", width: `${width}px` }); });
  style.tableLayout = "fixed";
}

function partsFor(project) {
  if (!known.has(project.reference)) known.set(project.reference, arriving(model, project));
  return known.get(project.reference);
}

function budgetLine(body) {
  const line = body.querySelector(".budget-line");
  if (line) return line;
  const made = document.createElement("tr");
  made.className = "budget-line";
  made.innerHTML = '<td><span class="budget-line__rule" aria-hidden="true"></span><span class="budget-line__text"></span></td>';
  made.firstChild.colSpan = model.children.length;
  return made;
}

/** How many lines reach down to the end of the screen, or a little farther. */
function downToView(body) {
  const lines = [...body.children];
  const below = lines.findIndex((row) => row.getBoundingClientRect().top > window.innerHeight);
  return below < 0 ? Infinity : below + NEAR;
}

/** The lines of the page under these ranks, in order: each says which project it is, or is the budget line. */
function linesNow(data, found, body, line) {
  if (!document.querySelector("th[data-sort=rank][aria-sort=ascending]")) {
    return [...body.children].map((row) => (row === line ? null : places.get(row.dataset.reference)));
  }
  const page = found.order.filter((at) => data.projects[at].shown).slice(data.start, data.start + data.size);
  const cut = page.indexOf(found.firstOut);
  return cut < 0 ? page : [...page.slice(0, cut), null, ...page.slice(cut)];
}

/** Put rows in this order, and take away what is not of them; as few as possible are moved, the others stay in the page. */
function arrange(body, wanted) {
  const keep = new Set(wanted);
  [...body.children].forEach((row) => { if (!keep.has(row)) row.remove(); });
  const now = new Map([...body.children].map((row, at) => [row, at]));
  const staying = longestRun(wanted.filter((row) => now.has(row)), (row) => now.get(row));
  let next = null;
  for (const row of [...wanted].reverse()) {
    if (!staying.has(row)) body.insertBefore(row, next);
    next = row;
  }
}

/** The most of these that stand in increasing order already (patience sorting). */
function longestRun(items, at) {
  const piles = [];
  const before = new Map();
  for (const item of items) {
    let pile = piles.length;
    while (pile > 0 && at(piles[pile - 1]) > at(item)) pile -= 1;
    before.set(item, piles[pile - 1]);
    piles[pile] = item;
  }
  const run = new Set();
  for (let item = piles.at(-1); item; item = before.get(item)) run.add(item);
  return run;
}

/** Draw the page again as ranked now; `words` is the budget as it is typed. */
export function drawRows(data, found, { budgeted, words }) {
  const body = table()?.querySelector("tbody");
  if (!body || !model) return;
  places ??= new Map(data.projects.map((project, at) => [project.reference, at]));
  view ??= downToView(body);
  hold(body);
  const line = budgetLine(body);
  const lines = linesNow(data, found, body, line);
  const out = data.projects[found.firstOut];
  const text = out ? `Budget ${words} · first out: ${out.title}` : "";
  const draw = (at) => {
    if (at === null) return line;
    const parts = partsFor(data.projects[at]);
    drawParts(parts, data.projects[at], found, at, budgeted);
    return parts.row;
  };
  const drawn = lines.slice(0, view).map(draw);
  const taken = new Set(drawn);
  const page = new Set(lines.map((at) => (at === null ? line : known.get(data.projects[at].reference)?.row)));
  arrange(body, [...drawn, ...[...body.children].filter((row) => page.has(row) && !taken.has(row))]);
  line.querySelector(".budget-line__text").textContent = text;
  sayElsewhere(out && !lines.includes(null) ? `${text}, rank ${found.ranks[found.firstOut]}.` : "");
  rest = view < lines.length ? () => arrange(body, lines.map(draw)) : null;
  clearTimeout(timer);
  timer = setTimeout(drawRest, REST);
}

/** Draw what was left for later: nothing below what could be seen waits once the slider rests. */
function drawRest() {
  clearTimeout(timer);
  rest?.();
  rest = null;
  document.documentElement.dataset.ranked = String(Number(document.documentElement.dataset.ranked || 0) + 1);
}

/** Where the budget ends, if that is not on this page. */
function sayElsewhere(text) {
  const elsewhere = table().querySelector("[data-line-elsewhere]");
  elsewhere.hidden = !text;
  if (text && elsewhere.textContent !== text) elsewhere.textContent = text;
}

/** Put the server's table in place of what moved; ticks stay, and so does the focus. */
export function takeTable(part) {
  const old = table();
  const ticked = new Set([...old.querySelectorAll(".tick input:checked")].map((tick) => tick.value));
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const reference = focused?.closest("tr[data-reference]")?.dataset.reference;
  clearTimeout(timer);
  old.replaceChildren(...part.childNodes);
  for (const tick of old.querySelectorAll(".tick input")) tick.checked = ticked.has(tick.value);
  if (reference) [...old.querySelectorAll("tr[data-reference]")].find((row) => row.dataset.reference === reference)?.querySelector(focused.localName)?.focus();
  readRows();
}

for (const event of ["scroll", "resize", "beforeprint"]) {
  window.addEventListener(event, () => {
    view = null;
    if (rest) drawRest();
  }, { passive: true });
}
