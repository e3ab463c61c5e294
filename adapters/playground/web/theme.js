// Light, dark, or as the system has it: kept in the browser, and set before the first drawing.
const THEMES = ["system", "light", "dark"];
const SAID = {
  system: "Colours: as the system has them",
  light: "Colours: light",
  dark: "Colours: dark",
};

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

function nextTheme() {
  const now = document.documentElement.dataset.theme;
  const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length];
  localStorage.setItem("theme", next);
  setTheme(next);
  const button = document.querySelector(".theme");
  button.setAttribute("aria-label", SAID[next]);
  button.title = SAID[next];
}

const kept = localStorage.getItem("theme");
setTheme(THEMES.includes(kept) ? kept : "system");
