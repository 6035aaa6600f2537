// The what-if of the ranked list: rows move while a slider is dragged; words and certainty follow when it is let go.

import { drawRows, readRows, takeTable } from "./ranked_rows.js";
import { balanced, rerank } from "./ranking.js";

const form = document.getElementById("what-if");
const data = JSON.parse(document.getElementById("portfolio-data").dataset.portfolio);
const boxes = data.criteria.map((key) => document.getElementById(`w-${key}`));
const sliders = boxes.map((box) => box.closest("[data-weight]").querySelector("[data-slider]"));
const locks = boxes.map((box) => box.closest("[data-weight]").querySelector("[name=lock]"));
const budget = document.getElementById("budget");
const budgetSlider = document.querySelector("[data-budget-slider]");
const WAIT = 40;
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

/** Rank again in the browser and move the rows; the server's figures follow. */
function rank() {
  const total = weights().reduce((sum, weight) => sum + weight, 0);
  if (total <= 0) return;
  asking?.abort();
  const found = rerank(data.projects, weights(), budgets());
  drawRows(data, found, { budgeted: budgets().length > 0, words: budget?.value });
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
      if (part.dataset.live === "table") takeTable(part);
      else document.querySelector(`[data-live="${part.dataset.live}"]`)?.replaceChildren(...part.childNodes);
    }
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
readRows();
