import { randomUUID } from 'node:crypto';
import {
  commitBody,
  exchangeKey,
  subjectRoot,
  type EntryDraft,
  type PrivateLine,
  type RecordedEntry,
} from '#evidence';
import { type AnswerBody, type Question } from '#exchange';
import { topics, type WireMessage } from '#messaging';
import { type AgencyNode } from '#node';

type Sealing = Parameters<AgencyNode['sealer']['seal']>[0];

/** What of an otherwise correct message is forged. */
export interface Forgery {
  exchange?: string;
  question?: Partial<Question>;
  deadline?: string;
  line?: Partial<EntryDraft>;
  privateLine?: Partial<PrivateLine>;
  sealed?: Partial<Sealing>;
  headers?: Record<string, string>;
}

/** A question as a hostile or broken gateway with this node's keys could send it: no check of ours has seen it. */
export async function forgeQuestion(
  node: AgencyNode,
  provider: string,
  forgery: Forgery = {},
): Promise<WireMessage> {
  const exchange = forgery.exchange ?? randomUUID();
  const deadline = forgery.deadline ?? new Date(Date.now() + 10_000).toISOString();
  const question = { ...QUESTION, ...forgery.question };
  const body = Buffer.from(JSON.stringify(question));
  const { nonce, hash } = commitBody(body);
  const kx = exchangeKey(node.epochKey, exchange);
  const entry = await node.log.append({
    kind: 'intent',
    exchange,
    deadline,
    from: node.agency.id,
    to: provider,
    query: question.query,
    region: question.region,
    bundle: 1,
    subjects: question.subjects.length,
    ...forgery.line,
    private: {
      purpose: question.purpose,
      subjectRoot: subjectRoot(kx, question.subjects).toString('base64url'),
      bodyHash: hash.toString('base64url'),
      ...forgery.privateLine,
    },
  });
  const sealed = await node.sealer.seal({
    ...envelope('request', topics.request(provider), exchange, node.agency.id, provider, deadline),
    ...{ entry, bodyNonce: nonce, kx, body },
    ...forgery.sealed,
  });
  return addressed(sealed, node.agency.id, forgery.headers);
}

/** An answer as a hostile or broken provider with this node's keys could send it to an intent that it has seen. */
export async function forgeAnswer(
  node: AgencyNode,
  { intent, request }: { intent: RecordedEntry; request: WireMessage },
  answer: unknown,
  forgery: Pick<Forgery, 'line' | 'privateLine' | 'sealed'> = {},
): Promise<WireMessage> {
  const { exchange, deadline, from } = request.headers as Record<'exchange' | 'deadline' | 'from', string>;
  const asked = JSON.parse(intent.publicLine.toString()) as { query: string; region: string };
  const { subjectRoot: root } = JSON.parse(intent.privateLine!.toString()) as { subjectRoot: string };
  const body = Buffer.from(JSON.stringify(answer));
  const { nonce, hash } = commitBody(body);
  await hideDisclosures(node, exchange);
  const entry = await node.log.append({
    kind: 'disclosure',
    ...{ exchange, deadline, from: node.agency.id, to: from, query: asked.query, region: asked.region },
    ...{ bundle: bundleOf(request), subjects: 1, parent: intent.leaf.toString('base64url') },
    outcomes: { found: 1 },
    rows: rowsOf(answer ?? {}),
    heldBack: 0,
    ...forgery.line,
    private: {
      ...{ subjectRoot: root, bodyHash: hash.toString('base64url'), fields: {} },
      ...forgery.privateLine,
    },
  });
  const sealed = await node.sealer.seal({
    ...envelope('reply', topics.reply(from), exchange, node.agency.id, from, deadline),
    ...{ bundle: bundleOf(request), entry, bodyNonce: nonce, body },
    ...forgery.sealed,
  });
  return correlated(sealed, request);
}

/** Its own database lets a node disclose an exchange once; one that cheats does not let its own database stop it. */
async function hideDisclosures({ database }: AgencyNode, exchange: string): Promise<void> {
  await database.pool.query(`
    begin;
    alter table log_entry disable trigger user;
    update log_entry set exchange = gen_random_uuid() where kind = 'disclosure' and exchange = '${exchange}';
    alter table log_entry enable trigger user;
    commit`);
}

function bundleOf({ headers }: WireMessage): number {
  return Number(headers['bundle']);
}

function rowsOf({ results }: Partial<AnswerBody>): number {
  return Array.isArray(results) ? (results[0]?.records?.length ?? 0) : 0;
}

/** A reply under the correlation of a request, as the broker's operator can write it. */
export function correlated(reply: WireMessage, request: WireMessage): WireMessage {
  return {
    ...reply,
    headers: { ...reply.headers, 'correlation-id': request.headers['correlation-id']! },
  };
}

const QUESTION: Question = {
  query: 'HR-SI-01@1',
  purpose: { code: 'licence-screening', campaign: 'TC-2026-01' },
  region: '990100',
  params: { months: { from: '2026-04', to: '2026-09' } },
  subjects: [{ position: 0, idType: 'citizen-id', normal: '990101198503120010' }],
};

function envelope(
  kind: 'request' | 'reply',
  topic: string,
  exchange: string,
  from: string,
  to: string,
  deadline: string,
): Pick<Sealing, 'kind' | 'topic' | 'exchange' | 'from' | 'to' | 'deadline' | 'bundle'> {
  return { kind, topic, exchange, from, to, deadline, bundle: 1 };
}

function addressed(sealed: WireMessage, from: string, headers: Record<string, string> = {}): WireMessage {
  const address = {
    'correlation-id': randomUUID(),
    'reply-topic': topics.reply(from),
    'reply-partition': '0',
  };
  return { ...sealed, headers: { ...sealed.headers, ...address, ...headers } };
}
