import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { decodeEntryBundle, encodeEntryBundle } from '#tlog';
import { cli, useFolder } from './cli.fixture.js';
import { entryOf, makeLog, write, writeLog } from './log.fixture.js';
import { report, type Report } from './report.fixture.js';

const path = useFolder();
const log = makeLog(600);
const keys = write(path(), 'keys', `# logs we know\n${log.verifierKey}\n`);
const noKeys = write(path(), 'no-keys', `${makeLog(1).verifierKey}\n`);
let folders = 0;

/** The log in a folder of its own, with one file changed. */
function folderWith(change: (folder: string) => void = () => undefined): string {
  const folder = path(`log-${(folders += 1)}`);
  writeLog(folder, log);
  change(folder);
  return folder;
}

function flip(folder: string, file: string, at = 0): void {
  const bytes = readFileSync(`${folder}/${file}`);
  bytes[at]! ^= 1;
  writeFileSync(`${folder}/${file}`, bytes);
}

describe('verify range finds', () => {
  const range = (folder: string, ...more: string[]) =>
    report('verify', 'range', folder, '--keys', keys, ...more);

  test('nothing in a log that is as it was signed, whole, in part, and over HTTP', async () => {
    const folder = folderWith();
    expect(await range(folder, '--with-entries')).toEqual({
      code: 0,
      report: {
        valid: true,
        origin: log.origin,
        size: 600,
        from: 0,
        to: 600,
        tiles: 4,
        entries: 600,
        findings: [],
      },
    });
    expect((await range(folder, '--from', '250', '--to', '260', '--with-entries')).report).toMatchObject({
      valid: true,
      entries: 10,
    });
    expect((await range(folder)).report).toMatchObject({ valid: true, entries: 0 });

    const server = createServer((request, response) => {
      try {
        response.end(readFileSync(`${folder}${decodeURIComponent(request.url!.slice('/logs/x'.length))}`));
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    expect((await range(`http://127.0.0.1:${port}/logs/x/`, '--with-entries')).report.valid).toBe(true);
    await new Promise((closed) => server.close(closed));
  });

  test.each<[string, (folder: string) => void, Report['findings']]>([
    [
      'no checkpoint',
      (folder) => rmSync(`${folder}/checkpoint`),
      [{ what: 'checkpoint-missing', path: 'checkpoint' }],
    ],
    [
      'a checkpoint that is none',
      (folder) => void write(folder, 'checkpoint', 'nothing'),
      [{ what: 'checkpoint-unreadable', path: 'checkpoint' }],
    ],
    [
      'a checkpoint with another root, though the key signed a different one',
      (folder) => {
        const [origin, size, root = '', ...rest] = readFileSync(`${folder}/checkpoint`, 'utf8').split('\n');
        write(
          folder,
          'checkpoint',
          [origin, size, `${root.startsWith('A') ? 'B' : 'A'}${root.slice(1)}`, ...rest].join('\n'),
        );
      },
      [{ what: 'checkpoint-unverified', path: 'checkpoint' }, { what: 'root-differs' }],
    ],
    [
      'a missing tile',
      (folder) => rmSync(`${folder}/tile/0/001`),
      [{ what: 'tile-missing', path: 'tile/0/001' }],
    ],
    [
      'a cut tile',
      (folder) => writeFileSync(`${folder}/tile/0/001`, Buffer.alloc(31)),
      [{ what: 'tile-malformed', path: 'tile/0/001' }],
    ],
    [
      'a changed leaf in a full tile',
      (folder) => flip(folder, 'tile/0/001', 3 * 32),
      [
        { what: 'entry-changed', index: 259 },
        { what: 'tile-differs', path: 'tile/0/001' },
      ],
    ],
    [
      'a changed leaf in the last tile',
      (folder) => flip(folder, 'tile/0/002.p/88', 87 * 32),
      [{ what: 'entry-changed', index: 599 }, { what: 'root-differs' }],
    ],
    [
      'a changed hash above the leaves',
      (folder) => flip(folder, 'tile/1/000.p/2', 32),
      [{ what: 'root-differs' }, { what: 'tile-differs', path: 'tile/0/001' }],
    ],
    [
      'a missing bundle of entries',
      (folder) => rmSync(`${folder}/tile/entries/001`),
      [{ what: 'entry-missing', path: 'tile/entries/001' }],
    ],
    [
      'a cut bundle of entries',
      (folder) => writeFileSync(`${folder}/tile/entries/001`, 'x'),
      [{ what: 'entries-unreadable', path: 'tile/entries/001' }],
    ],
    [
      'an entry that somebody rewrote',
      (folder) => changeEntry(folder, 300, entryOf(log.origin, 300, { rows: 0 })),
      [{ what: 'entry-changed', index: 300 }],
    ],
    [
      'an entry of another log',
      (folder) => changeEntry(folder, 300, entryOf('fund-990100/adapter/0', 300)),
      [
        { what: 'entry-changed', index: 300 },
        { what: 'other-log', index: 300 },
      ],
    ],
    [
      'an entry that is none',
      (folder) => changeEntry(folder, 300, Buffer.from('{}')),
      [
        { what: 'entry-changed', index: 300 },
        { what: 'entry-unreadable', index: 300 },
      ],
    ],
  ])('%s', async (_what, change, findings) => {
    const { code, report: found } = await range(folderWith(change), '--with-entries');
    expect(code).toBe(1);
    expect(found.valid).toBe(false);
    expect(sorted(found.findings)).toEqual(sorted(findings));
  });

  test('an origin that would move the cursor, and does not print it', async () => {
    const [, ...rest] = readFileSync(`${folderWith()}/checkpoint`, 'utf8').split('\n');
    const folder = folderWith((at) => void write(at, 'checkpoint', ['\u009b2J\u202e', ...rest].join('\n')));
    const { code, out } = await cli(['verify', 'range', folder, '--keys', keys]);
    expect([code, out.split('\n')[0]]).toEqual([1, '核验不通过：日志 \uFFFD2J\uFFFD，共 600 条']);
  });

  test('everything that is wrong in one run', async () => {
    const folder = folderWith((at) => {
      flip(at, 'tile/0/000', 0);
      rmSync(`${at}/tile/0/001`);
      changeEntry(at, 599, Buffer.from('{}'));
    });
    const { report: found } = await range(folder, '--with-entries');
    expect(new Set(found.findings.map(({ what }) => what))).toEqual(
      new Set(['entry-changed', 'entry-unreadable', 'tile-differs', 'tile-missing']),
    );
  });

  test('a log whose key nobody vouches for, and still checks its tiles', async () => {
    const { code, report: found } = await report('verify', 'range', folderWith(), '--keys', noKeys);
    expect(code).toBe(1);
    expect(found.findings.map(({ what }) => what)).toEqual(['checkpoint-unverified']);
  });

  test('exported entries that are not those of the log, and a range beyond it', async () => {
    const folder = folderWith();
    const lines = log.entries.slice(250, 260).map((entry) => entry.toString());
    const file = write(path(), 'entries', `${lines.join('\n')}\n`);
    expect(await range(folder, '--entries', file, '--from', '250')).toMatchObject({
      code: 0,
      report: { valid: true, from: 250, to: 260, entries: 10 },
    });
    const shifted = (await range(folder, '--entries', file, '--from', '251')).report;
    expect(shifted.findings).toEqual(lines.map((_, i) => ({ what: 'entry-changed', index: 251 + i })));
    expect((await range(folder, '--entries', file, '--from', '595')).report.findings).toContainEqual({
      what: 'outside-the-log',
    });
    expect((await range(folder, '--entries', file, '--from', '250', '--to', '262')).report.findings).toEqual([
      { what: 'entry-missing', index: 260 },
      { what: 'entry-missing', index: 261 },
    ]);
  });
});

function changeEntry(folder: string, index: number, entry: Buffer): void {
  const n = Math.floor(index / 256);
  const file = `${folder}/tile/entries/${n === 2 ? '002.p/88' : `00${n}`}`;
  writeFileSync(file, encodeEntryBundle(decodeEntryBundle(readFileSync(file)).with(index % 256, entry)));
}

/** In one order, without the words that explain them. */
function sorted(findings: Report['findings']): Report['findings'] {
  return findings
    .map(({ detail: _words, ...finding }) => finding)
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
