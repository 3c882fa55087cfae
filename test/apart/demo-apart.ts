import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Report } from '#apps/demo';
import { parsePublicLine, type Receipt } from '#evidence';

/** A report without what differs from run to run by nature: ids, times, salts, and which instance of an agency wrote an entry. */
export function comparable({ readyMs: _ms, exchanges, ...report }: Report & { readyMs?: number }): unknown {
  const { at: _at, ...reconciliation } = report.reconciliation;
  return {
    ...report,
    reconciliation,
    exchanges: exchanges.map(({ exchange: _id, receipt, answer, ...shown }) => {
      const { dataTime, ...said } = answer;
      return { ...shown, answer: { ...said, dated: dataTime !== undefined }, entry: entryOf(receipt) };
    }),
  };
}

function entryOf(receipt: Receipt | null): unknown {
  if (!receipt) return null;
  const line = parsePublicLine(Buffer.from(receipt.entry));
  const { at: _at, deadline: _d, exchange: _e, parent: _p, priv: _s, origin, ...rest } = line;
  return { ...rest, role: origin.split('/').slice(0, 2).join('/') };
}

/** Every process below one, with its command line. */
export async function descendants(pid: number): Promise<Map<number, string>> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const all = stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((found) =>
      found ? [{ pid: Number(found[1]), parent: Number(found[2]), args: found[3]! }] : [],
    );
  const below = new Map<number, string>();
  for (let wave = [pid]; wave.length > 0;) {
    const next = all.filter(({ parent, args }) => wave.includes(parent) && !args.startsWith('ps -A'));
    for (const found of next) below.set(found.pid, found.args);
    wave = next.map((found) => found.pid);
  }
  return below;
}

/** Those of these processes that still run after so many milliseconds; none as soon as there is none. */
export async function stillThere(processes: ReadonlyMap<number, string>, ms: number): Promise<string[]> {
  for (const end = Date.now() + ms; ; await sleep(100)) {
    const alive = [...processes].filter(([pid]) => isAlive(pid));
    if (alive.length === 0 || Date.now() > end) return alive.map(([, args]) => args);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
