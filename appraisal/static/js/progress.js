// Moves the bar of a run in the background and tells how far it is; at its end the page is asked for again.

const EVERY = 1000;

function follow(place) {
  const bar = place.querySelector("progress");
  const said = place.querySelector("[data-said]");
  const look = async () => {
    try {
      const response = await fetch(place.dataset.progress);
      if (!response.ok) throw new Error(String(response.status));
      const found = await response.json();
      if (!found.unfinished) {
        location.reload();
        return;
      }
      bar.value = found.part;
      if (said.textContent !== found.text) said.textContent = found.text;
    } catch {
      said.textContent = said.dataset.lost;
    }
    setTimeout(look, EVERY);
  };
  place.querySelectorAll("[data-without-script]").forEach((part) => { part.hidden = true; });
  setTimeout(look, EVERY);
}

document.querySelectorAll("[data-progress]").forEach(follow);
