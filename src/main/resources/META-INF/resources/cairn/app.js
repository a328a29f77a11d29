// What is known of the job, where it comes from, and who shows it.

import { get } from './api.js';
import { durationsChart, lagChart, sizesChart, throughputChart } from './charts.js';
import { historyTable, keyOf, showCounts, summaryRows, summaryTable } from './checkpoints.js';
import { control } from './control.js';
import { $, announce, el, now, reconcile, setNow, setText } from './dom.js';
import { departures, workersTable, worstFirst } from './fleet.js';
import { clock, lower } from './format.js';
import { showOverview } from './overview.js';
import { partitionRows, partitionsTable, showAge, urgentFirst } from './partitions.js';
import { follow } from './stream.js';
import { partitionsStrip, stateFilter } from './strip.js';
import { keysTables, settingsTable } from './tables.js';

const HISTORY = 1_000;
const SAMPLES_MS = 10 * 60_000;
const REFRESH_MS = 3_000;

const model = { job: null, workers: [], partitions: [], rows: [], seen: new Map(), lastLag: null, checkpoints: {}, history: [], keys: {}, config: [], samples: [], wantsToken: false, problem: '', lost: '' };

const throughput = throughputChart();
const lag = lagChart();
const durations = durationsChart();
const sizes = sizesChart();
const partitions = partitionsTable();
const strip = partitionsStrip(showPartition);
const states = stateFilter(() => show('status'));
const workers = workersTable({ open: showPartition, filter: showPartitionsOf }, (number) => model.stateOf.get(number));
const showDepartures = departures();
const summary = summaryTable();
const history = historyTable();
const showKeys = keysTables();
const showConfig = settingsTable();
const controls = control(model, () => restart());
let connected = false;

const draw = {
  status() {
    showOverview(model);
    workers.show(worstFirst(model.workers));
    showDepartures(model.workers, model.job.now);
    showPartitions();
    throughput(model.samples, now());
    lag(model.samples, now());
    controls.show(connected);
  },
  history() {
    const wanted = $('history-filter').value;
    history.show(model.history.filter((row) => (wanted === 'savepoint' ? row.is_savepoint : wanted === 'failed' ? row.status === 'FAILED' : true)));
    durations(model.history.filter((row) => !row.is_savepoint));
    sizes(model.history.filter((row) => !row.is_savepoint));
    showOverview(model);
  },
  checkpoints() {
    showCounts(model.checkpoints);
    summary.show(summaryRows(model.checkpoints));
  },
  keys: () => showKeys(model.keys),
  config: () => showConfig(model.config),
};
const due = new Set();

/** Draws in the browser's rhythm, however fast events come. */
function show(...parts) {
  if (!due.size) {
    requestAnimationFrame(() => {
      const these = [...due];
      due.clear();
      these.forEach((part) => draw[part]());
    });
  }
  parts.forEach((part) => due.add(part));
}

function showPartitions() {
  showWorkersToChoose();
  const worker = $('partitions-worker').value;
  const matches = (row) => states.matches(row) && (!worker || row.worker === worker);
  states.show(model.rows.filter((row) => !worker || row.worker === worker));
  strip.show(model.rows, matches);
  showAge(model.rows);
  partitions.show(urgentFirst(model.rows.filter(matches)));
}

function showWorkersToChoose() {
  const select = $('partitions-worker');
  const names = [...new Set(model.workers.map((worker) => worker.instance))].sort(byName);
  reconcile(select, ['', ...names], (name) => name, (name) => el('option', { value: name, text: name || 'all workers' }), () => {});
}

function showPartition(number) {
  states.clear();
  $('partitions-worker').value = '';
  partitions.open(number);
  show('status');
  $(`partition-${number}`)?.scrollIntoView({ block: 'nearest' });
}

function showPartitionsOf(instance) {
  states.clear();
  $('partitions-worker').value = instance;
  show('status');
}

const byName = (a, b) => a.localeCompare(b, 'en', { numeric: true });

function status({ job, workers: all, partitions: parts }) {
  setNow(job.now);
  Object.assign(model, { job, workers: [...(all ?? [])].sort((a, b) => byName(a.instance, b.instance)), partitions: [...(parts ?? [])].sort((a, b) => a.partition - b.partition) });
  model.rows = partitionRows(model, model.seen);
  model.stateOf = new Map(model.rows.map((row) => [row.partition, row.shown]));
  if (Number.isFinite(job.lag)) {
    model.lastLag = { lag: job.lag, at: job.now };
  }
  sample(job);
  loaded('status');
  show('status');
}

