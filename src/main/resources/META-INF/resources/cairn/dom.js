// Small helpers around the DOM. Text from outside only ever becomes text.

import { absolute, span } from './format.js';

export const $ = (id) => document.getElementById(id);

/** An element with properties (`class`, `text`, `on...` listeners, attributes) and children. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'text') {
      element.textContent = value;
    } else if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== undefined && value !== null && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets text only where it changes: selections stay, and readers are not told what they know. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Builds the content again only when what it is made from has changed. */
export function rebuild(element, source, build) {
  const signature = JSON.stringify(source);
  if (element.signature !== signature) {
    element.signature = signature;
    element.replaceChildren(...[build()].flat().filter((child) => child !== null && child !== undefined));
  }
}

/** Makes the children those of the items, in their order; elements of items that stay, stay. */
export function reconcile(parent, items, keyOf, create, update) {
  const known = (parent.known ??= new Map());
  const seen = new Set();
  let next = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    seen.add(key);
    let child = known.get(key);
    if (!child) {
      child = create(item);
      known.set(key, child);
    }
    update(child, item);
    if (child === next) {
      next = next.nextElementSibling;
    } else {
      parent.insertBefore(child, next);
    }
  }
  for (const [key, child] of known) {
    if (!seen.has(key)) {
      child.remove();
      known.delete(key);
    }
  }
}

let ahead = 0;

/** The clock of the workers, as far as it is known. */
export const now = () => Date.now() + ahead;
export function setNow(theirs) {
  ahead = theirs - Date.now();
}

/** A time that says how long ago it was, and when exactly on hover. */
export function when(at, suffix = ' ago') {
  if (!at) {
    return el('span', { text: '–' });
  }
  const element = el('time', { datetime: new Date(at).toISOString(), title: absolute(at), 'data-at': at, 'data-suffix': suffix });
  tick(element);
  return element;
}

function tick(element) {
  setText(element, span(now() - Number(element.dataset.at)) + element.dataset.suffix);
}

setInterval(() => document.querySelectorAll('time[data-at]').forEach(tick), 1000);

export const badge = (state, text = state) =>
  el('span', { class: 'badge', 'data-state': state, text: String(text).toLowerCase().replaceAll('_', ' ') });

export function setBadge(element, state) {
  element.dataset.state = state;
  setText(element, String(state).toLowerCase().replaceAll('_', ' '));
}

/** Tells readers of the screen what others see by colour. */
export function announce(text) {
  setText(document.getElementById('announcer'), text);
}
