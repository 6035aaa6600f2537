// Copies of what is being typed, in this browser, until the server has it: nothing older than a keystroke is lost with
// the server or the browser. They belong to an account and an address, and go with signing out: the computer may be shared.
const PREFIX = "typed:";
const DAYS_KEPT = 7;

function keys() {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
}

/** Storage may be full or forbidden; typing goes on without copies then. */
function trying(work) {
  try {
    return work();
  } catch {
    return null;
  }
}

const keyOf = (owner, path) => `${PREFIX}${owner}:${path}`;

/** Who signs in sees nobody else's copies, and no old ones of their own. */
export function keepOnlyOf(owner) {
  trying(() => keys().forEach((key) => {
    const copy = JSON.parse(localStorage.getItem(key));
    const old = !copy?.at || Date.now() - copy.at > DAYS_KEPT * 86_400_000;
    if (old || !key.startsWith(`${PREFIX}${owner}:`)) localStorage.removeItem(key);
  }));
}

export function put(owner, path, copy) {
  trying(() => localStorage.setItem(keyOf(owner, path), JSON.stringify({ ...copy, at: Date.now() })));
}

export function copyOf(owner, path) {
  return trying(() => JSON.parse(localStorage.getItem(keyOf(owner, path))));
}

/** The copies at an address, whoever's they are, or all of them. */
export function forget(path) {
  trying(() => keys().forEach((key) => {
    if (path === undefined || key.endsWith(`:${path}`)) localStorage.removeItem(key);
  }));
}

document.querySelectorAll("[data-sign-out]").forEach((button) => button.form.addEventListener("submit", () => forget()));
document.querySelectorAll("[data-stored]").forEach((told) => forget(told.dataset.stored));
