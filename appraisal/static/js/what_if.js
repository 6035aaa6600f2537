// The what-if of the ranked list: rows move while a slider is dragged; words and certainty follow when it is let go.

import { balanced, inOrder, rerank } from "./ranking.js";

const form = document.getElementById("what-if");
const data = JSON.parse(document.getElementById("portfolio-data").dataset.portfolio);
const boxes = data.criteria.map((key) => document.getElementById(`w-${key}`));
const sliders = boxes.map((box) => box.closest("[data-weight]").querySelector("[data-slider]"));
const locks = boxes.map((box) => box.closest("[data-weight]").querySelector("[name=lock]"));
const budget = document.getElementById("budget");
const budgetSlider = document.querySelector("[data-budget-slider]");
const WAIT = 120;
let asking = null;
let timer = 0;

const weights = () => boxes.map((box) => Math.max(0, Number(box.value) || 0));
const budgets = () => (budget ? [Number(budget.value || 0) * data.unit, ...data.caps] : []);
const plain = (number) => String(Math.round(number * 10) / 10);

function show(found) {
  boxes.forEach((box, at) => {
    box.value = plain(found[at]);
    sliders[at].value = found[at];
  });
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

/** Rank again in the browser and move the rows; the server's figures follow. */
function rank() {
  const total = weights().reduce((sum, weight) => sum + weight, 0);
  const body = document.querySelector("[data-live=table] tbody");
  if (!body || total <= 0) return;
  const found = rerank(data.projects, weights(), budgets());
  const rows = new Map([...body.querySelectorAll("tr[data-reference]")].map((row) => [row.dataset.reference, row]));
  const line = body.querySelector(".budget-line");
  const moving = Boolean(document.querySelector("th[data-sort=rank][aria-sort=ascending]"));
  const order = document.createDocumentFragment();
  for (const at of inOrder(found.ranks)) {
    const project = data.projects[at];
    const row = rows.get(project.reference);
    if (!row) continue;
    row.querySelector(".rank").textContent = found.ranks[at];
    row.querySelector(".score").textContent = scoreText(found.scores[at], found.low[at], found.high[at]);
    row.classList.toggle("is-out", budgets().length > 0 && !found.funded[at]);
    row.querySelector(".range").classList.add("is-previous");
    row.querySelector(".inside").classList.add("is-previous");
    drawChange(row.querySelector(".moved"), project.rank - found.ranks[at]);
    drawBar(row.querySelector(".score-bar"), project, found, at);
    if (!moving) continue;
    if (line && at === found.firstOut) {
      line.querySelector(".budget-line__text").textContent = `Budget ${budget.value} · first out: ${project.title}`;
      order.append(line);
    }
    order.append(row);
  }
  if (moving) {
    body.append(order);
    if (line) line.hidden = found.firstOut === null;
  }
  document.documentElement.dataset.ranked = String(Number(document.documentElement.dataset.ranked || 0) + 1);
}

const OWN = /^(w-.+|lock|budget|must|out|cap-.+)$/;

/** The state as the address says it, and the filters beside it. */
function query() {
  return [...new FormData(form)].filter(([, value]) => value !== "");
}

/** Links and forms of the page lead on in the state that is explored now. */
function restate(pairs) {
  const state = pairs.filter(([name]) => OWN.test(name));
  const main = document.getElementById("main-content");
  for (const link of main.querySelectorAll("a[href^='/portfolio'], a[data-share]")) {
    if (link.matches("[data-reset]") || link.closest(".chips")) continue;
    const preset = Boolean(link.closest(".presets"));
    const own = (name) => OWN.test(name) && !(preset && /^(w-|lock)/.test(name));
    const target = new URL(link.href);
    const kept = [...target.searchParams].filter(([name]) => !own(name));
    target.search = new URLSearchParams([...state.filter(([name]) => own(name)), ...kept]);
    link.href = target.href;
  }
  for (const other of main.querySelectorAll("form.filters, form#compare")) {
    other.querySelectorAll("input[type=hidden]").forEach((input) => { if (OWN.test(input.name)) input.remove(); });
    for (const [name, value] of state) other.prepend(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
}

function drawRange(cell, { rank: at, low, high }) {
  const svg = cell.querySelector(".rank-range");
  const count = data.projects.length;
  const place = (number) => (6 + ((number - 1) * 64) / Math.max(count - 1, 1)).toFixed(1);
  const range = svg.querySelector(".rank-range__range");
  range.setAttribute("x1", place(low));
  range.setAttribute("x2", place(high));
  svg.querySelector(".rank-range__rank").setAttribute("cx", place(at));
  svg.setAttribute("aria-label", `rank ${at}, between ${low} and ${high} of ${count}`);
  cell.querySelector(".sub").textContent = low === high ? String(low) : `${low}–${high}`;
}

function drawCertainty({ budget: words, rows }) {
  for (const row of document.querySelectorAll("tr[data-reference]")) {
    const found = rows[row.dataset.reference];
    if (!found) continue;
    drawRange(row.querySelector(".range"), found);
    const inside = row.querySelector(".inside");
    if (found.inside !== null) inside.textContent = found.inside;
    row.querySelectorAll(".is-previous").forEach((cell) => cell.classList.remove("is-previous"));
  }
  const line = document.querySelector(".budget-line__text");
  if (line) line.textContent = line.textContent.replace(/^Budget .*? ·/, `Budget ${words} ·`);
}

/** Ask the server for what changed in words, and for how sure the ranks are. */
async function ask() {
  asking?.abort();
  asking = new AbortController();
  const pairs = query();
  const search = new URLSearchParams(pairs).toString();
  try {
    const response = await fetch(`${form.dataset.liveUrl}?${search}`, { signal: asking.signal });
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    const parts = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of parts.querySelectorAll("[data-live]")) {
      document.querySelector(`[data-live="${part.dataset.live}"]`)?.replaceChildren(...part.childNodes);
    }
    drawCertainty(JSON.parse(parts.querySelector("[data-certainty]").dataset.certainty));
    history.replaceState(null, "", `?${search}`);
    restate(pairs);
    document.documentElement.dataset.settled = search;
  } catch (error) {
    if (error.name !== "AbortError") form.requestSubmit();
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
}

function move(at, value) {
  show(balanced(weights(), locks.map((lock) => lock.checked), at, value));
  rank();
}

sliders.forEach((slider, at) => {
  slider.hidden = false;
  slider.addEventListener("input", () => move(at, Number(slider.value)));
  slider.addEventListener("change", later);
  boxes[at].addEventListener("change", () => {
    move(at, Number(boxes[at].value) || 0);
    later();
  });
});
locks.forEach((lock, at) => lock.addEventListener("change", () => { sliders[at].disabled = lock.checked; later(); }));
locks.forEach((lock, at) => { sliders[at].disabled = lock.checked; });
if (budgetSlider) {
  budgetSlider.hidden = false;
  budgetSlider.addEventListener("input", () => { budget.value = plain(budgetSlider.value); rank(); });
  budgetSlider.addEventListener("change", later);
  budget.addEventListener("change", () => { budgetSlider.value = budget.value; rank(); later(); });
}
const framework = document.querySelector("[data-framework]");
framework.hidden = false;
framework.addEventListener("click", () => {
  show(data.own.map((weight) => 100 * weight));
  rank();
  later();
});
document.addEventListener("click", async (event) => {
  const share = event.target.closest("[data-share]");
  if (!share || !navigator.clipboard) return;
  event.preventDefault();
  await navigator.clipboard.writeText(share.href);
  document.querySelector("[data-shared]").textContent = "Link copied";
});
