// Draws latency curves, warm-ups and what probes saw: colours from the page's own, percentiles on the axis of nines.
(() => {
  "use strict";
  if (typeof echarts === "undefined") return;
  const options = JSON.parse(document.getElementById("data-charts").textContent);
  const tabs = [...document.querySelectorAll("#latency .tabs button")];
  const numbers = [...document.querySelectorAll("#latency .numbers")];
  const charts = new Map();
  let label = 0;

  // 1 is 90 %, 2 is 99 %, 3 is 99.9 %
  const percentile = (nines) => {
    if (nines <= 0) return "0 %";
    const decimals = Math.max(0, Math.ceil(nines) - 2);
    return (100 - 100 * 10 ** -nines).toFixed(Number.isInteger(nines) ? decimals : decimals + 1) + " %";
  };
  const short = (value) => Number(value.toPrecision(3)).toLocaleString("en");
  const axes = { nines: percentile, doubling: (value) => short(2 ** value), count: short, seconds: (value) => short(value) + " s" };

  // Colours stand in the options as names of the page's variables.
  function coloured(node, style) {
    if (typeof node === "string") return node.startsWith("--") ? style.getPropertyValue(node).trim() : node;
    if (Array.isArray(node)) return node.map((part) => coloured(part, style));
    if (node && typeof node === "object") {
      return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, key === "name" ? part : coloured(part, style)]));
    }
    return node;
  }

  const tooltip = (across) => (seen) => {
    const points = [seen].flat();
    const box = document.createElement("div");
    const head = document.createElement("b");
    head.textContent = across(points[0].value[0]);
    box.append(head);
    for (const point of points.sort((a, b) => b.value[1] - a.value[1])) {
      const line = document.createElement("div");
      const sign = document.createElement("span");
      sign.textContent = "■ ";
      sign.style.color = point.color;
      line.append(sign, `${short(point.value[1])}  ${point.seriesName}`);
      box.append(line);
    }
    return box;
  };

  function draw() {
    const style = getComputedStyle(document.documentElement);
    for (const { label: of, chart: kind, option } of options) {
      if (of !== null && of !== label) continue;
      const node = document.getElementById("chart-" + kind);
      const chart = charts.get(kind) ?? echarts.init(node, null, { renderer: "svg" });
      charts.set(kind, chart);
      const ready = coloured(option, style);
      const across = axes[option.xAxis.axisLabel.formatter];
      ready.xAxis.axisLabel.formatter = across;
      ready.yAxis.axisLabel.formatter = short;
      ready.tooltip.formatter = tooltip(across);
      ready.series = ready.series.map((series) => ({ type: "line", symbol: "none", emphasis: { focus: "series" }, ...series }));
      chart.setOption(ready, { notMerge: true });
    }
  }

  function choose(next) {
    label = next;
    tabs.forEach((tab) => tab.setAttribute("aria-pressed", String(Number(tab.dataset.label) === label)));
    document.querySelectorAll("#latency tr[data-label]").forEach((row) => { row.hidden = Number(row.dataset.label) !== label; });
    draw();
  }

  tabs.forEach((tab) => tab.addEventListener("click", () => choose(Number(tab.dataset.label))));
  const open = (state) => numbers.forEach((part) => { part.open = state; });
  open(false);
  choose(0);
  new ResizeObserver(() => charts.forEach((chart) => chart.resize())).observe(document.querySelector("main"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  addEventListener("beforeprint", () => open(true));
})();
