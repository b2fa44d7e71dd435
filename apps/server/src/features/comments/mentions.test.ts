import { expect, test } from "bun:test";
import { mentionsOf } from "./mentions.ts";

test.each([
  ["hi @ann and @Bob.Lee, welcome", ["ann", "bob.lee"]],
  ["a trailing dot is not part of the name: @ann.", ["ann"]],
  ["@ann... @ann @ANN", ["ann"]],
  ["mail ann@example.com or x@@ann", []],
  ["(@ann) “@bob” @cleo!", ["ann", "bob", "cleo"]],
  ["too short @ab, alone @, dots @...", []],
  ["xin chào @nguyễn", []],
])("%p mentions %p", (content, names) => {
  expect(mentionsOf(content, 20)).toEqual(names);
});

test("no more than asked for", () => {
  const content = Array.from({ length: 50 }, (_, n) => `@user${n}`).join(" ");
  expect(mentionsOf(content, 20)).toHaveLength(20);
});
