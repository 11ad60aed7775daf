// What pages of the office do beyond what they do without any script: the board changes while it is looked at, and
// answers to keys. Everything here can be done without it.
"use strict";

const live = document.getElementById("live");
const search = document.getElementById("search");

// ---- The board, live

// A browser that gets no stream fetches the page as often.
const SLOW = 60_000;
// Several changes at once are fetched together.
const SOON = 1_000;
// What could not be fetched is fetched again.
const AGAIN = 10_000;

function rows() {
  return [...document.querySelectorAll("table.board tbody tr")];
}

// Puts other insides into an element, and the focus back to where it was in it.
function replace(element, html) {
  if (element.innerHTML === html) return;
  const links = [...element.querySelectorAll("a, button, summary")];
  const focused = links.indexOf(document.activeElement);
  const open = [...element.querySelectorAll("details")].map((details) => details.open);
  element.innerHTML = html;
  element.querySelectorAll("details").forEach((details, at) => { details.open = open[at] ?? details.open; });
  if (focused >= 0) element.querySelectorAll("a, button, summary")[focused]?.focus();
}

// Only what is different is touched: whoever reads stays where they are, and nothing is read out twice.
function update(fresh) {
  const [table, other] = [live, fresh].map((board) => board.querySelector("table"));
  if (!table || !other || table.className !== other.className) return live.replaceChildren(...fresh.childNodes);
  for (const id of ["top", "foot"]) replace(document.getElementById(id), fresh.querySelector(`#${id}`).innerHTML);
  replace(table.tHead, other.tHead.innerHTML);
  const body = table.tBodies[0];
  const kept = new Set([...other.tBodies[0].rows].map((row) => row.id));
  [...body.rows].filter((row) => !kept.has(row.id)).forEach((row) => row.remove());
  [...other.tBodies[0].rows].forEach((row, at) => {
    const known = document.getElementById(row.id);
    if (known) replace(known, row.innerHTML);
    const here = known ?? row;
    if (body.rows[at] !== here) body.insertBefore(here, body.rows[at] ?? null);
  });
}

let fetching;
function fetchSoon(after = SOON) {
  fetching ??= setTimeout(async () => {
    fetching = undefined;
    const answer = await fetch(location.href).catch(() => undefined);
    const text = answer?.ok ? await answer.text().catch(() => undefined) : undefined;
    heard(text !== undefined);
    if (text === undefined) return fetchSoon(AGAIN);
    if (answer.redirected) return location.reload();
    const page = new DOMParser().parseFromString(text, "text/html");
    if (live) {
      const fresh = page.getElementById("live");
      if (fresh) update(fresh);
      filter();
    } else {
      renew(page);
    }
  }, after);
}

// Another state of a page on which nobody is writing; else it is only told that there is one.
function renew(page) {
  const main = document.querySelector("main");
  const [notice, fresh] = [document.getElementById("watch"), page.querySelector("main")];
  if (!fresh?.querySelector("#watch")) return;
  if (main.contains(document.activeElement?.closest("input, select, textarea")) || [...main.querySelectorAll("input, select, textarea")].some(isWritten)) {
    notice.hidden = false;
    return;
  }
  replace(main, fresh.innerHTML);
  arm();
}

function isWritten(field) {
  if (field.type === "hidden") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  return field.value !== field.defaultValue;
}

// For how long a server may be silent before the page says so.
const SILENT = 45_000;
let silentSince;

function heard(something) {
  if (!something) return silentSince ??= Date.now();
  silentSince = undefined;
  document.getElementById("lost")?.remove();
}

function complain() {
  if (!silentSince || Date.now() - silentSince < SILENT || document.getElementById("lost")) return;
  const lost = document.createElement("p");
  lost.id = "lost";
  lost.className = "problem";
  lost.setAttribute("role", "alert");
  const since = new Date(silentSince).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  lost.textContent = `! The server has not answered since ${since} (this machine's time): what stands here is of then.`;
  document.querySelector("main").prepend(lost);
}

