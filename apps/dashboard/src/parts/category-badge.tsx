import type { Category } from "../api.ts";
import { useText } from "../text/language.tsx";
import { Badge, type Tone } from "./badge.tsx";

/** The heavier a category is, the more it is marked. */
const TONES: Record<Category, Tone> = {
  minors: "danger",
  self_harm: "danger",
  violence: "danger",
  hate: "warning",
  sexual: "warning",
  harassment: "warning",
  spam: "plain",
  other: "plain",
};

export function CategoryBadge({ category, count = 1 }: { category: Category; count?: number }) {
  const { categories } = useText();
  return (
    <Badge tone={TONES[category]}>
      {categories[category]}
      {count > 1 && ` × ${count}`}
    </Badge>
  );
}
