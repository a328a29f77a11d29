// Keys and settings.

import { $, el, now, rebuild, setText } from './dom.js';
import { bytes, exact, percent, span } from './format.js';
import { table } from './table.js';

const key = (cell, row) => rebuild(cell, row.key, () => [el('code', { text: row.key, title: row.key })]);

export function keysTables() {
  const hottest = table($('hottest'), {
    caption: 'Keys with the most updates',
    empty: 'No update was counted yet.',
    key: (row) => row.key,
    columns: [
      { label: 'Key', render: key },
      { label: 'Updates', number: true, title: 'An estimate that is at most this far off', text: (row) => exact(row.count) + (row.bound ? ` ± ${exact(row.bound)}` : '') },
      { label: 'Share', number: true, render: share },
    ],
  });
  const largest = table($('largest'), {
    caption: 'Keys with the largest state',
    empty: 'No state was measured yet.',
    key: (row) => `${row.state}/${row.key}`,
    columns: [
      { label: 'Key', render: key },
      { label: 'State', text: (row) => row.state ?? '–' },
      { label: 'Partition', number: true, text: (row) => String(row.partition ?? '–') },
      { label: 'Size', number: true, text: (row) => bytes(row.bytes) },
    ],
  });
  return (keys) => {
    hottest.show(keys.updates ?? []);
    largest.show(keys.largest ?? []);
    setText($('keys-since'), keys.since ? `over ${span(now() - keys.since)}` : '');
  };
}

function share(cell, row) {
  if (!cell.firstChild) {
    cell.append(el('span', { class: 'metered' }, el('meter', { min: 0, max: 1, 'aria-label': 'Share of all updates' }), el('span')));
  }
  const [meter, text] = cell.firstElementChild.children;
  meter.value = row.share ?? 0;
  setText(text, percent(row.share));
}

export function settingsTable() {
  const settings = table($('settings'), {
    caption: 'Settings of this worker',
    empty: 'No setting is known, or none matches.',
    key: (row) => row.key,
    decorate: (line, row) => line.classList.toggle('default', Boolean(row.default)),
    columns: [
      { label: 'Setting', render: key },
      { label: 'Value', text: (row) => row.value ?? '' },
      { label: 'Source', text: (row) => (row.default ? 'default' : row.source ?? '') },
    ],
  });
  let all = [];
  const show = () => {
    const wanted = $('settings-filter').value.trim().toLowerCase();
    settings.show(all.filter((row) => `${row.key} ${row.value ?? ''}`.toLowerCase().includes(wanted)));
  };
  $('settings-filter').addEventListener('input', show);
  return (config) => {
    all = config;
    show();
  };
}
