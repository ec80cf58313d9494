// Signing in and out, and one's own password: only the browser can take and give back the cookie, so these calls are its own.
const problemOf = async response => {
    try {
        return await response.json();
    } catch {
        return { code: `http-${response.status}`, detail: 'The server answered in a way that this page does not understand. Try again in a moment.' };
    }
};

/** Calls the API; an answer that says no, or none, is thrown as { code, detail, errors }. */
export async function call(method, path, body, token) {
    const headers = {};
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (token) headers['X-XSRF-TOKEN'] = token;
    let response;
    try {
        response = await fetch(`/api/v1/${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: 'same-origin' });
    } catch {
        throw { code: 'unreachable', detail: 'The server cannot be reached. Check the network, then try again.' };
    }

    if (!response.ok) throw await problemOf(response);
    return response.status === 204 ? null : await response.json();
}

const signedOut = new BroadcastChannel('clinicflow-session');

/** Says to the other tabs that nobody is signed in any more. */
export const tellSignedOut = () => signedOut.postMessage('out');

/** Does something when another tab signed out. */
export const onSignedOut = listener => signedOut.addEventListener('message', event => { if (event.data === 'out') listener(); });

/** The token that changes need. */
export const token = async () => (await call('GET', 'session')).antiforgeryToken;

/** Whether this browser can use passkeys here. */
export const hasPasskeys = () => isSecureContext && typeof PublicKeyCredential === 'function' && typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function';

/** Signs in with a passkey. */
export async function signInWithPasskey() {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await call('POST', 'session/passkey-options'));
    const credential = await navigator.credentials.get({ publicKey });
    return await call('POST', 'session/passkey', { credential: credential.toJSON() });
}

/** Makes a passkey for whoever is signed in. */
export async function addPasskey(name) {
    const proof = await token();
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await call('POST', 'session/passkeys/options', undefined, proof));
    const credential = await navigator.credentials.create({ publicKey });
    return await call('POST', 'session/passkeys', { credential: credential.toJSON(), name }, proof);
}
