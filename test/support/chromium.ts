import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DevTools } from './devtools.js';
import { Page } from './page.js';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Nothing of the browser's own goes out: a test asserts what the page asks for, and machines may have no network. */
const FLAGS = [
  '--headless',
  '--no-sandbox', // containers run as root and have no user namespaces
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
  '--lang=zh-CN',
];

export interface Browser {
  /** A new page of its own profile. */
  open(size?: { width: number; height: number }): Promise<Page>;
  close(): Promise<void>;
}

/** Starts a headless Chromium of this machine. @throws Error that says what to install where there is none */
export async function startChromium(): Promise<Browser> {
  const program = PLACES.find((place) => existsSync(place));
  if (program === undefined)
    throw new Error('This test drives a real browser and there is none: run `apt-get install chromium`.');
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'));
  const child = spawn(program, [...FLAGS, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const devTools = await DevTools.connect(await addressOf(child));
  return {
    open: (size = { width: 1280, height: 900 }) => Page.open(devTools, size),
    close: async () => {
      const ended = once(child, 'exit');
      await devTools.send('Browser.close');
      await ended;
      devTools.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** The address that Chromium prints once it listens. */
async function addressOf(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr! })) {
    const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address !== undefined) {
      child.stderr!.resume(); // or it stops when the pipe is full
      return address;
    }
    said.push(line);
  }
  throw new Error(`Chromium ended before it listened: ${said.join('\n')}`);
}
