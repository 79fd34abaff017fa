// The desk by keyboard: / goes to the search, j and k walk through the rows, Enter opens one.
function rows() {
  return [...document.querySelectorAll("table.list tbody tr")].filter((row) => row.querySelector("a"));
}

export function keyboard() {
  let at = -1;
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    } else if (event.key === "j" || event.key === "k") {
      const list = rows();
      if (!list.length) return;
      list[at]?.removeAttribute("aria-selected");
      at = Math.max(0, Math.min(list.length - 1, at + (event.key === "j" ? 1 : -1)));
      list[at].setAttribute("aria-selected", "true");
      list[at].scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && at >= 0 && event.target === document.body) {
      rows()[at]?.querySelector("a").click();
    }
  });
}
