import canonicalize from 'canonicalize';
import { Problem } from '#problem';
import { NoteError, noteSigner, noteVerifier, openNote, signNote, type NoteVerifier } from '#tlog';
import { keyFaults } from './key-faults.js';
import { type RegisteredKey } from './model.js';
import { publicPart, type OwnKey } from './own-key.js';

const KIND = 'key-registration/v1';

/**
 * A key's application to the province: a C2SP signed note over its public part. An Ed25519 key signs it itself (proof of
 * possession); an X25519 key cannot sign, so the agency's HTTP-signature key `endorser` answers for it, as it does for
 * every key after the agency's first.
 * @throws Problem `registry-invalid` for an X25519 key without endorser
 */
export function registration(key: OwnKey, endorser?: OwnKey): string {
  const signers = [key, endorser].filter(
    (own) => own !== undefined && own.algorithm === 'ed25519',
  ) as OwnKey[];
  if (signers.length === 0)
    throw new Problem('registry-invalid', { detail: 'an X25519 key needs an endorser' });
  return signedBy(`${canonicalize({ kind: KIND, key: publicPart(key) })}\n`, signers);
}

/** A note that each of the keys signed under its id. */
export function signedBy(text: string, signers: readonly OwnKey[]): string {
  const notes = signers.map(({ id, privateKey }) => signNote(text, noteSigner(id, privateKey)));
  return `${text}\n${notes.map((note) => note.slice(text.length + 1)).join('')}`;
}

/**
 * The key that a registration document applies for, after checking its signatures against itself and `known`. Once an
 * agency has an HTTP-signature key in `known`, each further key must be endorsed by one of them; before, the clerk
 * compares the first key's fingerprint with the agency on another way.
 * @throws Problem `registry-invalid` (content), `registry-signature` (no proof of possession, or not endorsed)
 */
export function acceptRegistration(document: string, known: readonly RegisteredKey[] = []): RegisteredKey {
  const text = document.slice(0, document.indexOf('\n\n') + 1);
  const key = parse(text);
  const endorsers = known.filter(({ agency, use }) => agency === key.agency && use === 'http-signature');
  const signed = (by: RegisteredKey[], field: string) => requireSignature(document, text, by, field);
  if (key.algorithm === 'ed25519') signed([key], '/key/publicKey');
  if (key.algorithm === 'x25519' || endorsers.length > 0) signed(endorsers, '/endorser');
  return key;
}

function parse(text: string): RegisteredKey {
  let document: { kind: string; key: RegisteredKey };
  try {
    document = JSON.parse(text) as typeof document;
  } catch (cause) {
    throw new Problem('registry-invalid', { detail: 'not a registration document', cause });
  }
  const { kind, key } = document ?? {};
  if (
    kind !== KIND ||
    typeof key !== 'object' ||
    key === null ||
    `${canonicalize({ kind, key })}\n` !== text
  ) {
    throw new Problem('registry-invalid', { detail: 'not a registration document' });
  }
  const faults = keyFaults(key, '/key');
  if (faults.length > 0)
    throw new Problem('registry-invalid', { field: faults[0]!.field, extensions: { faults } });
  return key;
}

function verifierOf({ id, publicKey }: RegisteredKey): NoteVerifier {
  return noteVerifier(id, Buffer.from(publicKey, 'base64url'));
}

/** One of the keys has signed exactly `text`. @throws Problem `registry-signature`, `registry-invalid` */
export function requireSignature(
  document: string,
  text: string,
  keys: readonly RegisteredKey[],
  field: string,
): void {
  try {
    if (openNote(document, keys.map(verifierOf)).text === text) return;
  } catch (error) {
    if (error instanceof NoteError) throw new Problem('registry-signature', { field, cause: error });
    throw error;
  }
  throw new Problem('registry-invalid', { detail: 'not a registration document' });
}
