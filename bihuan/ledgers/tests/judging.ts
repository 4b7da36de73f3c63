// Answers the tests: judges one set of answers a line with the browser's own judgement, and writes what came out.
import { Judgement, Rules } from '../../../frontend/src/ledger/judging.ts';
import type { Plan, Values } from '../../../frontend/src/ledger/plan.ts';

interface Case {
  plan: Plan;
  given: Values;
  now: number;
  complete: boolean;
}

function outcome({ plan, given, now, complete }: Case): unknown {
  const judged = new Judgement(new Rules(plan), given, { now, complete });
  return { values: judged.values, faults: judged.faults.map(({ path, sentence }) => [path, sentence]) };
}

Object.assign(globalThis, { outcome });
