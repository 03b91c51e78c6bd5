import { expect, test } from "vitest";
import { ago, bytes, count, exactMoney, money, repositoryName, span } from "./format.ts";

const NOW = Date.parse("2026-05-04T12:00:00Z");

test("ages are short and never in the future", () => {
  const at = (ms: number, short = true) => ago(NOW - ms, NOW, short);
  expect(at(-5000)).toBe("now");
  expect(at(44_000, false)).toBe("just now");
  expect(at(61_000)).toBe("1 min");
  expect(at(3_599_000)).toBe("60 min");
  expect(at(2 * 3_600_000, false)).toBe("2 h ago");
  expect(at(3 * 86_400_000)).toBe("3 d");
});

test("durations", () => {
  expect(span(400)).toBe("0.4 s");
  expect(span(12_345)).toBe("12 s");
  expect(span(185_000)).toBe("3 min 05 s");
  expect(span(7_800_000)).toBe("2 h 10 min");
});

test("money is to the cent, and unknown is not nothing", () => {
  expect(money(null)).toBe("—");
  expect(money(0)).toBe("$0.00");
  expect(money(4_312)).toBe("<$0.01");
  expect(money(5_000)).toBe("$0.01");
  expect(money(1_234_567_890)).toBe("$1,234.57");
  expect(exactMoney(4_312)).toBe("$0.004312");
});

test("counts and sizes", () => {
  expect([820, 1200, 34_400, 999_499, 1_500_000].map(count)).toEqual(["820", "1.2k", "34k", "999k", "1.5M"]);
  expect([640, 12_000, 3_400_000, 8.4e9].map(bytes)).toEqual(["640 B", "12 kB", "3.4 MB", "8.4 GB"]);
});

test("a repository is called by its last two parts", () => {
  expect(repositoryName("https://git.example.org/acme/shop.git")).toBe("acme/shop");
  expect(repositoryName("git@git.example.org:acme/shop.git")).toBe("acme/shop");
  expect(repositoryName("ssh://git@git.example.org:2222/team/deep/shop")).toBe("deep/shop");
  expect(repositoryName("nothing")).toBe("nothing");
});
