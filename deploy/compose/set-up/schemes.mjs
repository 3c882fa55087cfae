// Once the gateways are ready: every provider signs its schemes and puts them in force through its own gateway.
// Usage: node deploy/compose/set-up/schemes.mjs DIR
import { join } from 'node:path';
import { agencies } from './agencies.mjs';
import { cli } from './cli.mjs';

const [dir] = process.argv.slice(2);
if (dir === undefined) throw new Error('usage: schemes.mjs DIR');

for (const { id, provides } of agencies()) {
  if (!provides) continue;
  // Plain HTTP: inside this machine's own network of containers. Nodes apart use https.
  const gateway = `http://gateway-${id}:8080`;
  process.stdout.write(
    await cli(
      ...['scheme', 'publish', '--provider', id, '--store', join(dir, id)],
      ...['--gateway', gateway, '--plain-http'],
    ),
  );
}