// What a page says of the stream: the board as a whole, another page of one charter or of all.
const watch = document.getElementById("watch")?.dataset;
const streamed = live?.dataset ?? watch;
// The last event that was seen; those after it are missing.
let seen = streamed?.seen;
let slow;

function listen() {
  const stream = new EventSource(`${streamed.stream}?seen=${seen}`);
  const on = (name, does) => stream.addEventListener(name, (event) => {
    if (event.lastEventId) seen = event.lastEventId;
    does?.(event);
  });
  on("hello");
  const elsewhere = (id) => {
    if (watch.id ? id === watch.id : id.startsWith("charter-")) fetchSoon();
  };
  // Its row on the board is the same; its page is not.
  on("touched", (event) => { if (!live) elsewhere(JSON.parse(event.data).id); });
  on("piece", (event) => {
    const { id, html } = JSON.parse(event.data);
    if (!live) return elsewhere(id);
    const element = document.getElementById(id);
    if (element) replace(element, html);
    filter();
    // A charter that is not here is new, or belongs here by now; of a part of the board one may belong here no more.
    if (id.startsWith("charter-") && !(element && "whole" in live.dataset)) fetchSoon();
  });
  on("gone", (event) => {
    if (!live) return;
    // What has left the board may be among those of the past.
    if ("whole" in live.dataset) document.getElementById(JSON.parse(event.data).id)?.remove();
    else fetchSoon();
  });
  on("reload", () => fetchSoon());
  stream.addEventListener("open", () => { heard(true); clearInterval(slow); slow = undefined; });
  stream.addEventListener("error", () => {
    heard(false);
    slow ??= setInterval(fetchSoon, SLOW);
    // Refused, as while the server starts anew, a browser does not come back by itself.
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, SLOW);
  });
}

// "12 s ago" goes on counting.
function span(seconds) {
  if (seconds < 60) return `${Math.max(0, seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h`;
}

function count(passed) {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    // By the server's clock, which need not be this machine's.
    const shown = Number(time.dataset.ago) + passed;
    time.dataset.ago = shown;
    time.textContent = span(shown);
  }
}

// ---- Search, and keys

// What is typed is looked for at once; sent, it is looked for by the server, in the same words.
function filter() {
  if (!search || !live) return;
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = false;
  for (const row of rows()) {
    const text = row.querySelector("[data-words]").dataset.words;
    row.hidden = !words.every((word) => text.includes(word));
    found ||= !row.hidden;
  }
  const none = document.getElementById("none");
  if (none) none.hidden = found;
}

function step(by) {
  const shown = rows().filter((row) => !row.hidden);
  const here = shown.indexOf(document.activeElement?.closest("tr"));
  const next = here < 0 ? (by > 0 ? 0 : shown.length - 1) : here + by;
  shown[next]?.querySelector("a")?.focus();
}

const keys = document.getElementById("keys");
const keysOn = document.getElementById("keys-on");

function act(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, dialog")) {
    if (event.key === "Escape" && event.target === search) search.blur();
    return;
  }
  if (!keysOn.checked && event.key !== "?") return;
  const does = { j: () => step(1), k: () => step(-1), "/": () => search?.focus(), "?": () => keys.showModal() }[event.key];
  if (!does) return;
  event.preventDefault();
  does();
}

// ---- Who comes, in another order

// Whoever is dragged onto somebody takes that place: a page shows first what would come of it. The arrows do the same.
function draggable(list) {
  const people = [...list.querySelectorAll("li[data-crew]")];
  let dragged;
  for (const person of people) {
    person.draggable = true;
    person.addEventListener("dragstart", () => { dragged = person; });
    person.addEventListener("dragend", () => people.forEach((one) => one.classList.remove("over")));
    person.addEventListener("dragleave", () => person.classList.remove("over"));
    person.addEventListener("dragover", (event) => {
      if (!dragged || dragged === person) return;
      event.preventDefault();
      person.classList.add("over");
    });
    person.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!dragged || dragged === person) return;
      const before = people.indexOf(dragged) < people.indexOf(person) ? person.nextElementSibling : person;
      location = `${list.dataset.move}&crew=${dragged.dataset.crew}&before=${before?.dataset.crew ?? ""}`;
    });
  }
}

