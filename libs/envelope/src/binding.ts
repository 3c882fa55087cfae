import { bodyHash, privHash, type PublicLine } from '#evidence';
import { Problem } from '#problem';
import { type Opened } from './opener.js';

/** The question that a gateway waits for a reply to. */
export interface Awaited {
  /** The requester, who waits. */
  from: string;
  /** The provider, who answers. */
  to: string;
  exchange: string;
  query: string;
  /** As in the intent. */
  deadline: string;
  /** Leaf hash of the intent. */
  parent: Buffer;
}

export interface Expectation {
  /** For a reply: what is awaited; a request awaits nothing. */
  awaited?: Awaited;
  /** Root over the commitments to the persons that the body is about (unpadded base64url or bytes), made with kx. */
  subjectRoot: (opened: Opened) => Buffer;
}

/** Which entry travels in which message (design: idea 2). */
const ENTRY_KIND: Readonly<Record<Opened['kind'], PublicLine['kind']>> = {
  request: 'intent',
  reply: 'disclosure',
};

/**
 * Holds the entry of an opened message against its headers, its body, the persons in it, and what is awaited.
 * @throws Problem `envelope-spliced` naming the field that differs, `subjects-differ`
 */
export function checkBinding(opened: Opened, { awaited, subjectRoot }: Expectation): void {
  const same = (holds: boolean, field: string) => {
    if (!holds) throw new Problem('envelope-spliced', { field });
  };
  checkHeaders(opened, same);
  checkAwaited(opened, awaited, same);
  checkPrivateLine(opened, same);
  const root = opened.privateLine!.subjectRoot;
  if (root === undefined || root !== subjectRoot(opened).toString('base64url')) {
    throw new Problem('subjects-differ', { field: 'subjectRoot' });
  }
}

type Same = (holds: boolean, field: string) => void;

function checkHeaders({ publicLine, entry, ...said }: Opened, same: Same): void {
  same(publicLine.kind === ENTRY_KIND[said.kind], 'kind');
  same(publicLine.origin.startsWith(`${said.from}/`), 'origin');
  same(entry.checkpoint.origin === publicLine.origin, 'checkpoint');
  same(publicLine.exchange === said.exchange, 'exchange');
  same(publicLine.deadline === said.deadline, 'deadline');
  same(publicLine.bundle === said.bundle, 'bundle');
  same(publicLine.from === said.from, 'from');
  same(publicLine.to === said.to, 'to');
  same(publicLine.query !== undefined, 'query');
}

/** A reply without a question, or a request that answers one, is neither. */
function checkAwaited(
  { kind, publicLine, from, to }: Opened,
  awaited: Awaited | undefined,
  same: Same,
): void {
  same((kind === 'reply') === (awaited !== undefined), 'kind');
  if (awaited === undefined) {
    same(publicLine.parent === undefined, 'parent');
    return;
  }
  same(from === awaited.to, 'from');
  same(to === awaited.from, 'to');
  same(publicLine.exchange === awaited.exchange, 'exchange');
  same(publicLine.query === awaited.query, 'query');
  same(publicLine.deadline === awaited.deadline, 'deadline');
  same(publicLine.parent === awaited.parent.toString('base64url'), 'parent');
}

function checkPrivateLine({ entry, publicLine, privateLine, bodyNonce, body }: Opened, same: Same): void {
  same(entry.privateLine !== undefined && privHash(entry.privateLine) === publicLine.priv, 'priv');
  same(privateLine?.bodyHash === bodyHash(bodyNonce, body).toString('base64url'), 'bodyHash');
}
