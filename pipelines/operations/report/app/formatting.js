// Numbers, days and lengths of time as the page writes them; all times are UTC.

export const DAY = 86_400_000;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** 1,234 */
export function number(value) {
  return value.toLocaleString("en");
}

/** 1 item, 2 items */
export function counted(value, one, many) {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** 22 Nov 2026, of milliseconds; a dash for none. */
export function day(time) {
  if (!Number.isFinite(time)) return "–";
  const date = new Date(time);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** 2026-11-22, of milliseconds. */
export function isoDay(time) {
  return new Date(time).toISOString().slice(0, 10);
}

/** 2026-11-22T12:00:00.000001Z, of microseconds. */
export function microsecond(time) {
  return `${new Date(Math.floor(time / 1000)).toISOString().slice(0, -1)}${String(time % 1000).padStart(3, "0")}Z`;
}

/** The beginning of the day that a text such as 2026-11-22 names, in milliseconds; NaN if it names none. */
export function dayOf(text) {
  return /^\d{4}-\d\d-\d\d$/.test(text ?? "") ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
}

/** The beginning of the day in which a time lies. */
export function startOfDay(time) {
  return Math.floor(time / DAY) * DAY;
}

/** A length of time: less than a day, 12 days, 5 months, 3 years. */
export function span(length) {
  const days = Math.floor(length / DAY);
  if (days < 1) return "less than a day";
  if (days < 60) return counted(days, "day", "days");
  if (days < 730) return counted(Math.floor(days / 30.44), "month", "months");
  return counted(Math.floor(days / 365.25), "year", "years");
}

/** A playing time of seconds: 3:07, 1:02:03; nothing if it is not known. */
export function playing(seconds) {
  if (seconds === null) return "";
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** Hours or minutes of many seconds. */
export function hours(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? counted(minutes, "minute", "minutes") : counted(Math.floor(minutes / 60), "hour", "hours");
}
