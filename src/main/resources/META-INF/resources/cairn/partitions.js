// Partitions: what is known of each, and the table of them.

import { $, badge, el, rebuild, setText, when } from './dom.js';
import { bytes, count, duration, exact, lagText, lower, percent, plural } from './format.js';
import { restored } from './overview.js';
import { table } from './table.js';

/** Names of states that are the page's own: of partitions that no worker reports. */
const NAMES = { AWAY: 'no answer', WITHOUT_OWNER: 'no worker', MOVING: 'moving' };
const WITHOUT_WORKER = { PARTITION_WITHOUT_OWNER: 'WITHOUT_OWNER', PARTITION_MOVING: 'MOVING' };
/** Shown before the others. */
const URGENT = new Set(['PARKED', 'FAILED', 'AWAY', 'WITHOUT_OWNER']);
const SOURCES = { LOCAL: 'the local disk', STORE: 'the store', PATH: 'a path' };

export const stateName = (state) => NAMES[state] ?? lower(state);

/**
 * One row for each partition: those that workers report, and those that are known to have none that answers.
 *
 * @param seen what was last reported of each, by number; it is brought up to date
 */
export function partitionRows({ job, workers, partitions }, seen) {
  const byName = new Map(workers.map((worker) => [worker.instance, worker]));
  const rows = new Map();
  for (const partition of partitions) {
    const worker = byName.get(partition.worker);
    const shown = shownState(partition, worker);
    rows.set(partition.partition, { ...partition, shown, asOf: shown === 'UNREACHABLE' ? job.now - (worker['kafka-last-contact'] ?? 0) : 0 });
    seen.set(partition.partition, { ...partition, at: job.now });
  }
  const missing = (number, shown, worker) => {
    if (!rows.has(number)) {
      const last = seen.get(number) ?? {};
      rows.set(number, { ...last, partition: number, worker: worker ?? last.worker, shown, state: undefined, lag: null, restore: undefined, asOf: last.at ?? 0 });
    }
  };
  workers.filter((worker) => !worker.reachable)
    .forEach((worker) => (worker.partitions ?? []).forEach((number) => missing(number, 'AWAY', worker.instance)));
  for (const { finding, subject } of job.reasons ?? []) {
    const number = /^partition-(\d+)$/.exec(subject)?.[1];
    if (number && WITHOUT_WORKER[finding]) {
      missing(Number(number), WITHOUT_WORKER[finding]);
    }
  }
  return [...rows.values()].sort((a, b) => a.partition - b.partition);
}

/** What its worker has found of itself or of the partition's loop holds for the partition. Reasons come the worst first. */
function shownState(partition, worker) {
  if (partition.state !== 'RUNNING') {
    return partition.state;
  }
  const subjects = new Set(['kafka', 'worker', worker?.loops?.[partition.loop]?.name]);
  return (worker?.reasons ?? []).find((reason) => subjects.has(reason.subject))?.state ?? partition.state;
}

/** Those that want a person first, the others by number. */
export const urgentFirst = (rows) => [...rows].sort((a, b) => URGENT.has(b.shown) - URGENT.has(a.shown) || a.partition - b.partition);

export const checkpointText = ({ checkpoint, restored: from }) => (checkpoint ? `#${checkpoint.id}` : from ? `restored #${from.id}` : '–');

export function partitionsTable() {
  return table($('partitions'), {
    caption: 'Partitions',
    empty: 'No partition is assigned yet, or none matches.',
    limit: 50,
    key: (row) => row.partition,
    id: (row) => `partition-${row.partition}`,
    details: partitionDetails,
    decorate: (line, row) => line.classList.toggle('old', Boolean(row.asOf)),
    columns: [
      { label: 'Partition', text: (row) => String(row.partition), sort: (row) => row.partition },
      { label: 'State', render: state, sort: (row) => row.shown },
      { label: 'For', title: 'How long it has been in this state', render: (cell, row) => rebuild(cell, shownSince(row), () => [when(shownSince(row), '')]), sort: (row) => -shownSince(row) },
      { label: 'Worker', text: (row) => row.worker ?? '–', sort: (row) => row.worker ?? '' },
      { label: 'Loop', number: true, title: 'The loop of that worker', text: (row) => String(row.loop ?? '–'), sort: (row) => row.loop ?? -1 },
      { label: 'Lag', number: true, render: lagCell, sort: (row) => row.lag ?? -1 },
      { label: 'Uncommitted', number: true, title: 'Records processed since the last checkpoint', text: (row) => count(uncommitted(row)), sort: (row) => uncommitted(row) ?? 0 },
      { label: 'Checkpoint', number: true, title: 'The last one since it was assigned, or else the one that it was restored from', text: checkpointText, sort: (row) => row.checkpoint?.id ?? row.restored?.id ?? 0 },
      { label: 'Taken', render: (cell, row) => rebuild(cell, row.checkpoint?.trigger_timestamp ?? 0, () => [when(row.checkpoint?.trigger_timestamp)]) },
      { label: 'Delta', number: true, title: 'What its last checkpoint has uploaded', text: (row) => bytes(row.checkpoint?.checkpointed_size), sort: (row) => row.checkpoint?.checkpointed_size ?? 0 },
      { label: 'Full', number: true, title: 'What a restore takes', text: (row) => bytes(row.checkpoint?.state_size), sort: (row) => row.checkpoint?.state_size ?? 0 },
    ],
  });
}

