// All partitions at a glance: a cell for each, its colour the state or, while it runs, the lag.

import { $, badge, el, rebuild, reconcile, setText, when } from './dom.js';
import { count, lagText, plural } from './format.js';
import { checkpointText, shownSince, stateName } from './partitions.js';

/** Lags below these have one shade each; the last shade is of all others. */
const SHADES = [100, 1_000, 10_000, 100_000];
/** By the number of partitions: the least width of a cell. */
const SIZES = [[40, 'large', 30], [400, 'medium', 12], [Infinity, 'small', 5]];
/** Round numbers of cells in a row, so that a row begins with a round number. */
const COLUMNS = [100, 50, 40, 20, 10];

const shade = (lag) => (Number.isFinite(lag) ? SHADES.filter((limit) => lag >= limit).length : 'unknown');

/** @param onOpen is told the number of a partition whose details are wanted */
export function partitionsStrip(onOpen) {
  const box = $('strip');
  const line = $('strip-line');
  let rows = [];
  let cells = [];
  let active = -1;
  let pointed = -1;
  let columns = 10;

  showScale();
  new ResizeObserver(arrange).observe(box.parentElement);
  box.addEventListener('pointerover', (event) => point(indexOf(event)));
  box.addEventListener('pointerleave', () => point(-1));
  box.addEventListener('click', (event) => choose(indexOf(event)));
  box.addEventListener('blur', () => activate(-1));
  box.addEventListener('keydown', (event) => {
    const to = target(event.key);
    if (to !== undefined && rows.length) {
      event.preventDefault();
      activate(Math.max(0, Math.min(rows.length - 1, to)));
    } else if ((event.key === 'Enter' || event.key === ' ') && active >= 0) {
      event.preventDefault();
      choose(active);
    }
  });

  function indexOf(event) {
    const cell = event.target.closest('.cell');
    return cell ? rows.findIndex((row) => row.partition === Number(cell.dataset.partition)) : -1;
  }

  /** Where a key leads from the active cell. */
  function target(key) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    if (key in steps) {
      return active < 0 ? 0 : active + steps[key];
    }
    return { Home: 0, End: rows.length - 1 }[key];
  }

  /** As many cells in a row as there is room for, and the number that each row begins with. */
  function arrange() {
    const [, size, least] = SIZES.find(([most]) => rows.length <= most);
    const room = box.parentElement.clientWidth - 34;
    columns = size === 'large' ? Math.max(1, Math.floor(room / (least + 2))) : COLUMNS.find((number) => number * (least + 2) <= room) ?? 10;
    box.dataset.size = size;
    box.style.setProperty('--columns', columns);
    const starts = size === 'large' ? [] : rows.filter((_, i) => i % columns === 0).map((row) => row.partition);
    const numbers = $('strip-rows');
    numbers.dataset.size = size;
    rebuild(numbers, starts, () => starts.map((start) => el('span', { text: String(start) })));
  }

  function point(index) {
    pointed = index;
    say();
  }

  function activate(index) {
    cells[active]?.classList.remove('active');
    active = index;
    if (index < 0) {
      box.removeAttribute('aria-activedescendant');
    } else {
      cells[index].classList.add('active');
      box.setAttribute('aria-activedescendant', cells[index].id);
    }
    say();
  }

  function choose(index) {
    if (index >= 0) {
      activate(index);
      onOpen(rows[index].partition);
    }
  }

  /** The line below tells of the cell that is pointed at, or else of the active one. */
  function say() {
    const row = rows[pointed] ?? rows[active];
    rebuild(line, row ? [row.partition, row.shown, row.worker, row.loop, row.lag, checkpointText(row), shownSince(row), row.asOf] : [rows.length > 0], () => (row
      ? [el('strong', { text: `Partition ${row.partition}` }), badge(row.shown, stateName(row.shown)),
        shownSince(row) ? el('span', {}, 'for ', when(shownSince(row), '')) : null,
        el('span', { text: [row.worker ?? 'no worker', Number.isFinite(row.loop) ? `loop ${row.loop}` : ''].filter(Boolean).join(', ') }),
        el('span', { text: `lag ${lagText(row.lag)}` }),
        row.checkpoint ? el('span', { text: `checkpoint ${checkpointText(row)}` }) : row.restored ? el('span', { text: checkpointText(row) }) : null]
      : [el('span', { text: rows.length ? 'Choose a cell, or move with the arrow keys.' : '' })]));
  }

  return {
    /** @param matches whether a row is among those that the table shows */
    show(these, matches) {
      rows = these;
      arrange();
      reconcile(box, rows, (row) => row.partition, create, (cell, row) => update(cell, row, matches(row)));
      cells = [...box.children];
      if (active >= rows.length) {
        activate(-1);
      }
      box.setAttribute('aria-label', `${plural(rows.length, 'partition')}, a cell for each`);
      say();
    },
  };
}

function create({ partition }) {
  return el('span', { class: 'cell', role: 'option', id: `cell-${partition}`, 'data-partition': partition, 'aria-selected': 'false', text: String(partition) });
}

/** Touches the document only where something has changed: there may be a thousand. */
function update(cell, row, matches) {
  const looks = `${row.shown} ${shade(row.lag)} ${matches} ${row.worker}`;
  if (cell.looks !== looks) {
    cell.looks = looks;
    cell.dataset.state = row.shown;
    cell.dataset.lag = shade(row.lag);
    cell.classList.toggle('dim', !matches);
    cell.setAttribute('aria-label', `Partition ${row.partition}, ${stateName(row.shown)}, ${row.worker ?? 'no worker'}`);
  }
}

function showScale() {
  const names = [`below ${count(SHADES[0])}`, ...SHADES.map((limit) => `${count(limit)} or more`)];
  $('scale').append(el('span', { text: 'Lag' }),
    ...names.map((name, i) => el('span', { class: 'cell', 'data-state': 'RUNNING', 'data-lag': i, role: 'img', 'aria-label': name, title: name })),
    el('span', { text: `${count(SHADES.at(-1))}+` }),
    el('span', { class: 'cell', 'data-state': 'RUNNING', 'data-lag': 'unknown', role: 'img', 'aria-label': 'unknown', title: 'unknown' }),
    el('span', { text: 'unknown' }));
}

/** Buttons with how many partitions are in each state; one that is pressed leaves only those in the table. */
export function stateFilter(onChange) {
  let chosen = '';
  const box = $('states');
  return {
    matches: (row) => !chosen || row.shown === chosen,
    clear() {
      chosen = '';
    },
    show(rows) {
      const numbers = new Map();
      rows.forEach((row) => numbers.set(row.shown, (numbers.get(row.shown) ?? 0) + 1));
      if (chosen && !numbers.has(chosen)) {
        numbers.set(chosen, 0);
      }
      const entries = [...numbers].sort(([a], [b]) => a.localeCompare(b));
      reconcile(box, entries, ([state]) => state,
        ([state]) => el('button', { type: 'button', class: 'badge', 'data-state': state, onclick: () => {
          chosen = chosen === state ? '' : state;
          onChange();
        } }),
        (button, [state, number]) => {
          setText(button, `${number} ${stateName(state)}`);
          button.setAttribute('aria-pressed', String(chosen === state));
        });
    },
  };
}
