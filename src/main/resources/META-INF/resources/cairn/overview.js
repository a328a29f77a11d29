// The first screen: figures, and what wants attention.

import { $, announce, el, rebuild, reconcile, setBadge, setText, when } from './dom.js';
import { absolute, bytes, count, duration, exact, lagText, lower, mode, plural, rate, span } from './format.js';
import { stateName } from './partitions.js';

export function showOverview(model) {
  const { job, workers, partitions, rows, history } = model;
  if (!job) {
    return;
  }
  showState(job);
  setText($('figure-rate'), rate(job['records-per-second']));
  setText($('figure-rate-more'), `${count(job.records)} since start`);
  $('figure-rate-more').title = exact(job.records);

  const worst = partitions.reduce((most, one) => ((one.lag ?? 0) > (most?.lag ?? 0) ? one : most), null);
  setText($('figure-lag'), lagText(job.lag));
  rebuild($('figure-lag-more'), lagKnown(model, worst), () => lagMore(model, worst));
  $('figure-lag').title = exact(job.lag);
  $('figure-lag').classList.toggle('unknown', !Number.isFinite(job.lag));

  const odd = countBy(rows, (row) => row.shown).filter(([state]) => state !== 'RUNNING').map(([state, number]) => `${number} ${stateName(state)}`);
  setText($('figure-partitions'), exact(rows.length));
  setText($('figure-partitions-more'), odd.join(', ') || (rows.length ? 'all running' : 'none assigned yet'));

  const oddWorkers = countBy(workers, (worker) => (worker.reachable ? worker.condition ?? worker.state : 'AWAY'))
    .filter(([state]) => state !== 'RUNNING').map(([state, number]) => `${number} ${stateName(state)}`);
  setText($('figure-workers'), exact(workers.length));
  setText($('figure-workers-more'), oddWorkers.join(', ') || 'all running');

  showLastCheckpoint(history.find((row) => row.status === 'COMPLETED'), job);
  setText($('figure-uptime'), span(job.duration));
  $('figure-uptime').title = job['start-time'] ? `since ${absolute(job['start-time'])}` : '';
  setText($('figure-uptime-more'), `${mode(job.mode)}, ${every(job)}`);
  setText($('version'), `Cairn ${job.version ?? ''}, processor ${job.processor ?? '–'}, ${(job['input-topics'] ?? []).join(', ')} → ${job['output-topic'] ?? 'no output'}`);
  showAttention(model);
}

const every = (job) => `every ${duration(job.interval).replace(/\.0+s$/, 's')}`;

const countBy = (all, keyOf) => [...all.reduce((numbers, one) => numbers.set(keyOf(one), (numbers.get(keyOf(one)) ?? 0) + 1), new Map())];

const lagKnown = ({ job, partitions, rows, lastLag }, worst) =>
  [Number.isFinite(job.lag), worst?.partition, worst?.lag, partitions.filter((one) => Number.isFinite(one.lag)).length, rows.length, lastLag?.at];

/** Which partition lags most; without any that is known, what the lag of the job was. */
function lagMore({ job, partitions, rows, lastLag }, worst) {
  const known = partitions.filter((one) => Number.isFinite(one.lag)).length;
  if (worst) {
    return el('span', { text: `worst: ${worst.partition} with ${count(worst.lag)}` });
  }
  if (Number.isFinite(job.lag)) {
    return el('span', { text: 'records behind' });
  }
  return known || !lastLag
    ? el('span', { text: `known of ${known} of ${plural(rows.length, 'partition')}` })
    : el('span', {}, `was ${count(lastLag.lag)}, `, when(lastLag.at));
}

function showState(job) {
  setText($('job-name'), job.name);
  if ($('job-state').dataset.state !== job.state) {
    announce(`Job ${job.name} is ${lower(job.state)}`);
  }
  setBadge($('job-state'), job.state);
  document.title = `${job.state === 'RUNNING' ? '' : `${lower(job.state)}: `}${job.name} · Cairn`;
}

function showLastCheckpoint(last, job) {
  rebuild($('figure-checkpoint'), last?.latest_ack_timestamp ?? last?.trigger_timestamp, () => when(last?.latest_ack_timestamp ?? last?.trigger_timestamp));
  setText($('figure-checkpoint-more'), last ? `#${last.id}, ${duration(last.end_to_end_duration)}, ${bytes(last.checkpointed_size)}` : `one ${every(job)}`);
}

const CREATE = { parked: createItem, restoring: createRestore };

function showAttention(model) {
  const items = attention(model);
  reconcile($('attention'), items, (item) => item.id, (item) => (CREATE[item.kind] ?? createItem)(item), updateItem);
  const said = items.filter((item) => item.level === 'bad').map((item) => item.title).join('; ');
  if (said !== showAttention.said) {
    showAttention.said = said;
    announce(said || 'Nothing wants attention any more');
  }
}
showAttention.said = '';

