// The app's own script: starts the live connection, brings it back when it breaks, and does what only a browser can do.
import { addPasskey, call, hasPasskeys, onSignedOut, tellSignedOut, token } from './session.js';

const notice = document.getElementById('connection');
const title = document.getElementById('connection-title');
const text = document.getElementById('connection-text');
const again = document.getElementById('connection-again');

const wait = (milliseconds, wake) => new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    wake(() => {
        clearTimeout(timer);
        resolve();
    });
});

let isAway = false;
let wakeUp = () => { };

const closed = new Set();

/** Closes what would be lost; fields whose text the browser keeps stay open, with all that says what they are. */
function close() {
    const app = document.querySelector('.app-root');
    const open = app?.querySelector('[data-draft]');
    for (const element of open ? app.querySelectorAll('a, button, select, input:not([data-draft]), textarea:not([data-draft]), [draggable], nav') : app ? [app] : []) {
        if (element.inert) continue;
        element.inert = true;
        closed.add(element);
    }
    return !!open;
}

/** Shows that there is no connection. */
function showAway(attempt) {
    const isOpen = close();
    notice.classList.toggle('connection-beside', isOpen);
    notice.hidden = false;
    again.hidden = attempt < 4;
    title.textContent = 'The connection to the server is lost';
    text.textContent = attempt < 4
        ? `Connecting again… Batches go on by themselves. ${isOpen ? 'Go on typing: it is kept, and what you paste shows when the server is back.' : 'What you typed is kept.'}`
        : `The server does not answer. This page tries again every few seconds. ${isOpen ? 'Go on typing: it is kept, and what you paste shows when the server is back.' : 'What you typed is kept.'}`;
}

function showBack() {
    for (const element of closed) element.inert = false;
    closed.clear();
    notice.hidden = true;
}

// Nobody is there to hear of a change; the components tell of it later.
addEventListener('change', event => { if (isAway && event.target.matches?.('[data-draft]')) event.stopImmediatePropagation(); }, { capture: true });

async function comeBack() {
    for (let attempt = 0; isAway; attempt++) {
        showAway(attempt);
        try {
            if (await Blazor.reconnect()) return;

            // The server runs, but has begun anew since: so does the page. What was typed is in the browser.
            title.textContent = 'The server is back';
            text.textContent = 'Loading the page again…';
            location.reload();
            return;
        } catch {
            await wait(Math.min(250 * 2 ** attempt, 3000), wake => { wakeUp = wake; });
        }
    }
}

again.addEventListener('click', () => wakeUp());
document.addEventListener('visibilitychange', () => { if (!document.hidden) wakeUp(); });
addEventListener('online', () => wakeUp());

// Blazor takes a link to a place in the page as a way to another page, and leaves the keyboard where it was.
document.addEventListener('click', event => {
    if (!event.target.closest?.('.skip-link')) return;
    event.preventDefault();
    event.stopPropagation();
    document.getElementById('content').focus();
}, { capture: true });

const toSignIn = reason => location.assign(`/sign-in?${reason ? `reason=${reason}&` : ''}returnUrl=${encodeURIComponent(location.pathname + location.search)}`);
onSignedOut(() => location.assign('/sign-in?reason=out'));

// The sign-in lives on for as long as somebody works here: that of the browser, and that of the page's own calls. The live connection alone renews neither.
let page;
let hasWorked = false;
for (const kind of ['keydown', 'pointerdown']) addEventListener(kind, () => { hasWorked = true; }, { capture: true, passive: true });
setInterval(async () => {
    if (!hasWorked || document.hidden) return;
    hasWorked = false;
    try {
        await call('GET', 'session');
        page?.invokeMethodAsync('StayAsync').catch(() => { });
    } catch (error) {
        if (error.status === 401) toSignIn('ended');
    }
}, Math.min(Number(document.documentElement.dataset.stay) || 600_000, 600_000));

window.clinicflow = {
    /** The page begins: what the reader's browser says, now and whenever it changes. */
    begin(begun) {
        page = begun;
        const tell = () => page.invokeMethodAsync('Say', clinicflowReader.tell()).catch(() => { });
        clinicflowReader.onChange(tell);
        return clinicflowReader.tell();
    },

    choose: appearance => clinicflowReader.choose(appearance),

    async signOut() {
        try {
            await call('DELETE', 'session', undefined, await token());
        } finally {
            tellSignedOut();
            location.assign('/sign-in?reason=out');
        }
    },

    /** Changes one's own password; null where it worked, otherwise why not. The live connection begins anew with the new sign-in. */
    async changePassword(currentPassword, newPassword) {
        try {
            await call('PUT', 'session/password', { currentPassword, newPassword }, await token());
            return null;
        } catch (error) {
            return error.code === 'too-many-requests' ? 'Too many tries. Wait a minute, then try again.' : error.detail ?? 'That did not work. Try again.';
        }
    },

    hasPasskeys,

    /** Makes a passkey; null where it worked, otherwise why not. */
    async addPasskey(name) {
        try {
            await addPasskey(name);
            return null;
        } catch (error) {
            return error.detail ?? 'No passkey was made. Your device may not offer them at this address, or you cancelled.';
        }
    },

    /** Puts a PDF into a frame, and behind a link for browsers that show none in a frame. */
    async showPdf(frame, link, stream) {
        const url = URL.createObjectURL(new Blob([await stream.arrayBuffer()], { type: 'application/pdf' }));
        if (frame.dataset.url) URL.revokeObjectURL(frame.dataset.url);
        frame.dataset.url = url;
        frame.src = url + '#navpanes=0&view=FitH';
        link.href = url;
    },

    async copy(value) {
        try {
            await navigator.clipboard.writeText(value);
            return true;
        } catch {
            return false;
        }
    },
};

await Blazor.start({
    circuit: {
        reconnectionHandler: {
            onConnectionDown() {
                if (isAway) return;
                isAway = true;
                comeBack();
            },
            onConnectionUp() {
                isAway = false;
                showBack();
            },
        },
    },
});
