// The first screen: figures, and what wants attention.

import { $, announce, el, rebuild, reconcile, setBadge, setText, when } from './dom.js';
import { absolute, bytes, count, duration, exact, lower, mode, plural, rate, span } from './format.js';

export function showOverview(model) {
  const { job, workers, partitions, history } = model;
  if (!job) {
    return;
  }
  showState(job);
  setText($('figure-rate'), rate(job['records-per-second']));
  setText($('figure-rate-more'), `${count(job.records)} since start`);
  $('figure-rate-more').title = exact(job.records);

  const worst = partitions.reduce((most, one) => ((one.lag ?? 0) > (most?.lag ?? 0) ? one : most), null);
  setText($('figure-lag'), count(job.lag));
  setText($('figure-lag-more'), worst ? `most: partition ${worst.partition}, ${count(worst.lag)}` : 'records behind');
  $('figure-lag').title = exact(job.lag);

  const states = Object.entries(job.partitions ?? {});
  const all = states.reduce((total, [, number]) => total + number, 0);
  const odd = states.filter(([state, number]) => number > 0 && state !== 'RUNNING').map(([state, number]) => `${number} ${lower(state)}`);
  setText($('figure-partitions'), exact(all));
  setText($('figure-partitions-more'), odd.join(', ') || (all ? 'all running' : 'none assigned yet'));

  const away = workers.filter((worker) => !worker.reachable).length;
  setText($('figure-workers'), exact(workers.length));
  setText($('figure-workers-more'), away ? `${away} unreachable` : 'all reachable');

  showLastCheckpoint(history.find((row) => row.status === 'COMPLETED'), job);
  setText($('figure-uptime'), span(job.duration));
  $('figure-uptime').title = job['start-time'] ? `since ${absolute(job['start-time'])}` : '';
  setText($('figure-uptime-more'), `${mode(job.mode)}, every ${duration(job.interval).replace(/\.0+ s$/, ' s')}`);
  setText($('version'), `Cairn ${job.version ?? ''}, processor ${job.processor ?? '–'}, ${(job['input-topics'] ?? []).join(', ')} → ${job['output-topic'] ?? 'no output'}`);
  showAttention(model);
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
  setText($('figure-checkpoint-more'), last ? `#${last.id}, ${duration(last.end_to_end_duration)}, ${bytes(last.checkpointed_size)}` : `one every ${span(job.interval)}`);
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

/** What is not as it should be, the worst first. */
function attention({ job, workers, partitions, history }) {
  const items = [];
  const add = (level, id, title, text = '', more = {}) => items.push({ level, id, title, text, ...more });
  if (job.state === 'FAILED') {
    add('bad', 'failed', 'The job has failed', job.failure ?? 'The log of its workers says why.');
  }
  for (const partition of partitions.filter((one) => one.parked || one.state === 'PARKED')) {
    add('bad', `parked-${partition.partition}`, `Partition ${partition.partition} is parked on ${partition.worker}`, partition.parked?.cause ?? '', { since: partition.since });
  }
  for (const worker of workers) {
    if (!worker.reachable) {
      add('bad', `away-${worker.instance}`, `${worker.instance} does not answer`, `${worker.address ?? 'Its address is not known'}; its figures are missing here.`);
    }
    for (const loop of (worker.loops ?? []).filter((one) => one.stalled)) {
      add('bad', `stalled-${worker.instance}-${loop.name}`, `${loop.name} of ${worker.instance} is stalled`, 'It waits for storage or the broker, and processes nothing meanwhile.');
    }
  }
  if (history[0]?.status === 'FAILED') {
    add('bad', `checkpoint-${history[0].worker}-${history[0].trigger_timestamp}`, `A checkpoint of ${history[0].worker} has failed`, history[0].failure_message ?? '', { since: history[0].trigger_timestamp });
  }
  const restoring = partitions.filter((one) => one.restore || one.state === 'RESTORING');
  if (restoring.length > 1) {
    const restore = sum(restoring.map((one) => one.restore).filter(Boolean));
    add('busy', 'restoring', `${plural(restoring.length, 'partition')} are restored`, '', { kind: 'restoring', restore });
  }
  for (const partition of restoring) {
    add('busy', `restore-${partition.partition}`, `Partition ${partition.partition} is restored on ${partition.worker}`, '', { kind: 'restoring', restore: partition.restore });
  }
  if (job.state === 'PAUSED') {
    add('calm', 'paused', 'The job is paused', 'No record is processed until it is resumed. Checkpoints of what was processed go on.');
  }
  if (!items.length && !partitions.length) {
    add('calm', 'none', 'No partition is assigned yet', 'The workers join their group, or there are more of them than partitions.');
  } else if (!items.length) {
    add('good', 'well', 'All is well', `${plural(partitions.length, 'partition')} on ${plural(workers.length, 'worker')}.`);
  }
  return items;
}

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
  if (!restore) {
    return 'preparing';
  }
  const rate = restore['bytes-per-second'] > 0 ? `, ${bytes(restore['bytes-per-second'])}/s` : '';
  const left = restore.remaining > 0 ? `, ${span(restore.remaining)} left` : '';
  return `${bytes(restore.bytes)} of ${bytes(restore.total)}${rate}${left}`;
}