const LEVELS = { RUNNING: 'good', PAUSED: 'calm', STOPPING: 'calm', STOPPED: 'calm', STARTING: 'busy', RESTORING: 'busy', DEGRADED: 'warn' };

/** So many of one finding are shown; the others are counted. */
const NAMED = 3;

/** What the worker says of the job, the worst first; restores with how far they are. */
function attention({ job, workers, partitions, history }) {
  const items = [];
  const add = (level, id, title, text = '', more = {}) => items.push({ level, id, title, text, ...more });
  const reasons = (job.reasons ?? []).filter((one) => one.finding !== 'PARTITION_RESTORING');
  const byFinding = new Map();
  reasons.forEach((reason) => byFinding.set(reason.finding, [...(byFinding.get(reason.finding) ?? []), reason]));
  for (const [finding, same] of byFinding) {
    const since = partitions.filter((one) => same.some((reason) => reason.subject === `partition-${one.partition}`)).map((one) => one.since);
    add(LEVELS[same[0].state] ?? 'bad', finding, same.length > 1 ? `${title(finding)} (${same.length})` : title(finding),
      [...same.slice(0, NAMED).map((reason) => reason.text), ...(same.length > NAMED ? [`And ${same.length - NAMED} more.`] : [])].join('\n'),
      { since: since.length ? Math.min(...since) : undefined });
  }
  if (history[0]?.status === 'FAILED') {
    add('warn', `checkpoint-${history[0].worker}-${history[0].trigger_timestamp}`, `A checkpoint of ${history[0].worker} has failed`, history[0].failure_message ?? '', { since: history[0].trigger_timestamp });
  }
  const restoring = partitions.filter((one) => one.restore || one.state === 'RESTORING');
  if (restoring.length > 1) {
    const restore = sum(restoring.map((one) => one.restore).filter(Boolean));
    add('busy', 'restoring', `${plural(restoring.length, 'partition')} are restored`, '', { kind: 'restoring', restore });
  }
  for (const partition of restoring.slice(0, NAMED)) {
    add('busy', `restore-${partition.partition}`, `Partition ${partition.partition} is restored on ${partition.worker}`, '', { kind: 'restoring', restore: partition.restore });
  }
  if (!items.length && !partitions.length) {
    add('calm', 'none', 'No partition is assigned yet', 'The workers join their group, or there are more of them than partitions.');
  } else if (!items.length && job.state === 'RUNNING') {
    add('good', 'well', 'All is well', `${plural(partitions.length, 'partition')} on ${plural(workers.length, 'worker')}.`);
  } else if (!items.length) {
    add(LEVELS[job.state] ?? 'bad', 'state', `The job is ${lower(job.state)}`);
  }
  if (job.unknown?.length) {
    add('calm', 'unknown', 'Unknown at the moment', `${job.unknown.join(', ')}.`);
  }
  return items;
}

const title = (finding) => lower(finding).replace(/^./, (first) => first.toUpperCase());

function sum(restores) {
  const of = (field) => restores.reduce((all, one) => all + (one[field] ?? 0), 0);
  return restores.length
    ? { bytes: of('bytes'), total: of('total'), 'bytes-per-second': of('bytes-per-second'), remaining: Math.max(...restores.map((one) => one.remaining ?? 0)) }
    : undefined;
}

function createItem() {
  return el('li', {}, el('strong'), el('span', { class: 'since' }), el('p'));
}

function createRestore() {
  const item = createItem();
  item.append(el('progress', { max: 1 }));
  return item;
}

function updateItem(node, item) {
  node.dataset.level = item.level;
  const [title, since, text] = node.children;
  setText(title, item.title);
  rebuild(since, item.since ?? 0, () => (item.since ? [when(item.since)] : []));
  setText(text, item.kind === 'restoring' ? restored(item.restore) : item.text);
  const progress = node.querySelector('progress');
  if (progress) {
    progress.setAttribute('aria-label', item.title);
    if (item.restore?.total) {
      progress.value = item.restore.bytes / item.restore.total;
    } else {
      progress.removeAttribute('value');
    }
  }
}

/** How far a restore is, at which rate, and how long it will take. */
export function restored(restore) {
  if (!restore?.total) {
    return 'preparing';
  }
  const rate = restore['bytes-per-second'] > 0 ? `, ${bytes(restore['bytes-per-second'])}/s` : '';
  const left = restore.remaining > 0 ? `, ${span(restore.remaining)} left` : '';
  return `${bytes(restore.bytes)} of ${bytes(restore.total)}${rate}${left}`;
}
