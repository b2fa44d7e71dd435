import { Name } from "../../parts/user-text.tsx";

/** What an entry says besides who did what to whom: the plain values, by the names they are stored under. */
export function Details({ details }: { details: Record<string, unknown> }) {
  const plain = Object.entries(details).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value));
  return (
    <ul className="details">
      {plain.map(([name, value]) => (
        <li key={name}>
          <span>{name}</span> <Name>{String(value)}</Name>
        </li>
      ))}
    </ul>
  );
}