function arm() {
  for (const list of document.querySelectorAll("ol.coming[data-move]")) {
    if (!list.closest("fieldset.off")) draggable(list);
  }
}

arm();
if (streamed) {
  if (streamed.stream) listen(); else setInterval(fetchSoon, SLOW);
  setInterval(() => { count(5); complain(); }, 5_000);
  search?.addEventListener("input", filter);
}
// An address that leads into something that is folded away opens it.
const named = location.hash && document.getElementById(location.hash.slice(1))?.closest("details:not([open])");
if (named) {
  named.open = true;
  document.getElementById(location.hash.slice(1)).scrollIntoView();
}
if (keys) {
  keysOn.checked = localStorage.getItem("keys") !== "off";
  keysOn.addEventListener("change", () => localStorage.setItem("keys", keysOn.checked ? "on" : "off"));
  document.addEventListener("keydown", act);
}

// ---- The grid of days

const grid = document.querySelector("table.grid");

// The next cell that can be written into, on the way down or across.
function cellFrom(cell, down, across) {
  let row = cell.parentElement;
  let column = cell.cellIndex;
  for (;;) {
    if (down) row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
    column += across;
    const input = row?.cells[column]?.querySelector("td.day input");
    if (input) return input;
    if (!row?.cells[column] || column < 0) return undefined;
  }
}

// As in a spreadsheet: the arrows go from cell to cell once the caret is at the end of what is written.
function walk(event) {
  const input = event.target.closest("td.day input");
  if (!input || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
  const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  const atStart = whole || (input.selectionStart === 0 && input.selectionEnd === 0);
  const atEnd = whole || input.selectionStart === input.value.length;
  const way = {
    ArrowDown: [1, 0], Enter: [1, 0], ArrowUp: [-1, 0],
    ArrowLeft: atStart && [0, -1], ArrowRight: atEnd && [0, 1],
  }[event.key];
  if (!way) return;
  event.preventDefault();
  const next = cellFrom(input.closest("td"), ...way);
  next?.focus();
  next?.select();
}

if (grid) {
  const form = grid.closest("form");
  const unsaved = form.querySelector(".unsaved");
  let sent = false;
  // What is written and not saved is marked, and how much that is stands beside the button.
  const mark = (input) => {
    input.classList.toggle("changed", input.value !== (input.dataset.stands ?? input.defaultValue));
    input.classList.toggle("long", input.value.length > 5);
  };
  const changes = () => grid.querySelectorAll("input.changed").length;
  const tell = () => {
    const count = changes();
    const words = count === 0 ? "" : count === 1 ? "1 change is not saved" : `${count} changes are not saved`;
    if (unsaved.textContent !== words) unsaved.textContent = words;
  };
  // What is over is on the left, and looked at by few.
  const today = grid.querySelector("th.today");
  if (today) grid.closest(".scroll").scrollLeft = today.offsetLeft - grid.querySelector("th").offsetWidth;
  grid.addEventListener("keydown", walk);
  grid.addEventListener("input", ({ target }) => {
    mark(target);
    tell();
  });
  // A browser may fill in what stood there when the page was left.
  addEventListener("pageshow", () => {
    sent = false;
    grid.querySelectorAll("td.day input").forEach(mark);
    tell();
  });
  form.addEventListener("submit", () => { sent = true; });
  // Whoever goes elsewhere by mistake is asked first.
  addEventListener("beforeunload", (event) => { if (!sent && changes() > 0) event.preventDefault(); });
}
