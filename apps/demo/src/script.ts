import { ask, type Asked } from './ask-all.js';
import { type ProvinceDoors } from './province/doors.js';
import { questions, refusedQuestions } from './questions.js';
import { countVolumes, type Counted } from './volumes.js';

export interface Report extends Asked, Counted {}

/** Asks all the demo's questions in order, then what the province counted of them. */
export async function runScript(doors: ProvinceDoors): Promise<Report> {
  const asked: Asked = { exchanges: [], refusals: [] };
  for (const question of [...questions, ...refusedQuestions]) {
    const { exchanges, refusals } = await ask(doors, question);
    asked.exchanges.push(...exchanges);
    asked.refusals.push(...refusals);
  }
  return { ...asked, ...(await countVolumes(doors)) };
}
