// Lints deploy/Containerfile with the validator of VS Code's Docker extension.
import { readFileSync } from 'node:fs';
import { validate } from 'dockerfile-utils';

/** Of the Language Server Protocol. */
const ERROR = 1;
const FILE = 'deploy/Containerfile';
const found = validate(readFileSync(FILE, 'utf8'));
for (const { range, severity, message } of found) {
  const word = severity === ERROR ? 'error' : 'warning';
  console.log(`${FILE}:${range.start.line + 1}: ${word}: ${message}`);
}
process.exit(found.length === 0 ? 0 : 1);
