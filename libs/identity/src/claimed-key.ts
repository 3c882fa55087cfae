import { isInnerList } from 'structured-headers';
import { type SignedMessage } from './message.js';
import { strictDictionary } from './structured.js';

/** The key id of a request's only signature, whether or not anything else about it is right. */
export function claimedKey(headers: SignedMessage['headers']): string | undefined {
  const field = headers['signature-input'];
  const members = [...((typeof field === 'string' ? strictDictionary(field.trim()) : undefined) ?? [])];
  const [member] = members;
  if (members.length !== 1 || !member || !isInnerList(member[1])) return undefined;
  const keyId: unknown = member[1][1].get('keyid');
  return typeof keyId === 'string' ? keyId : undefined;
}
