// On a phone the cash-flow grid shows one year at a time: a card for each line, and buttons for the year before and after.

const bar = document.querySelector("[data-years]");
const table = document.querySelector("[data-grid] table");
const LABELS = 2; // the columns before the first year
const narrow = window.matchMedia("(max-width: 40.0525em)");
const years = table ? [...table.tHead.rows[0].cells].slice(LABELS).map((cell) => cell.textContent.trim()) : [];
let shown = 0;

function cellsOf(year) {
  return [...table.rows].map((row) => row.cells[LABELS + year]).filter(Boolean);
}

function show(year) {
  shown = Math.min(Math.max(year, 0), years.length - 1);
  years.forEach((_, each) => cellsOf(each).forEach((cell) => { cell.hidden = narrow.matches && each !== shown; }));
  bar.querySelector("select").value = String(shown);
  bar.querySelector("[data-step='-1']").ariaDisabled = String(shown === 0);
  bar.querySelector("[data-step='1']").ariaDisabled = String(shown === years.length - 1);
}

function fit() {
  bar.hidden = !narrow.matches;
  table.toggleAttribute("data-one-year", narrow.matches);
  show(shown);
}

/** A cell that is gone to, by the arrows or from the list of errors, brings its year with it. */
function bring(element) {
  const cell = element?.closest("td, th");
  if (narrow.matches && cell?.hidden && table.contains(cell)) show(cell.cellIndex - LABELS);
}

if (bar && years.length) {
  const choice = bar.querySelector("select");
  years.forEach((year, each) => choice.add(new Option(`${year} (${each + 1} of ${years.length})`, String(each))));
  choice.addEventListener("change", () => show(Number(choice.value)));
  bar.addEventListener("click", ({ target }) => {
    const step = target.closest("[data-step]")?.dataset.step;
    if (step) show(shown + Number(step));
  });
  table.addEventListener("gone-to", ({ target }) => bring(target));
  document.addEventListener("click", ({ target }) => {
    const link = target.closest("a[href^='#lines-']");
    if (link) bring(document.getElementById(link.hash.slice(1)));
  }, { capture: true });
  narrow.addEventListener("change", fit);
  const wrong = table.querySelector("td.is-error");
  shown = wrong ? wrong.cellIndex - LABELS : 0;
  fit();
  bar.dataset.ready = "";
}
