// The charts: what they have in common, and one function for each.

import { $, el, rebuild } from './dom.js';
import { bytes, clock, count, duration, rate } from './format.js';

const MINUTE_MS = 60_000;
const WINDOW_MS = { least: 2 * MINUTE_MS, most: 10 * MINUTE_MS };
const BARS = 48;
export const PHASES = ['freeze', 'sort', 'write', 'upload', 'commit', 'ingest'];
const SERIES = ['--series-1', '--series-2', '--series-3', '--series-4', '--series-5', '--series-6'];
const FAILED = '--failed';

const charts = [];
const probe = el('span', { hidden: true });
document.body.append(probe);

/** A colour of the style sheet, as it is in the scheme of the moment. */
function colour(variable, alpha = 1) {
  probe.style.color = `var(${variable})`;
  const value = getComputedStyle(probe).color;
  return alpha === 1 ? value : value.replace(/^rgba?\(([^,]+),([^,]+),([^,)]+).*$/, `rgba($1,$2,$3,${alpha})`);
}

/** Its width does not depend on what it shows, so that nothing moves. */
function axis(format, extra = {}) {
  return {
    beginAtZero: true,
    border: { display: false },
    ticks: { maxTicksLimit: 5, precision: 0, callback: (value) => format(value).replace(/\.0+(?=\D)|(\.\d*?)0+(?=\D)/, '$1'), padding: 6 },
    afterFit: (scale) => { scale.width = 58; },
    ...extra,
  };
}

/** Round numbers of bytes are powers of two. */
function roundBytes(scale, most) {
  const step = 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(1, most) / 4)));
  scale.ticks.stepSize = step;
  scale.max = step * Math.max(1, Math.ceil(most / step));
}

/** Ticks at whole minutes, which wander with what they name. */
function timeAxis() {
  return {
    type: 'linear',
    border: { display: false },
    grid: { display: false },
    ticks: { maxRotation: 0, callback: (at) => clock(at).slice(0, 5) },
    afterBuildTicks: (scale) => {
      const step = scale.max - scale.min > 5 * MINUTE_MS ? 2 * MINUTE_MS : MINUTE_MS;
      const first = Math.ceil(scale.min / step) * step;
      scale.ticks = Array.from({ length: Math.max(0, Math.floor((scale.max - first) / step) + 1) }, (_, i) => ({ value: first + i * step }));
    },
  };
}

function make(id, type, scales, tooltip) {
  const chart = new window.Chart($(id), {
    type,
    data: { datasets: [] },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      elements: { line: { borderWidth: 1.5 }, point: { radius: 0, hitRadius: 8, hoverRadius: 3 } },
      plugins: { legend: { display: false }, tooltip: { boxWidth: 8, boxHeight: 8, boxPadding: 4, padding: 8, callbacks: tooltip } },
      scales,
    },
  });
  charts.push(chart);
  dress(chart);
  return chart;
}

function dress(chart) {
  const [ink, soft, line, surface] = ['--ink', '--soft', '--line', '--surface'].map((name) => colour(name));
  for (const scale of Object.values(chart.options.scales)) {
    scale.ticks.color = soft;
    scale.ticks.font = { size: 11 };
    scale.grid = { ...scale.grid, color: line };
  }
  Object.assign(chart.options.plugins.tooltip, {
    backgroundColor: surface, titleColor: ink, bodyColor: ink, footerColor: soft, borderColor: line, borderWidth: 1,
  });
  chart.data.datasets.forEach(paint);
}

function paint(set) {
  set.borderColor = colour(set.colour, set.type === 'bar' ? 0 : 1);
  set.backgroundColor = colour(set.colour, set.fill ? 0.22 : 1);
}

document.addEventListener('themechange', () => charts.forEach((chart) => {
  dress(chart);
  chart.update('none');
}));

/** Puts data into a chart; sets that are there already stay, so that what is hovered stays so. */
function fill(chart, sets, labels) {
  chart.data.labels = labels;
  chart.data.datasets = sets.map((set) => {
    const existing = chart.data.datasets.find((other) => other.label === set.label);
    const merged = Object.assign(existing ?? {}, set);
    paint(merged);
    return merged;
  });
  chart.update('none');
}

