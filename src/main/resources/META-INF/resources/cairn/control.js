// The buttons, their dialogs, and what came of it.

import { get, post, Problem, setToken, token } from './api.js';
import { $, el, setText } from './dom.js';

const POLL_MS = 1_000;
const FORGIVEN_POLLS = 5;
const ENDINGS = new Set(['stop', 'cancel']);
const NAMES = { checkpoint: 'Checkpoint', savepoint: 'Savepoint', pause: 'Pause', resume: 'Resume', stop: 'Stop', cancel: 'Cancel' };

/** @param model with job and config; @param restart connects anew, after the token has changed */
export function control(model, restart) {
  const setting = (key) => model.config.find((row) => row.key === key)?.value;

  const dialogs = {
    savepoint: dialog('savepoint-dialog', () => showDefault('savepoint'), () => act('savepoint', 'savepoints', target('savepoint'))),
    stop: dialog('stop-dialog', () => showDefault('stop'), () => act('stop', 'job/stop', { ...target('stop'), drain: $('stop-drain').checked })),
    cancel: dialog('cancel-dialog', showConsequence, () => act('cancel', 'job/cancel')),
    token: dialog('token-dialog', showToken, () => useToken($('token').value.trim())),
  };

  $('checkpoint').addEventListener('click', () => act('checkpoint', 'checkpoints'));
  $('savepoint').addEventListener('click', () => dialogs.savepoint());
  $('pause').addEventListener('click', () => (model.job?.paused ? act('resume', 'job/resume') : act('pause', 'job/pause')));
  $('stop').addEventListener('click', () => dialogs.stop());
  $('cancel').addEventListener('click', () => dialogs.cancel());
  $('token-button').addEventListener('click', () => dialogs.token());
  $('token-forget').addEventListener('click', () => useToken(''));

  function showDefault(kind) {
    const directory = setting('state.savepoints.dir');
    $(`${kind}-target`).required = !directory;
    setText($(`${kind}-default`), directory ? `Left empty: ${directory}` : 'Needed, because state.savepoints.dir is not set.');
  }

  function target(kind) {
    const directory = $(`${kind}-target`).value.trim();
    return directory ? { 'target-directory': directory } : {};
  }

  function showConsequence() {
    const retention = setting('execution.checkpointing.externalized-checkpoint-retention') ?? 'RETAIN_ON_CANCELLATION';
    const keeps = retention === 'RETAIN_ON_CANCELLATION';
    const consequence = $('cancel-consequence');
    consequence.classList.toggle('warning', !keeps);
    setText(consequence, keeps
      ? `Its checkpoints stay (${retention}), and the job can continue from them.`
      : `Its checkpoints are deleted (${retention}): without a savepoint its state is lost for good.`);
    $('cancel-name-label').hidden = keeps;
    $('cancel-name').value = '';
    setText($('cancel-name-wanted'), model.job?.name ?? '');
    const check = () => {
      $('cancel-go').disabled = !keeps && $('cancel-name').value !== model.job?.name;
    };
    $('cancel-name').oninput = check;
    check();
  }

  function showToken() {
    $('token').value = '';
    $('token-forget').hidden = !token();
  }

  function useToken(value) {
    setToken(value);
    restart();
  }

  async function act(kind, path, body) {
    const card = operation(NAMES[kind]);
    try {
      const id = await post(path, body);
      card.say('busy', 'In progress');
      card.finish(kind, await outcome(kind, id));
    } catch (problem) {
      card.say('bad', problem instanceof Problem ? problem.message : String(problem));
      if (problem.status === 401) {
        askToken(problem.message);
      }
    }
  }

  /** Asks for a token, with the worker's reason. */
  function askToken(reason) {
    if (!$('token-dialog').open) {
      setText($('token-reason'), reason);
      dialogs.token();
    }
  }

  return {
    askToken,
    show(connected) {
      const refused = model.job?.control === 'refused';
      for (const id of ['checkpoint', 'savepoint', 'pause', 'stop', 'cancel']) {
        $(id).disabled = !connected || refused || !model.job;
      }
      setText($('pause'), model.job?.paused ? 'Resume' : 'Pause');
      $('token-button').hidden = !(token() || model.job?.control === 'token' || model.wantsToken);
      const text = model.lost || model.problem || (refused ? readingOnly() : '');
      $('notice').hidden = !text;
      setText($('notice'), text);
    },
  };
}

function readingOnly() {
  return token()
    ? 'Reading only: this token is a viewer’s. An operator’s can control the job.'
    : 'Reading only: without configured credentials the job can be controlled from the worker’s own host only. '
      + 'Set CAIRN_SECURITY_OPERATOR_TOKEN for its workers to control it from here.';
}

function dialog(id, prepare, go) {
  const element = $(id);
  element.addEventListener('close', () => {
    if (element.returnValue === 'go') {
      go();
    }
  });
  element.addEventListener('click', (event) => {
    if (event.target === element) {
      element.close('cancel');
    }
  });
  // Enter means the button that acts, not the first one of the form.
  element.querySelector('form').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target.tagName === 'INPUT') {
      event.preventDefault();
      element.querySelector('button[value=go]').click();
    }
  });
  return () => {
    element.returnValue = '';
    prepare();
    element.showModal();
  };
}

/** Asks until it is done. A worker that was told to end may do so before it says that it is done. */
async function outcome(kind, id) {
  for (let misses = 0; ;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    try {
      const answer = await get(`operations/${encodeURIComponent(id)}`);
      misses = 0;
      if (answer.status?.id === 'COMPLETED') {
        return answer.operation ?? {};
      }
    } catch (problem) {
      if (problem.status !== 0 || ++misses >= FORGIVEN_POLLS) {
        if (problem.status === 0 && ENDINGS.has(kind)) {
          return { ended: true };
        }
        throw problem;
      }
    }
  }
}

function operation(name) {
  const state = el('span', { class: 'state', text: 'Requested' });
  const text = el('p', {});
  const card = el('article', { class: 'operation', 'data-level': 'busy' },
    el('header', {}, el('strong', { text: name }), state,
      el('button', { type: 'button', class: 'quiet', 'aria-label': `Dismiss: ${name}`, text: '×', onclick: () => card.remove() })),
    text);
  $('operations').prepend(card);
  const say = (level, status, more = '') => {
    card.dataset.level = level;
    setText(state, level === 'bad' ? 'Failed' : status);
    setText(text, level === 'bad' ? status : more);
  };
  return {
    say,
    finish(kind, { location, remark, ended, 'failure-cause': failure }) {
      if (failure) {
        say('bad', failure.message ?? failure.class);
      } else if (ended) {
        say('good', 'Done', 'The worker has ended. cairn job start lets its workers start again.');
      } else {
        say('good', 'Done', [location, remark].filter(Boolean).join('\n'));
        if (!location && !remark && !ENDINGS.has(kind)) {
          setTimeout(() => card.remove(), 8_000);
        }
      }
    },
  };
}
