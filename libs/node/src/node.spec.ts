import { randomUUID } from 'node:crypto';
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { encodePublicLine, type RecordedEntry } from '#evidence';
import { publicPart, type OwnKey } from '#registry';
import { Edge, formatCheckpoint, hashLeaf, noteSigner, signNote } from '#tlog';
import { edgeFileOf } from './index.js';
import { LOG, OWN, PEER, useNode } from './node.fixture.js';

const bench = useNode();
const PEERS_LOG = `${PEER}/gateway/0`;

test('a node whose edge cannot be written closes what else it has open, and forgets no peer', async () => {
  const key = bench.store(PEER).logKey(PEERS_LOG, Date.now());
  const own = bench.store(OWN).logKeys(LOG, Date.now());
  const node = await bench.open();
  const registry = bench.registry(2, [...own, key].map(publicPart));
  node.registry.offer(registry);
  await node.registryCopy.keep(registry, 2);
  const seen = entryOf(key);
  node.peers.verify(seen);

  const inTheWay = `${edgeFileOf(join(bench.dir, OWN), LOG)}.new`;
  mkdirSync(inTheWay);
  await expect(node.close()).rejects.toMatchObject({ code: 'EISDIR' });
  expect(node.database.pool.ended).toBe(true);

  rmdirSync(inTheWay);
  const again = await bench.open();
  expect(again.peers.newest().map(({ note }) => note)).toEqual([seen.checkpoint.note]);
  await again.log.append({ kind: 'admin', exchange: randomUUID(), from: OWN, to: OWN });
});

/** The only entry of a peer's log, with its proof. */
function entryOf({ privateKey }: OwnKey): RecordedEntry {
  const at = new Date().toISOString();
  const priv = Buffer.alloc(32).toString('base64url');
  const parties = { exchange: randomUUID(), from: PEER, to: PEER };
  const publicLine = encodePublicLine({ v: 1, kind: 'tick', origin: PEERS_LOG, at, priv, ...parties });
  const leaf = hashLeaf(publicLine);
  const { root } = Edge.empty().extend([leaf]);
  const checkpoint = { origin: PEERS_LOG, size: 1, root };
  const note = signNote(formatCheckpoint(checkpoint), noteSigner(PEERS_LOG, privateKey));
  return { index: 0, publicLine, leaf, path: [], checkpoint: { ...checkpoint, note } };
}
