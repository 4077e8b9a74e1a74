// Sets the chosen theme before the first paint; without a choice the system's holds.
{
  const chosen = localStorage.getItem("tandem-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
}
