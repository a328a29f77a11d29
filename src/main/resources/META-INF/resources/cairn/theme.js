// Runs before the first paint, so that no one sees the wrong colours for a moment.
(() => {
  const KEY = 'cairn.theme';
  const NEXT = { auto: 'light', light: 'dark', dark: 'auto' };
  const stored = localStorage.getItem(KEY);
  let theme = stored in NEXT ? stored : 'auto';

  function apply() {
    document.documentElement.dataset.theme = theme;
    const button = document.getElementById('theme');
    if (button) {
      button.textContent = theme[0].toUpperCase() + theme.slice(1);
      button.setAttribute('aria-label', `Colours: ${theme}. Change to ${NEXT[theme]}`);
      button.title = `Colours: ${theme}`;
    }
    document.dispatchEvent(new Event('themechange'));
  }

  apply();
  document.addEventListener('DOMContentLoaded', () => {
    apply();
    document.getElementById('theme').addEventListener('click', () => {
      theme = NEXT[theme];
      localStorage.setItem(KEY, theme);
      apply();
    });
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
})();
