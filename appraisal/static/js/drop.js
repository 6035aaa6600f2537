// A workbook dropped anywhere on the page is sent as if it had been chosen.

const form = document.querySelector("[data-drop-here]");
const input = form?.querySelector("input[type=file]");
const place = form?.closest("main");

function carriesFile(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

function over(event) {
  if (!carriesFile(event)) return;
  event.preventDefault();
  form.dataset.over = "";
}

function dropped(event) {
  if (!carriesFile(event)) return;
  event.preventDefault();
  delete form.dataset.over;
  input.files = event.dataTransfer.files;
  if (input.files.length) form.requestSubmit();
}

if (input && place) {
  place.addEventListener("dragover", over);
  place.addEventListener("dragleave", () => { delete form.dataset.over; });
  place.addEventListener("drop", dropped);
  form.querySelector("[data-drop-hint]").hidden = false;
  form.dataset.ready = "";
}
