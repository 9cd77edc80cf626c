// Ranks the field under the weights of the sliders: scores drawn from their intervals, weights exactly as set. As long as
// no slider has moved, the list is the verdict itself.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data-scores").textContent);
  const form = document.querySelector(".sliders");
  if (!form) return;
  const list = document.getElementById("live");
  const state = document.getElementById("live-state");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const SVG = "http://www.w3.org/2000/svg";

  // mulberry32: the same draws on every page of this run
  function generator(seed) {
    let a = seed >>> 0;
    return () => {
      a = (a + 0x6d2b79f5) | 0;
      let t = Math.imul(a ^ (a >>> 15), 1 | a);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }

  // a normal on either side of the value, as wide as its half of the 95 % interval, within 0 and 1
  function draw(random, [value, low, high]) {
    const z = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const side = z < 0 ? value - low : high - value;
    return Math.min(1, Math.max(0, value + (z * side) / 1.959964));
  }

  function samples() {
    const random = generator(data.seed);
    return data.contenders.map(({ scores }) =>
      Array.from({ length: data.draws }, () => scores.map((score) => draw(random, score))));
  }
  let drawn = null;

  const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);

  function judged(weights) {
    drawn ??= samples();
    const rows = data.contenders.map((contender) => ({ ...contender, first: 0, sum: 0 }));
    for (let d = 0; d < data.draws; d++) {
      let best = -1, most = -1;
      rows.forEach((row, c) => {
        const value = dot(drawn[c][d], weights);
        row.sum += value;
        if (value > most) { most = value; best = c; }
      });
      if (best >= 0) rows[best].first += 1;
    }
    return rows.map((row) => ({ ...row, p_best: row.first / data.draws, value: row.sum / data.draws }));
  }

  // What was simulated is never certain.
  const probability = (p) => (p < 0.005 ? "<1 %" : p > 0.995 ? ">99 %" : part(p));
  const part = (share) => Math.round(share * 100) + " %";

  function element(tag, className, text) {
    const node = document.createElement(tag);
    node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function sign(row) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "sign");
    svg.setAttribute("viewBox", "-7 -7 14 14");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", "#s" + row.shape);
    use.setAttribute("fill", `var(--m${row.slot})`);
    svg.append(use);
    return svg;
  }

  const items = new Map(data.contenders.map((row) => {
    const item = element("li", "");
    item.style.setProperty("--m", `var(--m${row.slot})`);
    const named = element("span", "named");
    named.append(sign(row), element("span", "name", row.title));
    const bar = element("span", "bar");
    bar.append(element("i", ""));
    item.append(element("span", "place"), named, bar, element("span", "p"), element("span", "v"));
    return [row.slot, item];
  }));

  function fill(item, row, place) {
    item.querySelector(".place").textContent = place;
    item.querySelector(".bar i").style.width = row.p_best * 100 + "%";
    item.querySelector(".p").textContent = probability(row.p_best);
    item.querySelector(".v").textContent = row.value === null ? "–" : row.value.toFixed(2);
  }

  function show(rows) {
    const before = new Map([...items.values()].map((item) => [item, item.getBoundingClientRect().top]));
    rows.sort((a, b) => b.p_best - a.p_best || (b.value ?? 0) - (a.value ?? 0));
    rows.forEach((row, index) => fill(items.get(row.slot), row, index + 1));
    list.append(...rows.map((row) => items.get(row.slot)));
    if (still.matches) return;
    for (const [item, top] of before) {
      const moved = top - item.getBoundingClientRect().top;
      if (top && moved) item.animate([{ transform: `translateY(${moved}px)` }, { transform: "none" }], { duration: 220, easing: "ease-out" });
    }
  }

  function tell(shares, words) {
    data.criteria.forEach((id, i) => { document.getElementById("o-" + id).textContent = part(shares[i]); });
    state.textContent = words;
  }

  const normal = (values) => {
    const sum = values.reduce((a, b) => a + b, 0);
    return values.map((value) => (sum > 0 ? value / sum : 1 / values.length));
  };

  function asTheBriefSays() {
    tell(normal(data.weights), "As the brief says: the verdict itself.");
    show(data.contenders.map((row) => ({ ...row })));
  }

  function asSet() {
    const weights = normal(data.criteria.map((id) => Number(form.elements[id].value)));
    const rows = judged(weights);
    show(rows);
    tell(weights, `With exactly these weights ${rows[0].title} comes first in ${probability(rows[0].p_best)}.`);
  }

  const head = element("li", "head");
  head.append(element("span", ""), element("span", "", "contender"), element("span", "", "best in"), element("span", "p", ""), element("span", "v", "value"));
  list.append(head);
  form.addEventListener("input", asSet);
  form.addEventListener("reset", () => setTimeout(asTheBriefSays));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.reset();
  asTheBriefSays();
})();
