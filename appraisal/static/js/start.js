// Runs before the page is painted: marks what the browser can do and applies the chosen theme, so that nothing flickers.
(function () {
  document.body.classList.add("js-enabled");
  if ("noModule" in HTMLScriptElement.prototype) {
    document.body.classList.add("govuk-frontend-supported");
  }
  try {
    var theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") {
      document.documentElement.dataset.theme = theme;
    }
  } catch (error) {
    // Storage may be forbidden; the system's theme then stands.
  }
})();
