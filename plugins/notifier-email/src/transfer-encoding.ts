const lineLength = 76;

/** A part with its headers, in the shorter of quoted-printable and base64 (RFC 2045 § 6). */
export async function encodedPart(type: string, content: string): Promise<string> {
  // Of nodemailer's encoders these two are alone; all of them together take 5 MB.
  const { encode, wrap } = await import('nodemailer/lib/qp');
  const text = content.replaceAll('\n', '\r\n');
  const printable = wrap(encode(text), lineLength)
    // What mailboxes and SMTP have a meaning for at the beginning of a line.
    .replace(/^From /gm, '=46rom ')
    .replace(/^\./gm, '=2E');
  const base64 = Buffer.from(text)
    .toString('base64')
    .replace(/.{76}(?!$)/g, '$&\r\n');
  const [encoding, body] =
    printable.length <= base64.length ? ['quoted-printable', printable] : ['base64', base64];
  return [
    `Content-Type: ${type}; charset=utf-8`,
    `Content-Transfer-Encoding: ${encoding}`,
    '',
    body.replace(/(?:\r\n)?$/, ''),
    '',
  ]
    .join('\r\n')
    .replace(/\r\n$/, '');
}
