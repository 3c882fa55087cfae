import { randomUUID } from 'node:crypto';
import {
  type BundleInForce,
  type CallAnswer,
  type ExchangeState,
  type PublishedBundle,
  type QuotaState,
} from '#exchange';
import { type Asking, type RecordFor } from './asking.js';
import { Failover } from './failover.js';
import { GatewayError } from './gateway-error.js';
import { checkedGateways, checkVerification, type ClientOptions } from './options.js';
import { send, type ApiRequest } from './send.js';
import { verifyAnswer, verifyCall } from './verify-answer.js';

const TIMEOUT_MS = 30_000;
/** What a gateway takes when the question names no deadline, and what the way there and back may cost. */
const DEADLINE_MS = 10_000;
const MARGIN_MS = 2_000;

/**
 * Asks questions as one system of an agency. Every attempt is signed anew (RFC 9421) under the same request id, so a call
 * that is made again at another gateway is still one call.
 *
 * @example
 * const client = new ExchangeGatewayClient({ gateways: ['https://gw1', 'https://gw2'], keyId, privateKey });
 * const { exchanges } = await client.ask('HR-SI-01', { operatorId, purpose, region, subjects, params });
 */
export class ExchangeGatewayClient {
  private readonly failover: Failover;

  /** @throws Problem `config-invalid` naming the option */
  constructor(private readonly options: ClientOptions) {
    checkVerification(options);
    this.failover = new Failover(checkedGateways(options), options.onRetry ?? (() => undefined));
  }

  /**
   * Asks all providers of a query. `code` is `HR-SI-01` (newest version) or `HR-SI-01@1`.
   * @throws GatewayError refused, not answered by anybody, not reached, or (with `verify`) `provider-evidence`: a receipt
   *   that does not hold
   */
  async ask<Q extends string>(code: Q, request: Asking<Q>): Promise<CallAnswer<RecordFor<Q>>> {
    const body = JSON.stringify({ ...request, requestId: request.requestId ?? randomUUID() });
    const { deadlineMs = DEADLINE_MS } = request;
    const asked: ApiRequest = { method: 'POST', path: `/v1/queries/${encodeURIComponent(code)}`, body };
    const answer = await this.call<CallAnswer<RecordFor<Q>>>(asked, deadlineMs + MARGIN_MS);
    if (this.options.verify) this.requireEvidence(answer);
    return answer;
  }

  /** Where an exchange of this agency stands, with the receipts of its own node. @throws GatewayError `not-found` */
  exchange(id: string): Promise<ExchangeState> {
    return this.call({ method: 'GET', path: `/v1/exchanges/${encodeURIComponent(id)}` });
  }

  /** What every grant of this agency allows per day and what is left of it. */
  async quotas(): Promise<QuotaState[]> {
    return (await this.call<{ quotas: QuotaState[] }>({ method: 'GET', path: '/v1/quotas' })).quotas;
  }

  /** Puts a signed bundle of this agency in force. @throws GatewayError `bundle-rollback`, `bundle-signature` and the like */
  publishBundle(note: string): Promise<PublishedBundle> {
    return this.call({ method: 'POST', path: '/v1/admin/bundles', body: JSON.stringify({ note }) });
  }

  /** The bundle of this agency that its node has in force, signed, and the highest number that it knows of. */
  bundleInForce(): Promise<BundleInForce> {
    return this.call({ method: 'GET', path: '/v1/admin/bundle' });
  }

  private call<T>(request: ApiRequest, attemptMs = DEADLINE_MS + MARGIN_MS): Promise<T> {
    const { timeoutMs = TIMEOUT_MS, attemptTimeoutMs = attemptMs } = this.options;
    return this.failover.first(
      timeoutMs,
      (gateway, leftMs) =>
        send(this.options, gateway, request, Math.min(leftMs, attemptTimeoutMs)) as Promise<T>,
    );
  }

  private requireEvidence(answer: CallAnswer<object>): void {
    const [requester = ''] = this.options.keyId.split('/');
    const failed = verifyAnswer(answer, requester, this.options.trust!).filter(({ verified }) => !verified);
    const words = [
      ...failed.map(({ exchange, findings }) => `${exchange} ${findings.map(({ what }) => what).join(', ')}`),
      ...verifyCall(answer).findings.map(({ what, detail }) => `${what} ${detail}`),
    ];
    if (words.length === 0) return;
    throw GatewayError.local('provider-evidence', words.join('; '));
  }
}
