import { BlockList } from "node:net";
import type { FieldError } from "@reelay/contract";
import { fail } from "../../platform/api-error.ts";

/** Everything that is no address of one host on the public internet (IANA's special-purpose registries). */
const PRIVATE_IPV4 = blockList("ipv4", [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"],
  ...["192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"],
]);
/** The first line is those in which an IPv4 address is hidden: compatible, mapped, NAT64 and 6to4. */
const PRIVATE_IPV6 = blockList("ipv6", [
  ...["::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16"],
  ...["100::/64", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"],
]);

/** Names that are looked up in a network of its own, if at all. One without a dot is such a name, too. */
const PRIVATE_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|home\.arpa)$/;
const IPV4 = /^[\d.]+$/;

type WebAddresses = { url?: string | null | undefined; thumbUrl?: string | null | undefined };

/**
 * Refuses addresses that lead into a private network or carry credentials. The server never fetches them, but the browser
 * of everybody who sees the video does, from wherever it is.
 * @throws ApiError VALIDATION_ERROR
 */
export function refusePrivate({ url, thumbUrl }: WebAddresses): void {
  const details: FieldError[] = [];
  for (const [path, address] of Object.entries({ url, thumbUrl })) {
    if (address && !isPublic(address)) details.push({ path, message: "must be a public address, without credentials" });
  }
  if (details.length > 0) throw fail("VALIDATION_ERROR", { details });
}

/** By the address as a browser reads it: `0x7f.1`, `2130706433` and `①②⑦.0.0.1` all are 127.0.0.1. */
export function isPublic(address: string): boolean {
  const { hostname, username, password } = new URL(address);
  if (username || password) return false;
  if (hostname.startsWith("[")) return !PRIVATE_IPV6.check(hostname.slice(1, -1), "ipv6");
  // Dots at the end end the name, and are no part of it.
  const labels = hostname.split(".").filter(Boolean);
  const name = labels.join(".");
  if (IPV4.test(name)) return !PRIVATE_IPV4.check(name, "ipv4");
  return labels.length > 1 && !PRIVATE_NAME.test(name);
}

function blockList(family: "ipv4" | "ipv6", ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [net, prefix] = range.split("/");
    list.addSubnet(net!, Number(prefix), family);
  }
  return list;
}
