// A panel that takes a while is asked for once the page is there; without script its link leads to the same.

async function fill(link) {
  const panel = link.closest(".panel");
  const note = Object.assign(document.createElement("p"), { textContent: link.dataset.working, className: "secondary" });
  note.setAttribute("role", "status");
  const place = link.closest("p");
  place.replaceWith(note);
  try {
    const response = await fetch(link.href);
    const found = new DOMParser().parseFromString(await response.text(), "text/html").getElementById(panel.id);
    if (!response.ok || !found) throw new Error(String(response.status));
    panel.replaceWith(found);
  } catch {
    note.replaceWith(place);
  }
}

document.querySelectorAll("[data-later]").forEach(fill);
