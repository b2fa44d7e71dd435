import type { z } from "zod";

const TYPES: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};
const UNITS: Record<string, string> = { string: "character", array: "item", set: "item" };

/**
 * What is wrong with a field, where its schema says nothing better: reads well after the field's name. Never the value
 * that was sent.
 */
export function describeIssue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is required" : `must be ${TYPES[issue.expected] ?? "of another type"}`;
    case "too_small":
      return bound(issue.inclusive === false ? "more than" : "at least", Number(issue.minimum), issue.origin);
    case "too_big":
      return bound(issue.inclusive === false ? "less than" : "at most", Number(issue.maximum), issue.origin);
    case "invalid_value":
      if (issue.input === undefined) return "is required";
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(", ")}`;
    case "invalid_format":
      return issue.format === "datetime" ? "must be a time like 2026-01-31T09:30:00Z" : "has the wrong form";
    default:
      return "is not valid";
  }
}

function bound(relation: string, limit: number, origin: string): string {
  const unit = UNITS[origin];
  return unit ? `${relation} ${limit} ${unit}${limit === 1 ? "" : "s"}` : `${relation} ${limit}`;
}
