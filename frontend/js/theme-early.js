/* The theme before the first paint: a script of its own, since the policy refuses inline ones. */
(() => {
  let theme = "system";
  try {
    theme = JSON.parse(localStorage.getItem("atomlens.preferences") ?? "{}").theme ?? "system";
  } catch {
    theme = "system"; // no storage, or not ours: the page itself reads it with care
  }
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
