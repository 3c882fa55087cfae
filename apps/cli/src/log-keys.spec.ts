import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { keyEntryText, KeyStore, logKeyClosing, openRegistry } from '#registry';
import { Edge, formatCheckpoint, formatProof, hashLeaf, noteSigner, parseVerifierKey, signNote } from '#tlog';
import { cli, done, NOW } from './cli.fixture.js';
import { LOG, useProvince } from './province.fixture.js';

const province = useProvince();
const { path } = province;
const hrss = ['--store', path('hrss'), '--agency', 'hrss-990000'];
const SIZE = 4;

const register = (document: string) =>
  cli([
    ...['keys', 'register', '--store', path('data'), '--agency', 'data-990000'],
    ...['--registry-source', path('registry'), '--registration', document],
  ]);

function inRegistry(number: number) {
  const note = readFileSync(path('registry', `registry-00000${number}.note`), 'utf8');
  const view = openRegistry(note, { pinned: parseVerifierKey(province.registryKey) });
  return view.logKeys(LOG).map(({ fromSize, toSize }) => [fromSize, toSize]);
}

async function document(name: string, text: Promise<string> | string): Promise<string> {
  const file = path(name);
  writeFileSync(file, await text);
  return file;
}

/** The keys as a log leaves them that has the change of keys as its entry 3, and that log's receipt for it. */
function changed() {
  const store = new KeyStore(path('hrss'), 'hrss-990000');
  const [old, made] = store.logKeys(LOG, NOW);
  store.changeLogKey(old!, made!, SIZE);
  const [closed, next] = store.logKeys(LOG, NOW) as [typeof old & object, typeof made & object];
  const to = keyEntryText(LOG, Buffer.from(next.publicKey, 'base64url'));
  const entry = JSON.stringify({ kind: 'key', origin: LOG, to });
  const lines = ['1', '2', '3', entry].map((line) => hashLeaf(Buffer.from(line)));
  const { edge, paths } = Edge.empty().extend(lines);
  const text = formatCheckpoint({ origin: LOG, size: SIZE, root: edge.root() });
  const note = signNote(text, noteSigner(LOG, closed.privateKey));
  const receipt = { entry, proof: formatProof({ index: 3, path: paths[3]!, note }) };
  return { store, closed, next, receipt };
}

describe('rotating the key of a log', () => {
  test('makes the next one, once, which stands in the registry beside the one that signs', async () => {
    const argv = ['keys', 'rotate', ...hrss, '--use', 'log', '--origin', LOG];
    const out = await done(argv);
    expect(out).toContain(`made:\n${LOG} (log), from 2026-06-01T00:00:00.000Z, sizes 1 to now\n`);
    expect(out).toContain('\nthe log changes over when a registry has it\n');
    expect(await done(argv)).toBe(out);
    const applied = await document('next.note', done(['keys', 'registration', ...hrss, '--id', LOG]));
    expect(await register(applied)).toMatchObject({ code: 0, err: '' });
    expect(inRegistry(2)).toEqual([
      [0, undefined],
      [1, undefined],
    ]);
  });

  test('closes the old one by the log’s word, and by nobody else’s', async () => {
    const { store, closed, next, receipt } = changed();
    const endorser = store.current('http-signature', NOW)!;
    const byWord = await document('word.note', done(['keys', 'registration', ...hrss, '--id', LOG]));
    expect(await register(byWord)).toMatchObject({
      code: 2,
      err: '7013 登记册内容不合规: a registered key can only be ended earlier (/key)\n',
    });
    const moved = { closed: { ...closed, toSize: 3 }, next: { ...next, fromSize: 4 } };
    const wrong = await document('wrong.note', logKeyClosing(moved, receipt, endorser));
    expect(await register(wrong)).toMatchObject({
      code: 2,
      err: '7013 登记册内容不合规: is of another place or log (/proof)\n',
    });
    const right = await document('right.note', logKeyClosing({ closed, next }, receipt, endorser));
    expect(await register(right)).toMatchObject({ code: 0, err: '' });
    expect(inRegistry(3)).toEqual([
      [0, SIZE],
      [SIZE + 1, undefined],
    ]);
  });
});