/** Takes the placeholders of a part of the page away. */
function loaded(part) {
  document.querySelectorAll(`[data-part=${part}]`).forEach((element) => element.removeAttribute('aria-busy'));
}

function sample(job) {
  const at = job.now;
  if (!model.samples.length) {
    model.samples = storedSamples(job);
  }
  model.samples = model.samples.filter((one) => one.at < at && one.at > at - SAMPLES_MS);
  model.samples.push({
    at,
    rate: job['records-per-second'],
    lag: job.lag,
    worst: worst(model.partitions.map((one) => one.lag).filter(Number.isFinite)),
    workers: Object.fromEntries(model.workers.filter((one) => one.reachable).map((one) => [one.instance, one['records-per-second'] ?? 0])),
  });
}

/** Nothing where the lag of no partition is known: the line has a gap. */
const worst = (lags) => (lags.length ? Math.max(...lags) : null);

/** What was drawn before the page was loaded again. */
function storedSamples(job) {
  const stored = JSON.parse(sessionStorage.getItem('cairn.samples') ?? '{}');
  return stored.job === job.name ? stored.samples : [];
}

addEventListener('pagehide', () => sessionStorage.setItem('cairn.samples', JSON.stringify({ job: model.job?.name, samples: model.samples })));

function checkpoint(row) {
  const key = keyOf(row);
  model.history = [row, ...model.history.filter((one) => keyOf(one) !== key)]
    .sort((a, b) => b.trigger_timestamp - a.trigger_timestamp).slice(0, HISTORY);
  show('history');
  refreshLater();
}

let refreshing = null;

function refreshLater() {
  refreshing ??= setTimeout(async () => {
    refreshing = null;
    if (connected) {
      await refresh().catch((problem) => announce(problem.message));
    }
  }, REFRESH_MS);
}

async function refresh() {
  model.checkpoints = await get('checkpoints?limit=1');
  show('checkpoints');
}

/** What comes by events only when it changes. Each stands for itself: one that fails does not hide the others. */
async function load() {
  model.problem = '';
  await Promise.all([
    part(`checkpoints?limit=${HISTORY}`, (checkpoints) => {
      Object.assign(model, { checkpoints, history: checkpoints.history ?? [] });
      show('checkpoints', 'history');
    }),
    part('keys', (keys) => {
      model.keys = keys;
      show('keys');
    }),
    part('config', (config) => {
      model.config = config;
      show('config');
    }),
  ]);
}

async function part(path, take) {
  try {
    take(await get(path));
    loaded(path.replace(/\W.*/, ''));
  } catch (problem) {
    model.problem = problem.message;
    announce(problem.message);
    loaded(path.replace(/\W.*/, ''));
    controls.show(connected);
  }
}

function connection(state, text) {
  const element = $('connection');
  if (element.dataset.state !== state) {
    element.dataset.state = state;
    announce(text);
  }
  setText(element, text);
  document.body.classList.toggle('stale', state === 'lost');
  model.lost = state === 'lost' && model.job ? `No answer from this worker. Shown is how the job stood at ${clock(model.job.now)}.` : '';
  if (model.lost) {
    setText($('job-state'), `was ${lower(model.job.state)}`);
    document.title = `No answer: ${model.job.name} · Cairn`;
  }
  connected = state === 'live';
  controls.show(connected);
}

let countdown = null;

const restart = follow('events', {
  opened() {
    clearInterval(countdown);
    model.wantsToken = false;
    connection('live', 'Live');
    load();
  },
  event(name, data) {
    if (name === 'status') {
      status(data);
    } else if (name === 'checkpoint') {
      checkpoint(data);
    } else if (name === 'keys') {
      model.keys = data;
      loaded('keys');
      show('keys');
    }
  },
  lost(problem, pause) {
    clearInterval(countdown);
    if (problem?.status === 401 || problem?.status === 403) {
      model.wantsToken = true;
      connection('lost', problem.status === 401 ? 'Token wanted' : 'Refused');
      controls.askToken(problem.message);
      return;
    }
    const next = Date.now() + pause;
    const what = problem?.status ? `The worker answers ${problem.status}` : 'Connection lost';
    $('connection').title = problem?.status ? problem.message : '';
    const say = () => connection('lost', `${what}, next try in ${Math.max(0, Math.ceil((next - Date.now()) / 1000))}s`);
    say();
    countdown = setInterval(say, 1_000);
  },
});

$('partitions-worker').addEventListener('change', () => show('status'));
$('history-filter').addEventListener('change', () => show('history'));