/** Since when it is in the state that is shown; 0 where no one says. */
export const shownSince = (row) => (row.shown === row.state ? row.since : row.asOf ? Math.round(row.asOf / 1000) * 1000 : 0);

function uncommitted(row) {
  const inputs = (row.inputs ?? []).filter((input) => Number.isFinite(input.position) && Number.isFinite(input.committed));
  return inputs.length ? inputs.reduce((sum, input) => sum + Math.max(0, input.position - input.committed), 0) : undefined;
}

/** Lag of a partition or worker; what is not known is said so, and not 0. */
export function lagCell(cell, { lag }) {
  setText(cell, lagText(lag));
  cell.classList.toggle('unknown', !Number.isFinite(lag));
}

function state(cell, row) {
  rebuild(cell, [row.shown, Boolean(row.restore)], () => [
    badge(row.shown, stateName(row.shown)),
    row.restore ? el('progress', { max: 1, 'aria-label': `Restore of partition ${row.partition}` }) : null,
    row.restore ? el('span', { class: 'soft' }) : null]);
  if (row.restore) {
    const { bytes: done, total } = row.restore;
    cell.querySelector('progress').value = total ? done / total : 0;
    setText(cell.lastElementChild, total ? percent(done / total) : '');
  }
}

function partitionDetails(cell, row) {
  const { inputs, checkpoint, restored: from, restore, parked, retry, state: reported } = row;
  rebuild(cell, [inputs, checkpoint, from, restore, parked, retry, reported, row.shown, oldSince(row)], () => [
    parked ? el('p', { class: 'cause', text: parked.cause }) : null,
    el('dl', { class: 'facts' },
      ...fact('Values', row.asOf && ['the last known, from ', when(oldSince(row))]),
      ...fact('Retry', retry && [`${retry.record} failed ${exact(retry.failures)} times (${retry.stage}): ${retry.cause}, next `, when(retry['next-attempt'])]),
      ...fact('Restore', restore && `${restored(restore)}, for ${duration(Date.now() - restore['start-time'])}`),
      ...fact('Restored', from && [`#${from.id} from ${SOURCES[from.source] ?? lower(from.source)}, `, when(from.restore_timestamp)]),
      ...fact('Checkpoint', checkpoint && [`#${checkpoint.id}, `, when(checkpoint.trigger_timestamp), `, ${bytes(checkpoint.checkpointed_size)} of ${bytes(checkpoint.state_size)}`]),
      ...fact('Path', checkpoint?.external_path && el('span', { class: 'path', text: checkpoint.external_path })),
      ...(inputs ?? []).flatMap((input) => fact(input.topic, `position ${exact(input.position)}, committed ${exact(input.committed)}, lag ${reported && Number.isFinite(input.lag) ? exact(input.lag) : 'unknown'}`)),
      ...(from || checkpoint || inputs?.length || restore || parked ? [] : fact('Known', 'nothing, while no worker reports it')))]);
}

const oldSince = (row) => Math.round(row.asOf / 1000) * 1000;

/** Says once for all that values are old, and how old. */
export function showAge(rows) {
  const old = rows.filter((row) => row.asOf);
  const oldest = Math.min(...old.map(oldSince));
  rebuild($('partitions-age'), [old.length, oldest, rows.length], () => (old.length
    ? [el('span', {}, `Last known values${old.length < rows.length ? ` of ${plural(old.length, 'partition')}` : ''}, from `, when(oldest))]
    : []));
}

const fact = (name, value) => (value ? [el('dt', { text: name }), el('dd', {}, ...[value].flat())] : []);
