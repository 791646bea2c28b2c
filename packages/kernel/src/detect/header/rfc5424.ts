import { CLOSE, DASH, indexWithin, OPEN, SPACE } from './characters.ts';
import type { Header } from './header.ts';
import { setProgram } from './program.ts';

/** RFC 5424 §6: `VERSION SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP SD [SP MSG]`. */
export function parseRfc5424(text: string, at: number, end: number, header: Header): boolean {
  const timeEnd = indexWithin(text, SPACE, at, end);
  if (timeEnd < 0) return false;
  const hostEnd = indexWithin(text, SPACE, timeEnd + 1, end);
  if (hostEnd < 0) return false;
  const appEnd = indexWithin(text, SPACE, hostEnd + 1, end);
  if (appEnd < 0) return false;
  const pidEnd = indexWithin(text, SPACE, appEnd + 1, end);
  if (pidEnd < 0) return false;
  const idEnd = indexWithin(text, SPACE, pidEnd + 1, end);
  if (idEnd < 0) return false;
  const dataEnd = behindStructuredData(text, idEnd + 1, end);
  if (dataEnd < 0) return false;
  header.kind = 'rfc5424';
  if (timeEnd - at >= 19) {
    header.timeStart = at;
    header.timeEnd = timeEnd;
  }
  header.hostStart = timeEnd + 1;
  header.hostEnd = hostEnd + 1;
  setProgram(text, hostEnd + 1, appEnd, header);
  header.pidStart = appEnd + 1;
  let message = dataEnd;
  // rsyslog puts one of its own before what begins with one, as everything in RFC 3164 does.
  while (message < end && text.charCodeAt(message) === SPACE) message++;
  // §6.4: MSG may begin with a byte order mark.
  if (text.startsWith('\u00ef\u00bb\u00bf', message)) message += 3;
  header.messageStart = Math.min(message, end);
  return true;
}

function behindStructuredData(text: string, at: number, end: number): number {
  if (text.charCodeAt(at) === DASH) return at + 1;
  let index = at;
  let quoted = false;
  while (index < end) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === 92) index++;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === CLOSE && text.charCodeAt(index + 1) !== OPEN) return index + 1;
    index++;
  }
  return -1;
}
