// A page of the journey saves itself a moment after the last key, by the same post as its button. Without the server it
// keeps trying, with one body at a time until that one is answered, so that a lost answer is never taken for a colleague.
import { copyOf, forget, keepOnlyOf, put } from "./copies.js";

const PAUSE = 1000, LONGEST = 4000, FIRST_WAIT = 1000, LONGEST_WAIT = 15_000, PATIENCE = 10_000;
const NOT_TYPED = new Set(["csrf_token", "version", "seen", "owner", "step", "key"]);
const OK = 200, SIGN_IN = 401, CONFLICT = 409, EXPIRED = 400, SERVER = 500;

const form = document.querySelector("form[data-typed]");
const line = form?.querySelector("[data-saving]");
const text = line?.querySelector("[data-saving-text]");
const path = form?.dataset.state ?? window.location.pathname;
const owner = form?.elements.owner?.value ?? "";
let stored = form ? made() : ""; // the body that the server is known to have
let sending = null; // the promise of the post on its way
let unanswered = null; // a body that was sent and not answered
let blocked = Boolean(document.querySelector("[data-conflict]"));
let since = null, timer = null, wait = FIRST_WAIT, leaving = false;

function typed() {
  const fields = [...new FormData(form)].filter(([name, value]) => !NOT_TYPED.has(name) && typeof value === "string");
  return new URLSearchParams(fields).toString();
}

/** The same of the page as it came: what was typed before the script ran, or brought back by the browser, is not in it. */
function made() {
  const fields = [];
  for (const field of form.elements) {
    if (!field.name || NOT_TYPED.has(field.name) || field.tagName === "BUTTON") continue;
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.defaultChecked) fields.push([field.name, field.value]);
    } else if (field.tagName === "SELECT") {
      fields.push([field.name, ([...field.options].find((option) => option.defaultSelected) ?? field.options[0]).value]);
    } else {
      fields.push([field.name, field.defaultValue]);
    }
  }
  return new URLSearchParams(fields).toString();
}

function hidden(name, value) {
  document.querySelectorAll(`input[type=hidden][name=${name}]`).forEach((input) => { input.value = value; });
}

function standsAt({ version, seen }) {
  hidden("version", version);
  hidden("seen", seen);
}

function say(words, kind = "") {
  line.hidden = false;
  line.dataset.kind = kind;
  if (text.textContent !== words) text.textContent = words;
  line.querySelector("[data-sign-in]").hidden = kind !== "sign-in";
}

const clock = (at = new Date()) => at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

function copy() {
  put(owner, path, { body: typed(), sent: unanswered, version: form.elements.version.value, seen: form.elements.seen.value });
}

/** One moment after the last key, and at the latest a few seconds after the first. */
function later(pause = PAUSE) {
  clearTimeout(timer);
  since ??= Date.now();
  timer = setTimeout(save, Math.max(0, Math.min(pause, since + LONGEST - Date.now())));
}

function again() {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
  wait = Math.min(2 * wait, LONGEST_WAIT);
}

async function save() {
  if (blocked || sending || form.dataset.typed !== "save") return;
  const body = unanswered ?? typed();
  if (body === stored && !unanswered) return settled();
  since = null;
  unanswered = body;
  copy();
  say("Saving …");
  sending = post(body).catch(() => lost("Not saved: no connection, trying again"));
  await sending;
  sending = null;
}

function framed(body) {
  const { elements } = form;
  const frame = { csrf_token: elements.csrf_token.value, version: elements.version.value, seen: elements.seen.value, owner, step: "autosave" };
  const data = new URLSearchParams(body);
  Object.entries(frame).forEach(([name, value]) => data.append(name, value));
  return data;
}

