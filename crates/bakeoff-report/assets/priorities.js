// Sorts the field by the weights of the sliders: each score is the sum of the criterion scores that the core supplies, times
// the weights. It simulates nothing. While no slider has moved, the list has the order of the verdict.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data-scores").textContent);
  const form = document.querySelector(".sliders");
  if (!form) return;
  const list = document.getElementById("live");
  const state = document.getElementById("live-state");
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  const part = (share) => Math.round(share * 100) + " %";
  const score = (value) => (value === null ? "–" : value.toFixed(2));

  function element(tag, className, text) {
    const node = document.createElement(tag);
    node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  const items = new Map(data.contenders.map((row) => {
    const item = element("li", "");
    item.className = "m" + row.slot;
    const named = element("span", "named n" + row.slot);
    named.append(element("span", "", row.title));
    const bar = element("span", "bar");
    bar.append(element("i", ""));
    item.append(element("span", "place"), named, bar, element("span", "score"));
    return [row.slot, item];
  }));

  function show(rows) {
    const before = new Map([...items.values()].map((item) => [item, item.getBoundingClientRect().top]));
    let place = 0;
    rows.forEach((row, index) => {
      const item = items.get(row.slot);
      // Equal scores share a place, as in the field.
      if (!index || row.score !== rows[index - 1].score) place = index + 1;
      item.querySelector(".place").textContent = place;
      item.querySelector(".bar i").style.width = (row.score ?? 0) * 100 + "%";
      item.querySelector(".score").textContent = score(row.score);
    });
    list.append(...rows.map((row) => items.get(row.slot)));
    if (still.matches) return;
    for (const [item, top] of before) {
      const moved = top - item.getBoundingClientRect().top;
      if (top && moved) item.animate([{ transform: `translateY(${moved}px)` }, { transform: "none" }], { duration: 220, easing: "ease-out" });
    }
  }

  const normal = (values) => {
    const sum = values.reduce((a, b) => a + b, 0);
    return values.map((value) => (sum > 0 ? value / sum : 1 / values.length));
  };
  const write = (shares) => data.criteria.forEach((id, i) => { document.getElementById("o-" + id).textContent = part(shares[i]); });

  function byTheBrief() {
    write(normal(data.weights));
    state.textContent = "The brief's priorities: the order is that of the verdict.";
    show(data.contenders);
  }

  function bySliders() {
    const set = data.criteria.map((id) => Number(form.elements[id].value));
    const weights = normal(set);
    const sum = (scores) => scores.reduce((total, value, i) => total + value * weights[i], 0);
    const rows = data.contenders.map((row) => ({ ...row, score: sum(row.scores) })).sort((a, b) => b.score - a.score);
    const [first, second] = rows;
    const next = second ? `, ahead of ${second.title} with ${score(second.score)}` : "";
    const flags = data.criteria.map((id, i) => `${id}=${set[i]}`).filter((_, i) => set[i] > 0).join(",");
    write(weights);
    state.replaceChildren(`With these priorities ${first.title} scores highest: ${score(first.score)}${next}. To judge with them: `);
    if (flags) state.append(element("code", "", `${data.decide} --weights ${flags}`));
    show(rows);
  }

  const head = element("li", "head");
  head.append(element("span", ""), element("span", "", "contender"), element("span", ""), element("span", "score", "score"));
  list.append(head);
  form.addEventListener("input", bySliders);
  form.addEventListener("reset", () => setTimeout(byTheBrief));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.reset();
  byTheBrief();
})();
