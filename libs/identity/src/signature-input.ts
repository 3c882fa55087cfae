import { isInnerList, type Parameters } from 'structured-headers';
import { Problem } from '#problem';
import { singleField, type SignedMessage } from './message.js';
import { strictDictionary } from './structured.js';

/** The one signature of a request (RFC 9421 §4): what it covers, its parameters, and its bytes. */
export interface SignatureInput {
  components: string[];
  parameters: Parameters;
  /** The inner list as serialized: value of `@signature-params` (RFC 9421 §2.3). */
  text: string;
  signature: Buffer;
}

/** @throws Problem `signature-invalid` naming the field, unless there is exactly one signature in canonical form */
export function readSignature(message: SignedMessage): SignatureInput {
  const { label, member: input, text } = onlyMember(message, 'signature-input');
  const { label: signedLabel, member: signed } = onlyMember(message, 'signature');
  if (!isInnerList(input)) throw invalid('signature-input');
  const [value] = signed;
  if (signedLabel !== label || !(value instanceof ArrayBuffer) || signed[1].size > 0)
    throw invalid('signature');
  const [items, parameters] = input;
  const components = items.map(([name, flags]) => {
    if (typeof name !== 'string' || flags.size > 0) throw invalid('signature-input');
    return name;
  });
  return { components, parameters, text, signature: Buffer.from(value) };
}

/** A refused signature; the field is named, its value never repeated. */
export function invalid(field: string, detail?: string): Problem {
  return new Problem('signature-invalid', { field, ...(detail !== undefined && { detail }) });
}

/** The one member of a dictionary, and its text: in canonical form that is what follows `label=`. */
function onlyMember(message: SignedMessage, name: string) {
  const field = singleField(message, name);
  const members = [...((field === undefined ? undefined : strictDictionary(field)) ?? [])];
  if (members.length !== 1) throw invalid(name);
  const [label, member] = members[0]!;
  return { label, member, text: field!.slice(label.length + 1) };
}
