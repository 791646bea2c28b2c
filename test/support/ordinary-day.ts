const dayStart = Date.UTC(2026, 10, 25);
const dayMs = 86_400_000;
/** How often a day has each line. */
const times = 144;

/**
 * A day of what a service writes when all is well, in the order of its times, from lines one of each
 * kind: `program|message` is written behind a header of syslog, `-|line` as it stands. In braces:
 * `{address}`, `{user}`, `{word}`, `{number}`, `{pid}`, and for the time of a line that stands alone
 * `{clf}`, `{iso}`, `{isodate}`, `{nginx}`, `{ctime}`,
 * `{apache}`, `{epoch}`. `#` begins a remark.
 */
export function ordinaryDay(text: string): readonly string[] {
  const rows = text.split('\n').filter((row) => row !== '' && !row.startsWith('#'));
  const day: { readonly at: number; readonly line: string }[] = [];
  for (let turn = 0; turn < times; turn++) {
    rows.forEach((row, index) => {
      const at = dayStart + (dayMs / times) * turn + index * 10;
      day.push({ at, line: lineOf(row, at, turn * rows.length + index) });
    });
  }
  return day.map(({ line }) => line);
}

function lineOf(row: string, at: number, seed: number): string {
  const bar = row.indexOf('|');
  if (bar < 0) throw new Error(`ordinary.txt: write program|message or -|line, not: ${row}`);
  const program = row.slice(0, bar);
  const pid = 1000 + (seed % 30_000);
  const values: Readonly<Record<string, string>> = {
    address:
      seed % 3 === 0 ? `2001:db8::${(seed % 0xffff).toString(16)}` : `198.51.100.${seed % 255}`,
    user: ['alice', 'bob', 'carol.d', 'www-data'][seed % 4] ?? '',
    word: ((seed * 2_654_435_761) % 2 ** 32).toString(36),
    number: String((seed * 7919) % 10_000),
    pid: String(pid),
    ...clocks(new Date(at)),
  };
  const message = row.slice(bar + 1).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  return program === '-' ? message : `${values.bsd} mail ${program}[${pid}]: ${message}`;
}

function clocks(date: Date): Readonly<Record<string, string>> {
  const [day = '', clock = ''] = date.toISOString().split('T');
  const [weekday = '', dd = '', month = ''] = date.toUTCString().split(/[, ]+/);
  const hms = clock.slice(0, 8);
  const [year = ''] = day.split('-');
  return {
    bsd: `${month} ${dd} ${hms}`,
    clf: `${dd}/${month}/${year}:${hms} +0000`,
    iso: date.toISOString(),
    isodate: `${day} ${hms}`,
    nginx: `${day.replaceAll('-', '/')} ${hms}`,
    ctime: `${weekday} ${month} ${dd} ${hms} ${year}`,
    apache: `${weekday} ${month} ${dd} ${hms}.000000 ${year}`,
    epoch: (date.getTime() / 1000).toFixed(3),
  };
}