function legend(id, entries) {
  rebuild($(id), entries, () => entries.map(([label, variable]) => {
    const swatch = el('span', { class: 'swatch' });
    swatch.style.backgroundColor = `var(${variable})`;
    return el('li', {}, swatch, label);
  }));
}

const label = (format) => (item) => ` ${item.dataset.label}: ${format(item.parsed.y)}`;
const atTime = (items) => (items.length ? clock(items[0].parsed.x) : '');
const ofRow = (rows) => (items) => (items.length ? rows()[items[0].dataIndex] : '');

function overTime(id, stacked, format) {
  const chart = make(id, 'line', { x: timeAxis(), y: axis(format, { stacked, suggestedMax: 10 }) }, { title: atTime, label: label(format) });
  showOverTime(chart, [], Date.now());
  return chart;
}

function showOverTime(chart, sets, at) {
  const { x } = chart.options.scales;
  const first = sets[0]?.data[0]?.x ?? at;
  x.min = at - Math.min(WINDOW_MS.most, Math.max(WINDOW_MS.least, at - first));
  x.max = at;
  fill(chart, sets);
}

/** So many workers have an area of their own; the others share one. */
const OWN_AREA = 5;
const OTHERS = '--others';

/** The workers that have processed most, and how many others there are. */
function busiest(samples) {
  const totals = new Map();
  samples.forEach((sample) => Object.entries(sample.workers).forEach(([worker, of]) => totals.set(worker, (totals.get(worker) ?? 0) + of)));
  const order = [...totals].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).map(([worker]) => worker);
  const named = order.length > OWN_AREA + 1 ? order.slice(0, OWN_AREA) : order;
  return { named: named.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })), others: order.slice(named.length) };
}

/** Throughput by worker, one upon the other. */
export function throughputChart() {
  const chart = overTime('throughput', true, rate);
  return (samples, at) => {
    const { named, others } = busiest(samples);
    const area = (label, colour, of) => ({ label, colour, fill: true, stack: 'all', data: samples.map((sample) => ({ x: sample.at, y: of(sample.workers) })) });
    const sets = named.map((worker, i) => area(worker, SERIES[i], (rates) => rates[worker] ?? 0));
    if (others.length) {
      sets.push(area(`${others.length} others`, OTHERS, (rates) => others.reduce((sum, worker) => sum + (rates[worker] ?? 0), 0)));
    }
    legend('throughput-legend', sets.map((set) => [set.label, set.colour]));
    showOverTime(chart, sets, at);
    const latest = samples.at(-1);
    describe('throughput', latest ? `Throughput by worker over the last ten minutes, now ${rate(latest.rate)} in total` : 'Throughput, no data yet');
  };
}

/** Lag in total, and of the partition that lags most. */
export function lagChart() {
  const chart = overTime('lag', false, count);
  return (samples, at) => {
    const sets = [
      { label: 'all partitions', colour: '--series-1', fill: true, data: samples.map((sample) => ({ x: sample.at, y: sample.lag })) },
      { label: 'worst partition', colour: '--series-6', data: samples.map((sample) => ({ x: sample.at, y: sample.worst })) },
    ];
    legend('lag-legend', sets.map((set) => [set.label, set.colour]));
    showOverTime(chart, sets, at);
    const latest = samples.at(-1);
    describe('lag', latest ? `Lag over the last ten minutes, now ${count(latest.lag)} records` : 'Lag, no data yet');
  };
}

