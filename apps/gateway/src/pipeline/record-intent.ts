import {
  commitBody,
  exchangeKey,
  operatorCommitment,
  subjectCommitment,
  subjectRoot,
  type RecordedEntry,
} from '#evidence';
import { releaseModes, sortedBasis, type Question } from '#exchange';
import { type GatewayParts } from '../parts.js';
import { type Call, type Plan } from './call.js';

/** What goes to the provider, and the durable entry that says so. */
export interface Intent {
  entry: RecordedEntry;
  body: Buffer;
  bodyNonce: Buffer;
  /** Key of this exchange's subject commitments; travels sealed, so that the provider can recompute the root. */
  kx: Buffer;
  /** What the entry commits to the persons with, and the provider's entry has to as well. */
  subjectRoot: Buffer;
}

/** Nothing is asked before the log holds what is asked, of whom, for what purpose: durable, sequenced and signed. */
export async function recordIntent({ node }: GatewayParts, call: Call, plan: Plan): Promise<Intent> {
  const body = Buffer.from(JSON.stringify(questionOf(call)));
  const commitment = commitBody(body);
  const kx = exchangeKey(node.epochKey, plan.exchange);
  const { contract, request, subjects } = call;
  const root = subjectRoot(kx, subjects);
  const entry = await node.log.append({
    kind: 'intent',
    exchange: plan.exchange,
    deadline: new Date(call.deadline).toISOString(),
    from: node.agency.id,
    to: plan.provider.id,
    query: contract.id,
    region: request.region,
    bundle: plan.bundle,
    subjects: subjects.length,
    private: {
      purpose: request.purpose,
      basis: sortedBasis(plan.decision.grant.basis),
      fields: releaseModes(plan.decision.fields),
      subjectRoot: root.toString('base64url'),
      operator: operatorCommitment(node.epochKey, request.operatorId).toString('base64url'),
      call: call.id,
      sigHash: call.asker.sigHash.toString('base64url'),
      bodyHash: commitment.hash.toString('base64url'),
    },
    subjectIndex: subjects.map(({ idType, normal }) => subjectCommitment(node.epochKey, idType, normal)),
  });
  return { entry, body, bodyNonce: commitment.nonce, kx, subjectRoot: root };
}

/** The question as it travels inside the seal. */
export function questionOf({ contract, request, subjects }: Call): Question {
  return {
    query: contract.id,
    purpose: request.purpose,
    region: request.region,
    ...(request.fields && { fields: request.fields }),
    params: request.params ?? {},
    subjects,
  };
}
