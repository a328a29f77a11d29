// Workers, and who owns which partition.

import { $, badge, el, rebuild, setText, when } from './dom.js';
import { bytes, count, duration, exact, lower, percent, rate } from './format.js';
import { restored } from './overview.js';
import { table } from './table.js';

export function workersTable(onPartition, stateOf) {
  return table($('workers'), {
    caption: 'Workers',
    empty: 'No worker is known yet.',
    key: (worker) => worker.instance,
    decorate: (line, worker) => line.classList.toggle('away', !worker.reachable),
    columns: [
      { label: 'Worker', render: (cell, worker) => rebuild(cell, [worker.instance, worker.self, worker.address], () => [
        el('span', { class: 'name', text: worker.instance, title: worker.address }),
        worker.self ? el('span', { class: 'soft', text: ' this one' }) : null]) },
      { label: 'State', render: (cell, worker) => rebuild(cell, [worker.state, worker.reachable], () => [
        worker.reachable ? badge(worker.state) : badge('FAILED', 'unreachable')]) },
      { label: 'Loops', render: (cell, worker) => rebuild(cell, worker.reachable && worker.loops?.map((loop) => [loop.name, loop.state, loop.stalled, loop.joined]), () => loops(worker)) },
      { label: 'Throughput', number: true, text: answered((worker) => rate(worker['records-per-second'])), sort: (worker) => worker['records-per-second'] ?? 0 },
      { label: 'Lag', number: true, text: answered((worker) => count(worker.lag)), sort: (worker) => worker.lag ?? 0 },
      { label: 'Heap', number: true, render: (cell, worker) => heap(cell, worker) },
      { label: 'Cache hits', number: true, title: 'Reads of state that memory answered', text: answered((worker) => percent(worker['state-cache-hit-ratio'])) },
      { label: 'Running for', render: (cell, worker) => rebuild(cell, worker['start-time'], () => [when(worker['start-time'], '')]) },
      { label: 'Partitions', render: (cell, worker) => rebuild(cell, (worker.partitions ?? []).map((p) => [p, stateOf(p)]), () => [
        el('span', { class: 'chips' }, ...(worker.partitions ?? []).map((p) => chip(p, stateOf(p), onPartition)))]) },
    ],
  });
}

/** Of a worker that does not answer only the name is known. */
const answered = (text) => (worker) => (worker.reachable ? text(worker) : '–');

function loops(worker) {
  if (!worker.reachable) {
    return el('span', { text: '–' });
  }
  const all = worker.loops ?? [];
  const odd = all.filter((loop) => loop.stalled || !loop.joined || loop.state !== 'RUNNING');
  if (!odd.length) {
    return el('span', { text: `${all.length} running`, title: all.map((loop) => loop.name).join(', ') });
  }
  return [el('span', { text: `${all.length}: ` }), ...odd.map((loop) =>
    badge(loop.stalled ? 'PARKED' : loop.state, `${loop.name.replace(/^.*-/, '')} ${loop.stalled ? 'stalled' : loop.joined ? lower(loop.state) : 'joining'}`))];
}

function heap(cell, worker) {
  if (!cell.firstChild) {
    cell.append(el('span', { class: 'metered' }, el('meter', { min: 0, max: 1, high: 0.9, 'aria-label': 'Heap in use' }), el('span')));
  }
  const [meter, text] = cell.firstChild.children;
  setText(text, answered((one) => bytes(one['heap-used']))(worker));
  cell.title = worker.reachable ? `of ${bytes(worker['heap-max'])}` : '';
  meter.value = worker['heap-max'] ? worker['heap-used'] / worker['heap-max'] : 0;
}

function chip(partition, state, onPartition) {
  return el('a', {
    class: 'chip', href: `#partition-${partition}`, 'data-state': state, text: String(partition),
    'aria-label': `Partition ${partition}, ${lower(state)}`, title: `Partition ${partition}: ${lower(state)}`, onclick: () => onPartition(partition),
  });
}

export function partitionsTable() {
  return table($('partitions'), {
    caption: 'Partitions',
    empty: 'No partition is assigned yet.',
    key: (partition) => partition.partition,
    id: (partition) => `partition-${partition.partition}`,
    details: partitionDetails,
    columns: [
      { label: 'Partition', text: (partition) => String(partition.partition), sort: (partition) => partition.partition },
      { label: 'Worker', text: (partition) => partition.worker ?? '–', sort: (partition) => partition.worker ?? '' },
      { label: 'State', render: state, sort: (partition) => partition.state },
      { label: 'Since', render: (cell, partition) => rebuild(cell, partition.since, () => [when(partition.since, '')]) },
      { label: 'Lag', number: true, text: (partition) => count(partition.lag), sort: (partition) => partition.lag ?? 0 },
      { label: 'Uncommitted', number: true, title: 'Records processed since the last checkpoint', text: (partition) => count(uncommitted(partition)), sort: (partition) => uncommitted(partition) ?? 0 },
      { label: 'Checkpoint', number: true, text: (partition) => (partition.checkpoint ? `#${partition.checkpoint.id}` : '–'), sort: (partition) => partition.checkpoint?.id ?? 0 },
      { label: 'Taken', render: (cell, partition) => rebuild(cell, partition.checkpoint?.trigger_timestamp, () => [when(partition.checkpoint?.trigger_timestamp)]) },
      { label: 'Delta', number: true, text: (partition) => bytes(partition.checkpoint?.checkpointed_size), sort: (partition) => partition.checkpoint?.checkpointed_size ?? 0 },
      { label: 'Full', number: true, text: (partition) => bytes(partition.checkpoint?.state_size), sort: (partition) => partition.checkpoint?.state_size ?? 0 },
    ],
  });
}

function uncommitted(partition) {
  const inputs = (partition.inputs ?? []).filter((input) => Number.isFinite(input.position) && Number.isFinite(input.committed));
  return inputs.length ? inputs.reduce((sum, input) => sum + Math.max(0, input.position - input.committed), 0) : undefined;
}

function state(cell, partition) {
  rebuild(cell, [partition.state, Boolean(partition.restore)], () => [
    badge(partition.state),
    partition.restore ? el('progress', { max: 1, 'aria-label': `Restore of partition ${partition.partition}` }) : null,
    partition.restore ? el('span', { class: 'soft' }) : null]);
  if (partition.restore) {
    const { bytes: done, total } = partition.restore;
    cell.querySelector('progress').value = total ? done / total : 0;
    setText(cell.lastElementChild, total ? percent(done / total) : '');
  }
}

function partitionDetails(cell, partition) {
  const { inputs, checkpoint, restore, parked } = partition;
  rebuild(cell, [inputs, checkpoint, restore, parked], () => [
    parked ? el('p', { class: 'cause', text: parked.cause }) : null,
    el('dl', { class: 'facts' },
      ...fact('Restore', restore && `${restored(restore)}, for ${duration(Date.now() - restore['start-time'])}`),
      ...fact('Checkpoint', checkpoint?.external_path),
      ...(inputs ?? []).flatMap((input) => fact(input.topic, `position ${exact(input.position)}, committed ${exact(input.committed)}, lag ${exact(input.lag)}`)))]);
}

const fact = (name, value) => (value ? [el('dt', { text: name }), el('dd', { text: value })] : []);
