// The amount in the cell that one is in, said in full and in words. What is no plain figure is left to the server's reading.

const place = document.querySelector("[data-echo]");
const form = place?.closest("form");
const { currency, unit, scales } = place ? JSON.parse(place.dataset.echo) : {};
const PLAIN = /^[-−(]?\d{1,3}(,\d{3})+(\.\d+)?\)?$|^[-−(]?\d+(\.\d+)?\)?$/;
const MOST_DIGITS = 15; // as many as a figure of the browser carries

function shown(value, decimals) {
  return value.toLocaleString("en", { maximumFractionDigits: decimals }).replace("-", "−");
}

function inWords(full, words) {
  const found = words.find(([size]) => Math.abs(full) >= size);
  if (!found) return null;
  const scaled = full / found[0];
  const about = Math.abs(scaled - Number(scaled.toFixed(3))) > 1e-9 * Math.abs(scaled) ? "about " : "";
  return `${about}${shown(scaled, 3)}${found[1]}`;
}

function echo(text) {
  const typed = text.trim();
  const digits = typed.replace(/[^\d.]/g, "");
  if (!PLAIN.test(typed) || digits.length > MOST_DIGITS) return "";
  const full = Number(digits) * unit * (/^[-−(]/.test(typed) ? -1 : 1);
  const said = scales.map((words) => inWords(full, words)).filter(Boolean);
  return `${currency} ${shown(full, 6)}${said.length ? " = " : ""}${said.join(", ")}`;
}

function follow({ target }) {
  if (target instanceof HTMLInputElement && target.inputMode === "decimal" && target.closest(".cell")) {
    place.textContent = target.value.trim() ? echo(target.value) : "";
  }
}

if (place) {
  form.addEventListener("focusin", follow);
  form.addEventListener("input", follow);
  place.dataset.ready = "";
}
