import { text } from 'node:stream/consumers';
import { run } from './run.js';

/** 128 + SIGPIPE: how programs end whose reader has gone (`… | head -1`). Node ignores the signal and raises an error. */
const READER_GONE = 141;

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(READER_GONE);
  });
}

process.exitCode = await run(process.argv.slice(2), {
  out: (line) => void process.stdout.write(line),
  err: (line) => void process.stderr.write(line),
  now: () => Date.now(),
  stdin: () => text(process.stdin),
});
