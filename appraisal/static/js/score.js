// Scoring one indicator: kept while it is typed, words counted, levels set by keys.

const form = document.querySelector("[data-score]");
const saved = form.querySelector("[data-saved]");
const capped = form.querySelector("[data-capped]");
const keys = document.querySelector("[data-keys]");
const reason = form.elements.reason;
const PAUSE = 800;
// Scripts that put no spaces between words: two characters count as one, as on the server.
const UNSPACED = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff";
const WORD = new RegExp(`[${UNSPACED}]{1,2}|[^\\s${UNSPACED}]+`, "gu");
let waiting = null;
let sending = false;
let again = false;

function countWords() {
  const count = (reason.value.match(WORD) ?? []).length;
  form.querySelector("[data-words]").textContent = `${count} word${count === 1 ? "" : "s"}, ${form.dataset.least} to ${form.dataset.most} are asked`;
}

function show(answer) {
  form.elements.version.value = answer.version;
  saved.textContent = answer.saved;
  form.querySelector("[data-total]").textContent = answer.total;
  form.querySelector("[data-coverage]").textContent = answer.coverage;
  capped.textContent = answer.capped;
  capped.hidden = !answer.capped;
}

/** One request at a time: the next one carries the version that this one gives. */
async function keep() {
  if (sending) {
    again = true;
    return;
  }
  sending = true;
  try {
    const response = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form), redirect: "error" });
    const answer = await response.json();
    if (response.ok) {
      show(answer);
    } else {
      saved.textContent = answer.problem;
    }
  } catch {
    saved.textContent = "Not saved: the server cannot be reached. What you typed stays here.";
  }
  sending = false;
  if (again) {
    again = false;
    keep();
  }
}

function keepSoon(delay) {
  clearTimeout(waiting);
  waiting = setTimeout(keep, delay);
}

function choose(value) {
  const choice = form.querySelector(`input[name="level"][value="${value}"]`) ?? (value === "unknown" ? form.elements.unknown : null);
  if (!choice) {
    return false;
  }
  choice.checked = choice.type === "radio" || !choice.checked;
  choice.focus();
  keepSoon(0);
  return true;
}

function typing(target) {
  return target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
}

function onKey(event) {
  if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    send();
  } else if (event.altKey || event.ctrlKey || event.metaKey || typing(event.target) || keys.open) {
    return;
  } else if (/^[0-4]$/.test(event.key) ? choose(event.key) : event.key.toLowerCase() === "u" && choose("unknown")) {
    event.preventDefault();
  } else if (event.key.toLowerCase() === "e") {
    event.preventDefault();
    form.elements.evidence.focus();
  } else if (event.key === "?") {
    event.preventDefault();
    keys.showModal();
  }
}

/** Waits for what is on its way, so that the form goes with the newest version. */
function send() {
  clearTimeout(waiting);
  if (sending) {
    again = false;
    setTimeout(send, 50);
  } else {
    form.submit();
  }
}

form.addEventListener("input", () => keepSoon(PAUSE));
form.addEventListener("change", () => keepSoon(0));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
reason.addEventListener("input", countWords);
document.addEventListener("keydown", onKey);
countWords();

// The files that the applicant linked: one press names the document and its page.
const files = form.querySelector("[data-files]");
if (files) {
  files.hidden = false;
  files.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-document]");
    if (!chosen) return;
    form.elements.document.value = chosen.dataset.document;
    form.elements.page.value = chosen.dataset.page.replace(/^page\s+/i, "").slice(0, 40);
    form.elements.page.dispatchEvent(new Event("input", { bubbles: true }));
    form.elements.document.focus();
  });
}
