import PostalMime, { type Address, type Email } from "postal-mime";
import { TimeZone } from "../eventlog/time-zone.ts";
import { InputError, reason } from "../input-error.ts";
import type { OpenedFile } from "./open-bytes.ts";
import { Rejections, type ReadOptions, type ReadResult } from "./format.ts";
import { readTable, TableBuilder } from "./table-builder.ts";
import { TimeParser } from "./values/parse-time.ts";

const MAX_MESSAGE = 64 << 20;

/**
 * Reads an mbox or a single EML file: a thread is a case, a message an event from one person to others.
 * Threads are joined by Message-ID, In-Reply-To and References; replies that lost these headers by their
 * subject and a correspondent in common. The activity is "Message", "Reply" or "Forward"; attachments are
 * named, their content and the text of messages are not kept.
 *
 * Messages without a usable date or sender are rejected with their number. Memory grows with the headers, not
 * with the attachments.
 */
export async function readMail(file: OpenedFile, options: ReadOptions): Promise<ReadResult> {
  const messages: Message[] = [];
  const rejections = new Rejections();
  let number = 0;
  const clock = new TimeParser("dmy", new TimeZone(options.timeZone ?? "UTC"));
  for await (const raw of messagesOf(file, (share) => options.onProgress?.(share, "reading"))) {
    number++;
    if (raw.length > MAX_MESSAGE) {
      rejections.add({
        at: number,
        unit: "message",
        expected: "a message of at most 64 MiB",
        got: `${raw.length >> 20} MiB`,
      });
      continue;
    }
    const message = await parseMessage(number, raw, clock);
    if (typeof message === "string")
      rejections.add({
        at: number,
        unit: "message",
        expected: message,
        got: Buffer.from(raw.subarray(0, 80)).toString("utf8"),
      });
    else messages.push(message);
  }
  if (messages.length === 0 && rejections.count === 0)
    throw new InputError("no-rows", file.path, `${file.path} holds no message.`);

  const thread = threadsOf(messages);
  const builder = new TableBuilder(file.path);
  messages.forEach((message, row) => {
    builder.set(row, "thread", thread[row]);
    builder.set(row, "activity", message.activity);
    builder.column("time").setTime(row, message.time);
    builder.set(row, "from", message.from);
    builder.set(row, "to", message.to.join("; "));
    builder.set(row, "cc", message.cc.join("; "));
    builder.set(row, "recipients", message.to.length + message.cc.length);
    builder.set(row, "subject", message.subject);
    builder.set(row, "attachments", message.attachments.join("; "));
  });
  return readTable(
    builder.finish(messages.length),
    { ...options, case: options.case ?? "thread", person: options.person ?? "from" },
    {
      file: file.path,
      format: number === 1 && !isMbox(file.head) ? "EML" : `mbox, ${number} messages`,
      places: { unit: "message", at: (row) => messages[row].number },
      rejections,
    },
  );
}

interface Message {
  number: number;
  id: string;
  references: string[];
  subject: string;
  activity: string;
  time: number;
  from: string;
  to: string[];
  cc: string[];
  attachments: string[];
}

/** A message, or what is missing for it to be one. */
async function parseMessage(number: number, raw: Uint8Array, clock: TimeParser): Promise<Message | string> {
  try {
    return asMessage(number, await PostalMime.parse(raw, { maxNestingDepth: 50 }), clock);
  } catch (error) {
    return `a message that can be read (${reason(error)})`;
  }
}

function asMessage(number: number, email: Email, clock: TimeParser): Message | string {
  const from = email.from?.address?.toLowerCase();
  if (!from) return "a sender (From)";
  const written = (email.headers.find(({ key }) => key === "date")?.value ?? "").slice(0, 998);
  const time = clock.parseString(
    written.replace(/\s(EST|EDT|CST|CDT|MST|MDT|PST|PDT)\b/, (_, zone: string) => ` ${AMERICAN[zone]}`),
  );
  if (Number.isNaN(time)) return "a date (Date)";
  // a line of a header has at most 998 characters (RFC 5322); the patterns below take the square of its
  // length
  const subject = (email.subject ?? "").slice(0, 998);
  const isReply =
    /^\s*(re|aw|antw|sv|vs|odp|rif|ref)\s*(\[\d+\])?\s*:/i.test(subject) || email.inReplyTo !== undefined;
  const isForward = /^\s*(fwd?|wg|tr|rv|vb|doorst)\s*:/i.test(subject);
  return {
    number,
    id: email.messageId ?? `message ${number}`,
    references: [...(email.references ?? "").split(/\s+/), email.inReplyTo ?? ""].filter((id) => id !== ""),
    subject: subject
      .replace(/^(\s*(re|aw|antw|sv|vs|odp|rif|ref|fwd?|wg|tr|rv|vb|doorst)\s*(\[\d+\])?\s*:)+\s*/i, "")
      .trim(),
    activity: isForward ? "Forward" : isReply ? "Reply" : "Message",
    time,
    from,
    to: addresses(email.to),
    cc: addresses(email.cc),
    attachments: email.attachments.map(({ filename, mimeType }) => filename ?? mimeType),
  };
}

