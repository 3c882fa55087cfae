import { runProcess } from '#process';
import { startGateway } from './start-gateway.js';

await runProcess('gateway', {}, ({ surroundings, settings, http, access }) =>
  startGateway({ ...surroundings, ...access, settings, http }),
);
