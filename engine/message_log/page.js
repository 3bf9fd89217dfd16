"use strict";
// Joins answers to their calls, and filters. The page is complete without it, in the order of time.
addEventListener("DOMContentLoaded", () => {
  const log = document.getElementById("log");
  const form = document.getElementById("filter");
  const { action, evse, errors, open, latest } = form.elements;
  const SILENCE = 30000; // ms without an answer, after which there is likely none

  const momentOf = (row) => Date.parse(row.querySelector("time").dateTime);

  function join(call, answer) {
    call.classList.add("joined");
    call.append(...answer.querySelectorAll(".part, .took"));
    if (answer.dataset.error) call.dataset.error = "yes";
    answer.remove();
  }

  const opposite = (direction) => (direction === "sent" ? "received" : "sent");

  function pair() {
    const waiting = new Map();
    const messages = [...log.querySelectorAll("li[data-kind]")];
    for (const row of messages) {
      const { kind, direction, id } = row.dataset;
      if (kind === "CALL") {
        waiting.set(`${direction} ${id}`, row);
      } else if (kind.startsWith("CALL")) {
        const asked = `${opposite(direction)} ${id}`;
        const call = waiting.get(asked);
        if (call) join(call, row);
        waiting.delete(asked);
      }
    }
    const end = messages.length ? momentOf(messages.at(-1)) : 0;
    for (const call of waiting.values()) tellSilence(call, end - momentOf(call) > SILENCE);
  }

  function tellSilence(call, isOver) {
    const part = document.createElement("div");
    part.className = `part ${opposite(call.dataset.direction)} ${isOver ? "error" : "waits"}`;
    part.textContent = isOver ? "no answer" : "no answer yet";
    call.append(part);
    if (isOver) call.dataset.error = "yes";
  }

  function offer(select, values) {
    for (const value of values) select.append(new Option(value, value));
  }

  function filter() {
    let shown = 0;
    for (const row of rows) {
      const fits =
        (!action.value || row.dataset.action === action.value) &&
        (!evse.value || row.dataset.evse === evse.value) &&
        (!errors.checked || "error" in row.dataset);
      row.hidden = !fits;
      shown += fits;
    }
    form.querySelector("output").value =
      shown === rows.length ? `${rows.length} messages` : `${shown} of ${rows.length} messages`;
  }

  // The filter stands in the address, so that it outlives a reload.
  function remember() {
    const chosen = new URLSearchParams();
    if (action.value) chosen.set("action", action.value);
    if (evse.value) chosen.set("evse", evse.value);
    if (errors.checked) chosen.set("errors", "yes");
    history.replaceState(null, "", `#${chosen}`);
  }

  function recall() {
    const chosen = new URLSearchParams(location.hash.slice(1));
    for (const select of [action, evse]) {
      select.value = chosen.get(select.name) ?? "";
      if (select.selectedIndex < 0) select.value = "";
    }
    errors.checked = chosen.has("errors");
  }

  function step(by) {
    const stops = [...log.querySelectorAll("li:not([hidden]) summary")];
    const at = stops.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : stops.length - 1) : at + by;
    stops[next]?.focus();
  }

  pair();
  const rows = [...log.querySelectorAll("li[data-kind]")];
  const all = (name) => [...new Set(rows.map((row) => row.dataset[name]).filter(Boolean))];
  offer(action, all("action").sort());
  offer(evse, all("evse").sort((a, b) => a - b));
  recall();
  filter();
  form.hidden = false;

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => { filter(); remember(); });
  addEventListener("hashchange", () => { recall(); filter(); });
  open.addEventListener("click", () => {
    const opens = open.getAttribute("aria-pressed") !== "true";
    open.setAttribute("aria-pressed", opens);
    for (const each of log.querySelectorAll("details")) each.open = opens;
  });
  latest.addEventListener("click", () => {
    rows.findLast((row) => !row.hidden)?.scrollIntoView({ block: "end" });
  });
  addEventListener("keydown", (event) => {
    if (event.target.matches("select, input") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
  });
});
