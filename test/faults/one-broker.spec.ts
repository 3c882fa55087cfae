import { jest } from '@jest/globals';
import { describeAdapters } from './adapters.js';
import { describeClocks } from './clocks.js';
import { describeDatabases } from './databases.js';
import { describeGateways } from './gateways.js';
import { describeMessages } from './messages.js';
import { useScene } from './scene.js';
import { describeSources } from './sources.js';
import { describeStarts } from './starts.js';

jest.setTimeout(300_000);

// One province for all of it: its start costs more than most of its faults. The order matters where a file says so.
const scene = useScene();

describeAdapters(scene);
describeGateways(scene);
describeSources(scene);
describeMessages(scene);
describeClocks(scene);
describeDatabases(scene);
describeStarts(scene);
