// Workers, and which partitions each of them has.

import { $, badge, el, rebuild, setText, when } from './dom.js';
import { bytes, percent, plural, rangeText, ranges, rate, runs } from './format.js';
import { lagCell, stateName } from './partitions.js';
import { table } from './table.js';

/** So many ranges of a worker's partitions are shown; the others are counted. */
const RANGES = 8;

/** Those that are not well before the others. */
export const worstFirst = (workers) => [...workers].sort((a, b) => isWell(a) - isWell(b));
const isWell = (worker) => worker.reachable && (worker.condition ?? worker.state) === 'RUNNING';

/**
 * @param on open(partition), filter(instance)
 * @param stateOf the state of a partition, by its number
 */
export function workersTable(on, stateOf) {
  return table($('workers'), {
    caption: 'Workers',
    empty: 'No worker is known yet.',
    key: (worker) => worker.instance,
    decorate: (line, worker) => line.classList.toggle('away', !worker.reachable),
    columns: [
      { label: 'Worker', render: (cell, worker) => rebuild(cell, [worker.instance, worker.self, worker.address], () => [
        el('span', { class: 'name', text: worker.instance, title: worker.address }),
        worker.self ? el('span', { class: 'soft', text: ' this one' }) : null]), sort: (worker) => worker.instance },
      { label: 'State', render: (cell, worker) => rebuild(cell, [worker.condition, worker.state, worker.reachable, worker.reasons?.[0]?.text], () => {
        const shown = worker.reachable ? badge(worker.condition ?? worker.state) : badge('AWAY', stateName('AWAY'));
        shown.title = worker.reasons?.map((reason) => reason.text).join('\n') ?? '';
        return shown;
      }), sort: (worker) => (worker.reachable ? worker.condition ?? worker.state : '') },
      { label: 'Loops', render: (cell, worker) => rebuild(cell, worker.reachable && worker.loops?.map((loop) => [loop.name, loopState(loop, worker)]), () => loops(worker)) },
      { label: 'Throughput', number: true, text: answered((worker) => rate(worker['records-per-second'])), sort: (worker) => worker['records-per-second'] ?? 0 },
      { label: 'Lag', number: true, render: lagCell, sort: (worker) => worker.lag ?? -1 },
      { label: 'Heap', number: true, render: heap, sort: (worker) => worker['heap-used'] ?? 0 },
      { label: 'Cache hits', number: true, title: 'Reads of state that memory answered', text: answered((worker) => percent(worker['state-cache-hit-ratio'])), sort: (worker) => worker['state-cache-hit-ratio'] ?? 0 },
      { label: 'Running for', render: (cell, worker) => rebuild(cell, worker['start-time'], () => [when(worker['start-time'], '')]) },
      { label: 'Partitions', render: (cell, worker) => {
        const found = runs(worker.partitions ?? [], stateOf);
        rebuild(cell, [worker.reachable, found], () => partitionRanges(worker, found, on));
      }, sort: (worker) => worker.partitions?.length ?? 0 },
    ],
  });
}

/** Of a worker that does not answer only the name is known, and which partitions it had. */
const answered = (text) => (worker) => (worker.reachable ? text(worker) : '–');

function loops(worker) {
  if (!worker.reachable) {
    return el('span', { text: '–' });
  }
  const all = worker.loops ?? [];
  return [el('span', { text: String(all.length), title: all.map((loop) => loop.name).join(', ') }), ...all.map((loop) => [loop, loopState(loop, worker)])
    .filter(([, state]) => state !== 'RUNNING')
    .map(([loop, state]) => badge(state, `${loop.name.replace(/^.*-/, '')} ${stateName(state)}`))];
}

/** What the worker has found of it, or else where it stands in its life. */
function loopState(loop, worker) {
  return worker.reasons?.find((reason) => reason.subject === loop.name)?.state ?? (loop.joined ? loop.state : 'STARTING');
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

/** Ranges of partitions in one state. One partition is opened by its link, of many the table shows those of the worker. */
function partitionRanges(worker, found, on) {
  if (!found.length) {
    return el('span', { class: 'soft', text: 'none' });
  }
  const shown = found.slice(0, RANGES).map((run) => el('a', {
    class: 'chip', href: '#partitions-section', 'data-state': run.kind, text: rangeText(run), title: stateName(run.kind),
    'aria-label': `${run.from === run.to ? 'Partition' : 'Partitions'} ${rangeText(run)}, ${stateName(run.kind)}`,
    onclick: () => (run.from === run.to ? on.open(run.from) : on.filter(worker.instance)),
  }));
  const more = found.slice(RANGES).reduce((sum, { from, to }) => sum + to - from + 1, 0);
  return el('span', { class: 'chips', title: `${plural(worker.partitions.length, 'partition')}: ${ranges(worker.partitions)}` }, ...shown,
    more ? el('a', { class: 'chip', href: '#partitions-section', text: `${more} more`, onclick: () => on.filter(worker.instance) }) : null);
}

/** Remembers who was there, for as long as the page is open: the group forgets a worker that has left. */
export function departures() {
  const seen = new Map();
  const shown = $('workers-left');
  return (workers, now) => {
    workers.forEach((worker) => seen.set(worker.instance, now));
    const present = new Set(workers.map((worker) => worker.instance));
    const left = [...seen].filter(([instance]) => !present.has(instance)).slice(-5);
    rebuild(shown, left, () => (left.length
      ? [el('span', { text: 'Not in the group any more: ' }), ...left.flatMap(([instance, at], i) => [el('span', { text: `${i ? ', ' : ''}${instance}, last seen ` }), when(at)])]
      : []));
    shown.hidden = !left.length;
  };
}