async function post(body) {
  const response = await fetch(form.action, { method: "POST", body: framed(body), redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  if (response.status === OK) return confirmed(body, await response.json());
  if (response.status === CONFLICT) return conflict(await response.text());
  if (response.status === SIGN_IN || response.type === "opaqueredirect") return lost("Not saved: you are signed out.", "sign-in");
  if (response.status === EXPIRED) return renewed();
  if (response.status >= SERVER) throw new Error(String(response.status));
  unanswered = null;
  const said = response.headers.get("Content-Type")?.startsWith("application/json") ? (await response.json()).problem : "";
  say(`Not saved: ${said || "this page can no longer be changed by you."}`, "bad");
}

function confirmed(body, told) {
  unanswered = null;
  wait = FIRST_WAIT;
  stored = body;
  standsAt(told);
  if (typed() !== body) {
    copy();
    return later();
  }
  settled();
  say(told.reads ? `Saved ${clock()}` : `Saved ${clock()} as typed; not all of it reads yet`, "good");
}

function settled() {
  since = null;
  forget(path);
}

function lost(words, kind = "bad") {
  say(words, kind);
  again();
}

/** The form's token belongs to a session that ended: the same account goes on with the new one's. */
async function renewed() {
  const response = await fetch(`${path}?state=1`, { redirect: "manual" });
  if (response.status !== OK) return lost("Not saved: you are signed out.", "sign-in");
  const state = await response.json();
  if (state.owner !== owner) return lost("Not saved: someone else is signed in in this browser.", "sign-in");
  hidden("csrf_token", state.csrf_token);
  again();
}

function conflict(banner) {
  unanswered = null;
  blocked = true;
  document.querySelector("[data-conflict-place]").innerHTML = banner;
  say("Not saved: someone changed this page meanwhile. Both texts are at its top.", "bad");
  choices().scrollIntoView({ block: "start" });
  choices().focus({ preventScroll: true });
}

function choices() {
  const banner = document.querySelector("[data-conflict]");
  banner.querySelector("[data-without-script]").hidden = true;
  banner.querySelector("[data-with-script]").hidden = false;
  banner.querySelector("[data-take-theirs]").href = path;
  banner.querySelector("[data-take-theirs]").addEventListener("click", () => forget(path));
  banner.querySelector("[data-keep-mine]").addEventListener("click", () => {
    standsAt(banner.dataset);
    banner.remove();
    blocked = false;
    stored = "";
    save();
  });
  return banner;
}

/** What an earlier visit typed and the server never had is offered, not put in: the person decides. */
function offer() {
  const found = copyOf(owner, path);
  if (!found || found.body === stored) return forget(path);
  const template = document.querySelector("template[data-offer]").content.cloneNode(true);
  const notice = template.firstElementChild;
  notice.querySelector("[data-at]").textContent = clock(new Date(found.at));
  notice.querySelector("[data-use]").addEventListener("click", () => {
    if (found.sent !== stored) standsAt(found); // a colleague's change since then shows as one
    fill(new URLSearchParams(found.body));
    notice.remove();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  notice.querySelector("[data-drop]").addEventListener("click", () => {
    forget(path);
    notice.remove();
  });
  form.before(notice);
}

function fill(fields) {
  for (const input of form.elements) {
    if (!input.name || NOT_TYPED.has(input.name) || input.type === "submit" || input.tagName === "BUTTON") continue;
    const values = fields.getAll(input.name);
    if (input.type === "checkbox" || input.type === "radio") input.checked = values.includes(input.value);
    else if (values.length) [input.value] = values;
  }
}

/** The button waits for the post on its way: sent beside it, it would look like a colleague's. */
function submitted(event) {
  clearTimeout(timer);
  copy();
  leaving = true;
  if (!sending || event.submitter?.value === "resume") return;
  event.preventDefault();
  const { submitter } = event;
  sending.finally(() => form.requestSubmit(submitter));
}

/** Left before the pause was over: sent on the way out; the copy stays until the page is seen to hold it. */
function left() {
  if (leaving) return; // its button has sent it
  leaving = true;
  const body = unanswered ?? typed();
  if (form.dataset.typed !== "save" || blocked || sending || body === stored) return;
  navigator.sendBeacon(form.action, framed(body));
  unanswered = body;
}

/** A page that the browser kept is an old one: it is read again, unless it holds something unsaved. */
async function shown(event) {
  leaving = false;
  if (!event.persisted) return;
  if (typed() !== stored) return later();
  const response = await fetch(`${path}?state=1`, { redirect: "manual" }).catch(() => null);
  if (response?.status !== OK || (await response.json()).seen !== form.elements.seen.value) window.location.reload();
}

function changed() {
  copy();
  if (form.dataset.typed === "here") say("Kept in this browser until you save it.");
  else if (!blocked) later();
}

if (form) {
  keepOnlyOf(owner);
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") form.reset(); // never an older text
  if (blocked) choices();
  if ("unsaved" in form.dataset) {
    stored = "";
    changed();
  } else {
    offer();
    if (typed() !== stored) changed();
  }
  form.addEventListener("input", changed);
  form.addEventListener("submit", submitted);
  window.addEventListener("pageshow", shown);
  window.addEventListener("pagehide", left);
  window.addEventListener("online", () => { if (unanswered) save(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && !leaving && typed() !== stored) save(); });
  form.dataset.ready = "";
}
