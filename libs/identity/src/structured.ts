import { parseDictionary, serializeDictionary, type Dictionary } from 'structured-headers';

/** Longest structured field that is parsed: a signature with all its parameters has some 500 characters. */
const LONGEST = 4096;

/**
 * A dictionary field (RFC 9651), only in the one form that serializing it gives back: a repeated key or parameter, other
 * spacing or padding would be read differently elsewhere. Undefined when it is anything else.
 */
export function strictDictionary(text: string): Dictionary | undefined {
  if (text.length > LONGEST) return undefined;
  try {
    const dictionary = parseDictionary(text);
    return serializeDictionary(dictionary) === text ? dictionary : undefined;
  } catch {
    return undefined; // the parser's complaint would quote the input; the caller names the field
  }
}
