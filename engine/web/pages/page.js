// Keeps the page up to date by the station's news. Without it, the page shows how things stood.
"use strict";

const words = (text) => (text || "").split(" ").filter(Boolean);
const time = (at) => at.slice(11, 19);
const plain = (name) => String(name).replaceAll("_", " ");

function light(section) {
  const states = words(section.dataset.states);
  const left = words(section.dataset.left);
  const entered = words(section.dataset.entered);
  for (const each of section.querySelectorAll(".node")) {
    each.classList.toggle("lit", states.some((state) => each.classList.contains(`state-${state}`)));
  }
  for (const each of section.querySelectorAll(".edge")) {
    const from = left.some((state) => each.classList.contains(`from-${state}`));
    const to = entered.some((state) => each.classList.contains(`to-${state}`));
    const by = section.dataset.event;
    each.classList.toggle("taken", from && to && (!by || each.classList.contains(`by-${by}`)));
  }
  bringIntoView(section);
}

// A picture wider than the page is scrolled to the state that it entered last.
function bringIntoView(section) {
  const picture = section.querySelector(".picture");
  const lit = [...section.querySelectorAll(".node.lit")];
  const entered = words(section.dataset.entered);
  const isNew = (node) => entered.some((state) => node.classList.contains(`state-${state}`));
  const shown = lit.find(isNew) || lit[0];
  if (!shown || picture.scrollWidth <= picture.clientWidth) return;
  const [box, frame] = [shown.getBoundingClientRect(), picture.getBoundingClientRect()];
  picture.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
}

function chart(told) {
  const place = `[data-chart="${told.chart}"][data-evse="${told.evse}"][data-connector="${told.connector}"]`;
  const section = document.querySelector(`.chart${place}`);
  if (!section) return;
  section.dataset.states = told.states.join(" ");
  section.classList.toggle("asleep", told.states.length === 0);
  if (told.last) {
    const { cause, event, left, entered, at } = told.last;
    section.dataset.left = left.join(" ");
    section.dataset.entered = entered.join(" ");
    section.dataset.event = event;
    const line = section.querySelector("[data-last]");
    const by = event && event !== cause ? ` by ${event}` : "";
    const name = document.createElement("b");
    name.textContent = cause;
    line.replaceChildren(`${time(at)} ${left.join(", ")} → ${entered.join(", ")} `, name, by);
  }
  light(section);
}

function show(within, name, text) {
  for (const each of within.querySelectorAll(`[data-show="${name}"]`)) {
    each.textContent = text;
    if (each.dataset.value !== undefined) each.dataset.value = text;
  }
}

function evse(told) {
  const ev = told.simulation && told.simulation.ev;
  const charged = told.session_energy_wh;
  for (const facts of document.querySelectorAll(`.facts[data-evse="${told.evse}"]`)) {
    show(facts, "status", told.connectors.map((each) => each.status).join(", "));
    show(facts, "session", plain(told.session));
    show(facts, "energy", plain(told.energy));
    show(facts, "power", `${((told.power_watts || 0) / 1000).toFixed(1)} kW`);
    show(facts, "charged", charged === null ? "–" : `${(charged / 1000).toFixed(2)} kWh`);
    show(facts, "car", ev ? `${ev.state_of_charge.toFixed(0)} %` : "–");
  }
  for (const card of document.querySelectorAll(`[data-energy-of="${told.evse}"]`)) {
    card.dataset.energy = told.energy;
  }
}

function station(told) {
  show(document, "connection.state", told.connection.state);
  show(document, "connection.version", told.connection.version || "not connected");
  show(document, "connection.url", told.connection.url);
  show(document, "registration", told.registration);
  show(document, "queued_reports", told.queued_reports);
  told.evses.forEach(evse);
}

function message(told) {
  const list = document.querySelector("[data-messages]");
  if (!list) return;
  const line = document.createElement("li");
  line.className = `${told.direction} ${told.kind}`;
  const what = told.error || told.summary || (["CALL", "CALLRESULT"].includes(told.kind) ? "" : told.kind);
  const parts = [["time", time(told.time)], ["b", told.action || told.kind], ["span", what]];
  for (const [tag, text] of parts) {
    const part = document.createElement(tag);
    part.textContent = text;
    line.append(part);
  }
  list.prepend(line);
  while (list.children.length > 12) list.lastElementChild.remove();
}

async function readings() {
  // Readings run on without news: they are asked for, while somebody looks.
  if (document.hidden) return;
  const answer = await fetch("/api/station");
  if (answer.ok) station(await answer.json());
}

document.querySelectorAll(".chart").forEach(light);
addEventListener("resize", () => document.querySelectorAll(".chart").forEach(bringIntoView));
const news = new EventSource("/api/events");
const heard = { station, evse, chart, message };
for (const [name, take] of Object.entries(heard)) {
  news.addEventListener(name, (event) => take(JSON.parse(event.data)));
}
news.onopen = () => document.body.classList.remove("cut");
news.onerror = () => document.body.classList.add("cut");
setInterval(() => readings().catch(() => document.body.classList.add("cut")), 2000);
