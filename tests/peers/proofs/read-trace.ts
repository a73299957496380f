/** What the program told the kernel, and in which order, out of the lines of `strace -f -yy`. */

export type Call = {
  readonly name: string;
  /** What the file descriptor stands for: a path, or `TCP:[from->to]`. */
  readonly on: string;
  /** Bytes handed over, as strace escapes them. */
  readonly bytes: string;
  readonly result: number;
  /** Lines of the trace at which it began and ended: calls of several threads overlap. */
  readonly begun: number;
  readonly ended: number;
};

const LINE = /^(?:\[pid +)?(?<thread>\d+)\]? +(?:[\d.:]+ +)?(?<rest>.*)$/;
const WHOLE =
  /^(?<name>\w+)\(\d+<(?<on>(?:[^<>]|->)*)>(?<content>.*)\) += (?<result>-?\d+|\?)(?: \w+ \(.*\))?$/s;
const STRINGS = /"((?:[^"\\]|\\.)*)"/g;

export function readTrace(text: string): readonly Call[] {
  const open = new Map<string, { readonly start: string; readonly begun: number }>();
  return text.split('\n').flatMap((line, number) => {
    const { thread, rest } = LINE.exec(line)?.groups ?? {};
    if (thread === undefined || rest === undefined) return [];
    if (rest.endsWith('<unfinished ...>')) {
      open.set(thread, { start: rest.slice(0, -'<unfinished ...>'.length).trimEnd(), begun: number });
      return [];
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/s.exec(rest)?.[1];
    const half = resumed === undefined ? undefined : open.get(thread);
    const whole = half === undefined ? rest : half.start + (resumed ?? '');
    const call = readCall(whole, half?.begun ?? number, number);
    return call === null ? [] : [call];
  });
}

function readCall(text: string, begun: number, ended: number): Call | null {
  const { name, on, content = '', result } = WHOLE.exec(text)?.groups ?? {};
  if (name === undefined || on === undefined) return null;
  const bytes = [...content.matchAll(STRINGS)].map(([, string]) => string).join('');
  return { name, on, bytes, result: Number(result), begun, ended };
}

export type Dot = {
  readonly dot: Call;
  /** The write before it on the same socket: the last of all other bytes. */
  readonly before: Call;
};

/** The writes that end a message, each with the one before. A dot that leaves together with other bytes of its body is its own `before`. */
export function findDots(calls: readonly Call[]): readonly Dot[] {
  const dots: Dot[] = [];
  const streams = new Map<string, { isBody: boolean; tail: string; before: Call | null }>();
  for (const call of calls) {
    if (!call.on.startsWith('TCP') || call.bytes === '') continue;
    const stream = streams.get(call.on) ?? { isBody: false, tail: '', before: null };
    streams.set(call.on, stream);
    const tail = `${stream.tail}${call.bytes}`.slice(-24);
    if (stream.isBody && tail.endsWith(String.raw`\r\n.\r\n`)) {
      const isAlone = call.bytes.length <= String.raw`\r\n.\r\n`.length;
      dots.push({ dot: call, before: isAlone ? (stream.before ?? call) : call });
      stream.isBody = false;
    } else if (!stream.isBody && call.bytes === String.raw`DATA\r\n`) {
      stream.isBody = true;
    }
    stream.tail = tail;
    stream.before = call;
  }
  return dots;
}

/** Whether the log of the database was written after all other bytes had left, and was on the disk before the dot left. */
export function isMarkedOnDisk({ dot, before }: Dot, calls: readonly Call[]): boolean {
  const onLog = calls.filter(({ on }) => on.endsWith('-wal'));
  const note = onLog.find(({ name, begun }) => name.startsWith('pwrite') && begun > before.begun);
  return (
    note !== undefined &&
    onLog.some(
      ({ name, begun, ended, result }) =>
        /^f(?:data)?sync$/.test(name) && result === 0 && begun > note.ended && ended < dot.begun,
    )
  );
}
