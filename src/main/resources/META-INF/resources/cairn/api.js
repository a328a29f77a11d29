// Requests to the worker that served this page.

const TOKEN = 'cairn.token';

/** What went wrong, in the worker's own words where it has any (RFC 9457). */
export class Problem extends Error {
  constructor(status, title, detail) {
    super(detail || title);
    this.status = status;
    this.title = title;
  }
}

export const token = () => sessionStorage.getItem(TOKEN);
export function setToken(value) {
  if (value) {
    sessionStorage.setItem(TOKEN, value);
  } else {
    sessionStorage.removeItem(TOKEN);
  }
}

/** A fetch that carries the token. @throws Problem */
export async function request(path, { headers, ...options } = {}) {
  const authorization = token() ? { Authorization: `Bearer ${token()}` } : {};
  let response;
  try {
    response = await fetch(new URL(path, document.baseURI), {
      cache: 'no-store', ...options, headers: { Accept: 'application/json', ...authorization, ...headers },
    });
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    throw new Problem(0, 'No answer', 'The worker does not answer.');
  }
  if (!response.ok) {
    throw await problemOf(response);
  }
  return response;
}

async function problemOf(response) {
  const title = `${response.status} ${response.statusText}`.trim();
  const body = await response.json().catch(() => ({}));
  return new Problem(response.status, body.title ?? title, body.detail ?? body.title ?? title);
}

export const get = async (path) => (await request(path)).json();

/** Asks for something to be done. @returns the id to ask for its outcome */
export async function post(path, body = {}) {
  const response = await request(path, {
    method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' },
  });
  return (await response.json())['request-id'];
}
