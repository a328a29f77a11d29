// A table that keeps its rows while their values change: sortable, with details per row, as cards on narrow screens.

import { el, reconcile, setText } from './dom.js';

/**
 * @param container its parent
 * @param options caption: for readers of the screen; key(row); empty: text without rows;
 *   columns: {label, text(row) or render(cell, row), sort(row)?, number?, title?}; details(row)?: nodes below an open row;
 *   open: the label of the column that opens the details
 */
export function table(container, options) {
  const { caption, columns, key, details, empty, limit = Infinity } = options;
  let rows = [];
  let sorted = null;
  let shown = limit;
  const open = new Set();

  const heads = columns.map((column) => head(column));
  const body = el('tbody', { role: 'rowgroup' });
  const nothing = el('p', { class: 'empty', text: empty });
  const more = el('button', { type: 'button', class: 'quiet more-rows', onclick: () => { shown += limit; draw(); } });
  const element = el('table', { role: 'table' },
    el('caption', { class: 'hidden', text: caption }),
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...heads)),
    body);
  container.tabIndex = 0;
  container.setAttribute('role', 'group');
  container.setAttribute('aria-label', caption);
  container.append(element, nothing, more);

  function head(column) {
    const cell = el('th', { scope: 'col', role: 'columnheader', class: column.number ? 'number' : undefined, title: column.title });
    if (!column.sort) {
      cell.textContent = column.label;
      return cell;
    }
    cell.append(el('button', { type: 'button', class: 'sort', text: column.label, onclick: () => sortBy(column) }));
    return cell;
  }

  function sortBy(column) {
    const descending = sorted?.column === column ? !sorted.descending : Boolean(column.number);
    sorted = { column, descending };
    heads.forEach((cell, i) => {
      if (columns[i] === column) {
        cell.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      } else {
        cell.removeAttribute('aria-sort');
      }
    });
    draw();
  }

  function inOrder() {
    if (!sorted) {
      return rows;
    }
    const sign = sorted.descending ? -1 : 1;
    const of = sorted.column.sort;
    return [...rows].sort((a, b) => {
      const [x, y] = [of(a), of(b)];
      return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y)));
    });
  }

  function create(row) {
    const id = key(row);
    const line = el('tr', { role: 'row', id: options.id?.(row) });
    columns.forEach((column, i) => {
      const first = i === 0;
      const cell = el(first ? 'th' : 'td', {
        role: first ? 'rowheader' : 'cell', scope: first ? 'row' : undefined,
        class: column.number ? 'number' : undefined, 'data-label': column.label,
      });
      if (first && details) {
        const button = el('button', { type: 'button', class: 'opens', 'aria-expanded': 'false', onclick: () => toggle(id) });
        button.append(el('span'));
        cell.append(button);
      }
      line.append(cell);
    });
    return line;
  }

  function update(line, row) {
    columns.forEach((column, i) => {
      const cell = line.cells[i];
      const target = i === 0 && details ? cell.firstElementChild.firstElementChild : cell;
      if (column.render) {
        column.render(target, row);
      } else {
        setText(target, column.text(row));
      }
    });
    if (details) {
      const is = open.has(key(row));
      line.cells[0].firstElementChild.setAttribute('aria-expanded', String(is));
      line.classList.toggle('open', is);
    }
    options.decorate?.(line, row);
  }

  function createDetails() {
    return el('tr', { role: 'row', class: 'details' }, el('td', { role: 'cell', colspan: columns.length }));
  }

  function toggle(id) {
    if (!open.delete(id)) {
      open.add(id);
    }
    draw();
  }

  function draw() {
    const visible = inOrder().slice(0, shown);
    const lines = visible.flatMap((row) => (details && open.has(key(row)) ? [{ row }, { row, details: true }] : [{ row }]));
    reconcile(body, lines,
      (line) => (line.details ? 'details of ' : '') + key(line.row),
      (line) => (line.details ? createDetails() : create(line.row)),
      (node, line) => (line.details ? details(node.cells[0], line.row) : update(node, line.row)));
    nothing.hidden = rows.length > 0;
    element.hidden = rows.length === 0;
    more.hidden = rows.length <= shown;
    setText(more, `Show more of ${rows.length}`);
  }

  draw();
  return {
    show(these) {
      rows = these;
      draw();
    },
    open(id) {
      open.add(id);
      draw();
    },
  };
}
