// While the name of a project is typed, projects that look like it are named under it. Nothing waits for the answer.
const PAUSE = 500;

const place = document.querySelector("[data-similar]");
const field = document.getElementById("title");
let waiting = null;
let asked = null;

async function ask() {
  asked?.abort();
  asked = new AbortController();
  const address = new URL(place.dataset.similar, window.location.href);
  address.searchParams.set("name", field.value);
  try {
    const response = await fetch(address, { redirect: "manual", signal: asked.signal });
    if (response.ok) place.innerHTML = await response.text();
  } catch {
    // Offline, or overtaken by a later key: what stands there stays.
  }
}

if (place && field) {
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  place.dataset.ready = "";
}