/** The only zone names that RFC 5322 still allows. */
const AMERICAN: Record<string, string> = {
  EST: "-0500",
  EDT: "-0400",
  CST: "-0600",
  CDT: "-0500",
  MST: "-0700",
  MDT: "-0600",
  PST: "-0800",
  PDT: "-0700",
};

function addresses(list: Address[] | undefined): string[] {
  return (list ?? [])
    .flatMap((entry) => (entry.group ? entry.group.map(({ address }) => address) : [entry.address]))
    .flatMap((a) => (a ? [a.toLowerCase()] : []));
}

/** The thread of each message, named by the id of its first message (union-find over references). */
function threadsOf(messages: Message[]): string[] {
  const parent = new Map<string, string>();
  const find = (id: string): string => {
    let root = id;
    while (parent.has(root) && parent.get(root) !== root) root = parent.get(root)!;
    for (let at = id; parent.has(at) && parent.get(at) !== root;)
      [at] = [parent.get(at)!, parent.set(at, root)];
    return root;
  };
  const join = (a: string, b: string) => parent.set(find(a), find(b));
  for (const { id, references } of messages) for (const reference of references) join(id, reference);
  // Replies whose headers are lost: same subject, and somebody who took part before.
  const bySubject = new Map<string, { id: string; people: Set<string> }[]>();
  for (const message of [...messages].sort((a, b) => a.time - b.time)) {
    const key = message.subject.toLowerCase();
    if (key === "") continue;
    const people = new Set([message.from, ...message.to, ...message.cc]);
    const known = bySubject.get(key) ?? bySubject.set(key, []).get(key)!;
    const lost = message.activity !== "Message" && message.references.length === 0;
    const earlier = lost
      ? known.slice(-50).find((other) => [...people].some((p) => other.people.has(p)))
      : undefined;
    if (earlier) join(message.id, earlier.id);
    known.push({ id: message.id, people });
  }
  const name = new Map<string, string>();
  for (const message of [...messages].sort((a, b) => a.time - b.time))
    if (!name.has(find(message.id))) name.set(find(message.id), message.id.replace(/^<|>$/g, ""));
  return messages.map(({ id }) => name.get(find(id))!);
}

/** The raw messages of an mbox (split at its "From " lines) or the one of an EML file. */
async function* messagesOf(file: OpenedFile, onProgress: (share: number) => void): AsyncIterable<Uint8Array> {
  if (!isMbox(file.head)) {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const block of file.blocks(onProgress)) {
      parts.push(block);
      bytes += block.length;
      if (bytes > MAX_MESSAGE * 2) throw tooLarge(file.path);
    }
    yield Buffer.concat(parts);
    return;
  }
  let rest = Buffer.alloc(0);
  let looked = 0; // bytes of the rest without a beginning of a message
  for await (const block of file.blocks(onProgress)) {
    rest = rest.length === 0 ? Buffer.from(block) : Buffer.concat([rest, block]);
    for (;;) {
      const next = rest.indexOf("\nFrom ", Math.max(1, looked - 6), "latin1");
      looked = rest.length;
      if (next < 0) break;
      yield withoutFromLine(rest.subarray(0, next + 1));
      rest = rest.subarray(next + 1);
      looked = 0;
    }
    if (rest.length > MAX_MESSAGE * 2) throw tooLarge(file.path);
  }
  if (rest.toString("latin1").trim() !== "") yield withoutFromLine(rest);
}

const tooLarge = (path: string) =>
  new InputError(
    "message-too-large",
    path,
    `${path}: a message of more than 128 MiB; expected an mbox whose messages begin with lines "From …".`,
  );

function withoutFromLine(raw: Buffer): Uint8Array {
  return raw.subarray(raw.indexOf(10) + 1);
}

function isMbox(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, 5)).toString("latin1") === "From ";
}

/** Whether the file begins like an mbox or like the headers of a message. */
export function looksLikeMail(head: Uint8Array): boolean {
  if (isMbox(head)) return true;
  const text = Buffer.from(head.subarray(0, 16_384)).toString("latin1");
  return (
    /^[A-Za-z-]+:\s.*(\r?\n)/.test(text) &&
    /^(from|date|message-id|received|subject|mime-version):/im.test(text.split(/\r?\n\r?\n/)[0]) &&
    /^from:/im.test(text)
  );
}
