import {
  BIOS,
  COMMENTS,
  DESCRIPTIONS,
  FAMILY_NAMES,
  GIVEN_NAMES,
  MESSAGES,
  REPLIES,
  REPORT_REASONS,
  TITLES,
} from "./phrases.ts";
import { SeededRandom } from "./random.ts";

/* What will have happened in a seeded database: people and things are named by their places in the lists. */

export type Sizes = {
  people: number;
  videos: number;
  likes: number;
  comments: number;
  messages: number;
  reports: number;
  /** Over how many days it all happened, today included. */
  days: number;
};

/** 0: the first of all days. */
type OnDay = { day: number };
export type SeededPerson = OnDay & { fullName: string; bio: string };
export type SeededVideo = OnDay & {
  owner: number;
  title: string;
  description: string | null;
  visibility: "public" | "private";
};
export type SeededPair = OnDay & { by: number; to: number };
/** `parent`: the comment that it answers, which has a smaller place and answers none. */
export type SeededComment = OnDay & { by: number; video: number; parent: number | null; text: string };
export type SeededMessage = SeededPair & { text: string };
export type SeededReport = {
  by: number;
  on: { type: "user" | "video" | "comment"; index: number };
  reason: string;
  decision: "resolved" | "rejected" | null;
};

export type Plan = {
  people: SeededPerson[];
  videos: SeededVideo[];
  follows: SeededPair[];
  /** `to` is a video. */
  likes: SeededPair[];
  comments: SeededComment[];
  messages: SeededMessage[];
  reports: SeededReport[];
};

export const MODERATOR = 0;
export const BANNED = 1;
/** The moderator, who is banned, and some who can speak to each other. */
export const MIN_PEOPLE = 8;
const FOLLOWS_A_PERSON = 4;
/** A pair that was there already is drawn again, until it is plain that there is hardly another one. */
const MAX_DRAWS = 50;

/** The same for the same seed and sizes. */
export function planWorld(seed: number, sizes: Sizes): Plan {
  const random = new SeededRandom(seed);
  const people = times(sizes.people, (index) => ({
    day: dayOf(index, sizes.people, sizes.days),
    fullName: `${random.pick(GIVEN_NAMES)} ${random.pick(FAMILY_NAMES)}`,
    bio: random.pick(BIOS),
  }));
  const videos = times(sizes.videos, (index) =>
    planVideo(random, people, dayOf(index, sizes.videos, sizes.days), index),
  );
  const dayOfPair = (index: number, count: number) => dayOf(index, count, sizes.days);
  const comments = planComments(random, people, videos, sizes);
  return {
    people,
    videos,
    follows: planPairs(people.length * FOLLOWS_A_PERSON, dayOfPair, (day) => {
      const [by, to] = [present(random, people, day), present(random, people, day)];
      return by === to ? null : { day, by, to };
    }),
    likes: planPairs(sizes.likes, dayOfPair, (day) => {
      const [by, to] = [present(random, people, day), present(random, videos, day)];
      return isOpenTo(videos[to], by) ? { day, by, to } : null;
    }),
    comments,
    messages: planMessages(random, people, sizes),
    reports: planReports(random, { people, videos, comments }, sizes.reports),
  };
}

function planVideo(random: SeededRandom, people: SeededPerson[], day: number, index: number): SeededVideo {
  return {
    day,
    owner: present(random, people, day),
    title: `${random.pick(TITLES)} #${index + 1}`,
    description: random.pick(DESCRIPTIONS),
    // The first is everybody's, so that every day has one to speak of.
    visibility: index > 0 && random.isOneIn(10) ? "private" : "public",
  };
}

function planPairs(
  count: number,
  dayOfPair: (index: number, count: number) => number,
  draw: (day: number) => SeededPair | null,
): SeededPair[] {
  const pairs = new Map<string, SeededPair>();
  for (let index = 0; index < count; index++) {
    for (let draws = 0; draws < MAX_DRAWS; draws++) {
      const pair = draw(dayOfPair(index, count));
      if (!pair || pairs.has(`${pair.by} ${pair.to}`)) continue;
      pairs.set(`${pair.by} ${pair.to}`, pair);
      break;
    }
  }
  return [...pairs.values()];
}

function planComments(
  random: SeededRandom,
  people: SeededPerson[],
  videos: SeededVideo[],
  { comments, days }: Sizes,
): SeededComment[] {
  const planned: SeededComment[] = [];
  for (let index = 0; videos.length > 0 && index < comments; index++) {
    const day = dayOf(index, comments, days);
    const by = present(random, people, day);
    const parent = planned.length > 0 && random.isOneIn(4) ? random.below(planned.length) : null;
    if (parent !== null && planned[parent]!.parent === null && isOpenTo(videos[planned[parent]!.video], by)) {
      planned.push({ day, by, video: planned[parent]!.video, parent, text: random.pick(REPLIES) });
      continue;
    }
    const video = present(random, videos, day);
    const text = random.pick(COMMENTS);
    planned.push({ day, by, video: isOpenTo(videos[video], by) ? video : 0, parent: null, text });
  }
  return planned;
}

/** Between people who speak often, as people do: each has one or two to whom most of it goes. */
function planMessages(random: SeededRandom, people: SeededPerson[], { messages, days }: Sizes): SeededMessage[] {
  return times(messages, (index) => {
    const day = dayOf(index, messages, days);
    const by = present(random, people, day);
    const friend = by ^ 1;
    const drawn = random.isOneIn(3) ? present(random, people, day) : friend;
    const isFit = drawn !== by && drawn < people.length && people[drawn]!.day <= day;
    return { day, by, to: isFit ? drawn : by === MODERATOR ? BANNED : MODERATOR, text: random.pick(MESSAGES) };
  });
}

/** By anybody but the moderator, on what everybody sees and the moderator may decide. */
function planReports(
  random: SeededRandom,
  { people, videos, comments }: Pick<Plan, "people" | "videos" | "comments">,
  count: number,
): SeededReport[] {
  const openVideos = places(videos, ({ visibility, owner }) => visibility === "public" && owner !== MODERATOR);
  const openComments = places(comments, ({ video, by }) => videos[video]!.visibility === "public" && by !== MODERATOR);
  const targets = (["user", "video", "comment"] as const).filter(
    (type) => ({ user: 1, video: openVideos.length, comment: openComments.length })[type] > 0,
  );
  return times(count, (index) => {
    const type = random.pick(targets);
    const place = { user: [BANNED], video: openVideos, comment: openComments }[type];
    return {
      by: BANNED + 1 + random.below(people.length - BANNED - 1),
      on: { type, index: random.pick(place) },
      reason: random.pick(REPORT_REASONS),
      decision: index % 3 === 0 ? null : random.pick(["resolved", "rejected"] as const),
    };
  });
}

function places<T>(list: readonly T[], isFit: (each: T) => boolean): number[] {
  return list.flatMap((each, index) => (isFit(each) ? index : []));
}

/** A quarter is there on the first day already, so that there is somebody to speak to; the others follow evenly. */
function dayOf(index: number, count: number, days: number): number {
  const first = Math.max(4, Math.ceil(count / 4));
  return index < first ? 0 : Math.floor(((index - first) * days) / (count - first));
}

/** One that is there on that day. */
function present(random: SeededRandom, list: readonly OnDay[], day: number): number {
  return random.below(countUpTo(list, day));
}

/** How many of a list, whose days never go down, are there on that day. */
function countUpTo(list: readonly OnDay[], day: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.day <= day) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isOpenTo(video: SeededVideo | undefined, person: number): boolean {
  return video !== undefined && (video.visibility === "public" || video.owner === person);
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
