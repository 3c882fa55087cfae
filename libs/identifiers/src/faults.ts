import { Problem } from '#problem';

/** Why an identifier was refused: the `detail` of a `bad-identifier` problem. The value itself is never repeated. */
export const ID_FAULTS = [
  'empty',
  'full-width',
  'space',
  'length',
  'character',
  'format',
  'region',
  'type',
  'calendar-date',
  'future-birth',
  'too-old',
  'ambiguous-century',
  'check-digit',
  'wrong-id-type',
  'needs-18-characters',
] as const;

export type IdFault = (typeof ID_FAULTS)[number];

/** Refuses an identifier with its reason; `field` is the JSON Pointer of the input, given by the caller. */
export function refuse(fault: IdFault, field: string | undefined): never {
  throw new Problem('bad-identifier', { detail: fault, field });
}

/** Refuses a made-up identity where real people are asked about (design.md, "Synthetic people only"). */
export function refuseSynthetic(field: string | undefined): never {
  throw new Problem('synthetic-identity', { field });
}
