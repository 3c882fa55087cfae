import { createCipheriv, createDecipheriv, hash, type KeyObject } from 'node:crypto';
import { frame } from './framing.js';
import { changed, ENVELOPE_VERSION, type Routing } from './headers.js';

export const NONCE_SIZE = 12;
const TAG_SIZE = 16;

/** AES-256-GCM, tag behind the ciphertext; everything the headers say is associated data. */
export function encrypt(key: KeyObject, routing: Routing, plaintext: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, routing.nonce);
  cipher.setAAD(associatedData(routing));
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Problem `envelope-changed` when one bit of value or headers is not as it was sealed */
export function decrypt(key: KeyObject, routing: Routing, value: Uint8Array): Buffer {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (bytes.length < TAG_SIZE) throw changed();
  const decipher = createDecipheriv('aes-256-gcm', key, routing.nonce, {
    authTagLength: TAG_SIZE,
  });
  decipher.setAAD(associatedData(routing));
  decipher.setAuthTag(bytes.subarray(-TAG_SIZE));
  const plaintext = decipher.update(bytes.subarray(0, -TAG_SIZE));
  try {
    decipher.final();
  } catch (cause) {
    throw changed(undefined, cause);
  }
  return plaintext;
}

/** Design, "Sealed": topic, exchange, sender, receiver, bundle number and deadline, and how it was sealed. */
function associatedData(routing: Routing): Buffer {
  return frame([
    'exchange-gateway/envelope/v1',
    routing.topic,
    routing.kind,
    routing.exchange,
    routing.from,
    routing.to,
    routing.bundle === undefined ? '-' : String(routing.bundle),
    routing.deadline,
    ENVELOPE_VERSION,
    routing.receiverKey,
    hash('sha256', routing.enc, 'buffer'),
  ]);
}
