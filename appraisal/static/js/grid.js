// The cash-flow grid as people know it from spreadsheets: arrows and Enter move, pasted cells fill in from the cell on,
// Escape and Ctrl+Z bring back what was there.

const grid = document.querySelector("[data-grid] table");

function place(input) {
  const cell = input.closest("td, th");
  return { row: cell.parentElement.sectionRowIndex, column: cell.cellIndex };
}

function inputAt(row, column) {
  return grid.tBodies[0].rows[row]?.cells[column]?.querySelector("input") ?? null;
}

function go(from, rows, columns) {
  const { row, column } = place(from);
  const target = inputAt(row + rows, column + columns);
  if (target) {
    target.dispatchEvent(new Event("gone-to", { bubbles: true }));
    target.focus();
    target.select();
  }
  return Boolean(target);
}

/** Left and right move between cells only where the caret cannot move inside the text. */
function atEdge(input, key) {
  const caret = key === "ArrowLeft" ? 0 : input.value.length;
  return (input.selectionStart === caret && input.selectionEnd === caret) || (input.selectionStart === 0 && input.selectionEnd === input.value.length);
}

function move(event) {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "F2") input.setSelectionRange(input.value.length, input.value.length);
  if (event.key === "Escape" && (input.dataset.before ?? input.value) !== input.value) fill([[input, input.dataset.before]]);
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const step = steps[event.key];
  if (!step || ((event.key === "ArrowLeft" || event.key === "ArrowRight") && !atEdge(input, event.key))) return;
  if (go(input, ...step) || event.key === "Enter") event.preventDefault();
}

function fill(cells) {
  cells.forEach(([input, text]) => { input.value = text; });
  cells[0][0].dispatchEvent(new Event("input", { bubbles: true }));
}

/** The cells that the last paste filled, with what stood in them; nothing once anything was typed since. */
let filled = null;
let typed = false;

/** Ctrl+Z: first what was pasted into the grid, then the paste that was stored; where something was typed, the field's own. */
function undo(event) {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  const stored = document.querySelector("[data-undo-paste]");
  if (filled) {
    event.preventDefault();
    fill(filled);
    filled = null;
  } else if (stored && !typed) {
    event.preventDefault();
    stored.requestSubmit();
  }
}

/** Cells of a spreadsheet fill the grid from here on; whole tables with their years go to the field above instead. */
function paste(event) {
  const input = event.target;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!(input instanceof HTMLInputElement) || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const rows = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  const { row, column } = place(input);
  const fits = rows.every((cells, down) => cells.every((_, across) => inputAt(row + down, column + across)));
  if (!fits || column === 0) {
    const field = document.getElementById("text");
    field.value = text;
    field.focus();
    field.scrollIntoView({ block: "center" });
    return;
  }
  const cells = rows.flatMap((line, down) => line.map((cell, across) => [inputAt(row + down, column + across), cell.trim()]));
  const before = cells.map(([cell]) => [cell, cell.value]);
  fill(cells);
  filled = before;
}

/** The figures under the grid follow what is typed: the newest answer counts, an older one that comes late does not. */
const PAUSE = 400;
const form = grid?.closest("form");
const shown = form?.parentElement.querySelector("[data-figures-shown]");
const state = form?.parentElement.querySelector("[data-figures-state]");
let waiting = null;
let asked = null;

async function refresh() {
  asked?.abort();
  const own = new AbortController();
  asked = own;
  try {
    const response = await fetch(form.dataset.figures, { method: "POST", body: new FormData(form), redirect: "manual", signal: own.signal });
    if (response.status !== 200 && response.status !== 422) throw new Error(String(response.status));
    const text = await response.text();
    if (own.signal.aborted) return;
    shown.innerHTML = text;
    state.textContent = "";
  } catch (error) {
    if (error.name !== "AbortError") state.textContent = "of before: the server does not answer; nothing you typed is lost";
  }
}

function changed(event) {
  if (!event.target.matches("input, select")) return;
  state.textContent = "of before: being computed";
  clearTimeout(waiting);
  waiting = setTimeout(refresh, PAUSE);
}

if (grid) {
  grid.addEventListener("keydown", move);
  grid.addEventListener("paste", paste);
  grid.addEventListener("focusin", ({ target }) => { if ("value" in target) target.dataset.before = target.value; });
  document.addEventListener("input", () => { filled = null; typed = true; });
  document.addEventListener("keydown", undo);
  if (shown && state) {
    form.addEventListener("input", changed);
  }
  grid.dataset.ready = "";
}
