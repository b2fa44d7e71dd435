import { HANDSHAKE, type Handshake, type Step } from "../../../apps/server/src/realtime/handshake.ts";

export type StepName = (typeof HANDSHAKE)[number][0];

/** A step of the handshake as the server has it. */
export function stepNamed(wanted: StepName): Step {
  return HANDSHAKE.find(([name]) => name === wanted)![1];
}

/** The handshake with another step in the place of one. */
export function withStep(replaced: StepName, step: Step): Handshake {
  return HANDSHAKE.map(([name, original]) => [name, name === replaced ? step : original]);
}

/** The handshake with a step more, before one of its own. */
export function withStepBefore(wanted: StepName, step: Step): Handshake {
  return HANDSHAKE.flatMap((each) => (each[0] === wanted ? [[`before ${wanted}`, step] as const, each] : [each]));
}

/** The handshake with one of its steps moved to the end. */
export function withStepLast(moved: StepName): Handshake {
  return [...HANDSHAKE.filter(([name]) => name !== moved), [moved, stepNamed(moved)]];
}
