import { expect, test } from "bun:test";
import { isInternal, networkOf } from "./address.ts";

test("an IPv4 address counts by itself, an IPv6 address by its /64, however it is written", () => {
  const expected = {
    "192.0.2.7": "192.0.2.7",
    "::ffff:192.0.2.7": "192.0.2.7",
    "2001:db8::1": "2001:db8:0:0::/64",
    "2001:DB8:0000:0:1:2:3:4": "2001:db8:0:0::/64",
    "2001:db8:0:1::1": "2001:db8:0:1::/64",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
    "2001:db8:1:2:3::": "2001:db8:1:2::/64",
    "::1": "0:0:0:0::/64",
    "fe80::1%eth0": "fe80:0:0:0::/64",
    unknown: "unknown",
    "": "",
  };
  for (const [address, network] of Object.entries(expected))
    expect([address, networkOf(address)]).toEqual([address, network]);
});

test("what is not of the public internet is internal; what is no address is not", () => {
  const internal = [
    "127.0.0.1",
    "::1",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "::ffff:10.0.0.1",
    "fd00::1",
    "fe80::1",
  ];
  const external = ["192.0.2.7", "172.32.0.1", "8.8.8.8", "2001:db8::1", "::ffff:8.8.8.8", "unknown", "", "10.0.0"];
  expect(internal.filter((address) => !isInternal(address))).toEqual([]);
  expect(external.filter(isInternal)).toEqual([]);
});

test("no length of what is sent as an address takes long", () => {
  const startedAt = performance.now();
  for (const part of [":", "::", "0", "ffff:", "1.", "%", "::ffff:1.1.1.1"]) {
    for (const read of [networkOf, isInternal]) read(part.repeat(16_000));
  }
  expect(performance.now() - startedAt).toBeLessThan(2000);
});
