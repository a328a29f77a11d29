// Numbers and times as people read them. What is not known is a dash.

const NONE = '–';
const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const COUNTS = ['', ' k', ' M', ' G', ' T'];
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

const known = (number) => typeof number === 'number' && Number.isFinite(number);

function scaled(number, step, units, wholeBelow, digitsOf) {
  let value = number;
  let unit = 0;
  while (Math.abs(value) >= (unit === 0 ? wholeBelow : step) && unit < units.length - 1) {
    value /= step;
    unit++;
  }
  return (unit === 0 ? whole.format(value) : value.toFixed(digitsOf(Math.abs(value)))) + units[unit];
}

/** As log and commands show it, with one decimal. */
export const bytes = (n) => (known(n) ? scaled(n, 1024, BYTES.map((unit) => ` ${unit}`), 1024, () => 1) : NONE);
export const count = (n) => (known(n) ? scaled(n, 1000, COUNTS, 10000, (value) => (value >= 100 ? 0 : value >= 10 ? 1 : 2)) : NONE);
export const lagText = (n) => (known(n) ? count(n) : 'unknown');
export const exact = (n) => (known(n) ? whole.format(n) : NONE);
export const rate = (n) => (known(n) ? `${count(n > 0 && n < 10 ? Math.round(n * 10) / 10 : n)}/s` : NONE);
export const percent = (share) => (known(share) ? `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)} %` : NONE);

export function duration(ms) {
  if (!known(ms)) {
    return NONE;
  }
  if (ms < 1000) {
    return `${Math.round(ms)}ms`;
  }
  const seconds = ms / 1000;
  if (seconds < 60) {
    return `${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)}s`;
  }
  return span(ms);
}

/** The two largest units, without fractions: 12s, 2m 19s, 3h 4m, 5d 2h. */
export function span(ms) {
  if (!known(ms)) {
    return NONE;
  }
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [d, h, m, s] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  if (d) {
    return `${d}d ${h}h`;
  }
  if (h) {
    return `${h}h ${m}m`;
  }
  return m ? `${m}m ${s}s` : `${s}s`;
}

/** Consecutive numbers of one kind as ranges, in their order. @returns {from, to, kind} of each */
export function runs(numbers, kindOf = () => '') {
  const found = [];
  for (const number of numbers) {
    const last = found.at(-1);
    const kind = kindOf(number);
    if (last?.to === number - 1 && last.kind === kind) {
      last.to = number;
    } else {
      found.push({ from: number, to: number, kind });
    }
  }
  return found;
}

export const rangeText = ({ from, to }) => (from === to ? String(from) : `${from}-${to}`);

/** Numbers as people write them: 0-41, 43-66. */
export const ranges = (numbers) => runs(numbers).map(rangeText).join(', ');

const two = (n) => String(n).padStart(2, '0');

export function clock(at) {
  const time = new Date(at);
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

export function absolute(at) {
  const time = new Date(at);
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clock(at)}`;
}

const MODES = { EXACTLY_ONCE: 'exactly once', AT_LEAST_ONCE: 'at least once' };
export const mode = (name) => MODES[name] ?? name ?? NONE;
export const lower = (name) => (name ? String(name).toLowerCase().replaceAll('_', ' ') : NONE);
export const plural = (n, one, many = `${one}s`) => `${exact(n)} ${n === 1 ? one : many}`;
