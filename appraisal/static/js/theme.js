const system = window.matchMedia("(prefers-color-scheme: dark)");

function current() {
  return document.documentElement.dataset.theme || (system.matches ? "dark" : "light");
}

/** Remembers the choice, or forgets it where it equals the system's, so that the page follows the system again. */
function choose(theme) {
  const asSystem = theme === (system.matches ? "dark" : "light");
  if (asSystem) {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  try {
    if (asSystem) {
      localStorage.removeItem("theme");
    } else {
      localStorage.setItem("theme", theme);
    }
  } catch {
    // Storage may be forbidden; the choice then lasts for this page.
  }
}

/** Shows the theme button and keeps its words naming what a press does. */
export function initTheme(button) {
  const name = () => {
    button.textContent = current() === "dark" ? button.dataset.light : button.dataset.dark;
  };
  button.addEventListener("click", () => {
    choose(current() === "dark" ? "light" : "dark");
    name();
  });
  system.addEventListener("change", name);
  name();
  button.closest("[hidden]")?.removeAttribute("hidden");
}
