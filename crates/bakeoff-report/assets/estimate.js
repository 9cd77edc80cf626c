// A click on a number opens its estimate. Without this script the number is a link to the same article further down.
(() => {
  "use strict";
  const dialog = document.getElementById("estimate");
  const body = dialog.querySelector(".body");

  function copyOf(article) {
    const group = article.closest(".group");
    const head = document.createElement("h3");
    head.textContent = group.querySelector("summary").firstChild.textContent.trim();
    const copy = article.cloneNode(true);
    copy.removeAttribute("id");
    return [head, copy, group.querySelector(".what").cloneNode(true)];
  }

  function address(hash) {
    try {
      history.replaceState(null, "", hash || location.pathname + location.search);
    } catch {
      // A page without an address of its own, as in a frame: it opens all the same.
    }
  }

  function open(id) {
    const article = document.getElementById(id);
    if (!article || !article.classList.contains("estimate")) return false;
    body.replaceChildren(...copyOf(article));
    if (!dialog.open) dialog.showModal();
    address("#" + id);
    return true;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#e-"]');
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && open(link.getAttribute("href").slice(1))) {
      event.preventDefault();
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest(".close")) dialog.close();
  });
  dialog.addEventListener("close", () => address(""));
  if (location.hash.startsWith("#e-")) open(decodeURIComponent(location.hash.slice(1)));
})();
