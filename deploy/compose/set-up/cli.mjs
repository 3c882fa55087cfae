import { run } from '#apps/cli';

/**
 * Runs one command of our CLI, as an agency or the province would type it.
 * @returns what it printed
 * @throws Error with what it said on standard error
 */
export async function cli(...argv) {
  let out = '';
  let err = '';
  const io = {
    out: (text) => (out += text),
    err: (text) => (err += text),
    now: () => Date.now(),
    stdin: () => Promise.resolve(''),
  };
  const code = await run(argv, io);
  if (code !== 0) throw new Error(`cli ${argv.slice(0, 2).join(' ')}: exit code ${code}: ${err.trim()}`);
  return out;
}
