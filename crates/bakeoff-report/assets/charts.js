// The line of values under a chart: pointer, finger or arrow keys choose a place, and the line shows the values there. All
// words come from the server; without this script the line shows the values at one place.
(() => {
  "use strict";
  const readings = JSON.parse(document.getElementById("data-readings").textContent);

  function follow({ chart: id, start, stops, rows }) {
    const chart = document.getElementById("chart-" + id);
    const line = document.getElementById("reading-" + id);
    const cursor = chart.querySelector(".cursor");
    const plot = chart.querySelector("svg");
    const spans = [...line.querySelectorAll(":scope > span")];
    let place = start;

    function show(next) {
      place = Math.max(0, Math.min(stops.length - 1, next));
      const [at, head] = stops[place];
      cursor.setAttribute("x1", at + "%");
      cursor.setAttribute("x2", at + "%");
      line.querySelector("b").textContent = head;
      spans.forEach((span, i) => {
        const value = rows[i][place];
        span.hidden = value === null;
        span.querySelector("i").textContent = value ?? "";
      });
      chart.setAttribute("aria-valuenow", place);
      chart.setAttribute("aria-valuetext", line.innerText);
    }

    function nearest(event) {
      const box = plot.getBoundingClientRect();
      const at = ((event.clientX - box.left) / box.width) * 100;
      const distance = (i) => Math.abs(stops[i][0] - at);
      show(stops.reduce((best, _, i) => (distance(i) < distance(best) ? i : best), 0));
    }

    const keys = { ArrowLeft: () => place - 1, ArrowRight: () => place + 1, Home: () => 0, End: () => stops.length - 1 };
    chart.tabIndex = 0;
    chart.setAttribute("role", "slider");
    chart.setAttribute("aria-valuemin", 0);
    chart.setAttribute("aria-valuemax", stops.length - 1);
    chart.addEventListener("pointermove", nearest);
    chart.addEventListener("pointerdown", nearest);
    chart.addEventListener("keydown", (event) => {
      if (!keys[event.key]) return;
      event.preventDefault();
      show(keys[event.key]());
    });
    show(start);
  }

  // One group of requests at a time; print shows all of them.
  const tabs = [...document.querySelectorAll("#latency .tabs button")];
  function choose(scenario) {
    tabs.forEach((tab) => tab.setAttribute("aria-pressed", String(tab.dataset.scenario === scenario)));
    document.querySelectorAll("#latency .scenario").forEach((part) => { part.hidden = part.dataset.scenario !== scenario; });
  }

  const numbers = (open) => document.querySelectorAll("#latency .numbers").forEach((part) => { part.open = open; });
  tabs.forEach((tab) => tab.addEventListener("click", () => choose(tab.dataset.scenario)));
  readings.filter(({ stops }) => stops.length).forEach(follow);
  numbers(false);
  if (tabs.length) choose("0");
  addEventListener("beforeprint", () => numbers(true));
})();
