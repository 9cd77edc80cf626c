// Inspects the page from within and writes its findings, as JSON, to data-selfcheck of the root element:
// {width, charts, overflow, cut, overlap, undrawn, unread, broken, loads, errors}; every list is empty when all is well.
(() => {
  "use strict";
  const errors = [];
  addEventListener("error", (event) => errors.push(String(event.message)));
  const root = document.documentElement;
  const shown = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !node.closest(".skip, .defs, dialog") && !hidden(node);
  // For readers who listen: clipped away for those who look.
  const hidden = (node) => node && node !== document.body && (getComputedStyle(node).clipPath !== "none" || hidden(node.parentElement));
  const scrolls = (node) => node.closest(".scroll, .contents, pre");
  const name = (node) => {
    const place = node.closest("[id]")?.id ?? "";
    return `${node.tagName.toLowerCase()}.${String(node.getAttribute("class") ?? "")} in #${place}: ${node.textContent.trim().slice(0, 40)}`;
  };

  // Boxes of the texts themselves, one for each text node that is seen.
  function texts() {
    const boxes = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode, parent = node.parentElement;
      if (!node.data.trim() || parent.closest("script, style, title, dialog") || !shown(parent)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width > 1 && box.height > 1) boxes.push({ box, node, parent });
      }
    }
    return boxes.sort((a, b) => a.box.top - b.box.top);
  }

  function overlaps(boxes) {
    const found = [];
    boxes.forEach((a, i) => {
      if (scrolls(a.parent) || clipped(a.parent)) return;
      for (let j = i + 1; j < boxes.length && boxes[j].box.top < a.box.bottom; j++) {
        const b = boxes[j];
        if (a.node === b.node || scrolls(b.parent) || clipped(b.parent)) continue;
        const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        const line = Math.min(a.box.height, b.box.height);
        if (wide > 2 && high > line * 0.45) found.push(`${name(a.parent)} | ${name(b.parent)}`);
      }
    });
    return found;
  }

  // A text that ends in an ellipsis on purpose; its whole is in the title or in the estimate.
  function clipped(node) {
    for (let at = node; at && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).textOverflow === "ellipsis") return true;
    }
    return getComputedStyle(node).position === "sticky" || Boolean(node.closest(".contents"));
  }

  function cut() {
    return [...document.querySelectorAll("main *")].filter((node) => {
      const style = getComputedStyle(node);
      const hides = style.overflowX === "hidden" || style.overflowX === "clip";
      return hides && style.textOverflow !== "ellipsis" && node.scrollWidth > node.clientWidth + 1 && shown(node) && node.clientWidth > 2 && !(node instanceof SVGElement);
    }).map(name);
  }

  function overflow(boxes) {
    const wider = root.scrollWidth - root.clientWidth;
    const page = wider > 0 ? [`the page is ${wider} px wider than its window`] : [];
    return page.concat(outside(boxes));
  }

  function outside(boxes) {
    return boxes.filter(({ box, parent }) => (box.right > root.clientWidth + 1 || box.left < -1) && !scrolls(parent) && !clipped(parent)).map(({ parent }) => name(parent));
  }

  function undrawn() {
    const charts = [...document.querySelectorAll(".chart")].filter((chart) => {
      const svg = chart.querySelector("svg");
      return shown(chart) && (!svg || svg.clientWidth < 100 || !svg.querySelector(".curves path[d]") || svg.querySelectorAll("text").length < 4);
    });
    const lanes = [...document.querySelectorAll(".panel .lane:not(.missing) svg, .timeline .lane svg, td.ranks svg, .certainty > svg")];
    const empty = lanes.filter((svg) => shown(svg) && (svg.clientWidth < 20 || !svg.childElementCount));
    const broken = [...document.querySelectorAll("svg *")].filter((node) => [...node.attributes].some((a) => /NaN|undefined|Infinity/.test(a.value)));
    return [...charts, ...empty, ...broken].map(name);
  }

  // Charts whose line of values stays as it is when the pointer or an arrow key moves, or has no values at all.
  function unread() {
    return [...document.querySelectorAll(".chart")].filter((chart) => {
      if (!shown(chart)) return false;
      const line = document.getElementById(chart.id.replace("chart-", "reading-"));
      const box = chart.querySelector("svg").getBoundingClientRect();
      const point = (share) => {
        const clientX = box.left + box.width * share;
        chart.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY: box.top + 9, bubbles: true }));
        return line.innerText;
      };
      const press = (key) => {
        chart.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        return line.innerText;
      };
      const [left, right] = [point(0.02), point(0.98)];
      const keys = [press("Home"), press("End"), press("ArrowLeft")];
      const focusable = chart.tabIndex === 0 && chart.getAttribute("aria-valuetext") === keys[2];
      return !/\d/.test(left) || left === right || keys[0] === keys[1] || keys[1] === keys[2] || !focusable;
    });
  }

  function broken() {
    const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
    const twice = ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => "twice: " + id);
    const links = [...document.querySelectorAll('a[href^="#"], use')].map((node) => node.getAttribute("href").slice(1));
    return [...new Set([...twice, ...links.filter((id) => !document.getElementById(id)).map((id) => "nowhere: " + id)])];
  }

  function look() {
    const boxes = texts();
    root.dataset.selfcheck = JSON.stringify({
      width: root.clientWidth,
      charts: [...document.querySelectorAll(".chart > svg")].filter(shown).length,
      overflow: overflow(boxes).slice(0, 20),
      cut: cut().slice(0, 20),
      overlap: overlaps(boxes).slice(0, 20),
      undrawn: undrawn().slice(0, 20),
      unread: unread().map(name),
      broken: broken().slice(0, 20),
      loads: performance.getEntriesByType("resource").map((entry) => entry.name).filter((url) => !url.startsWith("data:")),
      errors,
    });
  }
  if (document.readyState === "complete") look();
  else addEventListener("load", look);
})();
