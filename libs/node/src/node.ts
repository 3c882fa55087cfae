import { createSecretKey, type KeyObject } from 'node:crypto';
import { openLogWriter, PeerLogs, type LogWriter } from '#evidence';
import { Sealer } from '#envelope';
import { Problem } from '#problem';
import { AnswerCipher } from './answer-cipher.js';
import { Bundles } from './bundles.js';
import { edgeFileOf } from './edge-path.js';
import { ErasureCare } from './erasure-care.js';
import { LogKeyCare } from './log-key-care.js';
import { isClosedLogKey, logSigners } from './log-signers.js';
import { type NodeSettings } from './node-settings.js';
import { openObserver, type NodeSurroundings, type Observer } from './observer.js';
import { TailSender } from './tail-sender.js';

/** What a process of an agency's node works with that writes a log: besides the observer's parts, the means to speak. */
export interface AgencyNode extends Observer {
  /** `<agency>/<role>/<ordinal>` */
  origin: string;
  bundles: Bundles;
  log: LogWriter;
  peers: PeerLogs;
  sealer: Sealer;
  cipher: AnswerCipher;
  tails: TailSender;
  /** Secrets kept outside the database: commitments to persons, pseudonyms. */
  epochKey: KeyObject;
  pseudonymKey: Buffer;
}

/**
 * Opens a node's part for one process. The log's writer comes last: from then on this process speaks for its agency.
 * @throws Problem as `openObserver` does, or when the log cannot be written
 */
export async function openNode(settings: NodeSettings, surroundings: NodeSurroundings): Promise<AgencyNode> {
  await using opened = new AsyncDisposableStack();
  const observer = await openObserver(settings, surroundings);
  opened.defer(() => observer.close());
  const node = await withLog(observer, opened);
  const all = opened.move();
  return { ...node, close: () => all.disposeAsync() };
}

/** What is opened is closed by `opened`, each part whatever became of those before: an edge that cannot be written keeps no pin from being saved. */
async function withLog(observer: Observer, opened: AsyncDisposableStack): Promise<Omit<AgencyNode, 'close'>> {
  const { settings, contracts, database, keys, registry, clock, logger, security } = observer;
  const origin = `${settings.agency}/${settings.role}/${settings.ordinal}`;
  const bundles = new Bundles({
    ...{ agency: settings.agency, database, registry, contracts, clock },
    onRefused: (provider, problem) => {
      logger.warn('bundle in the database refused', { key: provider, problem });
      security.record({ code: problem, claimed: provider, topic: 'database' });
    },
  });
  await bundles.load();
  const peers = await PeerLogs.open({ database, keysOf: (peer) => registry.current.logKeys(peer) });
  opened.defer(() => peers.close());
  const sealer = new Sealer({ registry, clock });
  const tails = new TailSender(observer, origin, sealer, peers);
  opened.defer(() => tails.close());
  const log = await openLogWriter({
    database,
    origin,
    signer: logSigners(keys, origin, clock()),
    isClosed: (key) => isClosedLogKey(registry, origin, key),
    sealKey: keys.secret('seal'),
    edgeFile: edgeFileOf(settings.dir, origin),
    clock,
    onCommit: (tail) => tails.offer(tail),
  }).catch((error: unknown) => {
    throw ofLog(origin, error);
  });
  opened.defer(() => log.close());
  tails.announce(log.checkpoint());
  const care = new LogKeyCare({ ...observer, dir: settings.dir }, log);
  opened.defer(() => care.stop());
  care.start();
  const erasures = new ErasureCare(observer, log);
  opened.defer(() => erasures.stop());
  erasures.start();
  return {
    ...observer,
    ...{ origin, bundles, log, peers, sealer, tails },
    cipher: new AnswerCipher(keys.secret('seal')),
    epochKey: createSecretKey(keys.secret('epoch')),
    pseudonymKey: keys.secret('pseudonym'),
  };
}

/** A node has several logs: who has to mend one is told which. */
function ofLog(origin: string, error: unknown): unknown {
  if (!(error instanceof Problem)) return error;
  const { problem, detail } = error;
  return new Problem(problem, { detail: [origin, detail].filter(Boolean).join(': '), cause: error });
}
