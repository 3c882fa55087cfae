import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Problem } from '#problem';
import { unpredictable } from '#random';

const NONCE = 12;
const TAG = 16;

/** Stored answers are personal data at rest: AES-256-GCM under a key that is not in the database, bound to their call. */
export class AnswerCipher {
  private readonly key: KeyObject;

  constructor(nodeKey: Buffer) {
    this.key = createSecretKey(Buffer.from(hkdfSync('sha256', nodeKey, '', 'stored-answer/v1', 32)));
  }

  seal(answer: unknown, boundTo: string): Buffer {
    const nonce = unpredictable(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(boundTo));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(answer), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]);
  }

  /** @throws Problem `internal` when the row was changed or belongs to another call */
  open(sealed: Buffer, boundTo: string): unknown {
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, sealed.subarray(0, NONCE))
        .setAAD(Buffer.from(boundTo))
        .setAuthTag(sealed.subarray(-TAG));
      const text = Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]).toString(
        'utf8',
      );
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw new Problem('internal', { cause: error });
    }
  }
}
