/** What a statement does and to which table: names of the program's own SQL, never what it holds. */
export interface StatementName {
  operation: string;
  target?: string;
}

const VERBS =
  'select|insert|update|delete|merge|copy|begin|commit|rollback|savepoint|set|lock|listen|notify|create|alter|drop|truncate';
const FIRST = new RegExp(`^[\\s(]*(?:with\\b[\\s\\S]*?)?\\b(${VERBS})\\b`, 'i');
const WRITES =
  /\b(insert\s+into|update|delete\s+from|merge\s+into)\s+(?:only\s+)?([a-z_][a-z0-9_.]{0,62})\b/i;
const READS = /\bfrom\s+(?:only\s+)?([a-z_][a-z0-9_.]{0,62})\b(?!\s*\()/i;

/** Literals, quoted names and comments: whatever could be a value is away before anything is looked for. */
const QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//g;

/** Statements of a process are few and constant; what is made up per call does not fill memory. */
const KEPT = 500;
const known = new Map<string, StatementName>();

/**
 * Operation and table of a SQL text. Its text itself is shown to nobody: ours has only parameters, but that of an agency's
 * own adapter, or of tomorrow, may hold a value.
 */
export function statementName(text: string): StatementName {
  const found = known.get(text);
  if (found) return found;
  const name = read(text.replace(QUOTED, ' '));
  if (known.size < KEPT) known.set(text, name);
  return name;
}

/** A statement that writes is told by its first write, also behind a `with`. */
function read(text: string): StatementName {
  const [, write, written] = WRITES.exec(text) ?? [];
  if (write && written) return { operation: write.split(/\s/)[0]!.toUpperCase(), target: written };
  const operation = FIRST.exec(text)?.[1]?.toUpperCase() ?? 'OTHER';
  const source = operation === 'SELECT' ? READS.exec(text)?.[1] : undefined;
  return { operation, ...(source !== undefined && { target: source }) };
}
