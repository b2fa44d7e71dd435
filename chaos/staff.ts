import { call } from "@reelay/testkit/api.ts";
import type { SeededRandom } from "@reelay/testkit/seeded-random.ts";
import type { Owner, World } from "./device.ts";
import type { Population } from "./population.ts";

const REQUEST_MS = 4000;
const ANSWERED_WITHIN_MS = 120_000;

/** A decision that was acknowledged, and when its undo was. */
export type Decided = { decidedAtMs: number; undoneAtMs: number | null };

/** How often each was done. */
export type StaffWork = { decisions: number; undos: number };

type Subject = { targetType: "video" | "user"; targetId: number };
type Asked = { verdict: "rejected" } | { verdict: "upheld"; action: "warn" | "hide" | "delete" };

/** A moderator at work: what somebody reports is decided, and most of it is undone, so that videos come back. */
export class StaffMember {
  readonly done: StaffWork = { decisions: 0, undos: 0 };
  readonly decided = new Map<number, Decided>();
  readonly #world: World;
  readonly #population: Population;
  readonly #random: SeededRandom;
  #isOver = false;

  constructor(world: World, population: Population, random: SeededRandom) {
    this.#world = world;
    this.#population = population;
    this.#random = random;
  }

  async live(): Promise<void> {
    while (!this.#isOver) {
      await this.#work();
      await Bun.sleep(this.#random.between(100, 600));
    }
  }

  end(): void {
    this.#isOver = true;
  }

  async #work(): Promise<void> {
    const { sessions, videos, moderator } = this.#population;
    const reporter = this.#random.pick(sessions.filter(({ isTroubled }) => !isTroubled));
    const subject: Subject =
      this.#random.below(3) > 0
        ? { targetType: "video", targetId: this.#random.pick(videos) }
        : { targetType: "user", targetId: this.#random.pick(sessions).userId };
    await this.#ask(reporter, "POST", "/reports/", { ...subject, reason: "chaos" });
    const asked = this.#choose(subject);
    const answer = await this.#ask(moderator, "POST", "/admin/queue/decide", { ...subject, ...asked });
    // What was asked twice, because the first answer got lost, is refused with the decision that stands.
    const decision = answer?.decision ?? answer?.error?.details?.decision;
    if (!decision) return;
    const decided: Decided = { decidedAtMs: Date.now(), undoneAtMs: null };
    this.decided.set(decision.id, decided);
    this.done.decisions++;
    const mustUndo = asked.verdict === "upheld" && asked.action !== "warn";
    if (mustUndo || this.#random.below(2) === 0) await this.#undo(subject, decision.id, decided);
  }

  #choose({ targetType }: Subject): Asked {
    const actions = targetType === "video" ? (["warn", "hide", "delete"] as const) : (["warn"] as const);
    return this.#random.below(4) === 0
      ? { verdict: "rejected" }
      : { verdict: "upheld", action: this.#random.pick(actions) };
  }

  async #undo({ targetType, targetId }: Subject, decisionId: number, decided: Decided): Promise<void> {
    const { moderator } = this.#population;
    const query = `action=decide&target_type=${targetType}&target_id=${targetId}`;
    const { entries = [] } = (await this.#ask(moderator, "GET", `/admin/audit-log?${query}&limit=5`)) ?? {};
    const entry = entries.find(({ details }: { details: { decisionId: number } }) => details.decisionId === decisionId);
    const answer = entry && (await this.#ask(moderator, "POST", `/admin/audit-log/${entry.id}/undo`));
    if (!answer?.success) return;
    decided.undoneAtMs = Date.now();
    this.done.undos++;
  }

  /** Until it is answered by whichever node; a refusal is an answer. */
  // biome-ignore lint/suspicious/noExplicitAny: the answers of several routes.
  async #ask(me: Owner, method: string, path: string, body?: object): Promise<any> {
    const deadline = Date.now() + ANSWERED_WITHIN_MS;
    for (;;) {
      const url = this.#random.pick(this.#world.urls);
      const signal = AbortSignal.timeout(REQUEST_MS);
      const answer = await call(url, method, path, { token: me.token, body, signal }).catch(() => null);
      if (answer && answer.status < 500 && answer.status !== 429) return answer.body;
      if (Date.now() > deadline) {
        throw new Error(`${method} ${path}: ${answer?.status} ${JSON.stringify(answer?.body)}`);
      }
      await Bun.sleep(this.#random.between(20, 200));
    }
  }
}
