import { InProcessBus } from '#messaging';
import { transportConformance } from './transport.js';

transportConformance('the in-process bus', () => {
  const bus = new InProcessBus({ history: true });
  return Promise.resolve({
    connect: () => Promise.resolve(bus),
    faults: bus.faults,
    stop: () => Promise.resolve(bus.stop()),
    start: () => Promise.resolve(bus.start()),
    recorded: (topic) => Promise.resolve(bus.history(topic)),
    close: () => bus.close(),
  });
});
