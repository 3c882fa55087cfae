import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin } from 'kafkajs';
import { Problem } from '#problem';
import { BrokerDown } from '../broker.js';
import { kafkaOf, RETRY, type KafkaBrokerOptions } from './options.js';
import { problemOf } from './problems.js';

/** Making the topics of a whole province takes a broker seconds. */
const REQUEST_MS = 30_000;
/** A leader that is moving, or a topic just made: about 4 s. */
const PAUSES_MS = [20, 50, 100, 200, 400, 400, 400, 800, 800, 800];

/**
 * Administrative questions to the cluster. kafkajs's admin client keeps the partition leaders that it saw first for ever,
 * so what fails without being refused is asked again by a new one.
 */
export class AdminLine {
  #admin: Admin;
  #renewing: Promise<void> | undefined;
  #closed = false;

  constructor(private readonly options: KafkaBrokerOptions) {
    this.#admin = this.#newAdmin();
  }

  connect(): Promise<void> {
    return this.#admin.connect();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#renewing?.catch(() => undefined);
    await this.#admin.disconnect();
  }

  /** Errors: those of `problemOf`; `topic` is what the question is about. */
  async ask<T>(topic: string, question: (admin: Admin) => Promise<T>): Promise<T> {
    for (const pause of PAUSES_MS) {
      const admin = this.#admin;
      try {
        return await question(admin);
      } catch (error) {
        const problem = problemOf(error, topic);
        if (!(problem instanceof BrokerDown)) throw problem;
        await sleep(pause);
        await this.#renew(admin, topic);
      }
    }
    return question(this.#admin).catch((error: unknown) => Promise.reject(problemOf(error, topic)));
  }

  /** Error: `BrokerDown` when nobody answers at all; then asking again is the caller's decision. */
  async #renew(used: Admin, topic: string): Promise<void> {
    if (this.#closed) throw new Problem('shutting-down');
    if (used === this.#admin) this.#renewing ??= this.#replace().finally(() => (this.#renewing = undefined));
    await this.#renewing?.catch((error: unknown) => Promise.reject(problemOf(error, topic)));
  }

  async #replace(): Promise<void> {
    const fresh = this.#newAdmin();
    try {
      await fresh.connect();
    } catch (error) {
      await fresh.disconnect();
      throw error;
    }
    const old = this.#admin;
    this.#admin = fresh;
    await old.disconnect().catch(() => undefined);
  }

  #newAdmin(): Admin {
    return kafkaOf(this.options, RETRY.hasty, REQUEST_MS).admin();
  }
}
