import { BlockList, isIP, isIPv6 } from "node:net";

/** Where a proxy of one's own stands: on this machine, in its container network, in its data centre. */
const INTERNAL = new BlockList();
for (const [network, bits] of [
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const) {
  INTERNAL.addSubnet(network, bits, "ipv4");
}
INTERNAL.addAddress("::1", "ipv6");
INTERNAL.addSubnet("fc00::", 7, "ipv6");
INTERNAL.addSubnet("fe80::", 10, "ipv6");

/** What one subscriber of a network holds: an IPv4 address, or the /64 of an IPv6 address. */
export function networkOf(address: string): string {
  const plain = withoutMapping(address);
  if (!isIPv6(plain)) return plain;
  const [before = "", after] = plain.split("%")[0]!.split("::");
  const groupsOf = (part: string) => part.split(":").filter(Boolean);
  const zeros = after === undefined ? 0 : Math.max(0, 8 - groupsOf(before).length - groupsOf(after).length);
  const groups = [...groupsOf(before), ...Array(zeros).fill("0"), ...groupsOf(after ?? "")];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}

/** Whether an address is not of the public internet. */
export function isInternal(address: string): boolean {
  const plain = withoutMapping(address);
  const version = isIP(plain);
  return version !== 0 && INTERNAL.check(plain, version === 6 ? "ipv6" : "ipv4");
}

/** An IPv4 address as a socket that listens for both reports it. */
function withoutMapping(address: string): string {
  return address.match(/^::ffff:(\d+\.\d+\.\d+\.\d+)$/i)?.[1] ?? address;
}
