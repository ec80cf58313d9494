// The pages before the app: signing in, and choosing a password.
import { call, hasPasskeys, signInWithPasskey, token } from './session.js';

const problem = document.getElementById('problem');
const say = text => {
    problem.textContent = text;
    problem.hidden = !text;
};

/** Where the reader wanted to go: an address of this app, and no other. */
function target() {
    const wanted = new URLSearchParams(location.search).get('returnUrl') ?? '/';
    try {
        const url = new URL(wanted, location.origin);
        return wanted.startsWith('/') && url.origin === location.origin && !url.pathname.startsWith('/sign-in') ? url.pathname + url.search + url.hash : '/';
    } catch {
        return '/';
    }
}

const goOn = session => location.replace(session.mustChangePassword ? `/password?returnUrl=${encodeURIComponent(target())}` : target());

/** Sends a form once at a time, and shows why it did not work. */
function onSubmit(form, send) {
    form.addEventListener('submit', async event => {
        event.preventDefault();
        const button = form.querySelector('[type=submit]');
        say('');
        const empty = [...form.querySelectorAll('input[required]')].find(input => !input.value);
        if (empty) {
            say(`Fill in: ${form.querySelector(`label[for="${empty.id}"]`).textContent}.`);
            empty.focus();
            return;
        }

        button.disabled = true;
        try {
            await send(new FormData(form));
        } catch (error) {
            say(error.code === 'too-many-requests' ? 'Too many tries. Wait a minute, then try again.' : error.detail ?? 'That did not work. Try again.');
            form.querySelector('input[type=password]')?.focus();
        } finally {
            button.disabled = false;
        }
    });
}

for (const button of document.querySelectorAll('[data-reveal]')) {
    const input = document.getElementById(button.dataset.reveal);
    button.setAttribute('aria-label', `Show: ${document.querySelector(`label[for="${input.id}"]`).textContent}`);
    button.addEventListener('click', () => {
        const shown = input.type === 'password';
        input.type = shown ? 'text' : 'password';
        button.textContent = shown ? 'Hide' : 'Show';
        button.setAttribute('aria-pressed', String(shown));
    });
}

const signIn = document.getElementById('sign-in');
if (signIn) {
    onSubmit(signIn, async form => goOn(await call('POST', 'session', { userName: form.get('userName').trim(), password: form.get('password'), isPersistent: form.get('isPersistent') === 'on' })));
    const passkey = document.getElementById('passkey');
    passkey.hidden = !hasPasskeys();
    passkey.addEventListener('click', async () => {
        say('');
        try {
            goOn(await signInWithPasskey());
        } catch (error) {
            say(error.detail ?? 'The passkey was not used. Try again, or sign in with your password.');
        }
    });
    document.getElementById('user-name').focus();

    // A link from an e-mail comes without the cookie, which goes with this site's own requests only: so look again from here.
    if (!new URLSearchParams(location.search).has('reason')) call('GET', 'session').then(goOn, () => { });
}

const change = document.getElementById('change-password');
if (change) {
    const session = await call('GET', 'session').catch(() => null);
    if (!session) {
        location.replace('/sign-in');
    } else {
        change.userName.value = session.userName;
        onSubmit(change, async form => {
            if (form.get('newPassword') !== form.get('again')) throw { detail: 'The new password and its repetition differ.' };
            await call('PUT', 'session/password', { currentPassword: form.get('currentPassword'), newPassword: form.get('newPassword') }, await token());
            location.replace(target());
        });
        document.getElementById('current').focus();
    }
}
