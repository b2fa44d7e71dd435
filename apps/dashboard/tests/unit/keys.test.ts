import { expect, test } from "bun:test";
import { isCommand } from "../../src/keys/keys.ts";

const pressed = (key: string, rest: object = {}) =>
  isCommand({ key, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, target: null, ...rest });
const on = (tagName: string, rest: object = {}) => ({ target: { tagName, ...rest } as unknown as EventTarget });

test("a letter is a command on the page and on what is no field of text", () => {
  expect(pressed("b")).toBe(true);
  expect(pressed("?")).toBe(true);
  for (const target of [on("BUTTON"), on("A"), on("INPUT", { type: "checkbox" }), on("INPUT", { type: "radio" })]) {
    expect(pressed("b", target)).toBe(true);
  }
});

test("it is none while somebody types, composes, chooses or holds a modifier", () => {
  for (const target of [
    on("INPUT", { type: "search" }),
    on("TEXTAREA"),
    on("SELECT"),
    on("P", { isContentEditable: true }),
  ]) {
    expect(pressed("b", target)).toBe(false);
  }
  for (const held of ["ctrlKey", "altKey", "metaKey", "isComposing"])
    expect(pressed("b", { [held]: true })).toBe(false);
  for (const key of ["Enter", "Tab", "ArrowDown", "F5"]) expect(pressed(key)).toBe(false);
});
