// Server-sent events by fetch, which can carry a token where EventSource cannot.

import { request } from './api.js';

const SILENCE_MS = 15_000;
const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

/**
 * Follows a stream of events for good, with growing pauses between attempts to connect.
 *
 * @param on opened(), event(name, data), lost(problem, msUntilNextAttempt)
 * @returns restart(): connects anew, at once
 */
export function follow(path, on) {
  let attempts = 0;
  let wake = () => {};
  let current = new AbortController();

  async function run() {
    for (;;) {
      let problem;
      current = new AbortController();
      try {
        await read(path, current, {
          opened() {
            on.opened();
          },
          event(name, data) {
            attempts = 0;
            on.event(name, data);
          },
        });
      } catch (error) {
        problem = error;
      }
      const refused = problem?.status === 401 || problem?.status === 403;
      const pause = BACKOFF_MS[Math.min(attempts++, BACKOFF_MS.length - 1)];
      on.lost(problem, pause);
      await new Promise((resolve) => {
        // Another token is needed: the form that takes it calls restart.
        const timer = refused ? undefined : setTimeout(resolve, pause);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  function restart() {
    attempts = 0;
    current.abort();
    wake();
  }

  addEventListener('online', restart);
  run();
  return restart;
}

async function read(path, controller, on) {
  let watchdog;
  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => controller.abort(), SILENCE_MS);
  };
  try {
    alive();
    const response = await request(path, { headers: { Accept: 'text/event-stream' }, signal: controller.signal });
    on.opened();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      alive();
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop();
      blocks.forEach((block) => dispatch(block, on));
    }
  } finally {
    clearTimeout(watchdog);
  }
}

function dispatch(block, on) {
  let name = 'message';
  const data = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
    if (field === 'event') {
      name = value;
    } else if (field === 'data') {
      data.push(value);
    }
  }
  if (data.length) {
    on.event(name, JSON.parse(data.join('\n')));
  }
}
