// Light or dark: as in the system, until the button changes it.

export function startTheme() {
  const theme = document.getElementById("theme");
  const night = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (document.documentElement.dataset.theme ?? (night.matches ? "dark" : "light")) === "dark";
  const name = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    name();
  });
  night.addEventListener("change", name);
  name();
  theme.hidden = false;
}
