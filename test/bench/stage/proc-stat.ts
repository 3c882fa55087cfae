import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of /proc in a second. */
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** CPU seconds that a process has used, in user and system mode, and those of its children that have ended. */
export function cpuSeconds(pid: number): number {
  const stat = read(pid);
  if (!stat) throw new Error(`process ${pid} has ended`);
  return stat.cpu;
}

/** The same of a process and all that it has started (PostgreSQL's server processes). */
export function treeCpuSeconds(pid: number): number {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => read(Number(name)) ?? [])
    .filter(({ parent }) => parent === pid);
  return children.reduce((sum, { cpu }) => sum + cpu, cpuSeconds(pid));
}

/** Resident memory, MB of 1,000,000 bytes: now, and the most it ever was. */
export function memory(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): number =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)![1]) * 1024) / 1e6;
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

/** Undefined for a process that has ended. */
function read(pid: number): { parent: number; cpu: number } | undefined {
  const text = statText(pid);
  if (text === undefined) return undefined;
  // After the name, which may hold anything, blanks and brackets too: state, ppid, …
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return { parent: fields[1]!, cpu: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) / TICKS };
}

function statText(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
