// ---- times, in the operator's own zone and by the gateway's clock

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
let skew = 0;  // of this machine's clock, in milliseconds
const now = () => Date.now() + skew;

const clock = { hour: "numeric", minute: "2-digit" };
const shortDay = { weekday: "short", day: "numeric", month: "short" };
const longDay = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const spell = (date, options) => new Intl.DateTimeFormat(undefined, options).format(date);

const sameDay = (a, b) => new Date(a).toDateString() === new Date(b).toDateString();
const spellTime = (date) => spell(date, sameDay(date, now()) ? clock : { ...shortDay, ...clock });
const spellWindow = (start, end) => `${spell(start, clock)} – ${spell(end, sameDay(start, end) ? clock : { ...shortDay, ...clock })}`;

// "1 h 24 min", and seconds only when they are all there is.
function spellSpan(milliseconds) {
  const minutes = Math.ceil(milliseconds / 60000);
  if (milliseconds < 60000) return "less than a minute";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
  return `${Math.round(minutes / 1440)} days`;
}

function spellAgo(date) {
  const seconds = Math.max(0, Math.round((now() - date) / 1000));
  if (seconds < 5) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return spellTime(date);
}

// As inputs write them: "2026-12-01" and "22:00".
const two = (number) => String(number).padStart(2, "0");
const dateValue = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
const timeValue = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;
