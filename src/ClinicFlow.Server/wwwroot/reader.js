// What the browser knows of its reader: the time zone, light or dark. It is told to the server in a cookie, before the page is drawn.
(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC';

    function tell() {
        const kept = localStorage.getItem('clinicflow-appearance');
        const appearance = kept === 'light' || kept === 'dark' ? kept : 'system';
        const now = appearance === 'system' ? (dark.matches ? 'dark' : 'light') : appearance;
        const said = `${zone}|${appearance}|${now}`;
        document.documentElement.dataset.theme = now;
        document.cookie = `reader=${encodeURIComponent(said)}; path=/; max-age=31536000; samesite=lax`;
        return said;
    }

    // The first page of all was drawn before the server knew its reader: once more, then. Where cookies are off, not again and again.
    const known = document.cookie.includes('reader=');
    tell();
    if (!known && document.documentElement.dataset.live === 'true' && document.cookie.includes('reader=')) location.reload();
    dark.addEventListener('change', tell);
    window.clinicflowReader = {
        tell,
        onChange: listener => dark.addEventListener('change', listener),
        choose: appearance => {
            localStorage.setItem('clinicflow-appearance', appearance);
            return tell();
        },
    };
})();