/** The newest checkpoints as stacked bars: how long each phase took. */
export function durationsChart() {
  let titles = [];
  const chart = make('durations', 'bar', { x: rowAxis(), y: axis(duration, { stacked: true, suggestedMax: 10 }) },
    { title: ofRow(() => titles), label: label(duration), footer: (items) => `in all ${duration(items.reduce((sum, item) => sum + item.parsed.y, 0))}` });
  return (history) => {
    const rows = bars(history);
    titles = rows.map(titleOf);
    const failed = (row) => row?.status === 'FAILED';
    const sets = PHASES.map((phase, i) => ({
      label: phase, type: 'bar', colour: SERIES[i], ...BAR, data: rows.map((row) => (row && !failed(row) ? row.phases?.[phase] ?? 0 : null)),
    }));
    if (rows.some(failed)) {
      sets.push({ label: 'failed after', type: 'bar', colour: FAILED, ...BAR, data: rows.map((row) => (failed(row) ? row.end_to_end_duration : null)) });
    }
    // A failed one lasted until its time-out, next to which the others could not be seen: it fills the height instead.
    const longest = Math.max(...rows.map((row) => (row && !failed(row) ? row.end_to_end_duration : 0)));
    chart.options.scales.y.max = longest && rows.some(failed) ? longest * 1.15 : undefined;
    legend('durations-legend', sets.map((set) => [set.label === 'failed after' ? 'failed' : set.label, set.colour]));
    fill(chart, sets, rows.map((row) => (row ? clock(row.trigger_timestamp).slice(0, 5) : '')));
    const newest = history[0];
    describe('durations', newest ? `Durations of the last ${Math.min(history.length, BARS)} checkpoints by phase, the newest took ${duration(newest.end_to_end_duration)}` : 'Durations of checkpoints, none yet');
  };
}

/** Their sizes: what each uploaded, and the state of the whole job behind it. */
export function sizesChart() {
  let titles = [];
  const chart = make('sizes', 'bar',
    { x: rowAxis(), y: axis(bytes), full: axis(bytes, { position: 'right', grid: { drawOnChartArea: false } }) },
    { title: ofRow(() => titles), label: label(bytes) });
  return (history) => {
    const rows = bars(history);
    titles = rows.map(titleOf);
    const full = fullSizes(history);
    const sets = [
      { label: 'full (right)', type: 'line', colour: '--series-5', yAxisID: 'full', spanGaps: true, stepped: true, data: rows.map((row) => full.get(row) ?? null) },
      { label: 'delta (left)', type: 'bar', colour: '--series-1', ...BAR, data: rows.map((row) => row?.checkpointed_size ?? null) },
    ];
    roundBytes(chart.options.scales.y, Math.max(...sets[1].data));
    roundBytes(chart.options.scales.full, Math.max(...sets[0].data));
    legend('sizes-legend', [sets[1], sets[0]].map((set) => [set.label, set.colour]));
    fill(chart, sets, rows.map((row) => (row ? clock(row.trigger_timestamp).slice(0, 5) : '')));
    const newest = history[0];
    describe('sizes', newest ? `Sizes of the last ${Math.min(history.length, BARS)} checkpoints, the newest uploaded ${bytes(newest.checkpointed_size)}` : 'Sizes of checkpoints, none yet');
  };
}

const BAR = { barPercentage: 0.9, categoryPercentage: 0.95, maxBarThickness: 14 };
const rowAxis = () => ({ stacked: true, border: { display: false }, grid: { display: false }, ticks: { maxRotation: 0, autoSkip: true, maxTicksLimit: 6 } });

/** The newest at the right, whatever their number. */
function bars(history) {
  const rows = history.slice(0, BARS).reverse();
  return [...Array(BARS - rows.length).fill(null), ...rows];
}

function titleOf(row) {
  return row ? `${row.is_savepoint ? 'savepoint' : 'checkpoint'} ${row.id} of ${row.worker ?? 'the job'}, ${clock(row.trigger_timestamp)}` : '';
}

/** A row knows only its own partitions: the job's size is that of the newest checkpoints of all of them. */
function fullSizes(history) {
  const total = new Set(history.flatMap((row) => (row.partitions ?? []).map((part) => part.partition))).size;
  const newest = new Map();
  const sizes = new Map();
  for (const row of [...history].reverse()) {
    if (row.status === 'COMPLETED' && !row.is_savepoint) {
      (row.partitions ?? []).forEach((part) => newest.set(part.partition, part.state_size ?? 0));
      if (newest.size === total) {
        sizes.set(row, [...newest.values()].reduce((sum, size) => sum + size, 0));
      }
    }
  }
  return sizes;
}

function describe(id, text) {
  $(id).setAttribute('aria-label', text);
}
