// Counts, summary and history of checkpoints, under Flink's names.

import { PHASES } from './charts.js';
import { $, badge, el, rebuild, reconcile, setText, when } from './dom.js';
import { bytes, duration, exact, lower } from './format.js';
import { table } from './table.js';

const COUNTS = [['completed', 'Completed'], ['in_progress', 'In progress'], ['failed', 'Failed'], ['restored', 'Restored'], ['total', 'Total']];
const STATISTICS = [['min', 'Minimum'], ['avg', 'Average'], ['max', 'Maximum'], ['p50', '50 %'], ['p90', '90 %'], ['p95', '95 %'], ['p99', '99 %'], ['p999', '99.9 %']];
const SUMMARY = [
  ['end_to_end_duration', 'End to End Duration', duration],
  ['checkpointed_size', 'Checkpointed Data Size', bytes],
  ['state_size', 'Full Checkpoint Data Size', bytes],
  ...PHASES.map((phase) => [`${phase}_duration`, phase[0].toUpperCase() + phase.slice(1), duration]),
];

export function showCounts(checkpoints) {
  reconcile($('counts'), COUNTS, ([field]) => field,
    ([field, name]) => el('div', { 'data-count': field }, el('dt', { text: name }), el('dd')),
    (node, [field]) => {
      const number = checkpoints.counts?.[field] ?? 0;
      node.toggleAttribute('data-none', number === 0);
      setText(node.lastElementChild, exact(number));
    });
  const { completed, savepoint, failed, restored } = checkpoints.latest ?? {};
  rebuild($('latest'), [completed, savepoint, failed, restored].map((one) => [one?.id, one?.trigger_timestamp, one?.restore_timestamp]), () => [
    ...latest('Latest completed', completed, completed?.latest_ack_timestamp, pathOf(completed)),
    ...latest('Latest savepoint', savepoint, savepoint?.latest_ack_timestamp ?? savepoint?.trigger_timestamp, pathOf(savepoint)),
    ...latest('Latest failed', failed, failed?.trigger_timestamp, failed?.failure_message),
    ...latest('Latest restored', restored, restored?.restore_timestamp, restored?.external_path)]);
}

const pathOf = (row) => row?.external_path ?? row?.partitions?.[0]?.external_path;

function latest(name, row, at, more) {
  return [el('dt', { text: name }), row?.id === undefined
    ? el('dd', { class: 'soft', text: 'none' })
    : el('dd', {}, el('span', { text: `#${row.id}, ` }), when(at), more ? el('span', { class: 'path', text: more, title: more }) : null)];
}

export function summaryTable() {
  return table($('summary'), {
    caption: 'Summary of completed checkpoints',
    empty: 'No checkpoint was completed yet.',
    key: (row) => row.field,
    columns: [
      { label: 'Of completed', text: (row) => row.name },
      ...STATISTICS.map(([field, label]) => ({ label, number: true, text: (row) => row.format(row.values[field]) })),
    ],
  });
}

export const summaryRows = (checkpoints) => (checkpoints.counts?.completed ? SUMMARY : [])
  .filter(([field]) => checkpoints.summary?.[field])
  .map(([field, name, format]) => ({ field, name, format, values: checkpoints.summary[field] }));

/** Ids repeat: each worker counts by its own partitions. */
export const keyOf = (row) => `${row.worker}/${row.loop}/${row.is_savepoint}/${row.id}/${row.trigger_timestamp}`;

export function historyTable() {
  return table($('history'), {
    caption: 'History of checkpoints',
    empty: 'No checkpoint yet.',
    limit: 50,
    key: keyOf,
    details: rowDetails,
    columns: [
      { label: 'ID', text: (row) => String(row.id ?? '–') },
      { label: 'Status', render: (cell, row) => rebuild(cell, [row.status, row.is_savepoint], () => [
        badge(row.status), row.is_savepoint ? badge('SAVEPOINT', 'savepoint') : null]) },
      { label: 'Worker', text: (row) => row.worker ?? '–' },
      { label: 'Acknowledged', number: true, title: 'Partitions', text: (row) => `${exact(row.num_acknowledged_subtasks)}/${exact(row.num_subtasks)}` },
      { label: 'Trigger Time', render: (cell, row) => rebuild(cell, row.trigger_timestamp, () => [when(row.trigger_timestamp)]) },
      { label: 'Latest Acknowledgement', render: (cell, row) => rebuild(cell, row.latest_ack_timestamp ?? 0, () => [when(row.latest_ack_timestamp)]) },
      { label: 'End to End Duration', number: true, text: (row) => duration(row.end_to_end_duration) },
      { label: 'Checkpointed Data Size', number: true, text: (row) => bytes(row.checkpointed_size) },
      { label: 'Full Checkpoint Data Size', number: true, text: (row) => bytes(row.state_size) },
    ],
  });
}

function rowDetails(cell, row) {
  rebuild(cell, keyOf(row), () => [
    row.failure_message ? el('p', { class: 'cause', text: row.failure_message }) : null,
    el('dl', { class: 'facts' },
      el('dt', { text: 'Trigger' }), el('dd', { text: `${lower(row.trigger)}${row.loop >= 0 ? `, loop ${row.loop}` : ''}` }),
      ...(row.is_savepoint ? [] : [el('dt', { text: 'Phases' }), el('dd', { text: PHASES.map((phase) => `${phase} ${duration(row.phases?.[phase])}`).join(', ') })]),
      ...(row.external_path ? [el('dt', { text: 'Path' }), el('dd', { class: 'path', text: row.external_path })] : [])),
    el('ul', { class: 'parts' }, ...(row.partitions ?? []).map((part) => el('li', {},
      el('span', { class: 'name', text: `Partition ${part.partition}` }),
      el('span', { class: 'soft', text: `${bytes(part.checkpointed_size)} of ${bytes(part.state_size)}` }),
      el('span', { class: 'path', text: part.external_path ?? '' }))))]);
}
